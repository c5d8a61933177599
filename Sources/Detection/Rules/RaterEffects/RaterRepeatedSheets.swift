internal import Foundation
internal import Statistics
internal import Wording

/// Raters who hand in the same row of marks for one unit after another.
struct RaterRepeatedSheets: Rule {
  static let card = RuleCard(
    id: "rater-repeated-sheets", kind: .claim,
    title: Text("The same sheet for different units", zh: "不同单位使用同一份评分"),
    question: Text(
      "Does this rater give different units the same marks on every criterion, or the same marks but for a constant, more often than chance would?",
      zh: "该考评员给不同单位的各项得分逐项相同（或整张表只相差一个固定分值）的次数是否远多于偶然？"),
    statistic: Text(
      "number of the rater's sheets of three or more criteria that repeat another of its sheets of the same round, mark for mark or but for a constant; sheets with one mark throughout left out. Against a bound on its expectation: each sheet's number of predecessors times the product, over marks short of the ends of the scale, of the largest probability that a mark repeats under ordinary noise, and no less than the share of repeats among the other raters' sheets; binomial tail, times two for the two ways of repeating",
      zh:
        "该考评员的评分表（三项以上指标，剔除通篇同分的）中，与本人同一轮次另一张表逐项相同（或只相差一个固定分值）的张数，与其期望的上界比较：每张表之前的张数乘以各项得分（满分、最低分除外）在正常波动下重复的最大概率之积，且不低于其他考评员评分表的重复比例；取二项分布尾部，两种重复方式合并乘以 2"
    ),
    null: Text(
      "the marks of different units differ at least by the ordinary noise of single scores",
      zh: "不同单位的得分之间至少存在单项评分的正常波动"),
    explanations: [
      Text("One sheet was entered several times, under several units.", zh: "同一张评分表可能被重复录入到多个单位名下。"),
      Text("The form kept the marks of the unit before as its defaults.", zh: "录入界面可能默认保留了上一个单位的分数。"),
      Text(
        "The rater judged these units jointly, for instance as branches of one body.", zh: "这些单位可能是作为一个整体（例如同一机构的下属单位）一并评分的。"),
    ],
    checks: [
      Text("Compare the entered marks with the rater's paper sheets of two of these units.", zh: "抽取其中两个单位，将录入分数与纸质评分表逐项核对。"),
      Text("Ask the rater what set these units apart, criterion by criterion.", zh: "请该考评员逐项说明这些单位之间的差别。"),
    ],
    references: ["Meade and Craig 2012, Psychol. Methods 17:437, careless responses", "Hoeffding 1956, Ann. Math. Stat. 27:713"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let repeats = SheetRepeats(study, fit)
    guard repeats.raters.count >= 3 else {
      return .notEvaluated(
        reason: Text(
          "only \(repeats.raters.count) raters have three or more sheets of three or more criteria; at least 3 are needed",
          zh: "有三张以上（每张三项以上指标）评分表的考评员只有 \(repeats.raters.count) 名，至少需要 3 名"))
    }
    let tests = repeats.tests()
    return .tests(
      TestFamily(
        statistics: tests.map(\.z), pValues: tests.map(\.p), effects: tests.map(\.excess),
        detectable: { p in RaterRepeatedSheets.detectable(tests, p) },
        subjects: { i in Subjects(raters: [study.table.raters[repeats.raters[i]].name]) },
        claim: { i in
          let test = tests[i]
          let name = study.table.raters[repeats.raters[i]].name
          let sheets = repeats.repeated(i, exact: test.isExact)
          let interval = Binomial.interval(successes: test.count, trials: test.sheets)
          let base = test.expected / Double(test.sheets)
          let usual = Figures.times(test.expected)
          return Claim(
            level: .warning, subjects: Subjects(raters: [name], units: Names.subjects(sheets.map { study.unit(ofSheet: $0) })),
            effect: Effect(value: test.excess, low: interval.lowerBound - base, high: interval.upperBound - base, unit: "share"),
            evidence: [
              Evidence("sheets", .count(test.sheets)), Evidence("repeatedSheets", .count(test.count)),
              Evidence("expectedRepeatedSheets", .number(test.expected)), Evidence("exact", .flag(test.isExact)),
            ],
            message: test.isExact
              ? Text(
                "Of \(name)'s \(test.sheets) sheets, \(test.count) repeat another of them mark for mark, on every criterion; of honest sheets no more than about \(usual) would.",
                zh: "\(name)的 \(test.sheets) 张评分表中，有 \(test.count) 张与本人的另一张表各项得分完全相同；正常评分时预期至多约 \(usual) 张。")
              : Text(
                "Of \(name)'s \(test.sheets) sheets, \(test.count) repeat another of them on every criterion but for a constant added to all marks; of honest sheets no more than about \(usual) would.",
                zh: "\(name)的 \(test.sheets) 张评分表中，有 \(test.count) 张与本人的另一张表相比各项得分只差同一个分值；正常评分时预期至多约 \(usual) 张。"),
            scores: sheets.flatMap { study.rows(ofSheet: $0) })
        }))
  }
}

extension RaterRepeatedSheets {
  /// For the typical rater: the share of repeated sheets with which as many as the test asks for are found.
  private static func detectable(_ tests: [SheetRepeats.Test], _ p: Double) -> MinimumDetectableEffect {
    let sheets = Int(median(tests.map { Double($0.sheets) }))
    let base = median(tests.map { $0.expected / Double($0.sheets) })
    let honest = Binomial(trials: sheets, probability: base)
    var effect = MinimumDetectableEffect(value: .infinity, unit: "share")
    // The smaller of two p-values, doubled.
    guard let least = (1...sheets).first(where: { honest.upperTail($0) <= p / 2 }) else { return effect }
    var (low, high) = (base, 1.0)
    for _ in 0..<40 {
      let share = 0.5 * (low + high)
      if Binomial(trials: sheets, probability: share).upperTail(least) < effect.power { low = share } else { high = share }
    }
    effect.value = high - base
    return effect
  }
}

/// Which sheets of each rater repeat another one, and how many may be expected to. Linear in the scores.
private struct SheetRepeats: Sendable {
  /// Raters with three or more sheets that can repeat each other.
  private(set) var raters: [Int] = []
  private var sheets: [[Sheet]] = []

