internal import Foundation
internal import Statistics

/// Kendall's W and the mean of Spearman's correlations: do raters put the units in the same order, whatever their severity and spread?
public struct RankConcordance: Sendable, Equatable {
  /// Units ranked by all raters; W is about these.
  public let units: Int
  public let raters: Int
  /// Kendall's coefficient of concordance, corrected for ties; NaN below two such units or raters.
  public let w: Double
  /// The same without the correction.
  public let uncorrectedW: Double
  /// χ² = m (n − 1) W on n − 1 degrees of freedom.
  public let chiSquared: Double
  public let pValue: Double
  /// Mean over pairs of raters of Spearman's ρ on the units both rated, pairs weighted by those units less one; NaN when no pair shares
  /// three units that vary.
  public let meanSpearman: Double
  /// The same, each pair alike, averaged as Fisher's z and turned back (irr's meanrho).
  public let meanSpearmanFisher: Double
  public let pairs: Int

  /// W needs complete rankings: units that a rater missed are left out of it; Spearman's ρ takes each pair as it is. O(N log N) for W, O(R²
  /// n log n) for ρ: with more than `raterLimit` raters ρ is not computed.
  ///
  ///     W = 12 Σ (R_j − R̄)² / (m² (n³ − n) − m Σ (t³ − t))
  ///
  /// Source: Kendall and Babington Smith (1939); Siegel and Castellan (1988), section 9.7. With complete rankings without ties mean ρ = (m
  /// W − 1)/(m − 1).
  public init(_ table: RatingsTable, raterLimit: Int = 400) {
    let active = table.activeRaters
    raters = active.count
    let complete = table.units(withAtLeast: max(1, active.count))
    units = complete.count
    let rows = (0..<active.count).map { j in complete.map { table.value[table.unitStart[$0] + j] } }
    if rows.count > 1 && units > 1 {
      (w, chiSquared, pValue) = Ranks.kendallW(rows)
      uncorrectedW = RankConcordance.uncorrected(rows)
    } else {
      (w, chiSquared, pValue, uncorrectedW) = (.nan, .nan, .nan, .nan)
    }
    guard active.count <= raterLimit else {
      (meanSpearman, meanSpearmanFisher, pairs) = (.nan, .nan, 0)
      return
    }
    var (sum, weight, z, count) = (0.0, 0.0, 0.0, 0)
    for (i, a) in active.enumerated() {
      for b in active[(i + 1)...] {
        let (x, y) = table.sharedRatings(a, b)
        if x.count < 3 { continue }
        let rho = Ranks.spearman(x, y)
        if rho.isNaN { continue }
        sum += Double(x.count - 1) * rho
        weight += Double(x.count - 1)
        z += atanh(rho)
        count += 1
      }
    }
    meanSpearman = count > 0 ? sum / weight : .nan
    meanSpearmanFisher = count > 0 ? tanh(z / Double(count)) : .nan
    pairs = count
  }

  private static func uncorrected(_ rows: [[Double]]) -> Double {
    let (m, n) = (Double(rows.count), Double(rows[0].count))
    var sums = [Double](repeating: 0, count: rows[0].count)
    for row in rows { for (j, rank) in Ranks.midranks(row).enumerated() { sums[j] += rank } }
    let mean = m * (n + 1) / 2
    return 12 * sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m * m * (n * n * n - n))
  }
}

extension RatingsTable {
  /// The ratings by two raters of the units both rated, in order of units.
  public func sharedRatings(_ a: Int, _ b: Int) -> (x: [Double], y: [Double]) {
    var (x, y): ([Double], [Double]) = ([], [])
    for u in 0..<units {
      if let i = place(unit: u, rater: a), let j = place(unit: u, rater: b) {
        x.append(value[i])
        y.append(value[j])
      }
    }
    return (x, y)
  }
}
