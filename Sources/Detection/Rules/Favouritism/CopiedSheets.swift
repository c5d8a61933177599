internal import Foundation
internal import Scores
internal import Statistics
internal import Wording

/// Pairs of raters whose marks are equal, or apart by one and the same amount, far more often than raters who judge alike would produce.
struct CopiedSheets: Rule {
  static let card = RuleCard(
    id: "copied-sheets", kind: .claim,
    title: Text("Sheets with the same marks", zh: "评分表雷同"),
    question: Text(
      "Do two raters give exactly the same marks to the units they share, or marks that are always the same amount apart, more often than raters who judge alike, but each for themselves, would?",
      zh: "两名考评员对共同评过的单位，逐项分数完全相同（或总是相差同一分值）的次数是否远多于各自独立评分的预期？"),
    statistic: Text(
      "the least of three p-values, times three. Marks at either end of the scale and sheets with one mark throughout are left out. (1) The number of equal marks on shared units and criteria against its expectation under the honest part: binomial tail with the mean probability, which bounds the Poisson-binomial one, at a sample size reduced by the overdispersion of all pairs. (2) The number of times the pair's most frequent difference other than 0 occurs, against the largest probability that any one difference can have, times the number of differences (up to 40 steps either way). (3) The number of equal marks on the k units whose sheets agree best, by the same bound, times the number of choices of k shared units and k (k + 1); the least over k",
      zh:
        "以下三个 p 值的最小值乘以 3（剔除满分、最低分以及通篇同分的评分表）：（1）共同单位、共同指标上同分的个数与公正评分模型下的期望比较，以平均概率的二项分布尾部为上界，样本量按全部考评员对的过度离散缩减；（2）除 0 以外出现最多的分差的次数，与任一分差可能达到的最大概率比较，再乘以分差的个数（上下各 40 档以内）；（3）最雷同的 k 个单位上同分的个数，按同样的上界计算，再乘以从共同单位中选取 k 个的方式数和 k (k + 1)，取各 k 中最小者"
    ),
    null: Text(
      "two raters' scores are independent given the unit's merit, the raters' severities and ordinary noise",
      zh: "给定单位水平、考评员宽严度和正常波动，两名考评员的评分相互独立"),
    explanations: [
      Text("The two raters agreed on the marks together, as the rules may allow.", zh: "规则允许的话，两人可能是商议后共同给分。"),
      Text("One sheet was entered twice under two names.", zh: "同一张评分表可能以两人名义重复录入。"),
      Text("Both raters may hold the same habits, such as marks in whole fives.", zh: "两人的打分习惯可能相同，例如都按 5 分一档打分。"),
      Text("The form offered few marks, or showed the other rater's marks as defaults.", zh: "可选分值过少，或录入界面默认显示了他人的分数。"),
    ],
    checks: [
      Text("Compare both raters' handwritten sheets and the times of entry.", zh: "比对两人的手写评分表和录入时间。"),
      Text("Ask each of them separately for the reasons behind two of the equal marks.", zh: "分别请两人说明其中两项同分的评分理由。"),
    ],
    references: ["Wollack 1997, Appl. Psych. Meas. 21:307, answer copying", "Hoeffding 1956, Ann. Math. Stat. 27:713"])

