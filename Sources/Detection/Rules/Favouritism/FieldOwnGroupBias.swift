internal import Foundation
internal import Statistics
internal import Wording

/// Whether raters as a whole favour units of their own group: a finding about the campaign, not about anybody.
struct FieldOwnGroupBias: Rule {
  static let card = RuleCard(
    id: "field-own-group-bias", kind: .claim,
    title: Text("Raters as a whole mark their own group differently", zh: "考评员对本单位评分的普遍倾向"),
    question: Text(
      "Do raters as a whole give units of their own department or country more, or less, than the rest of the panel does?",
      zh: "总体上看，考评员给本单位（本部门）的评分是否高于或低于同组其他人？"),
    statistic: Text(
      "sum of standardised residuals over all own sheets, permuted within each rater and round (exact distribution or saddlepoint), and the same without the twentieth of the raters who contribute most in either direction, so that one rater makes no field; the larger p-value counts; the size is the coefficient of ‘own’ in a regression with unit and rater-by-round effects, with an interval clustered by rater",
      zh:
        "全部本单位评分表标准化残差之和，在每名考评员每一轮次内置换（精确分布或鞍点近似），并剔除正反两个方向各二十分之一贡献最大的考评员后再作同一检验，以免个别人被当作普遍倾向，取较大的 p 值；幅度取含单位效应、考评员×轮次效应回归中“本单位”的系数，区间按考评员聚类"
    ),
    null: Text("each rater's own sheets are exchangeable with the rater's other sheets of the round", zh: "每名考评员同一轮次内的本单位评分表与其他评分表可互换"),
    explanations: [
      Text("Raters know their own group's work better than the others do.", zh: "考评员更了解本单位的工作。"),
      Text("Own units may differ in a way that only insiders can see, for better or worse.", zh: "本单位的某些特点（无论好坏）只有内部人才看得到。"),
    ],
    checks: [
      Text("Let no rater score the own group, or leave own scores out of the result.", zh: "实行回避，或在计算结果时剔除对本单位的评分。"),
      Text("Compare the ranking with and without own scores.", zh: "对比计入与不计入本单位评分时的排名。"),
    ],
    references: ["Zitzewitz 2006, J. Econ. Manag. Strat. 15:67", "Strasser and Weber 1999, permutation moments"])

