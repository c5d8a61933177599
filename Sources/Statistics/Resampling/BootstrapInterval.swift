import Foundation

/// Confidence limits from the values of a statistic on bootstrap resamples.
public enum BootstrapInterval {
  /// The quantiles (1 − level)/2 and (1 + level)/2 of the resampled values; NaNs (resamples on which the statistic is not defined) are left
  /// out. NaN limits when fewer than half are left.
  public static func percentile(_ values: [Double], level: Double = 0.95) -> (low: Double, high: Double) {
    quantiles(values, (1 - level) / 2, (1 + level) / 2)
  }

  /// Bias-corrected and accelerated limits (Efron 1987; Efron and Tibshirani 1993, section 14.3): the quantiles Φ(z₀ + (z₀ ± z)/(1 − a (z₀
  /// ± z))), with z₀ from the share of resampled values below the estimate (half of those equal), a = Σ d³ / (6 (Σ d²)^{3/2}) from the
  /// jackknife, d = mean − value.
  ///
  /// - Parameters:
  ///   - jackknife: the statistic without each observation in turn; NaNs are left out.
  /// - Returns: the percentile limits when the estimate lies outside all resampled values or the jackknife values do not vary.
  public static func biasCorrected(
    _ values: [Double], estimate: Double, jackknife: [Double], level: Double = 0.95
  ) -> (low: Double, high: Double) {
    let known = values.filter { !$0.isNaN }
    let below = known.reduce(0.0) { $0 + ($1 < estimate ? 1 : $1 == estimate ? 0.5 : 0) }
    let left = jackknife.filter { !$0.isNaN }
    let mean = left.reduce(0, +) / Double(left.count)
    var (squares, cubes) = (0.0, 0.0)
    for value in left {
      let d = mean - value
      squares += d * d
      cubes += d * d * d
    }
    guard below > 0, below < Double(known.count), squares > 0 else { return percentile(values, level: level) }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    let bias = Normal.quantile(below / Double(known.count))
    func adjusted(_ z: Double) -> Double {
      let shifted = bias + z
      return Normal.lowerTail(bias + shifted / (1 - acceleration * shifted))
    }
    let z = Normal.quantile(upperTail: (1 - level) / 2)
    return quantiles(values, adjusted(-z), adjusted(z))
  }

  private static func quantiles(_ values: [Double], _ low: Double, _ high: Double) -> (low: Double, high: Double) {
    let known = values.filter { !$0.isNaN }
    if known.isEmpty || 2 * known.count < values.count { return (.nan, .nan) }
    let sorted = known.sorted()
    return (Quantiles.quantile(sorted: sorted, low), Quantiles.quantile(sorted: sorted, high))
  }
}
