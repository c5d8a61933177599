internal import Foundation
internal import Statistics
internal import Wording

/// Raters who raise, or lower, all units of a group that is not their own, each by little.
struct RaterGroupFavouritism: Rule {
  static let card = RuleCard(
    id: "rater-group-favouritism", kind: .claim,
    title: Text("Higher or lower marks for one other group", zh: "对其他某一归属的单位评分偏高或偏低"),
    question: Text(
      "Does this rater give the units of one group, not the rater's own, more or less than the panels do, compared with what the rater gives other units?",
      zh: "与给其他单位的评分相比，该考评员对某一归属（非本单位）的各单位评分是否普遍高于或低于同组其他人？"),
    statistic: Text(
      "weighted mean residual of the rater's sheets for units of the group minus that of the rater's other sheets, the rater's own group left out; residuals are cut at 4 standard deviations, so that no single sheet decides; divided by its standard error and by the robust spread of all raters' contrasts; Student-t tails of a mean of as many sheets",
      zh: "该考评员给该归属各单位评分表的残差加权均值，减去给其余单位（本单位除外）的残差加权均值，残差以 4 倍标准差为限，避免个别评分表左右结论；除以标准误和全体考评员该差值的稳健离散度；按相应张数均值的 t 分布取尾部"),
    null: Text(
      "a rater's preferences among groups differ as those of the bulk of this campaign's raters do",
      zh: "考评员对不同归属的偏好差异与本次考评多数考评员相当"),
    explanations: [
      Text("The rater knows this group's field, and sees merit or faults that others miss.", zh: "该考评员熟悉该系统业务，可能看到了他人未注意到的成绩或问题。"),
      Text("The units of this group were scored on one day, with standards of its own.", zh: "该归属的单位可能集中在同一天评分，当天的尺度与平时不同。"),
      Text("The units of the group have something in common that this rater weighs differently.", zh: "这些单位可能有共同特点，该考评员对此的看重程度与他人不同。"),
    ],
    checks: [
      Text("Have some units of the group scored again by raters who know nothing of these scores.", zh: "抽取该归属的若干单位，由不知情的考评员背靠背复评。"),
      Text("See what ties the rater has to the group: former posts, common projects, relatives.", zh: "核查该考评员与该归属之间是否存在曾任职、合作项目、亲属等关系。"),
    ],
    references: ["Zitzewitz 2006, J. Econ. Manag. Strat. 15:67", "Cook and Weisberg 1982, deleted residuals"])

  /// One favoured unit of a group is rater-unit-favouritism.
  static let minimumSheets = 2

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit, let contrasts = study.groupContrasts else { return .notEvaluated(reason: Study.nothingToCompare) }
    if let reason = GroupContrasts.reason(study) { return .notEvaluated(reason: reason) }
    let entries = contrasts.entries.filter { $0.sheets.count >= RaterGroupFavouritism.minimumSheets }
    guard !entries.isEmpty else {
      return .notEvaluated(
        reason: Text(
          "no rater scored two units of one other group and two more units to compare them with",
          zh: "没有考评员给同一归属（本单位除外）的两个单位评过分并另有两个单位可供比较"))
    }
    let tail = ResidualTail(fit.sheetTail)
    let spread = contrasts.spread
    let z = entries.map { $0.contrast / ($0.standardError * spread) }
    let typicalError = median(entries.map(\.pointsError)) * spread
    return .tests(
      TestFamily(
        statistics: z, pValues: entries.indices.map { tail.ofMean(over: Double(entries[$0].sheets.count)).twoSided(z[$0]) },
        effects: entries.map(\.points),
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (tail.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in
          Subjects(raters: [study.table.raters[entries[i].rater].name], groups: [contrasts.groups[entries[i].group]])
        },
        claim: { i in
          let entry = entries[i]
          let rater = study.table.raters[entry.rater].name
          let group = contrasts.groups[entry.group]
          let error = 1.96 * entry.pointsError
          let size = Figures.points(entry.points)
          let interval = Figures.interval(abs(entry.points) - error, abs(entry.points) + error)
          let above = entry.points > 0
          return Claim(
            level: .warning,
            subjects: Subjects(
              raters: [rater], units: Names.subjects(entry.sheets.map { study.unit(ofSheet: $0) }), groups: [group]),
            effect: Effect(value: entry.points, low: entry.points - error, high: entry.points + error, unit: "points"),
            evidence: [
              Evidence("sheets", .count(entry.sheets.count)), Evidence("honestSpread", .number(spread)), Evidence("z", .number(z[i])),
            ],
            message: Text(
              "Measured against the other raters of the same units, \(rater) gave \(counted(entry.sheets.count, "unit")) of \(group) \(size) points (\(interval.en)) \(above ? "more" : "less") than the rest of the units that \(rater) scored.",
              zh: "与同单位其他考评员相比，\(rater)给\(group)所属 \(entry.sheets.count) 个单位的评分比其所评其余单位\(above ? "高" : "低") \(size) 分（\(interval.zh)）。"),
            explanations: UnequalScale.explanations(rater: entry.rater, study),
            scores: entry.sheets.flatMap { study.rows(ofSheet: $0) },
            corrections: entry.sheets.map { Correction(sheet: $0, points: entry.points) })
        }))
  }
}