  static func noOwnSheets(_ study: Study) -> Text {
    let raters = study.table.raters.contains { $0.group != nil }
    let units = study.table.units.contains { $0.group != nil }
    guard raters && units else {
      return Text(
        "the scores do not say which group \(raters ? "units" : units ? "raters" : "raters and units") belong to (columns rater_group and unit_group)",
        zh: "评分数据没有注明\(raters ? "被考评单位" : units ? "考评员" : "考评员和被考评单位")的归属（rater_group、unit_group 两列）")
    }
    return Text("no rater scored a unit of the rater's own group", zh: "没有考评员给本单位评过分")
  }

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard study.isOwn.contains(true) else { return .notEvaluated(reason: FieldOwnGroupBias.noOwnSheets(study)) }
    let field = FieldContrast(study, fit)
    guard field.permutation.variance > 0, field.permutation.labelledCount >= 3 else {
      return .notEvaluated(
        reason: Text(
          "only \(field.permutation.labelledCount) own scores can be compared with other scores of the same rater; at least 3 are needed",
          zh: "能与同一考评员其他评分比较的本单位评分只有 \(field.permutation.labelledCount) 张，至少需要 3 张"))
    }
    let z = field.permutation.standardized
    let p = field.pValue
    let freedom = max(3, Double(field.raters - 1))
    let error = field.standardError
    let half = StudentT(degreesOfFreedom: freedom).quantile(upperTail: 0.025) * error
    let value = field.effect
    return .tests(
      TestFamily(
        statistics: [z], pValues: [p], effects: [value],
        detectable: { p in
          MinimumDetectableEffect(
            value: error * (Normal.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { _ in Subjects() },
        claim: { _ in
          let size = Figures.points(value)
          let interval = Figures.interval(abs(value) - half, abs(value) + half)
          let more = value >= 0
          let perSheet = field.pointsPerScore
          return Claim(
            level: .warning, subjects: Subjects(),
            effect: Effect(value: value, low: value - half, high: value + half, unit: "points"),
            evidence: [
              Evidence("ownSheets", .count(field.own)), Evidence("otherSheets", .count(field.other)),
              Evidence("raters", .count(field.raters)), Evidence("z", .number(z)),
              Evidence("effectOnSheetSum", .number(value * perSheet)),
            ],
            message: Text(
              "Raters as a whole give units of their own group \(size) points (\(interval.en)) \(more ? "more" : "less") than the rest of the panel does: \(field.own) own sheets by \(field.raters) raters, against \(field.other) others.",
              zh:
                "总体上，考评员给本单位的评分比同组其他人\(more ? "高" : "低") \(size) 分（\(interval.zh)）：涉及 \(field.raters) 名考评员的 \(field.own) 张本单位评分表，对照 \(field.other) 张其他评分表。"
            ),
            scores: [],
            corrections: (0..<study.layout.sheetCount).filter { study.isOwn[$0] && study.layout.comparable[$0] > 0 }
              .map { Correction(sheet: $0, points: value) })
        }))
  }
}

/// The field-wide own-group effect: exact permutation moments, and a regression coefficient in points.
private struct FieldContrast: Sendable {
  let permutation: StratifiedPermutationTest
  /// The same without the raters who contribute most in either direction, one in twenty on each side: one or two make no field.
  private let trimmed: StratifiedPermutationTest
  var own = 0
  var other = 0
  var raters = 0
  var effect = 0.0
  var standardError = 0.0
  /// Scores on a typical sheet when results are means, to speak of sums; 1 when they are sums already.
  var pointsPerScore = 1.0

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    var strata: [String: Int32] = [:]
    var stratum = [Int32](repeating: -1, count: layout.sheetCount)
    var raterOfStratum: [Int] = []
    var sheets: [Int] = []
    var seen = [Int32](repeating: -1, count: layout.raterCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let r = Int(layout.sheetRater[s])
      guard study.table.raters[r].group != nil, study.unit(ofSheet: s).group != nil else { continue }
      if let round = study.unit(ofSheet: s).round {
        let key = "\(r)\u{1F}\(round)"
        if let known = strata[key] {
          stratum[s] = known
        } else {
          stratum[s] = Int32(raterOfStratum.count)
          strata[key] = stratum[s]
          raterOfStratum.append(r)
        }
      } else {
        if seen[r] < 0 {
          seen[r] = Int32(raterOfStratum.count)
          raterOfStratum.append(r)
        }
        stratum[s] = seen[r]
      }
      sheets.append(s)
    }
    let values = sheets.map { fit.residual[$0] / (fit.variance[$0] / fit.profileFactor[$0]).squareRoot() }
    let labelled = sheets.map { study.isOwn[$0] }
    let numbers = sheets.map { Int(stratum[$0]) }
    func test(_ kept: some Collection<Int>) -> StratifiedPermutationTest {
      StratifiedPermutationTest(values: kept.map { values[$0] }, labelled: kept.map { labelled[$0] }, strata: kept.map { numbers[$0] })
    }
    permutation = test(sheets.indices)
    let extreme = FieldContrast.extremeRaters(values, labelled, numbers, raterOfStratum)
    trimmed = test(sheets.indices.filter { !extreme.contains(raterOfStratum[numbers[$0]]) })
    regress(study, fit, sheets, stratum, raterOfStratum)
    if study.campaign.result.overCriteria == .mean { pointsPerScore = fit.typicalCells }
  }

  /// The larger one of both tests; exact where either could be remarkable.
  var pValue: Double {
    func p(_ test: StratifiedPermutationTest) -> Double {
      guard test.variance > 0 else { return 1 }
      return abs(test.standardized) < 1.8 ? min(1, 2 * Normal.upperTail(abs(test.standardized))) : test.result(exactBudget: 1e5).twoSided
    }
    let all = p(permutation)
    guard abs(permutation.standardized) >= 1.8 else { return all }
    return trimmed.standardized * permutation.standardized > 0 ? max(all, p(trimmed)) : 1
  }

  /// Raters by what their own sheets have beyond the mean of all their sheets in the round: a twentieth of them at either end, at least one.
  private static func extremeRaters(_ values: [Double], _ labelled: [Bool], _ strata: [Int], _ raterOfStratum: [Int]) -> Set<Int> {
    var sum = [Double](repeating: 0, count: raterOfStratum.count)
    var count = sum
    for (value, stratum) in zip(values, strata) {
      sum[stratum] += value
      count[stratum] += 1
    }
    var contribution: [Int: Double] = [:]
    for i in values.indices where labelled[i] {
      contribution[raterOfStratum[strata[i]], default: 0] += values[i] - sum[strata[i]] / count[strata[i]]
    }
    let order = contribution.keys.sorted { (contribution[$0]!, $0) < (contribution[$1]!, $1) }
    let trim = (order.count + 19) / 20
    return Set(order.prefix(trim) + order.suffix(trim))
  }

  /// y = unit + rater × round + β·own by alternating projections of the indicator; weights 1, so that points mean points.
  private mutating func regress(_ study: Study, _ fit: HonestFit, _ sheets: [Int], _ stratum: [Int32], _ raterOfStratum: [Int]) {
    let layout = study.layout
    var x = sheets.map { study.isOwn[$0] ? 1.0 : 0.0 }
    let y = sheets.map { fit.deviation[$0] * study.pointsPerCommon[$0] }
    own = sheets.count { study.isOwn[$0] }
    other = sheets.count - own
    var unitCount = [Double](repeating: 0, count: layout.unitCount)
    var stratumCount = [Double](repeating: 0, count: raterOfStratum.count)
    for s in sheets {
      unitCount[Int(layout.sheetUnit[s])] += 1
      stratumCount[Int(stratum[s])] += 1
    }
    func project(_ v: inout [Double]) {
      var units = [Double](repeating: 0, count: layout.unitCount)
      var groups = [Double](repeating: 0, count: raterOfStratum.count)
      for (i, s) in sheets.enumerated() { units[Int(layout.sheetUnit[s])] += v[i] }
      for (i, s) in sheets.enumerated() {
        let u = Int(layout.sheetUnit[s])
        v[i] -= units[u] / unitCount[u]
        groups[Int(stratum[s])] += v[i]
      }
      for (i, s) in sheets.enumerated() {
        let g = Int(stratum[s])
        v[i] -= groups[g] / stratumCount[g]
      }
    }
    for _ in 0..<30 { project(&x) }
    var xx = 0.0
    var xy = 0.0
    for i in sheets.indices {
      xx += x[i] * x[i]
      xy += x[i] * y[i]
    }
    guard xx > 1e-9 else { return }
    effect = xy / xx
    var residual = y.indices.map { y[$0] - effect * (study.isOwn[sheets[$0]] ? 1 : 0) }
    for _ in 0..<30 { project(&residual) }
    var score = [Double](repeating: 0, count: layout.raterCount)
    var involved = [Bool](repeating: false, count: layout.raterCount)
    for (i, s) in sheets.enumerated() {
      let r = raterOfStratum[Int(stratum[s])]
      score[r] += x[i] * residual[i]
      if study.isOwn[s] { involved[r] = true }
    }
    raters = involved.count { $0 }
    let clusters = Double(max(2, raters))
    standardError = (score.reduce(0) { $0 + $1 * $1 } * clusters / (clusters - 1)).squareRoot() / xx
  }
}
