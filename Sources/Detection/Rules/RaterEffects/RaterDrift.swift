internal import Foundation
internal import Scores
internal import Statistics
internal import Wording

/// Raters whose severity moves in the course of the campaign more than that of honest raters does.
struct RaterDrift: Rule {
  static let card = RuleCard(
    id: "rater-drift", kind: .claim,
    title: Text("Severity that moves with time", zh: "评分尺度前后不一"),
    question: Text(
      "Did this rater become stricter or more lenient in the course of the campaign, step by step or at one point, by more than raters usually do?",
      zh: "该考评员的评分尺度是否随时间逐渐变严或变宽，或自某一时点起突然改变，且超出考评员的一般变化？"),
    statistic: Text(
      "residuals of the rater's sheets against the rest of their panels, in the rater's own order: their regression (Huber weights beyond 4 standard deviations) on the rank in that order, beyond the robust centre of all raters' slopes, and the largest difference between the sheets before and after one point (at least 3 on either side); each over its standard error at a variance shrunk towards the campaign's and over the robust spread of all raters' slopes; Student t, and for the point the smaller of Bonferroni's bound and the tail of the maximum of a standardised Brownian bridge; twice the smaller of the two p-values",
      zh:
        "该考评员各评分表相对同组其他评分表的残差，按其本人评分的先后排列（超过 4 个标准差的按 Huber 法降权）：一是对先后名次的回归斜率（减去全体考评员斜率的稳健中心），二是在任一时点前后（各不少于 3 张）的最大差值；两者均除以标准误（方差向全体水平收缩）和全体考评员斜率的稳健离散度，按 t 分布计算，时点搜索取 Bonferroni 界与标准化布朗桥最大值尾概率中较小者；最后取两个 p 值中较小者的两倍"
    ),
    null: Text(
      "severities drift as those of the bulk of this campaign's raters do; where all raters score in the same order, a drift that all share cannot be told from the merit of later units and is nobody's, while one rater's against the panel is seen",
      zh: "宽严度的变化与本次考评多数考评员相当；若所有考评员按同一顺序评分，共同的变化与后评单位本身的水平无法区分，不归于任何人，但个人相对同组的变化仍可看出"),
    explanations: [
      Text("The rater was briefed anew, or learned from the first units what to look for.", zh: "该考评员可能中途接受了新的培训或说明，或在评过前几个单位后才掌握尺度。"),
      Text(
        "The later units were of a kind that this rater knows better, or less well, than the panel.", zh: "后评的单位可能属于该考评员比同组其他人更熟悉或更不熟悉的类型。"),
      Text("The times in the file are those of data entry, not of scoring.", zh: "文件中的时间可能是录入时间，而不是评分时间。"),
    ],
    checks: [
      Text("Have the rater score two of the first units again without seeing the first scores.", zh: "请该考评员在不看原评分的情况下重评最早的两个单位。"),
      Text("Ask what changed at that time: briefing, team, place, pace.", zh: "了解当时是否有变化：培训说明、分组、地点或评分进度。"),
    ],
    references: [
      "Myford and Wolfe 2009, J. Educ. Meas. 46:371, rater drift",
      "James, James and Siegmund 1987, Biometrika 74:71, tests for a change point",
      "Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3:3, moderated variances",
    ])

