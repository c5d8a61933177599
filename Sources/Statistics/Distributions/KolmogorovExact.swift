import Foundation
import LinearAlgebra

/// Kolmogorov's statistic for finite samples.
extension Kolmogorov {
  /// P(D_n ≥ d) for D_n = sup |F_n − F|, F continuous.
  ///
  /// n d² ≥ 6 or d ≥ ½: twice the one-sided probability (Smirnov 1944), exact for d ≥ ½ and with relative error e^(−6nd²) else. Otherwise
  /// the matrix of Marsaglia, Tsang and Wang (2003), absolute error about 1e-14, for n ≤ 5000; beyond, the limit with Vrbik's (2018)
  /// correction, error O(1/n^1.5). Cost O((n d)³ log n).
  public static func upperTail(distance d: Double, count n: Int) -> Double {
    precondition(n > 0, "a distance needs a sample")
    if d.isNaN { return .nan }
    let size = Double(n)
    if d <= 0.5 / size { return 1 }
    if d >= 1 { return 0 }
    if d >= 0.5 || size * d * d >= 6 { return min(1, 2 * oneSidedUpperTail(distance: d, count: n)) }
    if n <= 5000 { return max(0, 1 - lowerTailByMatrix(d, n)) }
    let x = size.squareRoot() * d
    return upperTail(x + 1 / (6 * size.squareRoot()) + (x - 1) / (4 * size))
  }

  /// P(D_n⁺ ≥ d), D_n⁺ = sup (F_n − F): d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), j ≤ n(1 − d). Every term is positive.
  public static func oneSidedUpperTail(distance d: Double, count n: Int) -> Double {
    precondition(n > 0, "a distance needs a sample")
    if d.isNaN { return .nan }
    if d <= 0 { return 1 }
    if d >= 1 { return 0 }
    let size = Double(n)
    // The terms as binomial masses at p = d + j/n: C(n, j) p^j (1 − p)^(n−j) · d / p.
    var sum = 0.0
    for j in 0...n {
      let p = d + Double(j) / size
      if p > 1 || (p == 1 && j < n) { break }
      sum += exp(Binomial(trials: n, probability: min(1, p)).logMass(j)) * d / p
    }
    return min(1, sum)
  }

  /// n!/nⁿ · (Hⁿ)_kk, kept in range by powers of 10¹⁴⁰.
  private static func lowerTailByMatrix(_ d: Double, _ n: Int) -> Double {
    let size = Double(n)
    let k = Int(size * d) + 1
    let m = 2 * k - 1
    let h = Double(k) - size * d
    var matrix = Matrix(rows: m, columns: m)
    for j in 0..<m { for i in 0..<m where i - j + 1 >= 0 { matrix[i, j] = 1 } }
    for i in 0..<m {
      matrix[i, 0] -= pow(h, Double(i + 1))
      matrix[m - 1, i] -= pow(h, Double(m - i))
    }
    if 2 * h > 1 { matrix[m - 1, 0] += pow(2 * h - 1, Double(m)) }
    for j in 0..<m {
      for i in 0..<m where i - j + 1 > 0 {
        for g in 1...(i - j + 1) { matrix[i, j] /= Double(g) }
      }
    }
    var (power, exponent) = (Matrix.identity(m), 0)
    var (base, baseExponent) = (matrix, 0)
    var left = n
    while left > 0 {
      if left & 1 == 1 {
        power = power.multiplied(by: base)
        exponent += baseExponent
      }
      left >>= 1
      if left == 0 { break }
      base = base.multiplied(by: base)
      baseExponent *= 2
      if base[k - 1, k - 1] > 1e140 {
        base = Matrix(rows: m, columns: m, elements: base.elements.map { $0 * 1e-140 })
        baseExponent += 140
      }
    }
    var result = power[k - 1, k - 1]
    for i in 1...n {
      result *= Double(i) / size
      if result < 1e-140 {
        result *= 1e140
        exponent -= 140
      }
    }
    return min(1, result * pow(10, Double(exponent)))
  }

  /// P(D ≥ d) for two samples of m and n values, given which of the pooled values are tied.
  ///
  /// Counts the lattice paths from (0, 0) to (m, n) that leave |i/m − j/n| < d, looking only where a run of ties ends. Exact; all terms are
  /// positive, so small probabilities keep their digits. O(mn).
  ///
  /// - Parameters:
  ///   - distance: an attainable distance; compared with half a unit of 1/(mn) to spare.
  ///   - tieEnds: for each of the m + n pooled values in order, whether it is the last of its run; nil without ties.
  public static func twoSampleUpperTail(distance d: Double, _ m: Int, _ n: Int, tieEnds: [Bool]? = nil) -> Double {
    precondition(m > 0 && n > 0 && (tieEnds == nil || tieEnds!.count == m + n), "two samples, and one mark for each value")
    let (first, second) = (Double(m), Double(n))
    let limit = d - 0.5 / (first * second)
    var inside = [Double](repeating: 0, count: n + 1)
    inside[0] = 1
    var left = 0.0
    func leaves(_ i: Int, _ j: Int) -> Bool {
      abs(Double(i) / first - Double(j) / second) > limit && (tieEnds.map { $0[i + j - 1] } ?? true)
    }
    for i in 0...m {
      for j in 0...n where i + j > 0 {
        // The chance to come from the left or from below, when m and n steps are taken in random order.
        let remaining = Double(m + n - i - j + 1)
        let across = i > 0 ? inside[j] * Double(m - i + 1) / remaining : 0
        let up = j > 0 ? inside[j - 1] * Double(n - j + 1) / remaining : 0
        let reached = across + up
        if leaves(i, j) {
          left += reached
          inside[j] = 0
        } else {
          inside[j] = reached
        }
      }
    }
    // The masses of all paths sum to 1 but for rounding.
    return left > 1 - 1e-14 ? 1 : left
  }
}
