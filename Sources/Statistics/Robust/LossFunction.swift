import Foundation

/// Loss functions ρ for M-estimation with ψ = ρ′ and weights w(u) = ψ(u)/u of iteratively reweighted least squares,
/// u being a residual in units of its scale.
public enum LossFunction: Sendable, Hashable {
  /// w = min(1, k/|u|). k = 1.345 has 95 % efficiency at the normal; convex, so no local minima.
  case huber(k: Double)
  /// Tukey's bisquare, w = (1 − (u/c)²)² inside c and 0 beyond. c = 4.685 has 95 % efficiency; needs a good start.
  case tukey(c: Double)
  /// Maximum likelihood for t noise with unit scale, w = (ν + 1)/(ν + u²).
  case studentT(degreesOfFreedom: Double)

  public static let huber95 = LossFunction.huber(k: 1.345)
  public static let tukey95 = LossFunction.tukey(c: 4.685)

  /// The weight of a residual; 1 at 0 for Huber and Tukey, (ν + 1)/ν for t.
  @inlinable
  public func weight(_ u: Double) -> Double {
    switch self {
    case .huber(let k):
      let a = abs(u)
      return a <= k ? 1 : k / a
    case .tukey(let c):
      let r = u / c
      let inside = 1 - r * r
      return inside > 0 ? inside * inside : 0
    case .studentT(let nu): return (nu + 1) / (nu + u * u)
    }
  }

  /// ψ(u) = u w(u).
  @inlinable
  public func influence(_ u: Double) -> Double { u * weight(u) }

  /// ρ(u), zero at zero.
  public func loss(_ u: Double) -> Double {
    switch self {
    case .huber(let k):
      let a = abs(u)
      return a <= k ? 0.5 * a * a : k * (a - 0.5 * k)
    case .tukey(let c):
      let inside = max(0, 1 - (u / c) * (u / c))
      return c * c / 6 * (1 - inside * inside * inside)
    case .studentT(let nu): return 0.5 * (nu + 1) * log1p(u * u / nu)
    }
  }
}

/// Robust estimates of location.
public enum RobustLocation {
  /// The M-estimate Σ ψ((xᵢ − μ)/s) = 0 by reweighting from the median, with s fixed.
  ///
  /// - Parameters:
  ///   - scale: s; by default the median absolute deviation. When it is 0 (more than half of the values are equal) the median is returned.
  ///   - loss: by default Huber's with k = 1.5.
  /// - Returns: location, the scale used, and the standard error s √(Σψ²)/|Σψ′| with a numerical ψ′.
  public static func mEstimate(
    _ values: [Double], scale: Double? = nil, loss: LossFunction = .huber(k: 1.5)
  ) -> (location: Double, scale: Double, standardError: Double) {
    var location = Quantiles.median(values)
    let s = scale ?? RobustScale.medianAbsoluteDeviation(values, center: location)
    guard s > 0, s.isFinite, location.isFinite else { return (location, s, s == 0 ? 0 : .nan) }
    for _ in 0..<200 {
      var total = 0.0
      var shift = 0.0
      for x in values {
        let u = (x - location) / s
        let w = loss.weight(u)
        total += w
        shift += w * u
      }
      guard total > 0 else { break }
      location += s * shift / total
      if abs(shift / total) < 1e-12 { break }
    }
    var squares = 0.0
    var slope = 0.0
    let h = 1e-4
    for x in values {
      let u = (x - location) / s
      let psi = loss.influence(u)
      squares += psi * psi
      slope += (loss.influence(u + h) - loss.influence(u - h)) / (2 * h)
    }
    return (location, s, slope > 0 ? s * squares.squareRoot() / slope : .nan)
  }

  /// The mean of what is left when ⌊`share`·n⌋ values are dropped at each end.
  public static func trimmedMean(_ values: [Double], share: Double) -> Double { trimmed(values, share: share).mean }

  /// Trimmed mean with Winsorised standard deviation and the standard error of the trimmed mean (Tukey and McLaughlin 1963):
  /// s_w / ((1 − 2·share) √n), which has h − 1 degrees of freedom for h values kept.
  /// - Precondition: 0 ≤ `share` < ½.
  public static func trimmed(
    _ values: [Double], share: Double
  ) -> (mean: Double, winsorizedMean: Double, winsorizedDeviation: Double, standardError: Double, degreesOfFreedom: Int) {
    precondition(share >= 0 && share < 0.5, "the trimmed share lies in [0, ½)")
    let n = values.count
    guard n > 0, !values.contains(where: \.isNaN) else { return (.nan, .nan, .nan, .nan, 0) }
    let x = values.sorted()
    let g = Int(share * Double(n) + 1e-9)
    let kept = n - 2 * g
    var sum = 0.0
    for i in g..<(n - g) { sum += x[i] }
    let winsorizedMean = (sum + Double(g) * (x[g] + x[n - g - 1])) / Double(n)
    var squares = 0.0
    for i in 0..<n {
      let d = x[min(max(i, g), n - g - 1)] - winsorizedMean
      squares += d * d
    }
    let deviation = n > 1 ? (squares / Double(n - 1)).squareRoot() : .nan
    let error = deviation * Double(n).squareRoot() / Double(kept)
    return (sum / Double(kept), winsorizedMean, deviation, error, kept - 1)
  }
}