  /// Fewer sheets cannot tell a drift from chance.
  static let minimumSheets = 8

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard let order = study.order else {
      return .notEvaluated(
        reason: study.table.unreadTimes.first?.note
          ?? Text(
            "the file has no column of time or sequence that can be read, so the order of the sheets is not known",
            zh: "文件中没有可以识别的时间列或顺序列，无法得知评分先后"))
    }
    let runs = order.runs.filter { $0.sheets.count >= RaterDrift.minimumSheets }
    guard runs.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(runs.count) raters have \(RaterDrift.minimumSheets) sheets or more at known times that can be compared; at least 6 are needed",
          zh: "有 \(RaterDrift.minimumSheets) 张以上可比较且时间已知的评分表的考评员只有 \(runs.count) 名，至少需要 6 名"))
    }
    guard let drifts = Drifts(study, fit, runs) else {
      return .notEvaluated(reason: Text("the raters agree exactly", zh: "考评员的评分完全一致"))
    }
    let points = drifts.series.map { $0.pointsPerCommon }
    let typical = median(drifts.series.indices.map { drifts.series[$0].slopeError * drifts.series[$0].scale * points[$0] })
    let usual = Figures.points(2 * drifts.spread * typical)
    return .tests(
      TestFamily(
        statistics: drifts.changes.map(\.z), pValues: drifts.changes.map(\.pValue),
        effects: drifts.changes.indices.map { drifts.changes[$0].size * drifts.series[$0].scale * points[$0] },
        detectable: { p in
          MinimumDetectableEffect(
            value: typical * drifts.spread * (drifts.tail.quantile(upperTail: p / 4) + MinimumDetectableEffect.powerQuantile),
            unit: "points")
        },
        subjects: { i in Subjects(raters: [study.table.raters[drifts.series[i].run.rater].name]) },
        claim: { i in RaterDrift.claim(study, drifts.series[i], drifts.changes[i], usual: usual) }))
  }

  private static func claim(_ study: Study, _ series: Series, _ change: Change, usual: String) -> Claim {
    let run = series.run
    let name = study.table.raters[run.rater].name
    let scale = series.scale * series.pointsPerCommon
    let value = change.size * scale
    let error = change.halfWidth * scale
    let count = run.sheets.count
    let (rose, size) = (value > 0, Figures.points(value))
    let interval = Figures.interval(abs(value) - error, abs(value) + error)
    var evidence = [Evidence("sheets", .count(count)), Evidence("z", .number(change.z))]
    let message: Text
    if let from = change.from, let times = study.table.times {
      let time = times.text(run.times[from])
      evidence += [Evidence("shape", .text("step")), Evidence("fromSheet", .count(from + 1)), Evidence("fromTime", .text(time))]
      let when = times.kind == .number ? Text("number \(time) in the file's order", zh: "文件中的顺序 \(time)") : Text(time, zh: time)
      message = Text(
        "From sheet \(from + 1) of \(count) on (\(when.en)), \(name) scored \(size) points (\(interval.en)) \(rose ? "higher" : "lower") than before, measured against the other raters of the same units; over a whole campaign raters here mostly move by less than \(usual) points.",
        zh:
          "与同单位其他考评员相比，\(name)自第 \(from + 1) 张评分表起（共 \(count) 张，\(when.zh)）的评分比之前\(rose ? "高" : "低") \(size) 分（\(interval.zh)）；本次考评中考评员前后变化一般在 \(usual) 分以内。"
      )
    } else {
      evidence.append(Evidence("shape", .text("steady")))
      message = Text(
        "From the first of \(name)'s \(count) sheets to the last, the scores \(rose ? "rose" : "fell") by \(size) points (\(interval.en)), measured against the other raters of the same units; raters here mostly move by less than \(usual) points.",
        zh:
          "与同单位其他考评员相比，\(name)从第一张到最后一张评分表（共 \(count) 张），评分逐渐\(rose ? "升高" : "降低")了 \(size) 分（\(interval.zh)）；本次考评中考评员前后变化一般在 \(usual) 分以内。"
      )
    }
    return Claim(
      level: .warning, subjects: Subjects(raters: [name]),
      effect: Effect(value: value, low: value - error, high: value + error, unit: "points"), evidence: evidence, message: message,
      scores: run.sheets.flatMap { study.rows(ofSheet: $0) },
      corrections: run.sheets.indices.map { j in
        Correction(sheet: run.sheets[j], points: change.part(j, series) * series.scale * study.pointsPerCommon[run.sheets[j]])
      })
  }
}

/// One rater's standardised residuals in order.
private struct Series: Sendable {
  let run: ScoringOrder.Run
  /// Each over its standard deviation if the rater were as precise as the typical one.
  private var raw: [Double]
  /// The same within `cut` of the regression.
  private var values: [Double]
  /// Common points to one standard deviation, and result points to one common point.
  let scale: Double
  let pointsPerCommon: Double
  /// Of the regression on the places: the sum of squared places, the slope, the squares that are left, the standard error (set by `shrink`).
  let placeSquares: Double
  private(set) var slope = 0.0
  private(set) var rest = 0.0
  private(set) var slopeError = 0.0

