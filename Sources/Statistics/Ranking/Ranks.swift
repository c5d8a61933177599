import Foundation

/// Ranks, and what can be computed from them alone.
public enum Ranks {
  /// Ranks from 1 in increasing order; equal values share the mean of their ranks. O(n log n).
  /// - Precondition: no value is NaN.
  public static func midranks(_ values: [Double]) -> [Double] {
    precondition(!values.contains(where: \.isNaN), "NaN has no rank")
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var begin = 0
    while begin < order.count {
      var end = begin + 1
      while end < order.count && values[order[end]] == values[order[begin]] { end += 1 }
      for place in begin..<end { ranks[order[place]] = Double(begin + 1 + end) / 2 }
      begin = end
    }
    return ranks
  }

  /// Pearson's correlation; NaN when either sample has no variance or fewer than two values.
  public static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "samples must be of one length")
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for i in x.indices {
      let (a, b) = (x[i] - meanX, y[i] - meanY)
      xx += a * a
      yy += b * b
      xy += a * b
    }
    return xx > 0 && yy > 0 ? max(-1, min(1, xy / (xx.squareRoot() * yy.squareRoot()))) : .nan
  }

  /// Spearman's ρ: the correlation of the midranks.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    correlation(midranks(x), midranks(y))
  }

  /// Kendall's coefficient of concordance of m complete rankings of n objects, corrected for ties:
  /// W = 12 Σ (R_j − R̄)² / (m² (n³ − n) − m Σ (t³ − t)); χ² = m (n − 1) W with n − 1 degrees of freedom.
  ///
  /// - Parameter rows: m rows of n values, one row for each ranking.
  /// - Returns: NaN when there are fewer than two objects, no rows, or nothing but ties.
  public static func kendallW(_ rows: [[Double]]) -> (w: Double, chiSquared: Double, pValue: Double) {
    guard let n = rows.first?.count, n > 1 else { return (.nan, .nan, .nan) }
    var sums = [Double](repeating: 0, count: n)
    var ties = 0.0
    for row in rows {
      precondition(row.count == n, "every row ranks the same objects")
      let ranks = midranks(row)
      for j in 0..<n { sums[j] += ranks[j] }
      var counts: [Double: Double] = [:]
      for rank in ranks { counts[rank, default: 0] += 1 }
      // Whole numbers: their sum does not depend on the order of the dictionary.
      for t in counts.values { ties += t * t * t - t }
    }
    let (m, objects) = (Double(rows.count), Double(n))
    let mean = m * (objects + 1) / 2
    var squares = 0.0
    for sum in sums { squares += (sum - mean) * (sum - mean) }
    let denominator = m * m * (objects * objects * objects - objects) - m * ties
    guard denominator > 0 else { return (.nan, .nan, .nan) }
    let w = 12 * squares / denominator
    let chi = m * (objects - 1) * w
    return (w, chi, ChiSquared(degreesOfFreedom: objects - 1).upperTail(chi))
  }
}
