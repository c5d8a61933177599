internal import Foundation
internal import Statistics
internal import Wording

/// Raters who give nearly the same mark on every criterion of a sheet where others see differences.
struct RaterStraightLining: Rule {
  static let card = RuleCard(
    id: "rater-straight-lining", kind: .claim,
    title: Text("Nearly the same mark on every criterion", zh: "各项指标几乎一律同分"),
    question: Text(
      "Does this rater give nearly the same mark on all criteria of a sheet where other raters of the same unit see differences?",
      zh: "同一单位的各项指标，他人评分有高有低，该考评员是否几乎都打同一个分？"),
    statistic: Text(
      "mean over the rater's sheets of the log ratio of the variance of marks within the sheet to the median one of the unit's other sheets, in robust standard errors beyond a spread of 80 %",
      zh: "该考评员各评分表内部得分方差与同一单位其他评分表内部方差中位数之比的对数，取平均，考察其低于“差异幅度为他人 80%”的程度，除以稳健标准误"),
    null: Text(
      "log ratios scatter as those of the bulk of this campaign's sheets and raters",
      zh: "对数方差比的波动与本次考评多数评分表和考评员相当"),
    explanations: [
      Text("The form let the rater enter one overall mark that was copied to all criteria.", zh: "录入界面可能允许只填总评分，系统自动填入各项指标。"),
      Text("The units of this rater really were even across the criteria.", zh: "该考评员所评单位各方面水平确实接近。"),
    ],
    checks: [
      Text("Ask for the rater's notes on two criteria of one of these sheets.", zh: "请该考评员提供其中一张评分表上两项指标的评分记录和依据。"),
      Text("See whether the marks were entered one by one.", zh: "核查各项分数是否逐项录入。"),
    ],
    references: ["Myford and Wolfe 2003, J. Appl. Meas. 4:386, restriction of range"])

  func examine(_ study: Study) -> Examination {
    let lines = SheetSpread(study)
    guard lines.raters.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(lines.raters.count) raters have sheets with three or more criteria that others scored too; at least 6 are needed",
          zh: "评分表含三项以上指标、且有他人可比的考评员只有 \(lines.raters.count) 名，至少需要 6 名"))
    }
    let points = RaterPoints(study)
    let tail = StudentT(degreesOfFreedom: robustFreedom(lines.raters.count))
    let typicalError = median(lines.standardError)
    return .tests(
      TestFamily(
        statistics: lines.z.map { -$0 }, pValues: lines.z.map { tail.upperTail(-$0) },
        effects: lines.mean.map { exp(0.5 * ($0 - lines.centre)) },
        detectable: { p in
          MinimumDetectableEffect(
            value: exp(
              -0.5 * ((tail.quantile(upperTail: p) + MinimumDetectableEffect.powerQuantile) * typicalError + SheetSpread.tolerance)),
            unit: "ratio")
        },
        subjects: { i in Subjects(raters: [study.table.raters[lines.raters[i]].name]) },
        claim: { i in
          let r = lines.raters[i]
          let name = study.table.raters[r].name
          let effect = Effect.ratio(logVariances: lines.mean[i] - lines.centre, standardError: lines.standardError[i])
          let flat = lines.flat[i]
          let sheets = lines.sheets[i]
          return Claim(
            level: .warning, subjects: Subjects(raters: [name]),
            effect: effect,
            evidence: [
              Evidence("sheets", .count(sheets)), Evidence("identicalSheets", .count(flat)),
              Evidence("expectedIdenticalSheets", .number(lines.expectedFlat[i])), Evidence("z", .number(lines.z[i])),
            ],
            message: SheetSpread.message(name, sheets: sheets, flat: flat, expected: lines.expectedFlat[i], ratio: effect.value),
            scores: points.sheets(of: r).flatMap { study.rows(ofSheet: $0) })
        }))
  }
}

/// How widely marks spread within each rater's sheets, compared with the other sheets of the same units.
private struct SheetSpread: Sendable {
  var raters: [Int] = []
  /// Mean log ratio by rater.
  var mean: [Double] = []
  var standardError: [Double] = []
  var z: [Double] = []
  var centre = 0.0
  var sheets: [Int] = []
  var flat: [Int] = []
  var expectedFlat: [Double] = []

