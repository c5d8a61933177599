internal import Foundation
internal import Statistics

/// Lin's (1989) concordance correlation of two raters: how near the points are to the line of equality.
///
///     ρ_c = 2 s_xy / (s_x² + s_y² + (x̄ − ȳ)²) = ρ C_b,   moments divided by n
///
/// ρ is precision (points near a line), C_b accuracy (that line is the diagonal). The interval is by Fisher's z with Lin's variance, as
/// corrected in 2000:
///
///     Var z = (1/(n − 2)) [ (1 − ρ²) ρ_c² / ((1 − ρ_c²) ρ²) + 2 ρ_c³ (1 − ρ_c) v² / (ρ (1 − ρ_c²)²) − ρ_c⁴ v⁴ / (2 ρ² (1 − ρ_c²)²) ],   v² = (x̄ − ȳ)²/(s_x s_y)
///
/// Source: Lin (1989), Biometrics 45:255–268; Lin (2000), Biometrics 56:324–325.
public struct LinConcordance: Sendable, Equatable {
  public let count: Int
  public let value: Double
  /// Pearson's ρ and C_b.
  public let precision: Double
  public let accuracy: Double
  private let standardErrorOfZ: Double

  /// - Throws: `tooFewUnits` below three; `noVariation` when all values of both are equal.
  public init(_ x: [Double], _ y: [Double]) throws(AgreementError) {
    precondition(x.count == y.count, "pairs of ratings")
    count = x.count
    if count < 3 { throw .tooFewUnits(count, needed: 3) }
    let n = Double(count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for i in x.indices {
      xx += (x[i] - meanX) * (x[i] - meanX)
      yy += (y[i] - meanY) * (y[i] - meanY)
      xy += (x[i] - meanX) * (y[i] - meanY)
    }
    let shift = (meanX - meanY) * (meanX - meanY)
    let spread = (xx + yy) / n + shift
    if !(spread > 0) { throw .noVariation }
    value = 2 * xy / n / spread
    let root = (xx * yy).squareRoot()
    precision = root > 0 ? max(-1, min(1, xy / root)) : .nan
    accuracy = root > 0 ? 2 * root / n / spread : 0
    let (r, c) = (precision, value)
    let v = shift * n / root
    let rest = 1 - c * c
    let variance =
      ((1 - r * r) * c * c / (rest * r * r) + 2 * c * c * c * (1 - c) * v / (r * rest * rest) - c * c * c * c * v * v
        / (2 * r * r * rest * rest)) / (n - 2)
    standardErrorOfZ = variance.squareRoot()
  }

  /// NaN limits when the values of one rater do not vary or agreement is complete.
  public func interval(level: Double = 0.95) -> (low: Double, high: Double) {
    guard standardErrorOfZ.isFinite, abs(value) < 1 else { return value == 1 ? (1, 1) : (.nan, .nan) }
    let half = Normal.quantile(upperTail: (1 - level) / 2) * standardErrorOfZ
    return (tanh(atanh(value) - half), tanh(atanh(value) + half))
  }
}
