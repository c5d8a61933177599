internal import Foundation
internal import Statistics
internal import Wording

/// Raters who favour units of their own group more than raters as a whole do.
struct OwnGroupFavouritism: Rule {
  static let card = RuleCard(
    id: "own-group-favouritism", kind: .claim,
    title: Text("Higher marks for the own group than others give theirs", zh: "对本单位评分明显偏高"),
    question: Text(
      "Does this rater give units of the rater's own department or country more than the panels do, by more than raters usually do for their own?",
      zh: "该考评员给本单位（本部门）的评分是否高于同组其他人，且超出考评员对本单位的一般倾向？"),
    statistic: Text(
      "weighted mean residual of own sheets minus that of other sheets, beyond the robust centre of this contrast over all raters; where a rater's own and other sheets can be arranged in a million ways or more, the exact stratified permutation of the rater's sheets within rounds decides instead",
      zh: "本单位评分表与其他评分表残差加权均值之差，减去全体考评员该差值的稳健中心；排列数不少于一百万时，改用该考评员评分表按轮次分层的精确置换检验"),
    null: Text(
      "own sheets are exchangeable with the rater's other sheets, but for what raters as a whole give their own",
      zh: "除考评员对本单位的一般倾向外，本单位评分表与其他评分表可互换"),
    explanations: [
      Text("The rater knows the own group's work better and saw merit that others missed.", zh: "该考评员更熟悉本单位工作，可能看到了他人未注意到的成绩。"),
      Text("The rater's own units happened to be scored in one sitting in which all scores were high.", zh: "本单位恰好集中在整体打分偏高的一次评分中。"),
    ],
    checks: [
      Text("Have the rater's own units scored again by raters of other groups.", zh: "由其他单位的考评员对其本单位重新评分。"),
      Text("See whether the rater should have stood aside for these units.", zh: "核查该考评员对这些单位是否应当回避。"),
    ],
    references: ["Zitzewitz 2006, J. Econ. Manag. Strat. 15:67", "Templon and Singer-Vine 2018"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard study.isOwn.contains(true) else { return .notEvaluated(reason: FieldOwnGroupBias.noOwnSheets(study)) }
    let own = OwnGroupContrast(study, fit)
    guard own.raters.count >= 3 else {
      return .notEvaluated(
        reason: Text(
          "only \(own.raters.count) raters scored both units of their own group and others; at least 3 are needed",
          zh: "既评本单位又评其他单位的考评员只有 \(own.raters.count) 名，至少需要 3 名"))
    }
    let tail = ResidualTail(fit.sheetTail)
    let z = own.raters.indices.map { (own.contrast[$0] - own.centre) / own.standardError[$0] }
    let field = robustMean(own.points, own.pointsError.map { max($0, 1e-9) })
    let pValues = own.raters.indices.map {
      own.permutationPValue($0, beyond: own.centre, study, fit) ?? tail.ofMean(over: Double(own.ownSheets[$0].count)).upperTail(z[$0])
    }
    let typicalError = median(own.pointsError)
    return .tests(
      TestFamily(
        statistics: z, pValues: pValues, effects: own.points.map { $0 - field },
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (tail.quantile(upperTail: p) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in
          let rater = study.table.raters[own.raters[i]]
          return Subjects(raters: [rater.name], groups: [rater.group ?? ""])
        },
        claim: { i in
          let rater = study.table.raters[own.raters[i]]
          let group = rater.group ?? ""
          let sheets = own.ownSheets[i]
          let excess = own.points[i] - field
          let error = 1.96 * own.pointsError[i]
          let units = Array(Set(sheets.map { study.unit(ofSheet: $0).name })).sorted()
          let size = Figures.points(excess)
          let interval = Figures.interval(excess - error, excess + error)
          let all = Figures.points(own.points[i])
          let usual = (field < 0 ? "-" : "") + Figures.points(field)
          return Claim(
            level: .warning, subjects: Subjects(raters: [rater.name], units: Array(units.prefix(20)), groups: [group]),
            effect: Effect(value: excess, low: excess - error, high: excess + error, unit: "points"),
            evidence: [
              Evidence("ownSheets", .count(sheets.count)), Evidence("preference", .number(own.points[i])),
              Evidence("fieldPreference", .number(field)), Evidence("z", .number(z[i])),
            ],
            message: Text(
              "Measured against the other raters of the same units, \(rater.name) gave \(counted(sheets.count, "unit")) of the own group (\(group)) \(all) points more than other units; for raters as a whole this difference is \(usual). The excess is \(size) points (\(interval.en)).",
              zh:
                "与同单位其他考评员相比，\(rater.name)给本归属（\(group)）\(sheets.count) 个单位的评分，比给其他单位的高出 \(all) 分；全体考评员的这一差值为 \(usual) 分，该考评员超出 \(size) 分（\(interval.zh)）。"
            ),
            explanations: UnequalScale.explanations(rater: own.raters[i], study),
            scores: sheets.flatMap { study.rows(ofSheet: $0) },
            corrections: sheets.map { Correction(sheet: $0, points: excess) })
        },
        notes: { p, claimed in
          OwnGroupFavouritism.leaders(study, fit, own, field, pValues, tail: tail, from: p, except: claimed)
        }))
  }

  /// Raters who certainly favour their own (against no preference at all, at the same budget), and rather more than the field does (5 %), but not so much
  /// more that it could not be chance. Where a whole profession leans this is where to look first; it is no claim about any of them.
  private static func leaders(
    _ study: Study, _ fit: HonestFit, _ own: OwnGroupContrast, _ field: Double, _ pValues: [Double], tail: ResidualTail,
    from threshold: Double, except claimed: Set<Int>
  ) -> [TestFamily.Note] {
    own.raters.indices.filter { i in
      guard !claimed.contains(i), pValues[i] < 0.05, own.centre > 0 else { return false }
      let alone =
        own.permutationPValue(i, beyond: 0, study, fit)
        ?? tail.ofMean(over: Double(own.ownSheets[i].count)).upperTail(own.contrast[i] / own.standardError[i])
      return alone <= threshold
    }.map { i in
      let rater = study.table.raters[own.raters[i]]
      let group = rater.group ?? ""
      let sheets = own.ownSheets[i]
      let error = 1.96 * own.pointsError[i]
      let excess = own.points[i] - field
      let units = Array(Set(sheets.map { study.unit(ofSheet: $0).name })).sorted()
      let all = Figures.points(own.points[i])
      let interval = Figures.interval(own.points[i] - error, own.points[i] + error)
      let usual = Figures.points(field)
      let rest = Figures.interval(excess - error, excess + error)
      return TestFamily.Note(
        claim: Claim(
          level: .note, subjects: Subjects(raters: [rater.name], units: Array(units.prefix(20)), groups: [group]),
          effect: Effect(value: own.points[i], low: own.points[i] - error, high: own.points[i] + error, unit: "points"),
          evidence: [
            Evidence("ownSheets", .count(sheets.count)), Evidence("preference", .number(own.points[i])),
            Evidence("fieldPreference", .number(field)), Evidence("excess", .number(excess)),
          ],
          message: Text(
            "\(rater.name) gave \(counted(sheets.count, "unit")) of the own group (\(group)) \(all) points (\(interval.en)) more than the rest of their panels did, which is too much for chance; but raters as a whole give their own \(usual) more, and what is left (\(rest.en)) is not enough to single this rater out.",
            zh:
              "\(rater.name)对归属相同（\(group)）的单位评了 \(sheets.count) 张评分表，比同组其他人高 \(all) 分（\(interval.zh)），并非偶然；但考评员对本单位普遍高 \(usual) 分，超出部分（\(rest.zh)）尚不足以单独指认该考评员。"
          ),
          scores: sheets.flatMap { study.rows(ofSheet: $0) },
          corrections: sheets.map { Correction(sheet: $0, points: own.points[i]) }),
        test: i)
    }
  }
}