  static let cut = 4.0
  /// Steps of the robust fits; nearly all are at rest after two.
  static let rounds = 20

  var count: Double { Double(raw.count) }
  var freedom: Double { count - 2 }

  init(_ study: Study, _ fit: HonestFit, _ run: ScoringOrder.Run) {
    self.run = run
    raw = run.sheets.map { s in fit.residual[s] < 0 ? -fit.plainSquare[s].squareRoot() : fit.plainSquare[s].squareRoot() }
    values = raw
    let deviations = raw.reduce(0) { $0 + abs($1) }
    scale = deviations > 0 ? run.sheets.reduce(0) { $0 + abs(fit.residual[$1]) } / deviations : 0
    pointsPerCommon = run.sheets.reduce(0) { $0 + study.pointsPerCommon[$1] } / Double(run.sheets.count)
    placeSquares = run.places.reduce(0) { $0 + $1 * $1 }
    regress()
  }

  /// Huber's estimate with modified residuals: least squares, values further than `cut` from the line brought to that distance, and again.
  private mutating func regress() {
    let middle = median(raw)
    for j in raw.indices { values[j] = min(max(raw[j], middle - Series.cut), middle + Series.cut) }
    for _ in 0..<Series.rounds {
      let mean = values.reduce(0, +) / count
      slope = values.indices.reduce(0) { $0 + run.places[$1] * values[$1] } / placeSquares
      rest = 0
      var moved = false
      for j in raw.indices {
        let line = mean + slope * run.places[j]
        rest += squared(values[j] - line)
        let value = min(max(raw[j], line - Series.cut), line + Series.cut)
        if abs(value - values[j]) > 1e-9 { moved = true }
        values[j] = value
      }
      if !moved { break }
    }
  }

  /// Settles the standard error from the rater's own variance and a prior one.
  mutating func shrink(_ prior: VariancePrior) {
    slopeError = (prior.variance(squares: rest, freedom: freedom) / placeSquares).squareRoot()
  }

  /// Takes off what raters as a whole do.
  mutating func remove(slope common: Double) {
    for j in raw.indices { raw[j] -= common * run.places[j] }
    regress()
  }

  /// The best single step: where it begins, its size and its standard error, and how many points were looked at; nil where there is no room for one. One pass over
  /// running sums.
  func step(_ prior: VariancePrior) -> (from: Int, size: Double, error: Double, points: Int)? {
    let total = values.reduce(0, +)
    let squares = values.reduce(0) { $0 + squared($1 - total / count) }
    var best: (from: Int, ratio: Double)?
    var points = 0
    var before = 0.0
    for k in 1..<values.count {
      before += values[k - 1]
      guard k >= RaterDrift.minimumSide, values.count - k >= RaterDrift.minimumSide, run.times[k - 1] < run.times[k] else { continue }
      points += 1
      let (m, n) = (Double(k), count - Double(k))
      let size = (total - before) / n - before / m
      let left = max(0, squares - size * size * m * n / count)
      let ratio = size * size / (prior.variance(squares: left, freedom: freedom) * (1 / m + 1 / n))
      if best == nil || ratio > best!.ratio { best = (k, ratio) }
    }
    guard let from = best?.from else { return nil }
    let (first, firstRest) = Series.mean(raw[..<from])
    let (second, secondRest) = Series.mean(raw[from...])
    let variance = prior.variance(squares: firstRest + secondRest, freedom: freedom)
    let error = (variance * (1 / Double(from) + 1 / (count - Double(from)))).squareRoot()
    return (from, second - first, error, points)
  }

  /// The mean with modified residuals, and the squares about it.
  private static func mean(_ values: ArraySlice<Double>) -> (mean: Double, squares: Double) {
    var centre = median(Array(values))
    for _ in 0..<rounds {
      let next = values.reduce(0) { $0 + min(max($1, centre - cut), centre + cut) } / Double(values.count)
      if abs(next - centre) < 1e-9 { break }
      centre = next
    }
    return (centre, values.reduce(0) { $0 + squared(min(max($1 - centre, -cut), cut)) })
  }
}

