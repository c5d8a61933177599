import Models
import Wording

/// Do raters put the units in the same order? `RankConcordance` has formulas and sources.
extension AgreementCoefficient {
  public static let kendall = AgreementCoefficient(
    "kendall", needsOrder: true, name: Text("Kendall's W", zh: "Kendall W（和谐系数）")
  ) { input throws(AgreementError) in
    // No pairs of raters: W needs none.
    let ranks = RankConcordance(input.ratings, raterLimit: 0)
    return CoefficientEstimate(
      value: ranks.w,
      method: ranks.units < 2
        ? Text("(none scored by all)", zh: "（没有全体考评员均评过的对象）")
        : Text("(\(ranks.units) scored by all)", zh: "（全员评过 \(ranks.units) 个）"))
  }

  public static let spearman = AgreementCoefficient(
    "spearman", needsOrder: true, name: Text("Mean Spearman correlation", zh: "Spearman 相关系数均值")
  ) { input throws(AgreementError) in
    let ranks = RankConcordance(input.ratings)
    return CoefficientEstimate(
      value: ranks.meanSpearman,
      method: ranks.pairs == 0
        ? Text("(no pair shares three)", zh: "（没有两人共评三个）")
        : Text("(\(ranks.pairs) pairs of raters)", zh: "（\(ranks.pairs) 对考评员）"))
  }
}
