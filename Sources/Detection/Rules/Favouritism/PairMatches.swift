internal import Foundation
internal import Statistics

/// Equal marks, and equal differences, of every pair of raters who share units.
struct PairMatches: Sendable {
  var first: [Int] = []
  var second: [Int] = []
  var cells: [Int] = []
  /// Equal marks, their expectation and its variance under independence.
  var equal: [Int] = []
  var expected: [Double] = []
  var variance: [Double] = []
  /// The most frequent difference other than 0, second less first, in steps; of equally frequent ones the smallest. And how often it occurs.
  var shift: [Int] = []
  var shifted: [Int] = []
  /// What no difference, whichever it is, is expected to exceed: Σ of each cell's largest probability of any one difference.
  var ceiling: [Double] = []
  /// The shared units whose sheets are together equal in the least likely number of marks.
  var closest: [ClosestSheets] = []
  /// Units that the two share.
  var units: [Int] = []
  private let sheetsByRater: GroupedIndices

  /// The sheets of a pair for some of the units that the two share.
  struct ClosestSheets: Sendable {
    /// log P by the ceiling.
    var logP = 0.0
    var units: [Int] = []
    var equal = 0
    var cells = 0
    var ceiling = 0.0

    /// Of `sheets`, one unit each, the k least likely ones, k being what makes them least likely together: P times the number of choices of k units of
    /// `shared`, and times k (k + 1), whose inverses sum to 1.
    init(of sheets: [ClosestSheets], shared: Int) {
      var sum = (equal: 0, cells: 0, ceiling: 0.0)
      var units: [Int] = []
      var logChoices = 0.0
      for sheet in sheets.sorted(by: { ($0.logP, $0.units[0]) < ($1.logP, $1.units[0]) }) {
        sum = (sum.equal + sheet.equal, sum.cells + sheet.cells, sum.ceiling + sheet.ceiling)
        logChoices += log(Double(shared - units.count) / Double(units.count + 1))
        units += sheet.units
        let k = Double(units.count)
        let logP = logChoices + log(k * (k + 1)) + ClosestSheets.tail(sum.equal, of: sum.cells, expected: sum.ceiling)
        if logP < self.logP { self = ClosestSheets(logP, units, sum) }
      }
    }

    /// Those of one unit.
    init(unit: Int, equal: Int, cells: Int, ceiling: Double) {
      self.init(ClosestSheets.tail(equal, of: cells, expected: ceiling), [unit], (equal, cells, ceiling))
    }

    private init(_ logP: Double, _ units: [Int], _ sum: (equal: Int, cells: Int, ceiling: Double)) {
      self.logP = logP
      self.units = units
      (equal, cells, ceiling) = sum
    }

    private static func tail(_ equal: Int, of cells: Int, expected: Double) -> Double {
      Binomial(trials: cells, probability: expected / Double(cells)).logUpperTail(equal)
    }
  }

  /// Cells a pair must share.
  static let minimumCells = 6
  /// The largest difference that is followed, in steps.
  static let largestShift = 40

