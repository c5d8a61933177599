import Foundation

/// Student's t distribution. `degreesOfFreedom` need not be whole and may be infinite (then it is the normal distribution).
///
/// Upper tail for t > 0: ½ I_x(ν/2, ½) with x = ν/(ν + t²). For ν > 2·10⁵ Hill's (1970, Algorithm 395) expansion to a
/// normal deviate replaces it; the two agree there to 1e-14 in the relative error of the tail, down to tails of e^−700.
public struct StudentT: ContinuousDistribution, Hashable {
  public let degreesOfFreedom: Double

  /// - Precondition: `degreesOfFreedom` > 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive")
    self.degreesOfFreedom = degreesOfFreedom
  }

  public func logDensity(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    if nu.isInfinite { return Normal.logDensity(t) }
    let n = 0.5 * nu
    // log Γ(n + ½) − log Γ(n) − ½ log(ν π), through Stirling errors of Γ(n + ½) = Γ(n − ½ + 1).
    let logConstant: Double
    if nu > 20 {
      let half = devianceTerm(n, n - 0.5, difference: 0.5)
      logConstant = stirlingError(n - 0.5) - stirlingError(n) - half + 0.5 * log(n / nu) - halfLogTwoPi + 0.5 * log(2)
    } else {
      logConstant = logGamma(n + 0.5) - logGamma(n) - 0.5 * log(nu * Double.pi)
    }
    return logConstant - (n + 0.5) * logOnePlusSquare(t)
  }

  public func lowerTail(_ t: Double) -> Double { upperTail(-t) }
  public func upperTail(_ t: Double) -> Double { exp(logUpperTail(t)) }
  public func logLowerTail(_ t: Double) -> Double { logUpperTail(-t) }

  public func logUpperTail(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    if degreesOfFreedom.isInfinite { return Normal.logUpperTail(t) }
    let half = logTwoSided(t) - 0.6931471805599453
    return t >= 0 ? half : log1p(-exp(half))
  }

  /// log P(|T| > |t|).
  public func logTwoSided(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    if nu.isInfinite { return Normal.logTwoSided(t) }
    if nu > StudentT.expansionStart { return Normal.logTwoSided(normalDeviate(abs(t))) }
    let square = t * t
    if square > 1e30 * nu {
      // x = ν/(ν + t²) rounds to ν/t²: the leading term is all there is, and t² may overflow.
      let logX = log(nu) - 2 * log(abs(t))
      return logGamma(0.5 * nu + 0.5) - logGamma(0.5 * nu) - 0.5 * log(Double.pi) + 0.5 * nu * logX - log(0.5 * nu)
    }
    return logIncompleteBeta(0.5 * nu, 0.5, x: nu / (nu + square), y: square / (nu + square)).lower
  }

  /// P(|T| > |t|).
  public func twoSided(_ t: Double) -> Double { exp(logTwoSided(t)) }

  /// The standard normal deviate with the same tail as t: the scale on which evidence with different degrees of freedom
  /// may be compared.
  public func zScore(_ t: Double) -> Double {
    if degreesOfFreedom.isInfinite { return t }
    if degreesOfFreedom > StudentT.expansionStart { return t < 0 ? -normalDeviate(-t) : normalDeviate(t) }
    let z = Normal.quantile(logUpperTail: logUpperTail(abs(t)))
    return t < 0 ? -z : z
  }

  public func quantile(logLowerTail logP: Double) -> Double { -quantile(logUpperTail: logP) }

  public func quantile(logUpperTail logP: Double) -> Double {
    let nu = degreesOfFreedom
    if !(logP <= 0) { return .nan }
    if logP == 0 { return -.infinity }
    if logP == -.infinity { return .infinity }
    if logP > -0.6931471805599453 { return -quantile(logUpperTail: logOneMinusExp(logP)) }
    if logP > -0.6931471805599454 { return 0 }
    if nu.isInfinite { return Normal.quantile(logUpperTail: logP) }
    // The unknown is log t, in which heavy tails are straight lines.
    let z = Normal.quantile(logUpperTail: logP)
    let u = solveLogTail(target: logP, start: log(z), step: 1, increasing: false) { u in
      let t = exp(u)
      let tail = logUpperTail(t)
      return (tail, -exp(logDensity(t) + u - tail))
    }
    return exp(u)
  }

  private static let expansionStart = 2e5

  /// log(1 + t²/ν) without overflow.
  private func logOnePlusSquare(_ t: Double) -> Double {
    let r = abs(t) / degreesOfFreedom.squareRoot()
    return r > 1e8 ? 2 * log(r) : log1p(r * r)
  }

  /// Hill (1970): the normal deviate with the same tail, error O(ν⁻³); t ≥ 0, ν large.
  private func normalDeviate(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    let a = nu - 0.5
    let b = 48 * a * a
    let y = a * logOnePlusSquare(t)
    let correction = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b)
    return ((correction + y + 3) / b + 1) * y.squareRoot()
  }
}
