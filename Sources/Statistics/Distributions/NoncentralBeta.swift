import Foundation

/// The noncentral beta distribution (type I): X/(X + Y) with X noncentral χ²(2a, λ) and Y χ²(2b), independent.
///
/// A Poisson(λ/2) mixture of beta(a + j, b). Relative error about 1e-13 in both tails, logs included. Cost grows like √λ.
public struct NoncentralBeta: ContinuousDistribution, Hashable {
  public let a: Double
  public let b: Double
  public let noncentrality: Double

  /// - Precondition: a, b > 0 and λ ≥ 0, all finite.
  public init(_ a: Double, _ b: Double, noncentrality: Double) {
    precondition(a > 0 && b > 0 && a.isFinite && b.isFinite, "beta parameters must be positive and finite")
    precondition(noncentrality >= 0 && noncentrality.isFinite, "the noncentrality must be finite and not negative")
    self.a = a
    self.b = b
    self.noncentrality = noncentrality
  }

  public func logDensity(_ x: Double) -> Double {
    if noncentrality == 0 { return Beta(a, b).logDensity(x) }
    if x < 0 || x > 1 { return -.infinity }
    if x == 0 { return Beta(a, b).logDensity(0) - 0.5 * noncentrality }
    if x == 1 { return b < 1 ? .infinity : b > 1 ? -.infinity : log(a + 0.5 * noncentrality) }
    return logDensityPower(x, 1 - x) - log(x) - log1p(-x)
  }

  public func lowerTail(_ x: Double) -> Double { exp(logLowerTail(x)) }
  public func upperTail(_ x: Double) -> Double { exp(logUpperTail(x)) }
  public func logLowerTail(_ x: Double) -> Double { x.isNaN ? .nan : tails(x, 1 - x).lower }
  public func logUpperTail(_ x: Double) -> Double { x.isNaN ? .nan : tails(x, 1 - x).upper }

  public func quantile(logLowerTail logP: Double) -> Double { odds(logP, lower: true)?.x ?? .nan }
  public func quantile(logUpperTail logP: Double) -> Double { odds(logP, lower: false)?.x ?? .nan }

  /// log [x y f(x)], y = 1 − x.
  func logDensityPower(_ x: Double, _ y: Double) -> Double {
    if noncentrality == 0 { return logBetaPower(a, b, x, y) }
    return PoissonMixture(mean: 0.5 * noncentrality, kernel: .beta(a: a, b: b, x: x, y: y)).logDensityTimesX()
  }

  /// Both log tails at x, y = 1 − x given separately.
  func tails(_ x: Double, _ y: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (-.infinity, 0) }
    if y <= 0 { return (0, -.infinity) }
    if noncentrality == 0 { return logIncompleteBeta(a, b, x: x, y: y) }
    let mixture = PoissonMixture(mean: 0.5 * noncentrality, kernel: .beta(a: a, b: b, x: x, y: y))
    if (a + 0.5 * noncentrality) * y >= b * x {
      let lower = mixture.logLowerTail()
      return (lower, logOneMinusExp(lower))
    }
    let upper = mixture.logUpperTail()
    return (logOneMinusExp(upper), upper)
  }

  /// The quantile x together with 1 − x; nil when `logP` is not a log probability.
  func odds(_ logP: Double, lower: Bool) -> (x: Double, y: Double)? {
    if !(logP <= 0) { return nil }
    if logP == 0 { return lower ? (1, 0) : (0, 1) }
    if logP == -.infinity { return lower ? (0, 1) : (1, 0) }
    if logP > -0.6931471805599453 { return odds(logOneMinusExp(logP), lower: !lower) }
    let shape = a + 0.5 * noncentrality
    let spread = (1 / shape + 1 / b).squareRoot()
    let z = Normal.quantile(logUpperTail: logP)
    let u = solveLogTail(target: logP, start: log(shape / b) + (lower ? -z : z) * spread, step: 1 + spread, increasing: lower) { u in
      let (x, y) = logistic(u)
      let both = tails(x, y)
      let tail = lower ? both.lower : both.upper
      let slope = exp(logDensityPower(x, y) - tail)
      return (tail, lower ? slope : -slope)
    }
    return logistic(u)
  }
}

/// The noncentral F distribution: (X/ν₁)/(Y/ν₂) with X noncentral χ²(ν₁, λ) and Y χ²(ν₂): the power of analyses of variance.
///
/// The upper tail at f is that of the noncentral beta distribution (ν₁/2, ν₂/2, λ) at ν₁f/(ν₁f + ν₂).
public struct NoncentralF: ContinuousDistribution, Hashable {
  public let numerator: Double
  public let denominator: Double
  public let noncentrality: Double

  /// - Precondition: both degrees of freedom are positive and finite, λ ≥ 0 and finite.
  public init(numerator: Double, denominator: Double, noncentrality: Double) {
    precondition(
      numerator > 0 && denominator > 0 && numerator.isFinite && denominator.isFinite, "degrees of freedom must be positive and finite")
    precondition(noncentrality >= 0 && noncentrality.isFinite, "the noncentrality must be finite and not negative")
    self.numerator = numerator
    self.denominator = denominator
    self.noncentrality = noncentrality
  }

  private var beta: NoncentralBeta { NoncentralBeta(0.5 * numerator, 0.5 * denominator, noncentrality: noncentrality) }

  private func shares(_ f: Double) -> (x: Double, y: Double) {
    let ratio = numerator * f / denominator
    return ratio.isInfinite ? (1, 0) : (ratio / (1 + ratio), 1 / (1 + ratio))
  }

  public func logDensity(_ f: Double) -> Double {
    if f < 0 || f == .infinity { return -.infinity }
    if f == 0 { return FDistribution(numerator: numerator, denominator: denominator).logDensity(0) - 0.5 * noncentrality }
    let (x, y) = shares(f)
    return beta.logDensityPower(x, y) - log(f)
  }

  public func lowerTail(_ f: Double) -> Double { exp(logLowerTail(f)) }
  public func upperTail(_ f: Double) -> Double { exp(logUpperTail(f)) }

  public func logLowerTail(_ f: Double) -> Double {
    let (x, y) = shares(f)
    return f.isNaN ? .nan : f <= 0 ? -.infinity : beta.tails(x, y).lower
  }

  public func logUpperTail(_ f: Double) -> Double {
    let (x, y) = shares(f)
    return f.isNaN ? .nan : f <= 0 ? 0 : beta.tails(x, y).upper
  }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    guard let (x, y) = beta.odds(logP, lower: lower) else { return .nan }
    return denominator / numerator * (x / y)
  }
}
