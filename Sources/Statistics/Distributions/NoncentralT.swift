import Foundation

/// The noncentral t distribution: (Z + δ)/√(V/ν), Z standard normal, V χ²(ν): the power of t tests.
///
/// P(T > t) = E[Q(tS − δ)] with S = √(V/ν), integrated over log S. The integrand is positive for every sign of t and δ, so both tails
/// keep their digits where the usual series (Lenth 1989) cancels: relative error about 1e-13, logs included. Some 200 normal tails a
/// value.
public struct NoncentralT: ContinuousDistribution, Hashable {
  public let degreesOfFreedom: Double
  public let noncentrality: Double

  /// - Precondition: ν is positive and finite, δ finite.
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    precondition(degreesOfFreedom > 0 && degreesOfFreedom.isFinite, "degrees of freedom must be positive and finite")
    precondition(noncentrality.isFinite, "the noncentrality must be finite")
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  public func logDensity(_ t: Double) -> Double {
    if noncentrality == 0 { return StudentT(degreesOfFreedom: degreesOfFreedom).logDensity(t) }
    if t.isInfinite { return -.infinity }
    return average { s, u in Normal.logDensity(t * s - noncentrality) + u }
  }

  public func lowerTail(_ t: Double) -> Double { exp(logLowerTail(t)) }
  public func upperTail(_ t: Double) -> Double { exp(logUpperTail(t)) }

  public func logLowerTail(_ t: Double) -> Double {
    NoncentralT(degreesOfFreedom: degreesOfFreedom, noncentrality: -noncentrality).logUpperTail(-t)
  }

  public func logUpperTail(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    if t.isInfinite { return t > 0 ? -.infinity : 0 }
    if noncentrality == 0 { return StudentT(degreesOfFreedom: degreesOfFreedom).logUpperTail(t) }
    if t == 0 { return Normal.logUpperTail(-noncentrality) }
    // The smaller tail, as it is the one that keeps its digits when it is subtracted from 1.
    if t < noncentrality {
      let lower = min(0, average { s, _ in Normal.logLowerTail(t * s - noncentrality) })
      return logOneMinusExp(lower)
    }
    return min(0, average { s, _ in Normal.logUpperTail(t * s - noncentrality) })
  }

  /// log E[e^g(S, log S)].
  private func average(_ g: (Double, Double) -> Double) -> Double {
    let a = 0.5 * degreesOfFreedom
    let constant = log(2 * a)
    return logIntegral(start: 0, step: 1 / (1 + 2 * a).squareRoot()) { u in
      let s = exp(u)
      let y = a * s * s
      if y == 0 || y == .infinity { return -.infinity }
      return constant + logGammaPower(a, y) + g(s, u)
    }
  }

  public func quantile(logLowerTail logP: Double) -> Double {
    -NoncentralT(degreesOfFreedom: degreesOfFreedom, noncentrality: -noncentrality).quantile(logUpperTail: logP)
  }

  public func quantile(logUpperTail logP: Double) -> Double {
    if !(logP <= 0) { return .nan }
    if logP == 0 { return -.infinity }
    if logP == -.infinity { return .infinity }
    if noncentrality == 0 { return StudentT(degreesOfFreedom: degreesOfFreedom).quantile(logUpperTail: logP) }
    if logP > -0.6931471805599453 { return quantile(logLowerTail: logOneMinusExp(logP)) }
    // The unknown is asinh t: the real line near 0, log t where tails are straight lines in it.
    let start = asinh(noncentrality + StudentT(degreesOfFreedom: degreesOfFreedom).quantile(logUpperTail: logP))
    let u = solveLogTail(target: logP, start: start, step: 1, increasing: false) { u in
      let t = sinh(u)
      let tail = logUpperTail(t)
      return (tail, -cosh(u) * exp(logDensity(t) - tail))
    }
    return sinh(u)
  }
}
