internal import Foundation
internal import Statistics
internal import Wording

/// Pairs of raters whose marks are equal, criterion by criterion, far more often than raters who agree would produce.
struct CopiedSheets: Rule {
  static let card = RuleCard(
    id: "copied-sheets", kind: .claim,
    title: Text("Sheets with the same marks", zh: "评分表雷同"),
    question: Text(
      "Do two raters give exactly the same marks to the units they share more often than raters who judge alike, but each for themselves, would?",
      zh: "两名考评员对共同评过的单位，逐项分数完全相同的次数是否远多于各自独立评分的预期？"),
    statistic: Text(
      "number of equal marks on shared units and criteria (marks at either end of the scale and sheets with one mark throughout left out) against its expectation under the honest part; binomial tail with the mean probability, which bounds the Poisson-binomial one, at a sample size reduced by the overdispersion of all pairs",
      zh: "共同单位、共同指标上同分的个数（剔除满分、最低分以及通篇同分的评分表）与公正评分模型下的期望比较；以平均概率的二项分布尾部为上界，样本量按全部考评员对的过度离散缩减"),
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
  /// Cells a pair must share.
  static let minimumCells = 6

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
          "no two raters share \(CopiedSheets.minimumCells) or more marks that could be compared",
          zh: "没有两名考评员的可比共同评分达到 \(CopiedSheets.minimumCells) 个"))
    }
    let excess = pairs.first.indices.map { Double(pairs.equal[$0]) - pairs.expected[$0] }
    let error = pairs.variance.map { max($0, 1e-6).squareRoot() }
    let informative = pairs.first.indices.filter { pairs.expected[$0] >= 1 }
    let spread = informative.count >= 20 ? max(1, robustSpread(informative.map { excess[$0] / error[$0] })) : 1
    let pValues = pairs.first.indices.map { i -> Double in
      let n = Double(pairs.cells[i])
      let effective = max(1, n / (spread * spread))
      let probability = min(0.999, pairs.expected[i] / n)
      let equal = Double(pairs.equal[i]) * effective / n
      return Binomial(trials: Int(effective.rounded(.up)), probability: probability).upperTail(Int(equal.rounded(.down)))
    }
    let shares = pairs.first.indices.map { excess[$0] / Double(pairs.cells[$0]) }
    let typicalCells = median(pairs.cells.map(Double.init))
    let typicalShare = median(pairs.first.indices.map { pairs.expected[$0] / Double(pairs.cells[$0]) })
    return .tests(
      TestFamily(
        statistics: pairs.first.indices.map { excess[$0] / (error[$0] * spread) }, pValues: pValues, effects: shares,
        detectable: { p in
          let sd = (typicalShare * (1 - typicalShare) / typicalCells).squareRoot() * spread
          return MinimumDetectableEffect(
            value: min(1, (Normal.quantile(upperTail: p) + MinimumDetectableEffect.powerQuantile) * sd), unit: "share")
        },
        subjects: { i in
          Subjects(raters: [study.table.raters[pairs.first[i]].name, study.table.raters[pairs.second[i]].name])
        },
        claim: { i in
          let a = study.table.raters[pairs.first[i]].name
          let b = study.table.raters[pairs.second[i]].name
          let sheets = pairs.sharedSheets(study, i)
          let units = sheets.map { study.unit(ofSheet: $0.0).name }
          let n = Double(pairs.cells[i])
          let interval = Binomial.interval(successes: pairs.equal[i], trials: pairs.cells[i])
          let base = pairs.expected[i] / n
          return Claim(
            level: .warning, subjects: Subjects(raters: [a, b], units: Array(units.prefix(20))),
            effect: Effect(value: shares[i], low: interval.lowerBound - base, high: interval.upperBound - base, unit: "share"),
            evidence: [
              Evidence("equalMarks", .count(pairs.equal[i])), Evidence("comparedMarks", .count(pairs.cells[i])),
              Evidence("expectedEqualMarks", .number(pairs.expected[i])), Evidence("sharedUnits", .count(units.count)),
            ],
            message: Text(
              "\(a) and \(b) gave exactly the same mark \(pairs.equal[i]) times out of \(pairs.cells[i]) on the \(units.count) units they share; raters who judge these units alike, but each for themselves, would do so about \(Figures.times(pairs.expected[i])) times.",
              zh:
                "\(a)与\(b)在共同评分的 \(units.count) 个单位上，\(pairs.cells[i]) 项得分中有 \(pairs.equal[i]) 项完全相同；各自独立评分时预期约为 \(Figures.times(pairs.expected[i])) 项。"
            ),
            scores: sheets.flatMap { study.rows(ofSheet: $0.0) + study.rows(ofSheet: $0.1) })
        }))
  }
}

/// Equal marks of every pair of raters who share units.
struct PairMatches: Sendable {
  var first: [Int] = []
  var second: [Int] = []
  var cells: [Int] = []
  var equal: [Int] = []
  var expected: [Double] = []
  var variance: [Double] = []

