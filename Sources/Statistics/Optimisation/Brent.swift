import Foundation

/// Brent's (1973) derivative-free methods for functions of one variable.
public enum Brent {
  /// A root of a continuous function that changes sign over the interval.
  ///
  /// Inverse quadratic interpolation and secant steps, with bisection whenever they converge too slowly; never more than
  /// a small multiple of the steps of bisection.
  ///
  /// - Parameters:
  ///   - interval: a finite interval.
  ///   - tolerance: absolute error of the root; 0 asks for the last bit.
  /// - Returns: the root, or nil when the function has the same sign at both ends or is not a number at one of them.
  public static func root(
    in interval: ClosedRange<Double>, tolerance: Double = 0, of function: (Double) throws -> Double
  ) rethrows -> Double? {
    var a = interval.lowerBound
    var b = interval.upperBound
    var fa = try function(a)
    var fb = try function(b)
    if fa == 0 { return a }
    if fb == 0 { return b }
    guard fa.sign != fb.sign, !fa.isNaN, !fb.isNaN else { return nil }
    var (c, fc) = (a, fa)
    var step = b - a
    var previous = step
    for _ in 0..<500 {
      if (fb > 0) == (fc > 0) {
        (c, fc) = (a, fa)
        step = b - a
        previous = step
      }
      if abs(fc) < abs(fb) {
        (a, b, c) = (b, c, b)
        (fa, fb, fc) = (fb, fc, fb)
      }
      let allowed = 2 * Double.ulpOfOne * abs(b) + 0.5 * tolerance
      let half = 0.5 * (c - b)
      if abs(half) <= allowed || fb == 0 { return b }
      if abs(previous) >= allowed && abs(fa) > abs(fb) {
        let s = fb / fa
        var p: Double
        var q: Double
        if a == c {
          p = 2 * half * s
          q = 1 - s
        } else {
          let r = fb / fc
          let t = fa / fc
          p = s * (2 * half * t * (t - r) - (b - a) * (r - 1))
          q = (t - 1) * (r - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * half * q - abs(allowed * q), abs(previous * q)) {
          previous = step
          step = p / q
        } else {
          step = half
          previous = step
        }
      } else {
        step = half
        previous = step
      }
      (a, fa) = (b, fb)
      b += abs(step) > allowed ? step : (half > 0 ? allowed : -allowed)
      fb = try function(b)
    }
    return b
  }

  /// The place and value of a minimum of a function with one minimum in the interval (a local one if there are several).
  ///
  /// Golden sections with parabolic steps.
  /// - Parameter tolerance: relative error of the place; below about 1e-8 rounding of the function hides the minimum.
  public static func minimum(
    in interval: ClosedRange<Double>, tolerance: Double = 1e-8, of function: (Double) throws -> Double
  ) rethrows -> (place: Double, value: Double) {
    let golden = 0.3819660112501051
    var a = interval.lowerBound
    var b = interval.upperBound
    var x = a + golden * (b - a)
    var (w, v) = (x, x)
    var fx = try function(x)
    var (fw, fv) = (fx, fx)
    var step = 0.0
    var previous = 0.0
    for _ in 0..<300 {
      let middle = 0.5 * (a + b)
      let allowed = tolerance * abs(x) + 1e-12
      if abs(x - middle) <= 2 * allowed - 0.5 * (b - a) { break }
      var useGolden = true
      if abs(previous) > allowed {
        let r = (x - w) * (fx - fv)
        var q = (x - v) * (fx - fw)
        var p = (x - v) * q - (x - w) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        if abs(p) < abs(0.5 * q * previous) && p > q * (a - x) && p < q * (b - x) {
          previous = step
          step = p / q
          let u = x + step
          if u - a < 2 * allowed || b - u < 2 * allowed { step = x < middle ? allowed : -allowed }
          useGolden = false
        }
      }
      if useGolden {
        previous = x < middle ? b - x : a - x
        step = golden * previous
      }
      let u = x + (abs(step) >= allowed ? step : (step > 0 ? allowed : -allowed))
      let fu = try function(u)
      if fu <= fx {
        if u < x { b = x } else { a = x }
        (v, fv) = (w, fw)
        (w, fw) = (x, fx)
        (x, fx) = (u, fu)
      } else {
        if u < x { a = u } else { b = u }
        if fu <= fw || w == x {
          (v, fv) = (w, fw)
          (w, fw) = (u, fu)
        } else if fu <= fv || v == x || v == w {
          (v, fv) = (u, fu)
        }
      }
    }
    return (x, fx)
  }
}
