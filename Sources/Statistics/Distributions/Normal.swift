import Foundation

/// The standard normal distribution.
public enum Normal {
  /// exp(−z²/2)/√2π.
  @inlinable
  public static func density(_ z: Double) -> Double { 0.3989422804014327 * exp(-0.5 * z * z) }

  /// log of the density.
  @inlinable
  public static func logDensity(_ z: Double) -> Double { -0.5 * z * z - 0.91893853320467274178 }

  /// P(Z > z), relative error a few 1e-16 down to underflow at z ≈ 38.5.
  ///
  /// The C library's erfc at z/√2, corrected for the rounding of that quotient, which alone costs z² ulps.
  public static func upperTail(_ z: Double) -> Double {
    let high = z * inverseRootTwo
    guard high.isFinite else { return z > 0 ? 0 : z < 0 ? 1 : .nan }
    let low = (-high).addingProduct(z, inverseRootTwo) + z * inverseRootTwoRest
    return 0.5 * (erfc(high) - low * 1.1283791670955126 * exp(-high * high))
  }

  /// P(Z ≤ z).
  public static func lowerTail(_ z: Double) -> Double { upperTail(-z) }

  /// log P(Z > z) for any z; ≈ −z²/2 where the probability itself is zero.
  public static func logUpperTail(_ z: Double) -> Double {
    if z < -1 { return log1p(-upperTail(-z)) }
    if z < 35 { return log(upperTail(z)) }
    if z == .infinity { return -.infinity }
    return logDensity(z) + log(millsRatioFar(z))
  }

  /// log P(Z ≤ z).
  public static func logLowerTail(_ z: Double) -> Double { logUpperTail(-z) }

  /// log P(|Z| > |z|).
  public static func logTwoSided(_ z: Double) -> Double { min(0, logUpperTail(abs(z)) + 0.6931471805599453) }

  /// P(|Z| > |z|).
  public static func twoSided(_ z: Double) -> Double { 2 * upperTail(abs(z)) }

  /// The z with P(Z ≤ z) = `p`: Wichura's AS 241 (1988), relative error about 1e-16. ±∞ at 0 and 1, NaN outside.
  public static func quantile(_ p: Double) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    let q = p - 0.5
    if abs(q) <= 0.425 { return AS241.central(q) }
    if q < 0 { return -AS241.tail(logP: log(p)) }
    return AS241.tail(logP: log1p(-p))
  }

  /// The z with P(Z > z) = `p`.
  public static func quantile(upperTail p: Double) -> Double { -quantile(p) }

  /// The z with log P(Z > z) = `logP`, for any `logP` ≤ 0, also far below the smallest `Double`. NaN for `logP` > 0.
  public static func quantile(logUpperTail logP: Double) -> Double {
    if !(logP <= 0) { return .nan }
    if logP == 0 { return -.infinity }
    if logP == -.infinity { return .infinity }
    if logP > -0.6931471805599453 { return -quantile(logUpperTail: logOneMinusExp(logP)) }
    let p = exp(logP)
    if p >= 0.075 { return -AS241.central(p - 0.5) }
    var z = logP > -700 ? AS241.tail(logP: logP) : (-2 * logP - log(-4 * Double.pi * logP)).squareRoot()
    if logP <= -700 {
      // d log Q/dz = −φ/Q; the log tail is so nearly quadratic here that three steps reach the last bit.
      for _ in 0..<4 { z += (logUpperTail(z) - logP) / exp(logDensity(z) - logUpperTail(z)) }
    }
    return z
  }

  /// The z with log P(Z ≤ z) = `logP`.
  public static func quantile(logLowerTail logP: Double) -> Double { -quantile(logUpperTail: logP) }

  static let inverseRootTwo = 0.7071067811865476
  /// 1/√2 less the rounded value above.
  static let inverseRootTwoRest = -4.8336466567264565186e-17

  /// Q(z)/φ(z) by the asymptotic series, good to the last bit from z = 35.
  private static func millsRatioFar(_ z: Double) -> Double {
    let r = 1 / (z * z)
    return (1 - r * (1 - r * (3 - r * (15 - r * (105 - r * (945 - r * 10395)))))) / z
  }
}

/// Wichura, M. J. (1988), Algorithm AS 241, Applied Statistics 37, 477–484: PPND16.
private enum AS241 {
  static func central(_ q: Double) -> Double {
    let r = 0.180625 - q * q
    let numerator =
      (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
        + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
        + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)
    let denominator =
      (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
        + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
        + 4.2313330701600911252e1) * r + 1.0)
    return q * numerator / denominator
  }

  /// The positive z with log Q(z) = `logP`, for −740 < logP < log 0.075.
  static func tail(logP: Double) -> Double {
    let root = (-logP).squareRoot()
    if root <= 5 {
      let r = root - 1.6
      let numerator =
        (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
          + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
          + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)
      let denominator =
        (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
          + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
          + 2.05319162663775882187e0) * r + 1.0)
      return numerator / denominator
    }
    let r = root - 5
    let numerator =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
        + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)
    let denominator =
      (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
        + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        + 5.99832206555887937690e-1) * r + 1.0)
    return numerator / denominator
  }
}