  /// One rater at a time against all raters of later number: the sums fit in arrays over raters, and the order never varies.
  /// O(Σ panel² · criteria); nothing is allocated for a cell.
  /// Only the pairs in `chosen`, where it is given: by the lower number the higher ones.
  init(_ study: Study, _ fit: HonestFit, among chosen: [Int: Set<Int>]? = nil) {
    let layout = study.layout
    let y = study.commonScores
    let criteria = layout.criterionCount
    let steps = study.steps
    let hasProfile = !fit.raterCriterion.isEmpty
    let usable = PairMatches.usableSheets(study)
    sheetsByRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    // Per criterion: the step and the ends of the scale in common points.
    let half = (0..<criteria).map { 0.5 * steps.step[$0] * fit.criterionScale[$0] }
    let perStep = half.map { $0 > 0 ? 0.5 / $0 : 0 }
    let perNoise = fit.criterionNoise.map { 1 / $0 }
    var low = [Double](repeating: 0, count: criteria)
    var high = low
    for k in 0..<criteria {
      low[k] = steps.minimum[k] * fit.criterionScale[k] + 1e-9
      high[k] = steps.maximum[k] * fit.criterionScale[k] - 1e-9
    }
    let largest = PairMatches.largestShift
    let width = 2 * largest + 1
    var sums = [Sums](repeating: Sums(), count: layout.raterCount)
    var differences = [Int32](repeating: 0, count: layout.raterCount * width)
    var common = [[(interval: Double, share: Double)]](repeating: [], count: layout.raterCount)
    var touched: [Int] = []
    for r in 0..<layout.raterCount {
      let partners = chosen?[r]
      if chosen != nil, partners == nil { continue }
      for s in sheetsByRater.members(of: r) where usable[s] {
        let u = Int(layout.sheetUnit[s])
        for t in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] {
          let q = Int(layout.sheetRater[t])
          guard q > r, usable[t], partners?.contains(q) ?? true else { continue }
          // A third sheet far off must not make the others' agreement a miracle.
          let h = min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])
          let sheetPart = 2 * squared(fit.sheetSD * h)
          let cellPart = squared(fit.cellSD * h) * (fit.raterNoise[r] + fit.raterNoise[q])
          // Given both sheets' own errors a difference is no likelier than the peak of the noise that is left.
          let peak = 0.3989422804014327 / cellPart.squareRoot()
          let shift = fit.raterEffect[r] - fit.raterEffect[q]
          if sums[q].units == 0 {
            touched.append(q)
            common[q] = study.markHabits.common(r, q)
          }
          var sheet = (equal: 0, cells: 0, ceiling: 0.0)
          var expected = 0.0
          var variance = 0.0
          layout.forEachCommonCriterion(s, t) { k, i, j in
            let a = y[i]
            let b = y[j]
            guard half[k] > 0, a > low[k], a < high[k], b > low[k], b < high[k] else { return }
            let noise = fit.criterionNoise[k]
            let precision = 1 / (sheetPart + cellPart * noise * noise).squareRoot()
            let difference = shift + (hasProfile ? fit.raterCriterion[r * criteria + k] - fit.raterCriterion[q * criteria + k] : 0)
            var p = PairMatches.probability(difference * precision, 2 * half[k] * precision)
            var most = min(1, peak * perNoise[k] * 2 * half[k])
            if !common[q].isEmpty {
              let plain = (p, most)
              for (interval, share) in common[q] where interval > 2 * half[k] / fit.criterionScale[k] {
                let wide = interval * fit.criterionScale[k]
                p = max(p, share * PairMatches.probability(difference * precision, wide * precision) + (1 - share) * plain.0)
                most = max(most, share * min(1, peak * perNoise[k] * wide) + (1 - share) * plain.1)
              }
            }
            let apart = (b - a) * perStep[k]
            // Rounding by truncation, which needs no call.
            if abs(apart) < Double(largest) + 0.5 { differences[q * width + Int(apart + Double(largest) + 0.5)] += 1 }
            sheet.cells += 1
            if abs(a - b) < half[k] { sheet.equal += 1 }
            sheet.ceiling += most
            expected += p
            variance += p * (1 - p)
          }
          sums[q].add(unit: u, sheet, expected: expected, variance: variance)
        }
      }
      touched.sort()
      for q in touched {
        if sums[q].cells >= PairMatches.minimumCells { append(r, q, sums[q], differences[q * width..<(q + 1) * width]) }
        sums[q] = Sums()
        for i in q * width..<(q + 1) * width { differences[i] = 0 }
      }
      touched.removeAll(keepingCapacity: true)
    }
  }

  /// What is summed over the units of one pair.
  private struct Sums {
    var units = 0
    var cells = 0
    var equal = 0
    var expected = 0.0
    var variance = 0.0
    var ceiling = 0.0
    var remarkable: [ClosestSheets] = []

    mutating func add(unit: Int, _ sheet: (equal: Int, cells: Int, ceiling: Double), expected: Double, variance: Double) {
      units += 1
      cells += sheet.cells
      equal += sheet.equal
      ceiling += sheet.ceiling
      self.expected += expected
      self.variance += variance
      // Only what is remarkable is worth a tail.
      if sheet.equal > 2, Double(sheet.equal) > 2 * sheet.ceiling {
        remarkable.append(ClosestSheets(unit: unit, equal: sheet.equal, cells: sheet.cells, ceiling: sheet.ceiling))
      }
    }
  }

  private mutating func append(_ r: Int, _ q: Int, _ sums: Sums, _ differences: ArraySlice<Int32>) {
    first.append(r)
    second.append(q)
    cells.append(sums.cells)
    equal.append(sums.equal)
    expected.append(sums.expected)
    variance.append(sums.variance)
    ceiling.append(sums.ceiling)
    closest.append(ClosestSheets(of: sums.remarkable, shared: sums.units))
    units.append(sums.units)
    let zero = differences.startIndex + PairMatches.largestShift
    var most: Int32 = 0
    var at = 0
    for d in 1...PairMatches.largestShift {
      if differences[zero - d] > most { (most, at) = (differences[zero - d], -d) }
      if differences[zero + d] > most { (most, at) = (differences[zero + d], d) }
    }
    shift.append(at)
    shifted.append(Int(most))
  }

  /// Probability that two normal scores whose difference has mean `d` and standard deviation 1 round to the same mark of step `h`.
  ///
  /// P = E max(0, 1 − |D|/h) over the position of the grid: ∫ (1 − |x|/h) φ(x − d) dx over |x| < h, by Simpson's rule on four panels,
  /// which is right to 1 % for steps up to one standard deviation, and in closed form for wider ones: the second difference of
  /// G(z) = z Φ(z) + φ(z) over h.
  @inline(__always)
  static func probability(_ d: Double, _ h: Double) -> Double {
    func density(_ x: Double) -> Double { 0.3989422804014327 * exp(-0.5 * x * x) }
    if h > 1 {
      func integral(_ z: Double) -> Double { z * 0.5 * erfc(-z * 0.5.squareRoot()) + density(z) }
      return min(1, max(0, (integral(d + h) - 2 * integral(d) + integral(d - h)) / h))
    }
    // The kernel is 0 at ±h, ½ at ±q = ±h/2 and 1 at 0; (φ(d − q) + φ(d + q))/2 is φ(d) Σ He₂ₙ(d) q²ⁿ/(2n)!, which saves two exponentials.
    let x = d * d
    let square = 0.25 * h * h
    let outer = 1 + square * ((x - 1) / 2 + square * ((x * (x - 6) + 3) / 24 + square * (x * (x * (x - 15) + 45) - 15) / 720))
    return min(1, h / 3 * density(d) * (1 + 2 * outer))
  }

  /// How many differences other than 0 two marks short of the ends of the scale can have, as far as they are followed.
  static func differences(of steps: ScaleSteps) -> Int {
    var reach = 1
    for k in steps.step.indices where steps.step[k] > 0 {
      reach = max(reach, Int(min((steps.maximum[k] - steps.minimum[k]) / steps.step[k] - 2, Double(largestShift)).rounded()))
    }
    return 2 * reach
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
    return sheetsByRater.members(of: first[i]).compactMap { s in
      let u = Int(layout.sheetUnit[s])
      let panel = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      return panel.first { Int(layout.sheetRater[$0]) == second[i] }.map { (s, $0) }
    }
  }
}
