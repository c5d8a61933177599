internal import Foundation
internal import Scores

/// Which marks each rater prefers: round ones, or those that end on one digit. One pass over the scores.
///
/// A *pattern* is every k-th mark of a scale. What a rater without preferences would give is the discrete normal distribution with the mean and variance of
/// the rater's own marks, on the marks between the lowest and the highest of them; so a rater whose marks all lie about 80 prefers no
/// 80. The ends of the scale are left out: full marks are no digit preference.
struct MarkHabits: Sendable {
  enum Pattern: Hashable, Sendable {
    /// Multiples of an interval, by its place in `intervals`.
    case round(Int)
    /// One digit of every ten steps or so: `digit` steps above the multiples of an interval, which are `round`.
    case digit(Int, interval: Int)
  }

  /// How one rater's marks keep to one pattern.
  struct Habit: Sendable {
    var marks = 0.0
    var found = 0.0
    var expected = 0.0

    mutating func add(marks: Double, found: Double, expected: Double) {
      self.marks += marks
      self.found += found
      self.expected += expected
    }

    /// The share of marks moved to the pattern: what is found beyond what is expected, of all that lie beside the pattern.
    var share: Double { marks > expected ? (found - expected) / (marks - expected) : 0 }
    /// Standard error of `share` for a rater without preferences (binomial).
    var error: Double {
      let variance = expected * (1 - expected / marks)
      return variance.squareRoot() / max(marks - expected, 1e-9)
    }
    var isClear: Bool { found - expected > 3 * (expected * (1 - expected / marks)).squareRoot() }
  }

  /// Distances between round marks, in points: 1, 2 and 5 in every decade, so that tenfold marks mean the same.
  static let intervals: [Double] = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  /// Criteria with the same step on which the same intervals can be told: their marks are one distribution.
  struct Scale: Sendable {
    var step: Double
    /// Places in `intervals`, with their width in steps.
    var intervals: [(place: Int, steps: Int)]
    /// The one whose cycle single digits are counted in, if any.
    var cycle: (place: Int, steps: Int)?
    /// How many different marks off its ends were given.
    var marksInUse = 0

    /// The last of a rater's marks must be this many intervals above the first for a habit to show.
    static let leastCycles = 2
  }

  private(set) var scales: [Scale] = []
  /// By rater.
  private(set) var habits: [[Pattern: Habit]] = []
  /// Of each rater: marks off the ends, and how many different ones.
  private(set) var usage: [(marks: Int, different: Int)] = []
  /// Of each rater: how the marks on every scale would lie without preferences.
  private var expectations: [[(marks: Double, distribution: DiscreteNormal)]] = []

  init(_ layout: Layout, scores: [Double], steps: ScaleSteps) {
    let scaleOf = findScales(steps)
    let byRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var levels = scales.map { _ in Levels() }
    var inUse = scales.map { _ in Set<Int>() }
    habits.reserveCapacity(layout.raterCount)
    for r in 0..<layout.raterCount {
      for k in levels.indices { levels[k].clear() }
      for s in byRater.members(of: r) {
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let c = Int(layout.criterion[o])
          let mark = scores[o]
          guard scaleOf[c] >= 0, mark > steps.minimum[c], mark < steps.maximum[c] else { continue }
          let level = (mark / steps.step[c]).rounded()
          // A mean of two marks, or one that the scale does not have, ends on no digit of it.
          guard ScaleSteps.isMultiple(mark, of: steps.step[c]), abs(level) < 1e9 else { continue }
          levels[scaleOf[c]].add(Int(level))
        }
      }
      var own: [Pattern: Habit] = [:]
      var used = (marks: 0, different: 0)
      var expected: [(marks: Double, distribution: DiscreteNormal)] = []
      for k in scales.indices where levels[k].total > 0 {
        if let distribution = levels[k].count(scales[k], into: &own) { expected.append((Double(levels[k].total), distribution)) }
        used.marks += levels[k].total
        used.different += levels[k].used.count
        inUse[k].formUnion(levels[k].used)
      }
      habits.append(own)
      usage.append(used)
      expectations.append(expected)
    }
    for k in scales.indices { scales[k].marksInUse = inUse[k].count }
  }

  /// How many different marks a rater without preferences would have given.
  func expectedDifferent(_ r: Int) -> Double { expectations[r].reduce(0) { $0 + $1.distribution.expectedDifferent($1.marks) } }

  /// The scale of each criterion; −1 where no interval is wider than the step and small beside the scale.
  private mutating func findScales(_ steps: ScaleSteps) -> [Int] {
    steps.step.indices.map { c in
      let step = steps.step[c]
      guard step > 0 else { return -1 }
      let range = steps.maximum[c] - steps.minimum[c]
      let fitting = MarkHabits.intervals.indices.compactMap { i -> (place: Int, steps: Int)? in
        let interval = MarkHabits.intervals[i]
        guard interval > 1.5 * step, range >= 4 * interval, ScaleSteps.isMultiple(interval, of: step) else { return nil }
        return (i, Int((interval / step).rounded()))
      }
      guard let widest = fitting.last else { return -1 }
      if let known = scales.firstIndex(where: { $0.step == step && $0.intervals.last?.place == widest.place }) { return known }
      // The digit before the last where the last has fewer than five values.
      let cycle = fitting.first { $0.steps >= 5 && MarkHabits.isPowerOfTen($0.place) }
      scales.append(Scale(step: step, intervals: fitting, cycle: cycle))
      return scales.count - 1
    }
  }

  /// 0.1, 1, 10, 100 and 1000 among the intervals.
  private static func isPowerOfTen(_ place: Int) -> Bool { place % 3 == 2 }

  /// The intervals to which two raters both clearly keep, with the share of pairs of marks in which both do.
  func common(_ r: Int, _ q: Int) -> [(interval: Double, share: Double)] {
    MarkHabits.intervals.indices.compactMap { i in
      guard let own = habits[r][.round(i)], own.isClear, let other = habits[q][.round(i)], other.isClear else { return nil }
      return (MarkHabits.intervals[i], own.share * other.share)
    }
  }
}