  /// Pairs of sheets beyond which the rule would dominate the screen's time.
  static let maximumSheetPairs = 60_000_000
  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let layout = study.layout
    var sheetPairs = 0
    for u in 0..<layout.unitCount {
      let k = layout.unitSheetStart[u + 1] - layout.unitSheetStart[u]
      sheetPairs += k * (k - 1) / 2
    }
    guard sheetPairs <= CopiedSheets.maximumSheetPairs else {
      return .notEvaluated(
        reason: Text(
          "\(sheetPairs) pairs of sheets share a unit, more than the \(CopiedSheets.maximumSheetPairs) that are compared; screen by team or round",
          zh: "共有 \(sheetPairs) 对评分表涉及同一单位，超过可比对上限 \(CopiedSheets.maximumSheetPairs)；请按组或轮次分批筛查"))
    }
    guard study.steps.step.contains(where: { $0 > 0 }) else {
      return .notEvaluated(
        reason: Text(
          "the scores keep to no common step, so equal marks have no expectation to be compared with",
          zh: "得分没有统一的分值间隔，无法推算同分的预期次数"))
    }
    let pairs = PairMatches(study, fit)
    guard !pairs.first.isEmpty else {
      return .notEvaluated(
        reason: Text(
          "no two raters share \(PairMatches.minimumCells) or more marks that could be compared",
          zh: "没有两名考评员的可比共同评分达到 \(PairMatches.minimumCells) 个"))
    }
    let excess = pairs.first.indices.map { Double(pairs.equal[$0]) - pairs.expected[$0] }
    let error = pairs.variance.map { max($0, 1e-6).squareRoot() }
    let informative = pairs.first.indices.filter { pairs.expected[$0] >= 1 }
    let spread = informative.count >= 20 ? max(1, robustSpread(informative.map { excess[$0] / error[$0] })) : 1
    let differences = PairMatches.differences(of: study.steps)
    var statistics: [Double] = []
    var pValues: [Double] = []
    var shares: [Double] = []
    for i in pairs.first.indices {
      let like = Likeness(pairs, i, spread: spread, differences: differences)
      statistics.append(like.z)
      pValues.append(exp(like.logP))
      shares.append(like.excess)
    }
    let typicalCells = median(pairs.cells.map(Double.init))
    let typicalShare = median(pairs.first.indices.map { pairs.expected[$0] / Double(pairs.cells[$0]) })
    return .tests(
      TestFamily(
        statistics: statistics, pValues: pValues, effects: shares,
        detectable: { p in
          let sd = (typicalShare * (1 - typicalShare) / typicalCells).squareRoot() * spread
          return MinimumDetectableEffect(
            value: min(1, (Normal.quantile(upperTail: p / 3) + MinimumDetectableEffect.powerQuantile) * sd), unit: "share")
        },
        subjects: { i in
          Subjects(raters: [study.table.raters[pairs.first[i]].name, study.table.raters[pairs.second[i]].name])
        },
        claim: { i in
          let like = Likeness(pairs, i, spread: spread, differences: differences)
          let sheets = pairs.sharedSheets(study, i).filter { like.units.isEmpty || like.units.contains(Int(study.layout.sheetUnit[$0.0])) }
          let units = sheets.map { study.unit(ofSheet: $0.0) }
          let interval = Binomial.interval(successes: like.count, trials: like.cells)
          let base = like.expected / Double(like.cells)
          return Claim(
            level: .warning,
            subjects: Subjects(
              raters: [study.table.raters[pairs.first[i]].name, study.table.raters[pairs.second[i]].name], units: Names.subjects(units)),
            effect: Effect(value: like.excess, low: interval.lowerBound - base, high: interval.upperBound - base, unit: "share"),
            evidence: [
              Evidence("equalMarks", .count(like.count)), Evidence("comparedMarks", .count(like.cells)),
              Evidence("expectedEqualMarks", .number(like.expected)), Evidence("sharedUnits", .count(pairs.units[i])),
              Evidence("steps", .count(like.shift)),
            ],
            message: CopiedSheets.message(study, pairs, i, like, units),
            scores: sheets.flatMap { study.rows(ofSheet: $0.0) + study.rows(ofSheet: $0.1) })
        }))
  }

  /// Which of `pairs` are alike in single marks: more equal marks, or marks apart by one amount, than chance and the number of pairs they were chosen from allow, and at
  /// least `share` of all their marks.
  static func copies(_ study: Study, _ fit: HonestFit, among pairs: [(Int, Int)], of number: Int, share: Double) -> [(Int, Int)] {
    guard !pairs.isEmpty, study.steps.step.contains(where: { $0 > 0 }) else { return [] }
    let chosen = Dictionary(grouping: pairs, by: \.0).mapValues { Set($0.map(\.1)) }
    let matches = PairMatches(study, fit, among: chosen)
    let differences = PairMatches.differences(of: study.steps)
    return pairs.filter { pair in
      guard let i = matches.first.indices.first(where: { matches.first[$0] == pair.0 && matches.second[$0] == pair.1 }) else {
        return false
      }
      let like = Likeness(matches, i, spread: 1, differences: differences)
      return like.excess * Double(like.cells) >= share * Double(matches.cells[i]) && like.logP < log(0.05 / Double(number))
    }
  }

  private static func message(_ study: Study, _ pairs: PairMatches, _ i: Int, _ like: Likeness, _ units: [Scores.Unit]) -> Text {
    let a = study.table.raters[pairs.first[i]].name
    let b = study.table.raters[pairs.second[i]].name
    let times = Figures.times(like.expected)
    if like.units.count == 1 {
      let unit = Names.units(units)
      return Text(
        "\(a) and \(b) gave exactly the same mark on \(like.count) of \(like.cells) criteria of \(unit.en), one of the \(pairs.units[i]) units they share; raters who judge alike, but each for themselves, would do so on about \(times).",
        zh:
          "\(a)与\(b)共同评分的 \(pairs.units[i]) 个单位中，在\(unit.zh)的 \(like.cells) 项指标上有 \(like.count) 项得分完全相同；各自独立评分时预期约为 \(times) 项。")
    }
    if !like.units.isEmpty {
      let some = Names.units(units)
      return Text(
        "\(a) and \(b) gave exactly the same mark \(like.count) times out of \(like.cells) on \(some.en), \(units.count) of the \(pairs.units[i]) units they share; raters who judge alike, but each for themselves, would do so about \(times) times.",
        zh:
          "\(a)与\(b)共同评分的 \(pairs.units[i]) 个单位中，在\(some.zh)这 \(units.count) 个单位的 \(like.cells) 项得分中有 \(like.count) 项完全相同；各自独立评分时预期约为 \(times) 项。"
      )
    }
    guard like.shift != 0 else {
      return Text(
        "\(a) and \(b) gave exactly the same mark \(like.count) times out of \(like.cells) on the \(units.count) units they share; raters who judge these units alike, but each for themselves, would do so about \(times) times.",
        zh:
          "\(a)与\(b)在共同评分的 \(units.count) 个单位上，\(like.cells) 项得分中有 \(like.count) 项完全相同；各自独立评分时预期约为 \(times) 项。")
    }
    let (upper, lower) = like.shift > 0 ? (b, a) : (a, b)
    let apart = CopiedSheets.apart(study, abs(like.shift))
    return Text(
      "\(upper)'s mark is exactly \(apart.en) above \(lower)'s \(like.count) times out of \(like.cells) on the \(units.count) units they share; between raters who judge these units each for themselves, no one difference is expected more than about \(times) times.",
      zh:
        "在共同评分的 \(units.count) 个单位上，\(like.cells) 项得分中有 \(like.count) 项\(upper)恰好比\(lower)高 \(apart.zh)；各自独立评分时，任何一个固定分差预期最多约出现 \(times) 次。"
    )
  }

  /// A difference in points where all criteria have the same step, otherwise in steps.
  private static func apart(_ study: Study, _ steps: Int) -> Text {
    let known = Set(study.steps.step.filter { $0 > 0 })
    guard known.count == 1, let step = known.first else { return Text(counted(steps, "step"), zh: "\(steps) 档") }
    let points = Figures.mark(Double(steps) * step)
    return Text("\(points) \(points == "1" ? "point" : "points")", zh: "\(points) 分")
  }
}