  /// One rater at a time against all raters of later number: the sums fit in arrays over raters, and the order never varies.
  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let y = study.commonScores
    let criteria = layout.criterionCount
    let steps = study.steps
    let hasProfile = !fit.raterCriterion.isEmpty
    let usable = PairMatches.usableSheets(study)
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    let rounding = MarkHabits(study)
    // Per criterion: the step and the ends of the scale in common points.
    let half = (0..<criteria).map { 0.5 * steps.step[$0] * fit.criterionScale[$0] }
    var low = [Double](repeating: 0, count: criteria)
    var high = low
    for k in 0..<criteria {
      low[k] = steps.minimum[k] * fit.criterionScale[k] + 1e-9
      high[k] = steps.maximum[k] * fit.criterionScale[k] - 1e-9
    }
    var count = [Int32](repeating: 0, count: layout.raterCount)
    var matches = count
    var mean = [Double](repeating: 0, count: layout.raterCount)
    var spread = mean
    var common = [[(interval: Double, share: Double)]](repeating: [], count: layout.raterCount)
    var touched: [Int] = []
    for r in 0..<layout.raterCount {
      for s in grouped.members(of: r) where usable[s] {
        let u = Int(layout.sheetUnit[s])
        for t in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] {
          let q = Int(layout.sheetRater[t])
          guard q > r, usable[t] else { continue }
          // A third sheet far off must not make the others' agreement a miracle.
          let h = min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])
          let ownNoise = squared(fit.cellSD * h) * fit.raterNoise[r]
          let sheetPart = 2 * squared(fit.sheetSD * h)
          let otherNoise = squared(fit.cellSD * h) * fit.raterNoise[q]
          let shift = fit.raterEffect[r] - fit.raterEffect[q]
          if count[q] == 0 {
            touched.append(q)
            common[q] = rounding.common(r, q)
          }
          layout.forEachCommonCriterion(s, t) { k, i, j in
            let a = y[i]
            let b = y[j]
            guard half[k] > 0, a > low[k], a < high[k], b > low[k], b < high[k] else { return }
            let noise = fit.criterionNoise[k]
            let sd = (sheetPart + (ownNoise + otherNoise) * noise * noise).squareRoot()
            let difference = shift + (hasProfile ? fit.raterCriterion[r * criteria + k] - fit.raterCriterion[q * criteria + k] : 0)
            var p = PairMatches.probability(difference / sd, 2 * half[k] / sd)
            if !common[q].isEmpty {
              let plain = p
              for (interval, share) in common[q] where interval > 2 * half[k] / fit.criterionScale[k] {
                let both = PairMatches.probability(difference / sd, interval * fit.criterionScale[k] / sd)
                p = max(p, share * both + (1 - share) * plain)
              }
            }
            count[q] += 1
            if abs(a - b) < half[k] { matches[q] += 1 }
            mean[q] += p
            spread[q] += p * (1 - p)
          }
        }
      }
      touched.sort()
      for q in touched {
        if Int(count[q]) >= CopiedSheets.minimumCells {
          first.append(r)
          second.append(q)
          cells.append(Int(count[q]))
          equal.append(Int(matches[q]))
          expected.append(mean[q])
          variance.append(spread[q])
        }
        count[q] = 0
        matches[q] = 0
        mean[q] = 0
        spread[q] = 0
      }
      touched.removeAll(keepingCapacity: true)
    }
  }

  /// Probability that two normal scores whose difference has mean `d` and standard deviation 1 round to the same mark of step `h`.
  ///
  /// P = E max(0, 1 − |D|/h) over the position of the grid: ∫ (1 − |x|/h) φ(x − d) dx over |x| < h, by Simpson's rule on four panels,
  /// which is right to 1 % for steps up to one standard deviation, and in closed form for wider ones: the second difference of
  /// G(z) = z Φ(z) + φ(z) over h.
  @inline(__always)
  static func probability(_ d: Double, _ h: Double) -> Double {
    let q = 0.5 * h
    func density(_ x: Double) -> Double { 0.3989422804014327 * exp(-0.5 * (x - d) * (x - d)) }
    if h > 1 {
      func integral(_ z: Double) -> Double { z * 0.5 * erfc(-z * 0.5.squareRoot()) + density(z + d) }
      return min(1, max(0, (integral(d + h) - 2 * integral(d) + integral(d - h)) / h))
    }
    // The kernel is 0 at ±h, ½ at ±h/2 and 1 at 0.
    return min(1, h / 6 * (2 * density(-q) + 2 * density(0) + 2 * density(q)))
  }

  /// Sheets that can be compared and do not carry one mark throughout.
  private static func usableSheets(_ study: Study) -> [Bool] {
    let layout = study.layout
    return (0..<layout.sheetCount).map { s in
      guard layout.comparable[s] > 0 else { return false }
      let range = layout.sheetStart[s]..<layout.sheetStart[s + 1]
      guard range.count > 2 else { return true }
      let first = study.scores[range.lowerBound]
      return range.contains { study.scores[$0] != first }
    }
  }

  /// The pairs of sheets of pair `i`.
  func sharedSheets(_ study: Study, _ i: Int) -> [(Int, Int)] {
    let layout = study.layout
    var result: [(Int, Int)] = []
    for u in 0..<layout.unitCount {
      let sheets = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      if let s = sheets.first(where: { Int(layout.sheetRater[$0]) == first[i] }),
        let t = sheets.first(where: { Int(layout.sheetRater[$0]) == second[i] })
      {
        result.append((s, t))
      }
    }
    return result
  }
}