  /// A row of marks: as it is, and less its first mark.
  private struct Sheet: Sendable {
    var sheet: Int
    var marks: UInt64
    var profile: UInt64
    /// Bounds on the probabilities that another sheet of the rater is the same.
    var equal: Double
    var alike: Double
  }

  struct Test: Sendable {
    var p: Double
    var z: Double
    var isExact: Bool
    var sheets: Int
    var count: Int
    var expected: Double

    var excess: Double { (Double(count) - expected) / Double(sheets) }
  }

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    for r in 0..<layout.raterCount {
      let habits = study.markHabits.common(r, r)
      let own = grouped.members(of: r).compactMap { SheetRepeats.sheet($0, study, fit, habits) }
      guard own.count >= 3 else { continue }
      raters.append(r)
      sheets.append(own)
    }
  }

  /// Nil for fewer than three marks, and for one mark throughout, which is straight-lining.
  private static func sheet(_ s: Int, _ study: Study, _ fit: HonestFit, _ habits: [(interval: Double, share: Double)]) -> Sheet? {
    let layout = study.layout
    let range = layout.sheetStart[s]..<layout.sheetStart[s + 1]
    guard range.count >= 3 else { return nil }
    let y = study.commonScores
    let first = study.scores[range.lowerBound]
    let noise = fit.cellSD * fit.unitNoise[Int(layout.sheetUnit[s])] * 2.0.squareRoot()
    // A unit of another round is the same unit, whose marks may well be the same.
    var round = Mixer()
    for byte in (study.unit(ofSheet: s).round ?? "").utf8 { round.add(UInt64(byte)) }
    var sheet = Sheet(sheet: s, marks: round.state, profile: round.state, equal: 1, alike: 1)
    var marks = round
    var profile = round
    var isFlat = true
    var likeliest = 0.0
    for o in range {
      let k = Int(layout.criterion[o])
      if abs(y[o] - y[range.lowerBound]) > 1e-9 { isFlat = false }
      marks.add(UInt64(k), study.scores[o])
      // Differences of decimal fractions are equal but for rounding.
      profile.add(UInt64(k), ((study.scores[o] - first) * 1e6).rounded())
      if study.scores[o] >= study.steps.maximum[k] || study.scores[o] <= study.steps.minimum[k] { continue }
      let p = SheetRepeats.repeatProbability(study.steps.step[k], habits, sd: noise * fit.criterionNoise[k] / fit.criterionScale[k])
      sheet.equal *= p
      likeliest = max(likeliest, p)
    }
    guard !isFlat else { return nil }
    // One of the marks is spent on the constant.
    sheet.alike = likeliest > 0 ? sheet.equal / likeliest : 1
    sheet.marks = marks.state
    sheet.profile = profile.state
    return sheet
  }

