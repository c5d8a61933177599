import Foundation

/// A continuous distribution with both tails, their logarithms and quantiles.
///
/// A tail is always computed as itself, never as one minus the other, so an upper tail of 1e-300 keeps its digits, and
/// log tails go on where the tails themselves are zero. p-values in Plumbline are log upper tails for that reason.
public protocol ContinuousDistribution: Sendable {
  /// log f(x); −∞ outside the support.
  func logDensity(_ x: Double) -> Double
  /// P(X ≤ x).
  func lowerTail(_ x: Double) -> Double
  /// P(X > x).
  func upperTail(_ x: Double) -> Double
  /// log P(X ≤ x).
  func logLowerTail(_ x: Double) -> Double
  /// log P(X > x).
  func logUpperTail(_ x: Double) -> Double
  /// The x with log P(X ≤ x) = `logP`; NaN for `logP` > 0 or NaN.
  func quantile(logLowerTail logP: Double) -> Double
  /// The x with log P(X > x) = `logP`; NaN for `logP` > 0 or NaN.
  func quantile(logUpperTail logP: Double) -> Double
}

extension ContinuousDistribution {
  /// The x with P(X ≤ x) = `p`; NaN outside [0, 1].
  public func quantile(_ p: Double) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    return p <= 0.5 ? quantile(logLowerTail: log(p)) : quantile(logUpperTail: log1p(-p))
  }

  /// The x with P(X > x) = `p`; NaN outside [0, 1].
  public func quantile(upperTail p: Double) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    return p <= 0.5 ? quantile(logUpperTail: log(p)) : quantile(logLowerTail: log1p(-p))
  }

  /// f(x) = exp(logDensity(x)); 0 outside the support.
  public func density(_ x: Double) -> Double { exp(logDensity(x)) }
}

/// log(1 − e^a) for a ≤ 0, exact at both ends (Mächler 2012).
@inlinable
public func logOneMinusExp(_ a: Double) -> Double {
  a > -0.6931471805599453 ? log(-expm1(a)) : log1p(-exp(a))
}

/// log(e^a + e^b) without overflow.
@inlinable
public func logSumExp(_ a: Double, _ b: Double) -> Double {
  let (high, low) = a >= b ? (a, b) : (b, a)
  return high == -.infinity || high == .infinity ? high : high + log1p(exp(low - high))
}

/// The root of an increasing or decreasing log tail: the u with `logTail(u)` = `target`, by Newton's method on the log
/// scale inside a bracket (log tails of the distributions here are nearly linear or quadratic in u, so it takes some five steps).
///
/// - Parameters:
///   - target: the log probability wanted.
///   - start: any point of the real line.
///   - step: a positive first step for the bracket search.
///   - increasing: whether the tail grows with u.
///   - value: log tail and its derivative at u.
func solveLogTail(
  target: Double, start: Double, step: Double, increasing: Bool, value: (Double) -> (logTail: Double, slope: Double)
) -> Double {
  var u = start
  var low = -Double.infinity
  var high = Double.infinity
  var stride = step
  for _ in 0..<400 {
    let (logTail, slope) = value(u)
    let excess = logTail - target
    if excess == 0 { return u }
    if (excess > 0) == increasing { high = min(high, u) } else { low = max(low, u) }
    var next = u - excess / slope
    let bracketed = low.isFinite && high.isFinite
    if !bracketed {
      // Newton may leap where the tail is flat; bound the leap, and double the bound each time.
      if !next.isFinite || abs(next - u) > stride || (next > u) != (low == u) { next = low == u ? u + stride : u - stride }
      stride *= 2
    } else if !(next > low && next < high) {
      next = 0.5 * (low + high)
    }
    if abs(next - u) <= 2e-16 * abs(next) || next == u { return next }
    if bracketed && (high - low) <= 4e-16 * max(abs(low), abs(high)) { return next }
    u = next
  }
  return u
}

extension ContinuousDistribution {
  /// The quantile of a distribution on the positive half line, by Newton's method on the log scale.
  ///
  /// - Parameter start: the log of a first guess, for a log probability not above log ½ and its tail.
  func positiveQuantile(_ logP: Double, lower: Bool, step: Double, start: (_ logP: Double, _ lower: Bool) -> Double) -> Double {
    if !(logP <= 0) { return .nan }
    if logP == 0 { return lower ? .infinity : 0 }
    if logP == -.infinity { return lower ? 0 : .infinity }
    // Ask the tail that is the smaller one: the log of a tail near one has lost its digits.
    if logP > -0.6931471805599453 { return positiveQuantile(logOneMinusExp(logP), lower: !lower, step: step, start: start) }
    let u = solveLogTail(target: logP, start: start(logP, lower), step: step, increasing: lower) { u in
      let x = exp(u)
      let tail = lower ? logLowerTail(x) : logUpperTail(x)
      let slope = exp(logDensity(x) + u - tail)
      return (tail, lower ? slope : -slope)
    }
    return exp(u)
  }
}
