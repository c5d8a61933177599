import Foundation

/// Tests that use ranks alone. Ties share midranks, and exact distributions are those given the ties.
public enum RankTest {
  /// Wilcoxon's signed-rank test that values are symmetric about `center`; statistic V, the rank sum of the positive differences.
  ///
  /// Differences of zero are left out. Exact up to `exactLimit` values (given the ties), else normal with the variance for ties and
  /// continuity corrected.
  public static func signedRank(
    _ values: [Double], center: Double = 0, alternative: Alternative = .twoSided, exactLimit: Int = 200
  ) -> TestResult {
    let differences = values.map { $0 - center }.filter { $0 != 0 }
    guard !differences.isEmpty else { return .impossible }
    let ranks = Ranks.midranks(differences.map(abs))
    var v = 0.0
    for (d, rank) in zip(differences, ranks) where d > 0 { v += rank }
    if differences.count <= exactLimit {
      let null = RankNull.signedRank(ranks)
      let k = Int((2 * v).rounded())
      let p = choose(alternative, lower: null.lowerTail(k), upper: null.upperTail(k))
      return TestResult(v, p, .exact)
    }
    let n = Double(differences.count)
    let variance = n * (n + 1) * (2 * n + 1) / 24 - tieSum(ranks) / 48
    return normal(v, v - n * (n + 1) / 4, variance, correction: 0.5, alternative)
  }

  /// Mann and Whitney's test of two samples; statistic U of the first, the number of pairs with x > y plus half the ties.
  ///
  /// Exact given the ties when the recursion takes at most `exactCost` steps (about 100 values a sample), else normal with continuity
  /// correction.
  public static func mannWhitney(
    _ x: [Double], _ y: [Double], alternative: Alternative = .twoSided, exactCost: Double = 1e8
  ) -> TestResult {
    guard !x.isEmpty, !y.isEmpty else { return .impossible }
    let ranks = Ranks.midranks(x + y)
    var sum = 0.0
    for i in x.indices { sum += ranks[i] }
    let (m, n) = (Double(x.count), Double(y.count))
    let u = sum - m * (m + 1) / 2
    let total = m + n
    if total * m * total * total <= exactCost {
      let null = RankNull.rankSum(ranks, draws: x.count)
      let k = Int((2 * sum).rounded())
      return TestResult(u, choose(alternative, lower: null.lowerTail(k), upper: null.upperTail(k)), .exact)
    }
    let variance = m * n / 12 * (total + 1 - tieSum(ranks) / (total * (total - 1)))
    return normal(u, u - m * n / 2, variance, correction: 0.5, alternative)
  }

  /// Kruskal and Wallis's test of several samples; χ² with k − 1 degrees of freedom, corrected for ties.
  ///
  /// With `draws` > 0 a permutation p-value of that many draws: of small samples χ² is only a rough guide.
  public static func kruskalWallis(_ samples: [[Double]], draws: Int = 0, seed: UInt64 = 1) -> TestResult {
    let samples = samples.filter { !$0.isEmpty }
    let n = samples.reduce(0) { $0 + $1.count }
    guard samples.count > 1, n > samples.count else { return .impossible }
    var ranks = Ranks.midranks(samples.flatMap { $0 })
    let size = Double(n)
    let ties = 1 - tieSum(ranks) / (size * size * size - size)
    guard ties > 0 else { return .impossible }
    func h(_ ranks: [Double]) -> Double {
      var (sum, begin) = (0.0, 0)
      for sample in samples {
        var r = 0.0
        for i in begin..<(begin + sample.count) { r += ranks[i] }
        sum += r * r / Double(sample.count)
        begin += sample.count
      }
      return (12 * sum / (size * (size + 1)) - 3 * (size + 1)) / ties
    }
    let observed = h(ranks)
    let freedom = Double(samples.count - 1)
    guard draws > 0 else {
      return TestResult(observed, ChiSquared(degreesOfFreedom: freedom).upperTail(observed), .asymptotic, degreesOfFreedom: [freedom])
    }
    ranks.sort()
    var stream = RandomStream(seed: seed)
    var hits = 0
    for _ in 0..<draws {
      stream.shuffle(&ranks)
      if h(ranks) >= observed - 1e-9 * (1 + abs(observed)) { hits += 1 }
    }
    return TestResult(observed, Double(1 + hits) / Double(1 + draws), .monteCarlo(draws: draws), degreesOfFreedom: [freedom])
  }

  /// Friedman's test of k treatments in complete blocks; χ² with k − 1 degrees of freedom, corrected for ties.
  ///
  /// Exact (given the ties within blocks) while the states of the recursion over blocks, the sets of rank sums, stay within
  /// `exactStates`: k = 3 to some 100 blocks, k = 4 to 20.
  /// - Parameter blocks: one row a block, k values each. With values 0 and 1 this is Cochran's Q.
  public static func friedman(_ blocks: [[Double]], exactStates: Int = 50_000) -> TestResult {
    guard let k = blocks.first?.count, k > 1 else { return .impossible }
    precondition(blocks.allSatisfy { $0.count == k }, "every block holds every treatment")
    let ranks = blocks.map { Ranks.midranks($0) }
    let size = Double(k)
    let b = Double(blocks.count)
    var sums = [Double](repeating: 0, count: k)
    var spread = 0.0
    for row in ranks {
      for j in 0..<k {
        sums[j] += row[j]
        spread += (row[j] - (size + 1) / 2) * (row[j] - (size + 1) / 2)
      }
    }
    guard spread > 0 else { return .impossible }
    let center = b * (size + 1) / 2
    func statistic(_ sums: [Double]) -> Double {
      var squares = 0.0
      for sum in sums { squares += (sum - center) * (sum - center) }
      return (size - 1) * squares / spread
    }
    let observed = statistic(sums)
    if let p = exactFriedman(ranks, observed, statistic, limit: exactStates) {
      return TestResult(observed, p, .exact, degreesOfFreedom: [size - 1])
    }
    return TestResult(observed, ChiSquared(degreesOfFreedom: size - 1).upperTail(observed), .asymptotic, degreesOfFreedom: [size - 1])
  }

