import Foundation

/// The exact distribution of the sum of labelled values, where it can be had within a budget.
///
/// On a lattice (scores with few decimals): dynamic programming over counts within a stratum and convolution between strata. Off a
/// lattice: all Π C(n_h, m_h) sums, if there are at most 2^18. All terms are positive, so far tails keep their digits.
enum ExactPermutation {
  /// The most multiplications to spend.
  static let budget = 20_000_000.0
  static let largestEnumeration = 262_144.0

  /// log P(S ≥ s), log P(S ≤ s) and log P(S = s) at the observed s, or nil when it would cost too much.
  static func tails(_ sample: StratifiedSample, step: Double?) -> (upper: Double, lower: Double, point: Double)? {
    if let step, let result = lattice(sample, step) { return result }
    return enumeration(sample)
  }

  private static func lattice(_ sample: StratifiedSample, _ step: Double) -> (upper: Double, lower: Double, point: Double)? {
    // The cost first: cells of the convolution so far times cells of the stratum.
    var cells = 1.0
    var cost = 0.0
    for h in 0..<sample.strata {
      let (a, b) = (sample.starts[h], sample.starts[h + 1])
      let m = Double(min(sample.labelCounts[h], b - a - sample.labelCounts[h]))
      let width = m * (sample.values[b - 1] - sample.values[a]) / step + 1
      let outcomes = min(width, exp(min(30, StratifiedSample.logChoose(b - a, sample.labelCounts[h]))) + 1)
      if m > 1 { cost += Double(b - a) * m * width }
      cost += cells * outcomes
      cells += width - 1
      if cost > budget { return nil }
    }
    var distribution: [Double] = [1]
    var observed = 0
    for h in 0..<sample.strata {
      let (a, b) = (sample.starts[h], sample.starts[h + 1])
      let base = sample.values[a]
      let steps = (a..<b).map { Int(((sample.values[$0] - base) / step).rounded()) }
      for i in a..<b where sample.labelled[i] { observed += steps[i - a] }
      let part = drawDistribution(steps, sample.labelCounts[h])
      var next = [Double](repeating: 0, count: distribution.count + part.count - 1)
      for (shift, probability) in part.enumerated() where probability > 0 {
        for i in distribution.indices { next[i + shift] += probability * distribution[i] }
      }
      distribution = next
    }
    var (upper, lower) = (0.0, 0.0)
    // From the ends inwards, small terms first.
    for i in stride(from: distribution.count - 1, through: observed, by: -1) { upper += distribution[i] }
    for i in 0...observed { lower += distribution[i] }
    guard upper > 1e-290, lower > 1e-290 else { return nil }
    return (min(0, log(upper)), min(0, log(lower)), log(distribution[observed]))
  }

  /// The distribution of the sum of `m` of the whole numbers drawn without replacement, indexed by the sum.
  private static func drawDistribution(_ steps: [Int], _ m: Int) -> [Double] {
    let n = steps.count
    let total = steps.reduce(0, +)
    // Draw the fewer and turn the result round.
    let size = min(m, n - m)
    let largest = steps.max() ?? 0
    let width = size * largest + 1
    var counts = [[Double]](repeating: [], count: size + 1)
    counts[0] = [1]
    for (seen, step) in steps.enumerated() {
      for k in stride(from: min(size, seen + 1), through: 1, by: -1) {
        let source = counts[k - 1]
        if source.isEmpty { continue }
        if counts[k].count < source.count + step {
          counts[k].append(contentsOf: repeatElement(0, count: source.count + step - counts[k].count))
        }
        for i in source.indices { counts[k][i + step] += source[i] }
      }
    }
    let ways = exp(StratifiedSample.logChoose(n, size))
    let drawn = counts[size].map { $0 / ways }
    if size == m { return drawn }
    var turned = [Double](repeating: 0, count: min(total, (n - size) * largest) + 1)
    for (sum, probability) in drawn.enumerated() where probability > 0 && sum < width { turned[total - sum] += probability }
    return turned
  }

  private static func enumeration(_ sample: StratifiedSample) -> (upper: Double, lower: Double, point: Double)? {
    var logOutcomes = 0.0
    for h in 0..<sample.strata {
      logOutcomes += StratifiedSample.logChoose(sample.starts[h + 1] - sample.starts[h], sample.labelCounts[h])
    }
    guard logOutcomes <= log(largestEnumeration) + 1e-9 else { return nil }
    var sums: [Double] = [0]
    var scale = 0.0
    for h in 0..<sample.strata {
      let values = Array(sample.values[sample.starts[h]..<sample.starts[h + 1]])
      scale += max(abs(values[0]), abs(values[values.count - 1])) * Double(values.count)
      let part = subsetSums(values, sample.labelCounts[h])
      var next: [Double] = []
      next.reserveCapacity(sums.count * part.count)
      for a in sums { for b in part { next.append(a + b) } }
      sums = next
    }
    let observed = sample.observed
    // Sums that differ by rounding only are one outcome.
    let tolerance = 1e-12 * scale
    let upper = sums.count { $0 >= observed - tolerance }
    let lower = sums.count { $0 <= observed + tolerance }
    let all = Double(sums.count)
    return (log(Double(upper) / all), log(Double(lower) / all), log(Double(upper + lower - sums.count) / all))
  }

  private static func subsetSums(_ values: [Double], _ m: Int) -> [Double] {
    var sums: [Double] = []
    func extend(_ from: Int, _ left: Int, _ sum: Double) {
      if left == 0 {
        sums.append(sum)
        return
      }
      for i in from...(values.count - left) { extend(i + 1, left - 1, sum + values[i]) }
    }
    extend(0, m, 0)
    return sums
  }
}
