import Foundation

/// Values in strata, some of them labelled, of which only the strata that hold both kinds are kept.
///
/// Under the hypothesis the labels of a stratum fall on its values at random, m_h of n_h, independently between strata.
/// Strata are in increasing order of their number and values in increasing order within, so nothing computed from a sample
/// depends on the order of the rows.
struct StratifiedSample: Sendable {
  private(set) var values: [Double] = []
  private(set) var labelled: [Bool] = []
  /// Stratum h holds the values `starts[h] ..< starts[h + 1]`.
  private(set) var starts: [Int] = [0]
  private(set) var labelCounts: [Int] = []

  var strata: Int { labelCounts.count }

  init(values input: [Double], labelled flags: [Bool], strata numbers: [Int]) {
    precondition(input.count == flags.count && input.count == numbers.count, "values, labels and strata must be of one length")
    var order = Array(input.indices)
    order.sort { a, b in
      if numbers[a] != numbers[b] { return numbers[a] < numbers[b] }
      if input[a] != input[b] { return input[a] < input[b] }
      return flags[a] && !flags[b]
    }
    var begin = 0
    while begin < order.count {
      var end = begin
      var count = 0
      while end < order.count && numbers[order[end]] == numbers[order[begin]] {
        precondition(input[order[end]].isFinite, "values must be finite")
        if flags[order[end]] { count += 1 }
        end += 1
      }
      if count > 0 && count < end - begin {
        for i in order[begin..<end] {
          values.append(input[i])
          labelled.append(flags[i])
        }
        starts.append(values.count)
        labelCounts.append(count)
      }
      begin = end
    }
  }

  /// The sample with `shift` taken off every labelled value, sorted anew within strata.
  func removing(_ shift: Double) -> StratifiedSample {
    var copy = self
    for i in copy.values.indices where labelled[i] { copy.values[i] -= shift }
    for h in 0..<strata {
      // Insertion sort: strata are short and were sorted before.
      let first = starts[h]
      for i in (first + 1)..<starts[h + 1] {
        let (value, flag) = (copy.values[i], copy.labelled[i])
        var j = i
        while j > first && copy.values[j - 1] > value {
          copy.values[j] = copy.values[j - 1]
          copy.labelled[j] = copy.labelled[j - 1]
          j -= 1
        }
        copy.values[j] = value
        copy.labelled[j] = flag
      }
    }
    return copy
  }

  /// The sum of the labelled values.
  var observed: Double {
    var sum = 0.0
    for h in 0..<strata {
      var part = 0.0
      for i in starts[h]..<starts[h + 1] where labelled[i] { part += values[i] }
      sum += part
    }
    return sum
  }

  /// Exact mean Σ m v̄, variance Σ m (n − m)/n · s², and information Σ m (n − m)/n.
  var moments: (mean: Double, variance: Double, information: Double) {
    var (mean, variance, information) = (0.0, 0.0, 0.0)
    for h in 0..<strata {
      let n = Double(starts[h + 1] - starts[h])
      let m = Double(labelCounts[h])
      var sum = 0.0
      for i in starts[h]..<starts[h + 1] { sum += values[i] }
      let average = sum / n
      var squares = 0.0
      for i in starts[h]..<starts[h + 1] { squares += (values[i] - average) * (values[i] - average) }
      let share = m * (n - m) / n
      mean += m * average
      variance += share * squares / (n - 1)
      information += share
    }
    return (mean, variance, information)
  }

  /// The largest and smallest possible sums, and the log probability of each.
  var extremes: (low: Double, high: Double, logLow: Double, logHigh: Double) {
    var result = (low: 0.0, high: 0.0, logLow: 0.0, logHigh: 0.0)
    for h in 0..<strata {
      let (a, b, m) = (starts[h], starts[h + 1], labelCounts[h])
      let total = StratifiedSample.logChoose(b - a, m)
      for i in a..<(a + m) { result.low += values[i] }
      for i in (b - m)..<b { result.high += values[i] }
      // Ways to reach an extreme: choose among the values that tie with the last one needed.
      let (lowEdge, highEdge) = (values[a + m - 1], values[b - m])
      var ties = (low: 0, lowNeeded: 0, high: 0, highNeeded: 0)
      for i in a..<b {
        if values[i] == lowEdge {
          ties.low += 1
          if i < a + m { ties.lowNeeded += 1 }
        }
        if values[i] == highEdge {
          ties.high += 1
          if i >= b - m { ties.highNeeded += 1 }
        }
      }
      result.logLow += StratifiedSample.logChoose(ties.low, ties.lowNeeded) - total
      result.logHigh += StratifiedSample.logChoose(ties.high, ties.highNeeded) - total
    }
    return result
  }

  static func logChoose(_ n: Int, _ k: Int) -> Double {
    if k == 0 || k == n { return 0 }
    return logGamma(Double(n) + 1) - logGamma(Double(k) + 1) - logGamma(Double(n - k) + 1)
  }

  /// The step δ of which all differences within strata are multiples, or nil if there is none above a millionth of the
  /// largest difference. Scores are typed with few decimals, so there often is one.
  var latticeStep: Double? {
    var step = 0.0
    var largest = 0.0
    for h in 0..<strata { largest = max(largest, values[starts[h + 1] - 1] - values[starts[h]]) }
    if largest == 0 { return nil }
    let tolerance = 1e-9 * largest
    for h in 0..<strata {
      for i in (starts[h] + 1)..<starts[h + 1] {
        var a = values[i] - values[i - 1]
        if a <= tolerance { continue }
        var b = step
        // Euclid's algorithm with rounded quotients.
        while b > tolerance {
          let rest = abs(a - (a / b).rounded() * b)
          (a, b) = (b, rest)
        }
        step = a
        if step < 1e-6 * largest { return nil }
      }
    }
    // One true multiple measured over the largest difference is more exact than the gcd of noisy ones.
    return largest / (largest / step).rounded()
  }
}