  /// P(statistic ≥ observed) over all orders within blocks; rank sums are kept sorted, as the statistic does not tell treatments apart.
  private static func exactFriedman(
    _ ranks: [[Double]], _ observed: Double, _ statistic: ([Double]) -> Double, limit: Int
  ) -> Double? {
    guard let k = ranks.first?.count, k <= 5 else { return nil }
    var states: [[Int32]: Double] = [[Int32](repeating: 0, count: k): 1]
    for row in ranks {
      let orders = distinctOrders(row.map { Int32((2 * $0).rounded()) })
      if states.count * orders.count > 40 * limit { return nil }
      var next: [[Int32]: Double] = [:]
      // In a fixed order, so that sums are rounded alike in every run.
      for state in states.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let p = states[state]! / Double(orders.count)
        for order in orders {
          var sums = state
          for j in 0..<k { sums[j] += order[j] }
          sums.sort()
          next[sums, default: 0] += p
        }
      }
      if next.count > limit { return nil }
      states = next
    }
    var hits: [Double] = []
    for (state, p) in states where statistic(state.map { Double($0) / 2 }) >= observed - 1e-9 * (1 + observed) { hits.append(p) }
    return orderedSum(hits)
  }

  private static func distinctOrders(_ row: [Int32]) -> [[Int32]] {
    var orders: [[Int32]] = [[]]
    // All orders, equal ranks told apart: each distinct order then occurs equally often.
    var remaining: [[Int]] = [Array(row.indices)]
    for _ in row {
      var (longer, rest): ([[Int32]], [[Int]]) = ([], [])
      for (order, left) in zip(orders, remaining) {
        for i in left {
          longer.append(order + [row[i]])
          rest.append(left.filter { $0 != i })
        }
      }
      (orders, remaining) = (longer, rest)
    }
    return orders
  }

  /// Durbin's test of k treatments in balanced incomplete blocks (each block holds the same number of treatments, each treatment is in
  /// the same number of blocks); χ² with k − 1 degrees of freedom, ties allowed (Conover 1999, section 5.9). With complete blocks this is
  /// Friedman's test.
  /// - Parameter blocks: for each block the treatments in it (0 ..< k) and their values.
  public static func durbin(_ blocks: [[(treatment: Int, value: Double)]]) -> TestResult {
    let k = (blocks.flatMap { $0 }.map(\.treatment).max() ?? -1) + 1
    guard k > 1, let size = blocks.first?.count, size > 1 else { return .impossible }
    var sums = [Double](repeating: 0, count: k)
    var counts = [Int](repeating: 0, count: k)
    var squares = 0.0
    for block in blocks {
      precondition(block.count == size, "every block holds the same number of treatments")
      for (cell, rank) in zip(block, Ranks.midranks(block.map(\.value))) {
        sums[cell.treatment] += rank
        counts[cell.treatment] += 1
        squares += rank * rank
      }
    }
    precondition(counts.allSatisfy { $0 == counts[0] }, "every treatment is in the same number of blocks")
    let (t, r, b, s) = (Double(k), Double(counts[0]), Double(blocks.count), Double(size))
    let spread = squares - b * s * (s + 1) * (s + 1) / 4
    guard spread > 0 else { return .impossible }
    var between = 0.0
    for sum in sums { between += (sum - r * (s + 1) / 2) * (sum - r * (s + 1) / 2) }
    let chi = (t - 1) * between / spread
    return TestResult(chi, ChiSquared(degreesOfFreedom: t - 1).upperTail(chi), .asymptotic, degreesOfFreedom: [t - 1])
  }

  static func choose(_ alternative: Alternative, lower: Double, upper: Double) -> Double {
    switch alternative {
    case .twoSided: min(1, 2 * min(lower, upper))
    case .less: lower
    case .greater: upper
    }
  }

  static func normal(
    _ statistic: Double, _ deviation: Double, _ variance: Double, correction: Double, _ alternative: Alternative
  ) -> TestResult {
    guard variance > 0 else { return .impossible }
    let shift: Double
    switch alternative {
    case .twoSided: shift = deviation > 0 ? correction : deviation < 0 ? -correction : 0
    case .greater: shift = correction
    case .less: shift = -correction
    }
    let z = (deviation - shift) / variance.squareRoot()
    let p = alternative == .twoSided ? Normal.twoSided(z) : alternative == .less ? Normal.lowerTail(z) : Normal.upperTail(z)
    return TestResult(statistic, p, .asymptotic)
  }
}
