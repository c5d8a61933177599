import Foundation

extension RobustScale {
  /// The τ-scale of Yohai and Zamar (1988) with the weights of Maronna and Zamar (2002), and the location that comes with it; consistent at the normal.
  ///
  /// With m the median and s = median |xᵢ − m|: μ = Σ wᵢxᵢ / Σ wᵢ, wᵢ = (1 − ((xᵢ − m)/(4.5 s))²)² inside 4.5 s and 0 beyond;
  /// σ² = s²/(n E) Σ min(((xᵢ − μ)/s)², 3²) with E making it consistent at the normal. Breakdown ½, efficiency about 80 %, linear time.
  /// Scale 0 when more than half of the values are equal; NaN for an empty sample and for one that holds a NaN.
  public static func tau(_ values: [Double]) -> (location: Double, scale: Double) {
    let middle = Quantiles.median(values)
    var deviations = values
    for i in deviations.indices { deviations[i] = abs(deviations[i] - middle) }
    let start = Quantiles.median(reordering: &deviations)
    guard start > 0 else { return (middle, start) }
    let perReach = 1 / (4.5 * start)
    var (total, sum) = (0.0, 0.0)
    for x in values {
      let u = (x - middle) * perReach
      let inside = max(0, 1 - u * u)
      total += inside * inside
      sum += inside * inside * (x - middle)
    }
    let location = middle + sum / total
    let perStart = 1 / start
    var rho = 0.0
    for x in values {
      let u = (x - location) * perStart
      rho += min(u * u, 9)
    }
    return (location, start * (rho / (Double(values.count) * tauExpectation)).squareRoot())
  }

  /// E min(Z², 9q²) for Z standard normal and q = Φ⁻¹(¾), which is the limit of s.
  private static let tauExpectation: Double = {
    let b = 3 * Normal.quantile(0.75)
    return 2 * ((1 - b * b) * Normal.lowerTail(b) - b * Normal.density(b) + b * b) - 1
  }()

  /// Qn up to a thousand values, the τ-scale beyond: what the deterministic starts standardise by (Hubert, Rousseeuw and Verdonck 2012).
  static func qnOrTau(_ values: [Double]) -> Double { values.count < 1000 ? qn(values) : tau(values).scale }
}