extension RaterDrift {
  /// A step has this many sheets on either side at least.
  fileprivate static let minimumSide = 3
}

/// The variance of raters as a whole, and for how many degrees of freedom it counts beside a rater's own.
private struct VariancePrior: Sendable {
  var variance: Double
  var freedom: Double

  func variance(squares: Double, freedom own: Double) -> Double { (freedom * variance + squares) / (freedom + own) }
}

/// What moved: size in standard deviations, steadily or from one sheet on.
private struct Change: Sendable {
  /// The first sheet after the step; nil for a steady drift.
  var from: Int?
  var size: Double
  var halfWidth: Double
  var pValue: Double
  var z: Double

  /// The part of the change that lies in sheet `j`, the rater's severity as a whole being kept.
  func part(_ j: Int, _ series: Series) -> Double {
    guard let from else { return size * series.run.places[j] }
    let after = (series.count - Double(from)) / series.count
    return size * (j >= from ? 1 - after : -after)
  }
}

/// The drifts of all raters against one another.
private struct Drifts: Sendable {
  var series: [Series]
  var changes: [Change] = []
  /// Robust spread of the slopes over their standard errors; at least 1.
  let spread: Double
  let tail: StudentT

  /// Nil where nothing is left to compare.
  init?(_ study: Study, _ fit: HonestFit, _ runs: [ScoringOrder.Run]) {
    series = runs.map { Series(study, fit, $0) }
    // The median of χ²/ν lies below 1 by about 2/(3ν) (Wilson–Hilferty).
    let freedom = median(series.map(\.freedom))
    let variance = median(series.map { $0.rest / $0.freedom }) / pow(1 - 2 / (9 * freedom), 3)
    guard variance > 1e-12 else { return nil }
    let prior = VariancePrior(variance: variance, freedom: RaterNoise(study.layout, fit).priorFreedom)
    for i in series.indices { series[i].shrink(prior) }
    let centre = robustMean(series.map(\.slope), series.map(\.slopeError))
    for i in series.indices { series[i].remove(slope: centre) }
    spread = max(1, robustSpread(series.map { StudentT(degreesOfFreedom: prior.freedom + $0.freedom).zScore($0.slope / $0.slopeError) }))
    tail = StudentT(degreesOfFreedom: robustFreedom(series.count))
    for one in series { changes.append(change(one, prior)) }
  }

  private func change(_ one: Series, _ prior: VariancePrior) -> Change {
    let own = StudentT(degreesOfFreedom: prior.freedom + one.freedom)
    let reach = own.quantile(upperTail: 0.025)
    let steady = tail.twoSided(own.zScore(one.slope / one.slopeError) / spread)
    var best = Change(from: nil, size: one.slope, halfWidth: reach * one.slopeError, pValue: steady, z: 0)
    if let step = one.step(prior) {
      let single = tail.twoSided(own.zScore(step.size / step.error) / spread)
      let searched = min(1, single * searchFactor(single, points: Double(step.points), count: one.count))
      if searched < steady {
        best = Change(from: step.from, size: step.size, halfWidth: reach * step.error, pValue: searched, z: 0)
      }
    }
    best.pValue = min(1, 2 * best.pValue)
    best.z = Normal.quantile(upperTail: max(best.pValue / 2, 1e-300))
    return best
  }

  /// What a p-value at the best of several points is to be multiplied by: their number (Bonferroni), or b²L + 1, where P(max |U| > b) ≈ 2 φ(b) (b L + 1/b) for a
  /// standardised Brownian bridge U over a log-odds range 2L of the points; both are bounds, or nearly so.
  private func searchFactor(_ single: Double, points: Double, count: Double) -> Double {
    let share = Double(RaterDrift.minimumSide) / count
    let b = Normal.quantile(upperTail: max(single / 2, 1e-300))
    return min(points, 1 + b * b * log((1 - share) / share))
  }
}
