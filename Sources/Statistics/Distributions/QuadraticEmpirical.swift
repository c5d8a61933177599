import Foundation

/// The limit distribution of Anderson and Darling's A², Σ Z_j²/(j(j + 1)).
public enum AndersonDarling {
  /// P(A² > z), absolute error about 1e-14: Anderson and Darling's (1954) series,
  /// P(A² ≤ z) = √(2π)/z Σ_j C(−½, j)(4j + 1) e^(−(4j+1)²π²/(8z)) ∫₀^∞ exp[z/(8(w² + 1)) − (4j + 1)²π²w²/(8z)] dw.
  public static func upperTail(_ z: Double) -> Double {
    if z.isNaN { return .nan }
    if z <= 0 { return 1 }
    // Below 1e-11 the first of the summands rules: √3 = Π_{j≥2} (1 − 2/(j(j + 1)))^(−½), relative error some 2 %.
    if z > 25 { return 3.0.squareRoot() * Normal.twoSided((2 * z).squareRoot()) }
    var sum = 0.0
    var binomial = 1.0
    for j in 0..<200 {
      let odd = Double(4 * j + 1)
      let rate = odd * odd * Double.pi * Double.pi / (8 * z)
      let log = 0.5 * z / 4 - rate
      // Scaled by its value at w = 0, the integrand is even in w; twice the half line.
      let integral = logIntegral(start: 0, step: 1 / (2 * rate + z / 4).squareRoot()) { w in
        -z / 8 * w * w / (w * w + 1) - rate * w * w
      }
      let term = binomial * odd * exp(log + integral) * 0.5
      sum += term
      if abs(term) < 1e-18 { break }
      binomial *= -(0.5 + Double(j)) / Double(j + 1)
    }
    return max(0, min(1, 1 - (2 * Double.pi).squareRoot() / z * sum))
  }
}

/// The limit distribution of Cramér and von Mises's ω², Σ Z_j²/(jπ)².
public enum CramerVonMises {
  /// P(ω² > x), absolute error about 1e-14: Anderson and Darling's (1952) series,
  /// P(ω² ≤ x) = 1/(π√x) Σ_j (−1)^j C(−½, j) √(4j + 1) e^(−q) K_¼(q), q = (4j + 1)²/(16x).
  public static func upperTail(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x <= 0 { return 1 }
    // As above: √2 = Π_{j≥2} (1 − 1/j²)^(−½).
    if x > 5 { return 2.0.squareRoot() * Normal.twoSided(Double.pi * x.squareRoot()) }
    var sum = 0.0
    var weight = 1.0
    for j in 0..<500 {
      let odd = Double(4 * j + 1)
      let q = odd * odd / (16 * x)
      // e^(−q) K_¼(q) = ∫₀^∞ e^(−q(1 + cosh t)) cosh(t/4) dt, even in t.
      let bessel = logIntegral(start: 0, step: 1 / (1 + q).squareRoot()) { t in
        let half = sinh(0.5 * t)
        return -2 * q * (1 + half * half) + log(cosh(0.25 * t))
      }
      let term = weight * odd.squareRoot() * 0.5 * exp(bessel)
      sum += term
      if term < 1e-18 * sum || sum == 0 { break }
      weight *= (0.5 + Double(j)) / Double(j + 1)
    }
    return max(0, min(1, 1 - sum / (Double.pi * x.squareRoot())))
  }
}
