import Foundation

/// The noncentral χ² distribution: Σ (Z_i + μ_i)² for ν standard normal Z, noncentrality λ = Σ μ_i².
///
/// A Poisson(λ/2) mixture of χ²(ν + 2j). Relative error about 1e-13 in both tails, logs included. Cost grows like √λ.
public struct NoncentralChiSquared: ContinuousDistribution, Hashable {
  public let degreesOfFreedom: Double
  public let noncentrality: Double

  /// - Precondition: ν > 0 and λ ≥ 0, both finite; neither need be whole.
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    precondition(degreesOfFreedom > 0 && degreesOfFreedom.isFinite, "degrees of freedom must be positive and finite")
    precondition(noncentrality >= 0 && noncentrality.isFinite, "the noncentrality must be finite and not negative")
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  private var central: ChiSquared { ChiSquared(degreesOfFreedom: degreesOfFreedom) }

  private func mixture(_ x: Double) -> PoissonMixture {
    PoissonMixture(mean: 0.5 * noncentrality, kernel: .gamma(shape: 0.5 * degreesOfFreedom, x: 0.5 * x))
  }

  public func logDensity(_ x: Double) -> Double {
    if noncentrality == 0 { return central.logDensity(x) }
    if x < 0 || x == .infinity { return -.infinity }
    if x == 0 { return central.logDensity(0) - 0.5 * noncentrality }
    return mixture(x).logDensityTimesX() - log(x)
  }

  public func lowerTail(_ x: Double) -> Double { exp(logLowerTail(x)) }
  public func upperTail(_ x: Double) -> Double { exp(logUpperTail(x)) }

  public func logLowerTail(_ x: Double) -> Double { tails(x).lower }
  public func logUpperTail(_ x: Double) -> Double { tails(x).upper }

  private func tails(_ x: Double) -> (lower: Double, upper: Double) {
    if x.isNaN { return (.nan, .nan) }
    if x <= 0 { return (-.infinity, 0) }
    if x == .infinity { return (0, -.infinity) }
    if noncentrality == 0 { return (central.logLowerTail(x), central.logUpperTail(x)) }
    if x < degreesOfFreedom + noncentrality {
      let lower = mixture(x).logLowerTail()
      return (lower, logOneMinusExp(lower))
    }
    let upper = mixture(x).logUpperTail()
    return (logOneMinusExp(upper), upper)
  }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    // Patnaik's (1949) central χ² with the same mean and variance.
    let mean = degreesOfFreedom + noncentrality
    let scale = (degreesOfFreedom + 2 * noncentrality) / mean
    let patnaik = Gamma(shape: 0.5 * mean / scale, scale: 2 * scale)
    return positiveQuantile(logP, lower: lower, step: 1) { logP, lower in
      log(max(lower ? patnaik.quantile(logLowerTail: logP) : patnaik.quantile(logUpperTail: logP), 1e-300))
    }
  }
}
