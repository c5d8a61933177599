internal import Foundation
internal import Statistics
internal import Wording

/// Pairs of groups whose raters raise each other's units.
struct Reciprocity: Rule {
  static let card = RuleCard(
    id: "reciprocity", kind: .claim,
    title: Text("Two groups mark each other higher", zh: "两个归属互相评分偏高"),
    question: Text(
      "Do the raters of one group favour the units of another, and that group's raters the units of the first?",
      zh: "甲单位的考评员是否偏向乙单位，同时乙单位的考评员也偏向甲单位？"),
    statistic: Text(
      "for each direction, the precision-weighted mean over the group's raters of what each gives the other group's units beyond what the rater gives the rest, in standard errors times the robust spread of all raters' contrasts, with a one-sided Student-t p-value; p is the square of the larger of the two, the probability that both are as small",
      zh: "对每个方向，取本方各考评员“给对方单位的评分超出给其余单位评分”的精度加权均值，除以标准误和全体考评员该差值的稳健离散度，按 t 分布取单侧 p 值；两方向中较大 p 值的平方即两者同时如此之小的概率"),
    null: Text(
      "what the one group's raters give the other group's units is independent of what they get in return",
      zh: "甲方考评员给乙方单位的评分与乙方考评员给甲方单位的评分相互独立"),
    explanations: [
      Text("The two groups work together and know each other's merits.", zh: "两单位业务往来密切，彼此更了解对方的成绩。"),
      Text("Both have the same standards, which differ from those of the rest.", zh: "两单位可能采用相同的评价尺度，而与其他考评员不同。"),
    ],
    checks: [
      Text("Have the units concerned scored again by raters of third groups.", zh: "由第三方单位的考评员对有关单位重新评分。"),
      Text("See whether the ranking holds without these scores.", zh: "对比剔除这些评分后的排名。"),
    ],
    references: ["Zitzewitz 2006, J. Econ. Manag. Strat. 15:67, vote trading"])

  /// Sheets that each direction needs.
  static let minimumSheets = 2

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit, let contrasts = study.groupContrasts else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard study.table.raters.contains(where: { $0.group != nil }) else {
      return .notEvaluated(
        reason: Text("the scores do not say which group raters belong to (column rater_group)", zh: "评分数据没有注明考评员的归属（rater_group 一列）"))
    }
    if let reason = GroupContrasts.reason(study) { return .notEvaluated(reason: reason) }
    let exchanges = Exchange.all(study, contrasts, ResidualTail(fit.sheetTail))
    guard !exchanges.isEmpty else {
      return .notEvaluated(
        reason: Text(
          "no two groups scored two or more of each other's units beside other units", zh: "没有两个单位（部门）互相给对方的两个以上单位评过分并另有单位可供比较"))
    }
    let typicalError = median(exchanges.flatMap { [$0.there.error, $0.back.error] })
    return .tests(
      TestFamily(
        statistics: exchanges.map { min($0.there.z, $0.back.z) }, pValues: exchanges.map(\.p),
        effects: exchanges.map { 0.5 * ($0.there.points + $0.back.points) },
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (Normal.quantile(upperTail: p.squareRoot()) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in Subjects(groups: [exchanges[i].first, exchanges[i].second]) },
        claim: { i in
          let exchange = exchanges[i]
          let (there, back) = (exchange.there, exchange.back)
          let value = 0.5 * (there.points + back.points)
          let error = 0.98 * (squared(there.error) + squared(back.error)).squareRoot()
          let sheets = (there.sheets + back.sheets).sorted()
          let raters = Set(sheets.map { Int(study.layout.sheetRater[$0]) }).sorted().map { study.table.raters[$0].name }
          let sizes = (Figures.points(there.points), Figures.points(back.points))
          return Claim(
            level: .warning,
            subjects: Subjects(
              raters: Array(raters.prefix(Names.subjectLimit)), units: Names.subjects(sheets.map { study.unit(ofSheet: $0) }),
              groups: [exchange.first, exchange.second]),
            effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
            evidence: [
              Evidence("sheets", .count(sheets.count)), Evidence("points", .numbers([there.points, back.points])),
              Evidence("z", .numbers([there.z, back.z])),
            ],
            message: Text(
              "Measured against the other raters of the same units, and beyond what they give the rest of their units, raters of \(exchange.first) gave units of \(exchange.second) \(sizes.0) points more on \(counted(there.sheets.count, "sheet")), and raters of \(exchange.second) gave units of \(exchange.first) \(sizes.1) points more on \(back.sheets.count).",
              zh:
                "与同单位其他考评员相比，扣除各人给其余单位的评分差异后，\(exchange.first)的考评员在 \(there.sheets.count) 张评分表上给\(exchange.second)所属单位高出 \(sizes.0) 分，\(exchange.second)的考评员在 \(back.sheets.count) 张评分表上给\(exchange.first)所属单位高出 \(sizes.1) 分。"
            ),
            scores: sheets.flatMap { study.rows(ofSheet: $0) },
            corrections: there.sheets.map { Correction(sheet: $0, points: there.points) }
              + back.sheets.map { Correction(sheet: $0, points: back.points) })
        }))
  }
}

/// What two groups give each other.
private struct Exchange: Sendable {
  /// What the raters of one group give the units of another.
  struct Direction: Sendable {
    var z: Double
    var p: Double
    var points: Double
    var error: Double
    var sheets: [Int]
  }

  var first: String
  var second: String
  var there: Direction
  var back: Direction

  var p: Double { squared(max(there.p, back.p)) }

  /// Every pair of groups that scored each other, in the order of their names.
  static func all(_ study: Study, _ contrasts: GroupContrasts, _ tail: ResidualTail) -> [Exchange] {
    let number = Dictionary(uniqueKeysWithValues: contrasts.groups.enumerated().map { ($1, $0) })
    struct Route: Hashable {
      var from: Int
      var to: Int
    }
    var given: [Route: [GroupContrasts.Entry]] = [:]
    for entry in contrasts.entries {
      guard let from = study.table.raters[entry.rater].group.flatMap({ number[$0] }) else { continue }
      given[Route(from: from, to: entry.group), default: []].append(entry)
    }
    let routes = given.keys.filter { $0.from < $0.to && given[Route(from: $0.to, to: $0.from)] != nil }
      .sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    return routes.compactMap { route in
      let there = direction(given[route]!, contrasts.spread, tail)
      let back = direction(given[Route(from: route.to, to: route.from)]!, contrasts.spread, tail)
      guard min(there.sheets.count, back.sheets.count) >= Reciprocity.minimumSheets else { return nil }
      return Exchange(first: contrasts.groups[route.from], second: contrasts.groups[route.to], there: there, back: back)
    }
  }

  private static func direction(_ entries: [GroupContrasts.Entry], _ spread: Double, _ tail: ResidualTail) -> Direction {
    var precision = 0.0
    var sum = 0.0
    var points = 0.0
    var pointsError = 0.0
    var sheets: [Int] = []
    for entry in entries {
      let w = 1 / squared(entry.standardError)
      precision += w
      sum += w * entry.contrast
      points += w * entry.points
      pointsError += squared(w * entry.pointsError)
      sheets += entry.sheets
    }
    let z = sum / (precision.squareRoot() * spread)
    return Direction(
      z: z, p: tail.ofMean(over: Double(sheets.count)).upperTail(z), points: points / precision,
      error: pointsError.squareRoot() / precision, sheets: sheets)
  }
}
