import Foundation

/// The gamma distribution with density x^(a−1) e^(−x/s) / (Γ(a) s^a), a = `shape`, s = `scale`.
///
/// Relative error about 1e-14 (grows like √a ulps through the number of terms, about 9 √a near the mean).
public struct Gamma: ContinuousDistribution, Hashable {
  public let shape: Double
  public let scale: Double

  /// - Precondition: both parameters are positive and finite.
  public init(shape: Double, scale: Double = 1) {
    precondition(shape > 0 && shape.isFinite && scale > 0 && scale.isFinite, "gamma parameters must be positive and finite")
    self.shape = shape
    self.scale = scale
  }

  public func logDensity(_ x: Double) -> Double {
    if x < 0 { return -.infinity }
    let y = x / scale
    if y == 0 { return shape < 1 ? .infinity : shape > 1 ? -.infinity : -log(scale) }
    return logGammaPower(shape, y) + log(shape / y) - log(scale)
  }

  public func lowerTail(_ x: Double) -> Double { exp(logLowerTail(x)) }
  public func upperTail(_ x: Double) -> Double { exp(logUpperTail(x)) }
  public func logLowerTail(_ x: Double) -> Double { x.isNaN ? .nan : logIncompleteGamma(shape, x / scale).lower }
  public func logUpperTail(_ x: Double) -> Double { x.isNaN ? .nan : logIncompleteGamma(shape, x / scale).upper }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    if !(logP <= 0) { return .nan }
    if logP == 0 { return lower ? .infinity : 0 }
    if logP == -.infinity { return lower ? 0 : .infinity }
    // Ask the tail that is the smaller one: the log of a tail near one has lost its digits.
    if logP > -0.6931471805599453 { return solve(logOneMinusExp(logP), lower: !lower) }
    // Wilson–Hilferty, or the leading term x^a / Γ(a+1) where that fails.
    let z = lower ? Normal.quantile(logLowerTail: logP) : Normal.quantile(logUpperTail: logP)
    let w = 1 - 1 / (9 * shape) + z / (3 * shape.squareRoot())
    var start = w > 0.2 ? log(shape) + 3 * log(w) : (logP + logGamma(shape + 1)) / shape
    if !lower && shape < 1 { start = log(max(1e-300, -logP)) }
    let u = solveLogTail(target: logP, start: start, step: 1, increasing: lower) { u in
      let y = exp(u)
      let tails = logIncompleteGamma(shape, y)
      let tail = lower ? tails.lower : tails.upper
      // d/du of a log tail: ± y f(y) / tail, with y f(y) = shape · y^a e^(−y)/Γ(a+1).
      let slope = exp(logGammaPower(shape, y) + log(shape) - tail)
      return (tail, lower ? slope : -slope)
    }
    return exp(u) * scale
  }
}

/// log [x^a e^(−x) / Γ(a + 1)], by Loader's saddle-point form: no cancellation between terms of the size of a.
func logGammaPower(_ a: Double, _ x: Double) -> Double {
  -stirlingError(a) - devianceTerm(a, x) - halfLogTwoPi - 0.5 * log(a)
}

/// Logs of the regularised incomplete gamma functions P(a, x) and Q(a, x).
///
/// Series in x for x < a + 1, Legendre's continued fraction (modified Lentz) above.
func logIncompleteGamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
  if x <= 0 { return (-.infinity, 0) }
  if x == .infinity { return (0, -.infinity) }
  let logPower = logGammaPower(a, x)
  if x < a + 1 {
    var term = 1.0
    var sum = 1.0
    var n = a
    repeat {
      n += 1
      term *= x / n
      sum += term
    } while term > 1e-17 * sum
    let lower = min(0, logPower + log(sum))
    return (lower, logOneMinusExp(lower))
  }
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var h = d
  var i = 1.0
  while true {
    let an = -i * (i - a)
    b += 2
    d = an * d + b
    if abs(d) < tiny { d = tiny }
    c = b + an / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    let delta = d * c
    h *= delta
    if abs(delta - 1) < 1e-16 || i > 1e7 { break }
    i += 1
  }
  let upper = min(0, logPower + log(a) + log(h))
  return (logOneMinusExp(upper), upper)
}
