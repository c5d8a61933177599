internal import Foundation
internal import Models
internal import Statistics
internal import Wording

extension ResidualAnalysis {
  private typealias Column = AnalysisTable.Column
  private typealias Fact = AnalysisFacts.Fact

  /// Facts of the comparison with a common variance, the components beside those of the common fit, and what the variance depends on.
  var parts: [AnalysisReport.Part] {
    var parts: [AnalysisReport.Part] = [.facts(facts), .table(components)]
    switch structure {
    case .by, .shrunken: parts.append(.table(levels))
    case .level:
      parts.append(.table(coefficients))
      parts.append(
        .remarks([
          Text(
            "The p values are approximate: the expected scores that the variance depends on are estimated themselves.",
            zh: "p 值是近似的：方差所依赖的期望得分本身也是估计值。")
        ]))
    case .studentT:
      parts.append(
        .remarks([
          Text(
            "With Student-t errors the likelihood has no closed form: a lower bound of it (variational) is maximised. The likelihood ratio is taken from this bound, so it errs towards one normal variance. With few scores a level the degrees of freedom and the residual deviation come out too large.",
            zh: "误差服从 t 分布时似然没有显式表达，这里最大化的是其变分下界。似然比由该下界得出，因而偏向保守（偏向正态误差）。各水平评分较少时，自由度和残差标准差会估计得偏大。")
        ]))
    case .constant: break
    }
    return parts
  }

  private var facts: AnalysisFacts {
    var facts = [
      Fact("structure", Text("Structure", zh: "结构"), .words(meaning)),
      Fact("iterations", Text("Refits", zh: "重新拟合次数"), .count(fit.account.iterations)),
    ]
    if let test = fit.likelihoodRatio {
      facts += [
        Fact(
          "lr",
          structure == .studentT
            ? Text("Likelihood ratio against one variance (bound)", zh: "与单一方差相比的似然比（下界）")
            : Text("Likelihood ratio against one variance", zh: "与单一方差相比的似然比"), .number(test.statistic), .significant(5)),
        Fact("lr_df", Text("Degrees of freedom", zh: "自由度"), .number(test.degreesOfFreedom)),
        Fact("lr_p", Text("p", zh: "p 值"), .number(test.pValue), .probability),
      ]
    }
    if let score = fit.score {
      facts.append(Fact("score_p", Text("p of the score test", zh: "得分检验的 p 值"), .number(score.pValue), .probability))
    }
    if let spread = fit.spread {
      facts.append(
        Fact("spread", Text("Std. dev. of the log variances", zh: "对数方差的标准差"), .number(spread), .significant(3)))
    }
    if let student = fit.studentT {
      facts += [
        Fact("student_df", Text("Degrees of freedom of the errors", zh: "误差分布的自由度"), .number(student.degreesOfFreedom), .significant(3)),
        Fact(
          "downweighted", Text("Scores that count less than half", zh: "权重不足一半的评分数"), .count(student.robustness.count { $0 < 0.5 })),
      ]
    }
    return AnalysisFacts(id: "residual", title: Text("Residual variance", zh: "残差方差"), facts: facts)
  }

  private var meaning: Text {
    switch structure {
    case .constant: Text("one variance", zh: "单一方差")
    case .by(let name): Text("a variance for every \(name)", zh: "每个 \(name) 各有方差")
    case .shrunken(let name): Text("a variance for every \(name), drawn towards the others", zh: "每个 \(name) 各有方差，并向总体收缩")
    case .level: Text("changes with the expected score (log variance quadratic in it)", zh: "随期望得分变化（对数方差为其二次函数）")
    case .studentT: Text("Student-t errors", zh: "误差服从 t 分布")
    }
  }

  private var components: AnalysisTable {
    AnalysisTable(
      id: "residual-components", title: Text("Standard deviations with and without this structure", zh: "采用与不采用该结构时的标准差"),
      columns: [
        Column("group", Text("group", zh: "分组")), Column("with", Text("with", zh: "采用"), .significant(5)),
        Column("without", Text("one variance", zh: "单一方差"), .significant(5)),
      ],
      rows: zip(fit.fit.components, fit.common.components).map { with, without in
        [
          with.name == "Residual" ? .words(Text("Residual", zh: "残差")) : .name(with.name), .number(with.variance.squareRoot()),
          .number(without.variance.squareRoot()),
        ]
      })
  }

  /// Most erratic first; equal ones in the order of their names.
  private var levels: AnalysisTable {
    let deviations = fit.levelDeviations
    let present = labels.indices.filter { counts[$0] > 0 }
    let order = present.sorted {
      deviations[$0].sigma != deviations[$1].sigma ? deviations[$0].sigma > deviations[$1].sigma : $0 < $1
    }
    let common = fit.common.residualVariance.squareRoot()
    let z = Normal.quantile(upperTail: (1 - level) / 2)
    return AnalysisTable(
      id: "residual-levels", title: Text("Residual standard deviation by level", zh: "各水平的残差标准差"),
      columns: [
        Column("level", Text("level", zh: "水平")), Column("scores", Text("scores", zh: "评分数")),
        Column("deviation", Text("std. dev.", zh: "标准差"), .significant(4)), Column("se", Text("SE", zh: "标准误"), .significant(2)),
        Column("low", Text("low", zh: "下限"), .significant(4)), Column("high", Text("high", zh: "上限"), .significant(4)),
        Column("ratio", Text("of the common", zh: "与共同值之比"), .fixed(2)),
      ],
      rows: order.map { level in
        let (sigma, error) = deviations[level]
        let factor = error / sigma * z
        return [
          .name(labels[level]), .count(counts[level]), .number(sigma), .number(error), .number(sigma * exp(-factor)),
          .number(sigma * exp(factor)), .number(sigma / common),
        ]
      },
      note: Text(
        "\(level.percentage) intervals on the logarithmic scale. A large value: scores of this level scatter more widely.",
        zh: "\(level.percentage) 区间按对数尺度计算。数值大表示该水平的评分离散程度较大。"))
  }

  private var coefficients: AnalysisTable {
    AnalysisTable(
      id: "residual-coefficients", title: Text("Log variance by expected score", zh: "对数方差与期望得分"),
      columns: [
        Column("term", Text("term", zh: "项")), Column("estimate", Text("estimate", zh: "估计值"), .significant(5)),
        Column("se", Text("SE", zh: "标准误"), .significant(3)), Column("z", Text("z", zh: "z 值"), .fixed(2)),
      ],
      rows: fit.coefficients.map {
        [.name($0.name), .number($0.estimate), .number($0.standardError), .number($0.estimate / $0.standardError)]
      })
  }
}
