internal import Models
internal import Wording

extension ModelAnalysis {
  /// The second model beside the first, with the likelihood-ratio test where one contains the other.
  var comparisonParts: [AnalysisReport.Part] {
    typealias Column = AnalysisTable.Column
    guard let comparison, let other = options.comparison else { return [] }
    let first: LikelihoodRatioTest.Comparison
    let second: LikelihoodRatioTest.Comparison
    let method: EstimationMethod
    var names = (options.formula.text, other.text)
    var facts: AnalysisFacts?
    switch comparison {
    case .notNested(let used, let mine, let theirs): (method, first, second) = (used, mine, theirs)
    case .nested(let test):
      (method, first, second) = (test.method, test.smaller, test.larger)
      // The smaller model comes first.
      if test.smaller.parameters == fit.parameters {
        names = (options.formula.text, other.text)
      } else {
        names = (other.text, options.formula.text)
      }
      facts = likelihoodRatio(test)
    }
    let note =
      method == .ml && options.method == .reml
      ? Text(
        "Both models fitted by maximum likelihood: restricted likelihoods of different fixed parts do not compare.",
        zh: "两个模型均按极大似然拟合：固定部分不同时，限制似然不可比较。") : nil
    let table = AnalysisTable(
      id: "comparison", title: Text("Comparison of models", zh: "模型比较"),
      columns: [
        Column("formula", Text("formula", zh: "公式")), Column("parameters", Text("parameters", zh: "参数个数")),
        Column("deviance", method == .ml ? Text("deviance", zh: "偏差") : Text("REML criterion", zh: "REML 准则值"), .fixed(4)),
        Column("aic", Text("AIC", zh: "AIC"), .fixed(2)), Column("bic", Text("BIC", zh: "BIC"), .fixed(2)),
      ],
      rows: [(names.0, first), (names.1, second)].map { name, model in
        [.name(name), .count(model.parameters), .number(model.deviance), .number(model.aic), .number(model.bic)]
      }, note: note)
    guard let facts else {
      return [
        .table(table),
        .remarks([
          Text(
            "Neither model contains the other, so there is no likelihood-ratio test: the smaller AIC or BIC is the better description.",
            zh: "两个模型互不包含，不能做似然比检验：AIC 或 BIC 较小者较好。")
        ]),
      ]
    }
    return [.table(table), .facts(facts)]
  }

  private func likelihoodRatio(_ test: LikelihoodRatioTest) -> AnalysisFacts {
    typealias Fact = AnalysisFacts.Fact
    var facts = [
      Fact("chi-squared", Text("χ²", zh: "χ²"), .number(test.statistic), .fixed(4)),
      Fact("df", Text("Degrees of freedom", zh: "自由度"), .count(test.degreesOfFreedom)),
      Fact("p", Text("p", zh: "p 值"), .number(test.pValue), .probability),
    ]
    if let mixture = test.mixturePValue {
      facts.append(
        Fact(
          "p-mixture", Text("p, since a variance cannot be negative", zh: "考虑方差不能为负的 p 值"), .number(mixture), .probability))
    } else if test.extraVariances > 1 {
      facts.append(
        Fact(
          "p-remark", Text("Remark", zh: "说明"),
          .words(
            Text(
              "\(test.extraVariances) variances are tested, which cannot be negative: the true p is smaller.",
              zh: "检验涉及 \(test.extraVariances) 个不能为负的方差，真实的 p 值更小。"))))
    }
    return AnalysisFacts(id: "likelihood-ratio", title: Text("Likelihood-ratio test", zh: "似然比检验"), facts: facts)
  }
}
