internal import Models
internal import Wording

extension ModelAnalysis {
  /// The analysis as facts and tables.
  public var report: AnalysisReport {
    var parts: [AnalysisReport.Part] = []
    if !remarks.isEmpty { parts.append(.remarks(remarks)) }
    parts.append(.facts(facts))
    parts.append(.table(randomEffects))
    if let correlations { parts.append(.table(correlations)) }
    if !fit.coefficients.isEmpty { parts.append(.table(fixedEffects)) }
    if let terms { parts.append(.table(terms)) }
    parts += comparisonParts
    if let residual { parts += residual.parts }
    parts += effectTables.map(AnalysisReport.Part.table)
    var report = AnalysisReport(schema: "plumbline.model/1", title: Text("Linear mixed model", zh: "线性混合模型"), parts: parts)
    report.options = [("--formula", options.formula.text), ("--method", options.method.rawValue)]
    if let comparison = options.comparison { report.options.append(("--compare", comparison.text)) }
    report.options += [("--intervals", options.intervals.rawValue), ("--tests", options.tests.rawValue)]
    if options.intervals == .bootstrap {
      report.options += [("--replicates", String(options.replicates)), ("--seed", String(options.seed))]
    }
    if let weights = options.weights { report.options.append(("--weights", weights)) }
    if options.level != 0.95 { report.options.append(("--level", "\(options.level)")) }
    if options.exact { report.options.append(("--exact", "true")) }
    if options.residual != .constant { report.options.append(("--residual", options.residual.text)) }
    report.options += options.effects.map { ("--effects", $0) }
    return report
  }

  private var facts: AnalysisFacts {
    typealias Fact = AnalysisFacts.Fact
    let reml = fit.method == .reml
    let explained = fit.varianceExplained()
    let account = fit.account
    var facts = [
      Fact("formula", Text("Formula", zh: "公式"), .name(options.formula.text)),
      Fact(
        "method", Text("Method", zh: "方法"),
        .words(reml ? Text("restricted maximum likelihood (REML)", zh: "限制极大似然（REML）") : Text("maximum likelihood (ML)", zh: "极大似然（ML）"))),
      Fact("observations", Text("Observations", zh: "观测数"), .count(fit.observations)),
      Fact(
        "deviance", reml ? Text("REML criterion", zh: "REML 准则值") : Text("Deviance, −2 log L", zh: "偏差 −2 log L"), .number(fit.criterion),
        .fixed(4)),
      Fact("parameters", Text("Parameters", zh: "参数个数"), .count(fit.parameters)),
      Fact("aic", Text("AIC", zh: "AIC"), .number(fit.aic), .fixed(2)),
      Fact("bic", Text("BIC", zh: "BIC"), .number(fit.bic), .fixed(2)),
      Fact(
        "r2-marginal", Text("Marginal R² (fixed part)", zh: "边际 R²（固定效应）"), .number(explained.marginal), .percent),
      Fact(
        "r2-conditional", Text("Conditional R² (all)", zh: "条件 R²（含随机效应）"),
        .number(explained.conditional), .percent),
      Fact(
        "search", Text("Search", zh: "迭代"),
        .words(
          Text(
            "converged; steps: \(account.steps), evaluations of the criterion: \(account.evaluations)",
            zh: "已收敛；迭代 \(account.steps) 步，计算准则 \(account.evaluations) 次"))),
    ]
    if fit.account.criterionError > 0 {
      facts.append(
        Fact("deviance-error", Text("Error of the criterion", zh: "准则值的误差"), .number(fit.account.criterionError), .significant(2)))
      facts.append(
        Fact(
          "variance-error", Text("Relative error of the variances", zh: "各方差的相对误差"), .number(fit.account.monteCarloError), .significant(2)))
    }
    return AnalysisFacts(id: "model", title: Text("Model", zh: "模型"), facts: facts)
  }

  private func interval(_ kind: ComponentEstimate.Kind) -> [AnalysisValue] {
    let found = intervals[.component(kind)]
    return [.optional(found?.lower), .optional(found?.upper)]
  }

  private var lowHigh: [AnalysisTable.Column] {
    [AnalysisTable.Column("low", Text("low", zh: "下限")), AnalysisTable.Column("high", Text("high", zh: "上限"))]
  }

  private var randomEffects: AnalysisTable {
    typealias Column = AnalysisTable.Column
    var rows: [[AnalysisValue]] = []
    for component in components {
      switch component.kind {
      case .standardDeviation(let t, let c):
        let term = fit.terms[t]
        rows.append(
          [
            .name(term.name), .name(term.columns[c]), .count(term.levels), .number(component.estimate * component.estimate),
            .number(component.estimate), .optional(component.standardError),
          ] + interval(component.kind))
      case .residual:
        rows.append(
          [
            .words(Text("Residual", zh: "残差")), .none, .none, .number(fit.residualVariance), .number(component.estimate),
            .optional(component.standardError),
          ] + interval(.residual))
      case .correlation: continue
      }
    }
    return AnalysisTable(
      id: "random-effects", title: Text("Random effects", zh: "随机效应"),
      columns: [
        Column("group", Text("group", zh: "分组")), Column("effect", Text("effect", zh: "效应")), Column("levels", Text("levels", zh: "水平数")),
        Column("variance", Text("variance", zh: "方差"), .significant(6)), Column("deviation", Text("std. dev.", zh: "标准差"), .significant(6)),
        Column("deviation_se", Text("SE", zh: "标准误"), .significant(3)),
      ] + lowHigh, rows: rows, note: intervalNote)
  }

