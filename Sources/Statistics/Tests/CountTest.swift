import Foundation

/// Tests of counts.
public enum CountTest {
  /// Of a probability, from k successes in n trials. Two-sided: the probability of all outcomes no more likely than the one observed
  /// (to a relative 1e-7, as in R); estimate k/n with Clopper and Pearson's interval.
  public static func binomial(
    successes k: Int, trials n: Int, probability p: Double = 0.5, alternative: Alternative = .twoSided, confidence: Double = 0.95
  ) -> TestResult {
    precondition(k >= 0 && k <= n && p >= 0 && p <= 1, "successes lie in 0...trials and the probability in [0, 1]")
    guard n > 0 else { return .impossible }
    let d = Binomial(trials: n, probability: p)
    let value: Double
    let alpha = 1 - confidence
    let interval: ClosedRange<Double>
    switch alternative {
    case .less:
      value = d.lowerTail(k)
      interval = 0...(k == n ? 1 : Beta(Double(k + 1), Double(n - k)).quantile(upperTail: alpha))
    case .greater:
      value = d.upperTail(k)
      interval = (k == 0 ? 0 : Beta(Double(k), Double(n - k + 1)).quantile(alpha))...1
    case .twoSided:
      interval = Binomial.interval(successes: k, trials: n, alpha: alpha)
      value = p == 0 ? (k == 0 ? 1 : 0) : p == 1 ? (k == n ? 1 : 0) : bothTails(d, k)
    }
    return TestResult(Double(k), value, .exact, estimate: Double(k) / Double(n), interval: interval)
  }

  private static func bothTails(_ d: Binomial, _ k: Int) -> Double {
    let limit = d.logMass(k) + log1p(1e-7)
    let mean = Double(d.trials) * d.probability
    if Double(k) == mean { return 1 }
    // Masses fall away from the mode, so the other tail begins where bisection finds it.
    if Double(k) < mean {
      var (low, high) = (Int(mean.rounded(.up)), d.trials + 1)
      while low < high {
        let middle = (low + high) / 2
        if d.logMass(middle) <= limit { high = middle } else { low = middle + 1 }
      }
      return d.lowerTail(k) + d.upperTail(low)
    }
    var (low, high) = (-1, Int(mean.rounded(.down)))
    while low < high {
      let middle = (low + high + 1) / 2
      if d.logMass(middle) <= limit { low = middle } else { high = middle - 1 }
    }
    return d.upperTail(k) + d.lowerTail(low)
  }

  /// Wilson's (1927) score interval of a probability: nearer to its nominal coverage than Clopper–Pearson, not always above it.
  public static func wilsonInterval(successes k: Int, trials n: Int, confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(k >= 0 && k <= n && n > 0 && confidence > 0 && confidence < 1, "successes must lie in 0...trials")
    let z = Normal.quantile(upperTail: 0.5 * (1 - confidence))
    let (size, square) = (Double(n), z * z)
    let share = Double(k) / size
    let middle = share + square / (2 * size)
    let reach = z * (share * (1 - share) / size + square / (4 * size * size)).squareRoot()
    let width = 1 + square / size
    return (k == 0 ? 0 : max(0, (middle - reach) / width))...(k == n ? 1 : min(1, (middle + reach) / width))
  }

  /// McNemar's (1947) test of paired yes–no answers, from the numbers of pairs that changed either way. Exact: the binomial test of b in
  /// b + c.
  public static func mcNemar(_ b: Int, _ c: Int) -> TestResult {
    precondition(b >= 0 && c >= 0, "counts are not negative")
    guard b + c > 0 else { return .impossible }
    let test = binomial(successes: b, trials: b + c)
    return TestResult(Double(b), test.pValue, .exact, estimate: Double(b) / Double(c))
  }

  /// Pearson's χ² of counts against probabilities; k − 1 degrees of freedom.
  ///
  /// With `draws` > 0 a Monte Carlo p-value from that many multinomial samples: right also where expected counts are small.
  /// - Parameter probabilities: scaled to sum 1; uniform by default. A count where the probability is 0 makes the statistic infinite.
  public static func fit(_ counts: [Int], probabilities: [Double]? = nil, draws: Int = 0, seed: UInt64 = 1) -> TestResult {
    let shares = probabilities ?? [Double](repeating: 1, count: counts.count)
    precondition(shares.count == counts.count && counts.allSatisfy { $0 >= 0 }, "one probability for each count")
    precondition(shares.allSatisfy { $0 >= 0 && $0.isFinite }, "probabilities are finite and not negative")
    let n = counts.reduce(0, +)
    let total = shares.reduce(0, +)
    guard counts.count > 1, n > 0, total > 0 else { return .impossible }
    let expected = shares.map { $0 / total * Double(n) }
    func statistic(_ counts: [Int]) -> Double {
      var sum = 0.0
      for (count, mean) in zip(counts, expected) where count > 0 || mean > 0 {
        sum += (Double(count) - mean) * (Double(count) - mean) / mean
      }
      return sum
    }
    let observed = statistic(counts)
    let freedom = Double(counts.count - 1)
    guard draws > 0 else {
      return TestResult(observed, ChiSquared(degreesOfFreedom: freedom).upperTail(observed), .asymptotic, degreesOfFreedom: [freedom])
    }
    var stream = RandomStream(seed: seed)
    var cumulative: [Double] = []
    for mean in expected { cumulative.append((cumulative.last ?? 0) + mean / Double(n)) }
    var hits = 0
    var sample = [Int](repeating: 0, count: counts.count)
    for _ in 0..<draws {
      for i in sample.indices { sample[i] = 0 }
      for _ in 0..<n {
        let u = stream.uniform()
        var (low, high) = (0, counts.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if cumulative[middle] > u { high = middle } else { low = middle + 1 }
        }
        sample[low] += 1
      }
      if statistic(sample) >= observed * (1 - 1e-9) { hits += 1 }
    }
    return TestResult(observed, Double(1 + hits) / Double(1 + draws), .monteCarlo(draws: draws), degreesOfFreedom: [freedom])
  }

  /// Pearson's χ² of independence in an r × c table; (r − 1)(c − 1) degrees of freedom. Rows and columns without counts are left out.
  public static func independence(_ table: [[Int]]) -> TestResult {
    let table = withoutEmptyLines(table)
    guard table.count > 1, let columns = table.first?.count, columns > 1 else { return .impossible }
    let rows = table.map { Double($0.reduce(0, +)) }
    let sums = (0..<columns).map { j in Double(table.reduce(0) { $0 + $1[j] }) }
    let n = rows.reduce(0, +)
    var statistic = 0.0
    for (i, row) in table.enumerated() {
      for (j, count) in row.enumerated() {
        let mean = rows[i] * sums[j] / n
        statistic += (Double(count) - mean) * (Double(count) - mean) / mean
      }
    }
    let freedom = Double((table.count - 1) * (columns - 1))
    return TestResult(statistic, ChiSquared(degreesOfFreedom: freedom).upperTail(statistic), .asymptotic, degreesOfFreedom: [freedom])
  }

  static func withoutEmptyLines(_ table: [[Int]]) -> [[Int]] {
    precondition(
      table.allSatisfy { $0.count == table[0].count && $0.allSatisfy { $0 >= 0 } }, "a table has rows of one length and no negative counts")
    let rows = table.filter { $0.contains { $0 > 0 } }
    guard let columns = rows.first?.count else { return [] }
    let kept = (0..<columns).filter { j in rows.contains { $0[j] > 0 } }
    return rows.map { row in kept.map { row[$0] } }
  }
}