  static func message(_ name: String, sheets: Int, flat: Int, expected: Double, ratio: Double) -> Text {
    let share = Figures.percent(ratio)
    guard flat > 0 else {
      return Text(
        "Over \(sheets) sheets, \(name)'s marks within a sheet spread only \(share) as widely as other raters' marks for the same units do.",
        zh: "在 \(sheets) 张评分表上，\(name)表内各项得分的差异幅度仅为同单位其他考评员的 \(share)。")
    }
    let usual = Figures.times(expected)
    return Text(
      "\(name) gave the same mark on every criterion on \(flat) of \(sheets) sheets, where other raters of these units lead one to expect \(usual); the marks within a sheet spread \(share) as widely as theirs.",
      zh: "\(name)的 \(sheets) 张评分表中有 \(flat) 张各项指标完全同分（按同单位其他考评员推算，预期为 \(usual) 张）；表内各项得分的差异幅度仅为他人的 \(share)。")
  }

  /// A rater whose marks spread 80 % as widely as others' (half the log of the variance ratio) uses the scale narrowly, which is no straight line.
  static let tolerance = -2 * log(0.8)

  init(_ study: Study) {
    let layout = study.layout
    let scale = study.criterionScale.toCommon
    // The variance of rounding to the campaign's step: two marks a step apart are as good as equal.
    let steps = study.steps.step.indices.map { study.steps.step[$0] * scale[$0] }.filter { $0 > 0 }
    let grain = max(1e-9, squared(steps.isEmpty ? 0 : median(steps)) / 12)
    var logRatio = [Double](repeating: .nan, count: layout.sheetCount)
    var isFlat = [Bool](repeating: false, count: layout.sheetCount)
    var flatShare = [Double](repeating: 0, count: layout.sheetCount)
    var variance = [Double](repeating: .nan, count: layout.sheetCount)
    var logs: [Double] = []
    var others: [Double] = []
    for u in 0..<layout.unitCount {
      logs.removeAll(keepingCapacity: true)
      var count = 0.0
      var flats = 0.0
      let sheets = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      for s in sheets where layout.comparable[s] >= 3 {
        var n = 0.0
        var mean = 0.0
        var squares = 0.0
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] where layout.cellPanel[Int(layout.cell[o])] > 1 {
          n += 1
          let y = study.scores[o] * scale[Int(layout.criterion[o])]
          let delta = y - mean
          mean += delta / n
          squares += delta * (y - mean)
        }
        variance[s] = squares / (n - 1)
        isFlat[s] = variance[s] <= 1e-12
        logs.append(log(variance[s] + grain))
        count += 1
        if isFlat[s] { flats += 1 }
      }
      let middle = logs.count > 12 ? median(logs) : 0
      for s in sheets where !variance[s].isNaN && count > 1 {
        // Against the median of the others, so that another rater's slip or straight line is not held against this one. In a large
        // panel the median of all is as good.
        others = logs
        let own = log(variance[s] + grain)
        if others.count <= 12, let mine = others.firstIndex(of: own) { others.remove(at: mine) }
        logRatio[s] = own - (others.count <= 12 ? smallMedian(&others) : middle)
        flatShare[s] = (flats - (isFlat[s] ? 1 : 0)) / (count - 1)
      }
    }
    let known = logRatio.filter { !$0.isNaN }
    guard known.count > 5 else { return }
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    let sheetSD = max(robustSpread(known), 0.05)
    var u: [Double] = []
    for r in 0..<layout.raterCount {
      var n = 0
      var sum = 0.0
      var flats = 0
      var expected = 0.0
      for s in grouped.members(of: r) where !logRatio[s].isNaN {
        n += 1
        sum += logRatio[s]
        expected += flatShare[s]
        if isFlat[s] { flats += 1 }
      }
      guard n >= 3 else { continue }
      raters.append(r)
      mean.append(sum / Double(n))
      standardError.append(sheetSD / Double(n).squareRoot())
      sheets.append(n)
      flat.append(flats)
      expectedFlat.append(expected)
    }
    guard !raters.isEmpty else { return }
    centre = median(mean)
    for i in raters.indices { u.append((mean[i] - centre) / standardError[i]) }
    let spread = max(1, robustSpread(u))
    z = raters.indices.map { (mean[$0] - centre + SheetSpread.tolerance) / (standardError[$0] * spread) }
    standardError = standardError.map { $0 * spread }
  }
}
