/// Bangdiwala's (1985) B of two raters: the area of agreement in their chart, Σ_k p_kk² / Σ_k p_k+ p_+k.
///
/// p are the shares of the units that both rated in the cells of their table. The standard error is the delta method's for a multinomial
/// table: with N and D for numerator and denominator, ∂B/∂p_kl = (2 p_kk [k = l] D − N (p_+k + p_l+))/D², Var = (Σ p g² − (Σ p g)²)/n.
/// Source: Munoz and Bangdiwala (1997), Journal of Applied Statistics 24:105–111.
public struct BangdiwalaB: Sendable, Equatable {
  public let value: Double
  public let standardError: Double
  public let units: Int

  /// - Throws: `tooFewRaters` unless the table has two raters, `nothingToCompare` when they share no unit. O(N + q²).
  public init(_ table: RatingsTable) throws(AgreementError) {
    let active = table.activeRaters
    if active.count != 2 { throw .tooFewRaters(active.count, needed: 2) }
    let q = table.categories.count
    var cells = [Double](repeating: 0, count: q * q)
    var n = 0.0
    for u in 0..<table.units where table.unitStart[u + 1] - table.unitStart[u] == 2 {
      let i = table.unitStart[u]
      cells[Int(table.category[i]) * q + Int(table.category[i + 1])] += 1
      n += 1
    }
    if n == 0 { throw .nothingToCompare }
    for i in cells.indices { cells[i] /= n }
    var (rows, columns) = ([Double](repeating: 0, count: q), [Double](repeating: 0, count: q))
    for k in 0..<q {
      for l in 0..<q {
        rows[k] += cells[k * q + l]
        columns[l] += cells[k * q + l]
      }
    }
    var squares = 0.0
    for k in 0..<q { squares += cells[k * q + k] * cells[k * q + k] }
    let area = dot(rows, columns)
    value = squares / area
    var (mean, second) = (0.0, 0.0)
    for k in 0..<q {
      for l in 0..<q where cells[k * q + l] > 0 {
        let own = k == l ? 2 * cells[k * q + k] * area : 0
        let slope = (own - squares * (columns[k] + rows[l])) / (area * area)
        mean += cells[k * q + l] * slope
        second += cells[k * q + l] * slope * slope
      }
    }
    standardError = (max(0, second - mean * mean) / n).squareRoot()
    units = Int(n)
  }
}