  private var correlations: AnalysisTable? {
    typealias Column = AnalysisTable.Column
    let rows: [[AnalysisValue]] = components.compactMap { component in
      guard case .correlation(let t, let a, let b) = component.kind else { return nil }
      let term = fit.terms[t]
      return [
        .name(term.name), .name(term.columns[a]), .name(term.columns[b]), .number(component.estimate), .optional(component.standardError),
      ] + interval(component.kind)
    }
    if rows.isEmpty { return nil }
    return AnalysisTable(
      id: "correlations", title: Text("Correlations of random effects", zh: "随机效应的相关"),
      columns: [
        Column("group", Text("group", zh: "分组")), Column("effect", Text("effect", zh: "效应")), Column("with", Text("with", zh: "与")),
        Column("correlation", Text("correlation", zh: "相关系数"), .significant(5)), Column("se", Text("SE", zh: "标准误"), .significant(3)),
      ] + lowHigh, rows: rows)
  }

  private var fixedEffects: AnalysisTable {
    typealias Column = AnalysisTable.Column
    let rows: [[AnalysisValue]] = fit.coefficients.enumerated().map { j, effect in
      let test = tests?.coefficients[j]
      let found = intervals[.coefficient(j)]
      let error = test?.standardError ?? effect.standardError
      return [
        .name(effect.name), .number(effect.estimate), .number(error), .optional(test.map { $0.degreesOfFreedom }),
        .number(effect.estimate / error), .optional(test?.pValue), .optional(found?.lower), .optional(found?.upper),
      ]
    }
    return AnalysisTable(
      id: "fixed-effects", title: Text("Fixed effects", zh: "固定效应"),
      columns: [
        Column("effect", Text("effect", zh: "效应")), Column("estimate", Text("estimate", zh: "估计值"), .significant(6)),
        Column("se", Text("SE", zh: "标准误"), .significant(4)), Column("df", Text("df", zh: "自由度"), .significant(4)),
        Column("t", Text("t", zh: "t 值"), .fixed(2)), Column("p", Text("p", zh: "p 值"), .probability),
      ] + lowHigh, rows: rows, note: testNote, shownRows: 60)
  }

  private var testNote: Text? {
    switch tests?.method {
    case nil: nil
    case .satterthwaite: Text("Degrees of freedom by Satterthwaite's method.", zh: "自由度按 Satterthwaite 方法。")
    case .kenwardRoger:
      Text("Standard errors and degrees of freedom by Kenward and Roger's method.", zh: "标准误和自由度按 Kenward–Roger 方法。")
    }
  }

  private var terms: AnalysisTable? {
    typealias Column = AnalysisTable.Column
    guard let tests, !tests.terms.isEmpty else { return nil }
    return AnalysisTable(
      id: "terms", title: Text("Tests of terms (type III)", zh: "各项检验（III 型）"),
      columns: [
        Column("term", Text("term", zh: "项")), Column("numerator", Text("df1", zh: "分子自由度")),
        Column("denominator", Text("df2", zh: "分母自由度"), .significant(4)), Column("f", Text("F", zh: "F 值"), .significant(5)),
        Column("p", Text("p", zh: "p 值"), .probability),
      ],
      rows: tests.terms.map { [.name($0.name), .count($0.numerator), .number($0.denominator), .number($0.f), .number($0.pValue)] })
  }

  /// One table a grouping factor, level after level; terms of the same factor are in one table.
  private var effectTables: [AnalysisTable] {
    typealias Column = AnalysisTable.Column
    var names: [String] = []
    for prediction in predictions where !names.contains(prediction.name) { names.append(prediction.name) }
    return names.map { name in
      let parts = predictions.filter { $0.name == name }
      let rows: [[AnalysisValue]] = parts[0].labels.indices.flatMap { level in
        parts.flatMap { part in
          part.columns.indices.map { c in
            [.name(part.labels[level]), .name(part.columns[c]), .number(part.values[c][level]), .number(part.standardErrors[c][level])]
          }
        }
      }
      return AnalysisTable(
        id: "effects-\(name)", title: Text("Predicted effects of \(name)", zh: "\(name) 的效应预测"),
        columns: [
          Column("level", Text("level", zh: "水平")), Column("effect", Text("effect", zh: "效应")),
          Column("prediction", Text("prediction", zh: "预测值"), .significant(5)), Column("se", Text("SE", zh: "标准误"), .significant(3)),
        ], rows: rows,
        note: fit.model.isExact
          ? Text(
            "Predictions (BLUPs) are drawn towards zero where there are few scores; SE is of prediction minus effect.",
            zh: "预测值（BLUP）在评分少时向零收缩；标准误为预测值与真实效应之差的标准误。")
          : Text(
            "Predictions (BLUPs) are drawn towards zero where there are few scores; SE is of prediction minus effect, approximately.",
            zh: "预测值（BLUP）在评分少时向零收缩；标准误为预测值与真实效应之差的标准误（近似值）。"))
    }
  }
}
