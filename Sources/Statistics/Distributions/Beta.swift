import Foundation

/// The beta distribution with density x^(a−1) (1−x)^(b−1) / B(a, b) on (0, 1).
public struct Beta: ContinuousDistribution, Hashable {
  public let a: Double
  public let b: Double

  /// - Precondition: both parameters are positive and finite.
  public init(_ a: Double, _ b: Double) {
    precondition(a > 0 && b > 0 && a.isFinite && b.isFinite, "beta parameters must be positive and finite")
    self.a = a
    self.b = b
  }

  public func logDensity(_ x: Double) -> Double {
    if x < 0 || x > 1 { return -.infinity }
    if x == 0 { return a < 1 ? .infinity : a > 1 ? -.infinity : log(b) }
    if x == 1 { return b < 1 ? .infinity : b > 1 ? -.infinity : log(a) }
    return logBetaPower(a, b, x, 1 - x) - log(x) - log1p(-x)
  }

  public func lowerTail(_ x: Double) -> Double { exp(logLowerTail(x)) }
  public func upperTail(_ x: Double) -> Double { exp(logUpperTail(x)) }
  public func logLowerTail(_ x: Double) -> Double { x.isNaN ? .nan : logIncompleteBeta(a, b, x: x, y: 1 - x).lower }
  public func logUpperTail(_ x: Double) -> Double { x.isNaN ? .nan : logIncompleteBeta(a, b, x: x, y: 1 - x).upper }

  public func quantile(logLowerTail logP: Double) -> Double { odds(logP, lower: true).map { $0.x } ?? .nan }
  public func quantile(logUpperTail logP: Double) -> Double { odds(logP, lower: false).map { $0.x } ?? .nan }
}

/// 1/(1 + e^−u) and 1/(1 + e^u), both to full relative precision.
func logistic(_ u: Double) -> (x: Double, y: Double) {
  if u >= 0 {
    let e = exp(-u)
    return (1 / (1 + e), e / (1 + e))
  }
  let e = exp(u)
  return (e / (1 + e), 1 / (1 + e))
}

/// log [x^a y^b / B(a, b)] with y = 1 − x given separately, in Loader's (2000) form.
func logBetaPower(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
  let n = a + b
  // a − n x = a y − b x: exact where subtraction of the rounded product is not.
  let difference = a * y - b * x
  let deviance = devianceTerm(a, n * x, difference: difference) + devianceTerm(b, n * y, difference: -difference)
  return stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance + 0.5 * (log(a) + log(b / n)) - halfLogTwoPi
}

/// Logs of the regularised incomplete beta function I_x(a, b) and its complement, y = 1 − x given separately.
///
/// Gauss's continued fraction (Didonato and Morris 1992, eq. 9, evaluated by the modified Lentz method), on whichever
/// side of the mean it converges; the number of terms grows like the root of the larger parameter.
func logIncompleteBeta(_ a: Double, _ b: Double, x: Double, y: Double) -> (lower: Double, upper: Double) {
  if x <= 0 { return (-.infinity, 0) }
  if y <= 0 { return (0, -.infinity) }
  if a * y >= b * x {
    let lower = min(0, logBetaPower(a, b, x, y) + log(betaFraction(a, b, x, y)))
    return (lower, logOneMinusExp(lower))
  }
  let upper = min(0, logBetaPower(b, a, y, x) + log(betaFraction(b, a, y, x)))
  return (logOneMinusExp(upper), upper)
}

/// I_x(a, b) · B(a, b) / (x^a y^b), for x not above the mean a/(a + b).
private func betaFraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
  let tiny = 1e-300
  let lambda = a * y - b * x
  // 1 / (β₀ + α₁/(β₁ + α₂/(β₂ + …))), αₙ and βₙ of the reference; λ ≥ 0, so β₀ > 0.
  var f = a / (a + 1) * (lambda + 1)
  var c = f
  var d = 0.0
  var n = 1.0
  while n < 1e7 {
    let s = a + 2 * n - 1
    let alpha = (a + n - 1) / s * ((a + b + n - 1) / s) * (n * (b - n) * x * x)
    let beta = n + n * (b - n) * x / s + (a + n) / (s + 2) * (lambda + 1 + n * (1 + y))
    d = alpha * d + beta
    if abs(d) < tiny { d = tiny }
    c = beta + alpha / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    let delta = c * d
    f *= delta
    if abs(delta - 1) < 1e-16 { break }
    n += 1
  }
  return 1 / f
}
