import Foundation

/// A distribution on whole numbers 0 … n given by its masses, with both tails summed from their ends.
public struct LatticeDistribution: Sendable, Hashable {
  /// P(X = k) at index k.
  public let masses: [Double]

  init(_ masses: [Double]) { self.masses = masses }

  /// Σ k P(X = k).
  public var mean: Double { masses.indices.reduce(0) { $0 + Double($1) * masses[$1] } }

  /// P(X ≤ k).
  public func lowerTail(_ k: Int) -> Double {
    if k < 0 { return 0 }
    var sum = 0.0
    for i in 0...min(k, masses.count - 1) { sum += masses[i] }
    return min(1, sum)
  }

  /// P(X ≥ k).
  public func upperTail(_ k: Int) -> Double {
    if k >= masses.count { return 0 }
    var sum = 0.0
    for i in stride(from: masses.count - 1, through: max(0, k), by: -1) { sum += masses[i] }
    return min(1, sum)
  }

  /// Twice the smaller tail, at most 1.
  public func twoSided(_ k: Int) -> Double { min(1, 2 * min(lowerTail(k), upperTail(k))) }
}

/// Exact null distributions of rank statistics, by recursions over probabilities: all terms are positive, so far tails keep their digits.
public enum RankNull {
  /// Wilcoxon's signed-rank sum with the given ranks, each with a random sign. Doubled, so that midranks stay whole: index 2V. O(n Σ
  /// ranks).
  public static func signedRank(_ ranks: [Double]) -> LatticeDistribution {
    let steps = ranks.map { Int((2 * $0).rounded()) }
    var masses = [1.0]
    for step in steps.sorted() {
      var next = [Double](repeating: 0, count: masses.count + step)
      for (i, p) in masses.enumerated() {
        next[i] += 0.5 * p
        next[i + step] += 0.5 * p
      }
      masses = next
    }
    return LatticeDistribution(masses)
  }

  /// The sum of m of the given ranks drawn without replacement. Doubled: index 2W. O(N m Σ ranks), N the number of ranks.
  public static func rankSum(_ ranks: [Double], draws m: Int) -> LatticeDistribution {
    let steps = ranks.map { Int((2 * $0).rounded()) }.sorted()
    let width = steps.suffix(m).reduce(0, +) + 1
    var table = [[Double]](repeating: [Double](repeating: 0, count: width), count: m + 1)
    table[0][0] = 1
    var reach = [Int](repeating: 0, count: m + 1)
    for (seen, step) in steps.enumerated() {
      let left = Double(steps.count - seen)
      for k in stride(from: min(m, seen + 1), through: 0, by: -1) {
        // With k drawn so far the next one is drawn with probability (m − k)/left.
        let stay = 1 - Double(m - k) / left
        if k <= seen && stay != 1 { for i in 0...reach[k] { table[k][i] *= max(0, stay) } }
        if k > 0 {
          let take = Double(m - k + 1) / left
          for i in 0...reach[k - 1] where table[k - 1][i] != 0 { table[k][i + step] += take * table[k - 1][i] }
          reach[k] = max(reach[k], min(width - 1, reach[k - 1] + step))
        }
      }
    }
    return LatticeDistribution(table[m])
  }

  /// The number of concordant pairs of two rankings of n objects without ties: Kendall's T, τ = 4T/(n(n − 1)) − 1. O(n³).
  public static func kendall(_ n: Int) -> LatticeDistribution {
    var masses = [1.0]
    for k in stride(from: 2, through: n, by: 1) {
      var next = [Double](repeating: 0, count: masses.count + k - 1)
      for (i, p) in masses.enumerated() { for j in 0..<k { next[i + j] += p / Double(k) } }
      masses = next
    }
    return LatticeDistribution(masses)
  }

  /// Σ r_i s_π(i) over random orders π of the second ranks, ties included; index 4 Σ r s. By recursion over subsets, O(2ⁿ n³): n ≤ 12.
  public static func spearman(_ first: [Double], _ second: [Double]) -> LatticeDistribution {
    precondition(first.count == second.count && first.count <= 12, "the exact distribution of Spearman's statistic is for up to 12 pairs")
    let (r, s) = (first.map { Int((2 * $0).rounded()) }.sorted(), second.map { Int((2 * $0).rounded()) }.sorted())
    let n = r.count
    let width = zip(r, s).reduce(0) { $0 + $1.0 * $1.1 } + 1
    // Subsets of the second ranks, by size: the first |S| of the first ranks have been paired with S.
    var layer: [Int: [Double]] = [0: [1]]
    for i in 0..<n {
      var next: [Int: [Double]] = [:]
      for subset in layer.keys.sorted() {
        let masses = layer[subset]!
        for j in 0..<n where subset & (1 << j) == 0 {
          let shift = r[i] * s[j]
          var target = next[subset | 1 << j] ?? []
          let needed = min(width, masses.count + shift)
          if target.count < needed { target.append(contentsOf: repeatElement(0, count: needed - target.count)) }
          for (k, p) in masses.enumerated() where p != 0 { target[k + shift] += p / Double(n - i) }
          next[subset | 1 << j] = target
        }
      }
      layer = next
    }
    return LatticeDistribution(layer[(1 << n) - 1] ?? [1])
  }
}
