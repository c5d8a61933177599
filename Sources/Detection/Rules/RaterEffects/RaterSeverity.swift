internal import Foundation
internal import Statistics
internal import Wording

/// Raters who are stricter or more lenient than honest differences between raters explain.
struct RaterSeverity: Rule {
  static let card = RuleCard(
    id: "rater-severity", kind: .claim,
    title: Text("Severe or lenient rater", zh: "评分过严或过宽"),
    question: Text(
      "Does this rater mark everybody lower, or everybody higher, by more than honest raters differ from one another?",
      zh: "该考评员是否对所有单位一律偏严或偏宽，且超出正常的宽严差异？"),
    statistic: Text(
      "best linear unbiased prediction of the rater's severity, crossed with the units, at robust weights, from the middle of the bulk of raters, divided by its standard deviation √(σ² − PEV) among honest raters; Student t with the degrees of freedom of the robust spread σ; where many marks are at an end of their scale, such a mark counts as “there or beyond” (Tobit), since leniency cannot show above full marks; where raters use the scale unequally widely, severity is that at the campaign's median level, and its honest distribution is stretched by the log-normal spread of slopes",
      zh:
        "在稳健权重下与被考评单位交叉的考评员宽严度最佳线性无偏预测（以多数考评员的稳健中心为零点），除以该预测值在公正评分的考评员中的标准差 √(σ² − PEV)；按稳健离散度的自由度取 t 分布；大量评分达到分值上下限时，此类评分按“达到或超出该限”的删失数据处理（Tobit 模型），因为满分之上看不出宽松程度；各考评员打分拉开的差距不一时，宽严度取本次考评中位水平处的值，其正常分布按斜率的对数正态离散度相应展宽"
    ),
    null: Text(
      "severities are normal with the robustly estimated spread of this campaign's raters",
      zh: "宽严度服从正态分布，其离散度由本次考评全体考评员稳健估计"),
    explanations: [
      Text(
        "The rater's units are weaker or stronger than the scores of the other raters can show.", zh: "该考评员分到的单位可能本身整体偏弱或偏强，而其他考评员未能充分反映。"),
      Text("The rater was briefed differently or read the marking guide differently.", zh: "该考评员接受的培训或对评分细则的理解可能与他人不同。"),
    ],
    checks: [
      Text("Let a second rater score three of this rater's units blind.", zh: "抽取该考评员评过的三个单位，由另一名考评员背靠背复评。"),
      Text("Ask which passages of the marking guide the rater relied on.", zh: "请该考评员说明所依据的评分细则条款。"),
    ],
    references: ["Henderson 1975, Biometrics 31:423", "Rousseeuw and Croux 1993, JASA 88:1273"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let raters = fit.raterError.indices.filter { fit.raterError[$0] != nil }
    guard raters.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(raters.count) raters can be compared; the spread of honest raters needs at least 6",
          zh: "可比较的考评员只有 \(raters.count) 名，至少需要 6 名才能估计正常的宽严差异"))
    }
    guard fit.raterSD > 0 else {
      return .notEvaluated(reason: Text("all raters are equally strict", zh: "所有考评员宽严完全一致"))
    }
    // Where many marks are at an end of the scale, severities are compared as they would be without ends.
    let censored = study.censored
    let effect = fromCentre(censored?.raterEffect ?? fit.raterEffect, of: raters)
    let plainEffect = fromCentre(fit.raterEffect, of: raters)
    let predictionError = censored?.raterError ?? fit.raterError
    let raterSD = censored?.raterSD ?? fit.raterSD
    let points = RaterPoints(study)
    let tail = StudentT(degreesOfFreedom: robustFreedom(raters.count))
    // Raters who exaggerate or damp all they give do so with their severity too.
    func upperTail(_ z: Double) -> Double { study.scaleUse?.upperTail(z, tail) ?? tail.upperTail(z) }
    var statistics: [Double] = []
    var pValues: [Double] = []
    var effects: [Double] = []
    for r in raters {
      // Prediction error takes away from what honest raters can show: a rater with few scores is shrunk towards 0.
      let spread = max(squared(raterSD) - squared(predictionError[r]!), 1e-3 * squared(raterSD)).squareRoot()
      let z = effect[r] / spread
      statistics.append(z)
      // Unusual among raters, and not zero beyond its own error: where severities hardly differ, a shrunken effect is all error.
      let unlike = 2 * Normal.upperTail(abs(effect[r]) / max(predictionError[r]!, 1e-12))
      pValues.append(min(1, max(2 * upperTail(abs(z)), unlike)))
      effects.append(plainEffect[r] * points.perCommon[r])
    }
    let typical = median(raters.map { points.perCommon[$0] })
    let spreadPoints = raterSD * typical
    return .tests(
      TestFamily(
        statistics: statistics, pValues: pValues, effects: effects,
        detectable: { p in
          MinimumDetectableEffect(
            value: spreadPoints * (tail.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in Subjects(raters: [study.table.raters[raters[i]].name]) },
        claim: { [statistics] i in
          let r = raters[i]
          let name = study.table.raters[r].name
          let scale = points.perCommon[r]
          let value = plainEffect[r] * scale
          let error = 1.96 * fit.raterError[r]! * scale
          let strict = value < 0
          let sheets = points.sheets(of: r)
          let size = Figures.points(value)
          let interval = Figures.interval(abs(value) - error, abs(value) + error)
          let usual = Figures.points(2 * spreadPoints)
          let uncut = censored == nil ? Text("", zh: "") : Figures.uncut(effect[r] * scale)
          return Claim(
            level: .warning, subjects: Subjects(raters: [name]),
            effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
            evidence: [
              Evidence("sheets", .count(sheets.count)), Evidence("honestSpread", .number(spreadPoints)),
              Evidence("z", .number(statistics[i])),
            ],
            message: Text(
              "\(name) scores \(size) points (\(interval.en)) \(strict ? "lower" : "higher") than other raters give the same units, over \(sheets.count) sheets;\(uncut.en) honest raters of this campaign mostly stay within \(usual) points.",
              zh:
                "\(name)在 \(sheets.count) 张评分表上给同样单位的评分比其他考评员平均\(strict ? "低" : "高") \(size) 分（\(interval.zh)）；\(uncut.zh)本次考评中考评员的正常宽严差异一般在 \(usual) 分以内。"
            ),
            explanations: UnequalScale.explanations(rater: r, study),
            scores: sheets.flatMap { study.rows(ofSheet: $0) },
            corrections: sheets.map { Correction(sheet: $0, points: plainEffect[r] * study.pointsPerCommon[$0]) })
        }))
  }

  /// A few severe raters would otherwise make everybody else look lenient, and themselves less severe.
  private func fromCentre(_ effect: [Double], of raters: [Int]) -> [Double] {
    let centre = bulkCentre(raters.map { effect[$0] })
    return effect.map { $0 - centre }
  }
}
