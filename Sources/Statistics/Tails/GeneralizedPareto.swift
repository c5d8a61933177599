import Foundation

/// The generalised Pareto distribution of exceedances: P(Y > y) = (1 + ξ y/σ)^(−1/ξ), y ≥ 0; e^(−y/σ) at ξ = 0.
///
/// ξ < 0 has the end point −σ/ξ, ξ > 0 a power tail. The tail of nearly every distribution beyond a high threshold is close to one
/// of these (Balkema and de Haan 1974, Pickands 1975).
public struct GeneralizedPareto: Sendable, Hashable {
  public let shape: Double
  public let scale: Double

  /// - Precondition: `scale` > 0.
  public init(shape: Double, scale: Double) {
    precondition(scale > 0, "the scale must be positive")
    self.shape = shape
    self.scale = scale
  }

  /// log P(Y > y); 0 for y ≤ 0, −∞ beyond the end point.
  public func logUpperTail(_ y: Double) -> Double {
    if y <= 0 { return 0 }
    let x = y / scale
    if abs(shape * x) < 1e-12 { return -x }
    let inside = shape * x
    return inside <= -1 ? -.infinity : -log1p(inside) / shape
  }

  /// The y with log P(Y > y) = `logP` ≤ 0.
  public func quantile(logUpperTail logP: Double) -> Double {
    abs(shape * logP) < 1e-12 ? -scale * logP : scale * expm1(-shape * logP) / shape
  }

  /// Zhang and Stephens's (2009) quasi-Bayesian estimate: nearly as good as maximum likelihood and never fails to converge.
  ///
  /// The likelihood is profiled over θ = −ξ/σ and averaged over 30 + √n points of a weakly informative prior.
  /// As in Vehtari and others (2024) ξ is drawn towards `priorShape` with the weight of `priorWeight` observations.
  ///
  /// - Parameter exceedances: positive numbers in any order; values ≤ 0 and NaN are ignored.
  /// - Returns: nil for fewer than 5 exceedances.
  public static func fit(_ exceedances: [Double], priorShape: Double = 0, priorWeight: Double = 0) -> GeneralizedPareto? {
    let y = exceedances.filter { $0 > 0 }.sorted()
    let n = y.count
    guard n >= 5 else { return nil }
    let count = Double(n)
    let largest = y[n - 1]
    let quartile = y[max(0, Int(count / 4 + 0.5) - 1)]
    let points = 30 + Int(count.squareRoot())
    var thetas: [Double] = []
    var likelihoods: [Double] = []
    for j in 1...points {
      let theta = 1 / largest + (1 - (Double(points) / (Double(j) - 0.5)).squareRoot()) / (3 * quartile)
      var sum = 0.0
      for value in y { sum += log1p(-theta * value) }
      let k = sum / count
      thetas.append(theta)
      likelihoods.append(count * (log(-theta / k) - k - 1))
    }
    let top = likelihoods.max() ?? 0
    var (weights, weighted) = (0.0, 0.0)
    for (theta, likelihood) in zip(thetas, likelihoods) where likelihood.isFinite {
      let weight = exp(likelihood - top)
      weights += weight
      weighted += weight * theta
    }
    let theta = weighted / weights
    guard theta.isFinite else { return nil }
    var sum = 0.0
    for value in y { sum += log1p(-theta * value) }
    let shape = sum / count
    let scale = abs(theta) < 1e-12 / largest ? y.reduce(0, +) / count : -shape / theta
    guard scale > 0, scale.isFinite else { return nil }
    let drawn = (shape * count + priorShape * priorWeight) / (count + priorWeight)
    return GeneralizedPareto(shape: drawn, scale: scale)
  }

  /// Probability-weighted moments (Hosking and Wallis 1987); simple and stable for |ξ| < ½. nil for fewer than 5 exceedances.
  public static func probabilityWeightedMoments(_ exceedances: [Double]) -> GeneralizedPareto? {
    let y = exceedances.filter { $0 > 0 }.sorted()
    let n = Double(y.count)
    guard y.count >= 5 else { return nil }
    var (b0, b1) = (0.0, 0.0)
    for (i, value) in y.enumerated() {
      b0 += value / n
      b1 += value * (n - Double(i) - 1) / (n - 1) / n
    }
    guard b0 > 2 * b1 else { return nil }
    return GeneralizedPareto(shape: 2 - b0 / (b0 - 2 * b1), scale: 2 * b0 * b1 / (b0 - 2 * b1))
  }
}