/// One rater's marks on one scale, counted in steps from zero.
private struct Levels {
  private(set) var counts: [Int: Int] = [:]
  private(set) var total = 0

  var used: Dictionary<Int, Int>.Keys { counts.keys }

  mutating func clear() {
    counts.removeAll(keepingCapacity: true)
    total = 0
  }

  mutating func add(_ level: Int) {
    counts[level, default: 0] += 1
    total += 1
  }

  /// Adds what is found and expected of every pattern that the marks span widely enough. Linear in the marks and the patterns, whatever the levels between.
  /// - Returns: what is expected of the marks; nil where they are too far apart to be marks of one scale.
  func count(_ scale: MarkHabits.Scale, into habits: inout [MarkHabits.Pattern: MarkHabits.Habit]) -> DiscreteNormal? {
    // In ascending order, so that sums do not depend on the hashing.
    let sorted = counts.sorted { $0.key < $1.key }
    guard let low = sorted.first?.key, let high = sorted.last?.key else { return nil }
    let span = high - low
    guard span <= 100_000 else { return nil }
    let n = Double(total)
    let mean = sorted.reduce(0) { $0 + Double($1.key - low) * Double($1.value) } / n
    let variance = sorted.reduce(0) { $0 + squared(Double($1.key - low) - mean) * Double($1.value) } / n
    let distribution = DiscreteNormal(mean: mean, standardDeviation: variance.squareRoot(), last: span)
    func add(_ pattern: MarkHabits.Pattern, _ found: Double, _ expected: Double) {
      habits[pattern, default: .init()].add(marks: n, found: found, expected: n * expected)
    }
    for (place, steps) in scale.intervals where span >= MarkHabits.Scale.leastCycles * steps {
      let isCycle = scale.cycle?.place == place
      var found = [Double](repeating: 0, count: isCycle ? steps : 1)
      for (level, count) in sorted {
        let digit = level.remainder(by: steps)
        if digit < found.count { found[digit] += Double(count) }
      }
      for digit in found.indices {
        let expected = distribution.share(from: (digit - low).remainder(by: steps), by: steps)
        add(digit == 0 ? .round(place) : .digit(digit, interval: place), found[digit], expected)
      }
    }
    return distribution
  }
}

/// The normal distribution on the whole numbers 0 … `last`, the standard deviation being that of the normal it is cut out of.
struct DiscreteNormal: Sendable {
  let mean: Double
  let standardDeviation: Double
  let last: Int
  private var total = 1.0

  init(mean: Double, standardDeviation: Double, last: Int) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.last = last
    total = sum(from: 0, by: 1)
  }

  /// Probability of `first`, `first` + `stride`, …
  func share(from first: Int, by stride: Int) -> Double { sum(from: first, by: stride) / total }

  /// How many different numbers `draws` of them hold. O(last).
  func expectedDifferent(_ draws: Double) -> Double {
    (0...last).reduce(0) { $0 + 1 - pow(1 - min(density(Double($1)) / total, 1), draws) }
  }

  private func density(_ x: Double) -> Double { standardDeviation > 0 ? exp(-0.5 * squared((x - mean) / standardDeviation)) : 1 }

  /// Σ of the density over first, first + stride, … : term by term where it falls within a few strides, otherwise by Euler and Maclaurin's formula
  /// to the third derivative, which is right to 1e-6.
  private func sum(from first: Int, by stride: Int) -> Double {
    guard first <= last else { return 0 }
    let count = (last - first) / stride
    let h = Double(stride) / standardDeviation
    guard h < 1.0 / 3 else {
      let middle = ((mean - Double(first)) / Double(stride)).rounded()
      let reach = standardDeviation > 0 ? (9 / h).rounded(.up) : Double(count)
      let terms = Int(max(0, middle - reach))...Int(max(0, min(Double(count), middle + reach)))
      return terms.reduce(0) { $0 + density(Double(first + $1 * stride)) }
    }
    let a = (Double(first) - mean) / standardDeviation
    let b = (Double(first + count * stride) - mean) / standardDeviation
    let (p, q) = (exp(-0.5 * a * a), exp(-0.5 * b * b))
    let integral = (Double.pi / 2).squareRoot() * (erf(b * 0.5.squareRoot()) - erf(a * 0.5.squareRoot())) / h
    let slopes = a * p - b * q
    let thirds = (3 * b - b * b * b) * q - (3 * a - a * a * a) * p
    return integral + 0.5 * (p + q) + h / 12 * slopes - h * h * h / 720 * thirds
  }
}

extension Int {
  /// 0 ..< divisor, for negative numbers too.
  fileprivate func remainder(by divisor: Int) -> Int {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