/// In which of three ways the marks of a pair are most remarkably alike: equal throughout, apart by one amount, or equal on some of the units.
private struct Likeness: Sendable {
  /// log p, three times that of the way with the smallest.
  var logP: Double
  /// Equal marks (or differences), out of how many, and what is expected.
  var count: Int
  var cells: Int
  var expected: Double
  /// Steps from the first rater's marks to the second's.
  var shift = 0
  /// The units that are meant, where they are some of those that the two share.
  var units: [Int] = []

  /// - Parameters:
  ///   - spread: standard deviation of the pairs' standardised numbers of equal marks.
  ///   - differences: how many differences other than 0 there are to choose from.
  init(_ pairs: PairMatches, _ i: Int, spread: Double, differences: Int) {
    cells = pairs.cells[i]
    count = pairs.equal[i]
    expected = pairs.expected[i]
    logP = Likeness.tail(count, of: cells, expected: expected, spread: spread)
    let shifted =
      log(Double(differences)) + Likeness.tail(pairs.shifted[i], of: cells, expected: pairs.ceiling[i], spread: spread)
    if shifted < logP {
      (logP, count, expected, shift) = (shifted, pairs.shifted[i], pairs.ceiling[i], pairs.shift[i])
    }
    let closest = pairs.closest[i]
    if closest.logP < logP, closest.units.count < pairs.units[i] {
      (logP, count, cells, expected, shift, units) = (closest.logP, closest.equal, closest.cells, closest.ceiling, 0, closest.units)
    }
    logP = min(0, logP + log(3))
  }

  /// The share of marks beyond what is expected.
  var excess: Double { (Double(count) - expected) / Double(cells) }

  /// The normal deviate of p; −4 where nothing is remarkable.
  var z: Double { logP < -1e-4 ? Normal.quantile(logUpperTail: logP) : -4 }

  /// log P(X ≥ count) with the mean probability, the sample reduced by the overdispersion.
  private static func tail(_ count: Int, of cells: Int, expected: Double, spread: Double) -> Double {
    let n = Double(cells)
    let effective = max(1, n / (spread * spread))
    let equal = Double(count) * effective / n
    return Binomial(trials: Int(effective.rounded(.up)), probability: min(0.999, expected / n)).logUpperTail(Int(equal.rounded(.down)))
  }
}
