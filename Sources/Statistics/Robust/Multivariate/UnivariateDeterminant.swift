import Foundation

/// The reweighted univariate minimum covariance determinant, as robust principal components use it (Rousseeuw and Leroy 1987, p. 171).
///
/// The h neighbours of smallest variance; their variance is scaled so that h values lie within the h/n quantile of χ²₁; then mean and standard deviation of
/// the values within χ²_{1, 0.975}. O(n log n).
enum UnivariateDeterminant {
  static func estimate(_ values: [Double], size h: Int) -> (location: Double, scale: Double) {
    let x = values.sorted()
    let n = x.count
    let middle = x[n / 2]
    var (sum, squares) = (0.0, 0.0)
    for i in 0..<h {
      let d = x[i] - middle
      sum += d
      squares += d * d
    }
    var best = (mean: sum / Double(h), value: squares - sum * sum / Double(h))
    for i in h..<max(h, n) {
      let (d, e) = (x[i] - middle, x[i - h] - middle)
      sum += d - e
      squares += d * d - e * e
      let value = squares - sum * sum / Double(h)
      if value < best.value { best = (sum / Double(h), value) }
    }
    let mean = best.mean + middle
    guard best.value > 1e-28 * squares, best.value > 0 else { return (mean, 0) }
    var deviations = x.map { ($0 - mean) * ($0 - mean) }
    let quantile = ChiSquared(degreesOfFreedom: 1).quantile(Double(h) / Double(n))
    let last = Quantiles.select(h - 1, in: &deviations, from: 0, to: n)
    let variance = quantile.isFinite ? last / quantile : best.value / Double(h - 1)
    let cut = variance * ChiSquared(degreesOfFreedom: 1).quantile(0.975)
    let inside = x.filter { ($0 - mean) * ($0 - mean) <= cut }
    var total = 0.0
    for v in inside { total += v - mean }
    let location = mean + total / Double(inside.count)
    var spread = 0.0
    for v in inside { spread += (v - location) * (v - location) }
    return (location, inside.count > 1 ? (spread / Double(inside.count - 1)).squareRoot() : 0)
  }
}