  /// The largest probability that the difference of two marks, with standard deviation `sd`, rounds to any one value: step · φ(0) / sd,
  /// wider where the rater keeps to round marks.
  private static func repeatProbability(_ step: Double, _ habits: [(interval: Double, share: Double)], sd: Double) -> Double {
    let peak = 0.3989422804014327 / max(sd, 1e-12)
    let plain = min(1, peak * step)
    return habits.reduce(plain) { p, habit in
      habit.interval > step ? max(p, habit.share * min(1, peak * habit.interval) + (1 - habit.share) * plain) : p
    }
  }

  func tests() -> [Test] {
    let exact = tests(exact: true)
    let alike = tests(exact: false)
    return raters.indices.map { i in
      var best = exact[i].p <= alike[i].p ? exact[i] : alike[i]
      best.p = min(1, 2 * best.p)
      return best
    }
  }

  private func tests(exact: Bool) -> [Test] {
    let repeats = sheets.map { SheetRepeats.count($0, exact) }
    let total = sheets.reduce(0) { $0 + $1.count }
    let allRepeats = repeats.reduce(0, +)
    let expected = raters.indices.map { i -> Double in
      let n = sheets[i].count
      var sum = 0.0
      for (j, sheet) in sheets[i].enumerated() { sum += min(1, Double(j) * (exact ? sheet.equal : sheet.alike)) }
      // The campaign itself says how common repeats are; half a one more, so that none elsewhere is not taken for impossible.
      let usual = (Double(allRepeats - repeats[i]) + 0.5) / Double(total - n)
      return min(max(sum, usual * Double(n)), Double(n) - 1)
    }
    let error = raters.indices.map { i in (expected[i] * (1 - expected[i] / Double(sheets[i].count))).squareRoot() }
    let informative = raters.indices.filter { expected[$0] >= 1 }
    let spread =
      informative.count >= 20 ? max(1, robustSpread(informative.map { (Double(repeats[$0]) - expected[$0]) / error[$0] })) : 1
    return raters.indices.map { i in
      let n = Double(sheets[i].count)
      let effective = max(1, (n - 1) / (spread * spread))
      let count = Double(repeats[i]) * effective / (n - 1)
      let tail = Binomial(trials: Int(effective.rounded(.up)), probability: expected[i] / n)
      let logP = tail.logUpperTail(Int((count + 1e-9).rounded(.down)))
      return Test(
        p: exp(logP), z: logP < -1e-4 ? Normal.quantile(logUpperTail: logP) : -4, isExact: exact, sheets: sheets[i].count,
        count: repeats[i], expected: expected[i])
    }
  }

  /// Sheets that repeat an earlier one.
  private static func count(_ sheets: [Sheet], _ exact: Bool) -> Int {
    sheets.count - Set(sheets.map { exact ? $0.marks : $0.profile }).count
  }

  /// The sheets of rater `i` that another one is the same as.
  func repeated(_ i: Int, exact: Bool) -> [Int] {
    let keys = sheets[i].map { exact ? $0.marks : $0.profile }
    let times = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
    return keys.indices.filter { times[keys[$0]]! > 1 }.map { sheets[i][$0].sheet }
  }
}

/// A 64-bit hash of what is added to it, in order; the same on every machine.
private struct Mixer {
  private(set) var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ x: UInt64) {
    state = (state ^ x) &* 0xD6E8_FEB8_6659_FD93
    state ^= state >> 32
  }

  mutating func add(_ key: UInt64, _ value: Double) {
    add(key)
    // −0 and 0 are one value.
    add((value + 0).bitPattern)
  }
}
