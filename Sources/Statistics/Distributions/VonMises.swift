import Foundation

/// The von Mises distribution on the circle, density e^(κ cos(θ − μ))/(2π I₀(κ)): the normal distribution of angles.
///
/// Angles are in radians and taken modulo 2π into [μ − π, μ + π); tails count from μ − π. Tails by Gauss–Legendre panels scaled to the
/// fall of the density, relative error about 1e-14, logs included.
public struct VonMises: ContinuousDistribution, Hashable {
  public let mean: Double
  public let concentration: Double

  /// - Precondition: κ ≥ 0 and finite, μ finite.
  public init(mean: Double = 0, concentration: Double) {
    precondition(mean.isFinite && concentration >= 0 && concentration.isFinite, "the concentration must be finite and not negative")
    self.mean = mean
    self.concentration = concentration
  }

  public func logDensity(_ angle: Double) -> Double {
    let half = sin(0.5 * (angle - mean))
    return -2 * concentration * half * half - log(2 * Double.pi) - VonMises.logScaledBessel(concentration)
  }

  public func lowerTail(_ angle: Double) -> Double { exp(logLowerTail(angle)) }
  public func upperTail(_ angle: Double) -> Double { exp(logUpperTail(angle)) }
  public func logLowerTail(_ angle: Double) -> Double { logTail(-deviation(angle)) }
  public func logUpperTail(_ angle: Double) -> Double { logTail(deviation(angle)) }

  /// The angle less μ, in [−π, π).
  private func deviation(_ angle: Double) -> Double {
    let d = angle - mean
    if d >= -Double.pi && d <= Double.pi { return d }
    let r = d.remainder(dividingBy: 2 * Double.pi)
    return r >= Double.pi ? -Double.pi : r
  }

  /// log P(Θ − μ > d), d in [−π, π].
  private func logTail(_ d: Double) -> Double {
    if d.isNaN { return .nan }
    if d >= Double.pi { return -.infinity }
    if d <= -Double.pi { return 0 }
    if d < 0 { return log1p(-exp(logTail(-d))) }
    let k = concentration
    // The density falls by e^−45 by `end`: 2κ (sin²(t/2) − sin²(d/2)) = 45.
    let half = sin(0.5 * d)
    let square = half * half + 45 / max(2 * k, 1e-300)
    let end = square >= 1 ? Double.pi : 2 * asin(square.squareRoot())
    let panels = 8
    var sum = 0.0
    for panel in 0..<panels {
      let width = (end - d) / Double(panels)
      let begin = width * Double(panel)
      for i in VonMises.rule.nodes.indices {
        let u = begin + width * VonMises.rule.nodes[i]
        // cos(d + u) − cos d = −2 sin(d + u/2) sin(u/2), without cancellation.
        sum += VonMises.rule.weights[i] * width * exp(-2 * k * sin(d + 0.5 * u) * sin(0.5 * u))
      }
    }
    return min(0, log(sum) - 2 * k * half * half - log(2 * Double.pi) - VonMises.logScaledBessel(k))
  }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    if !(logP <= 0) { return .nan }
    if logP > -0.6931471805599453 { return logP == 0 ? (lower ? mean + .pi : mean - .pi) : solve(logOneMinusExp(logP), lower: !lower) }
    if logP == -.infinity { return lower ? mean - .pi : mean + .pi }
    if logP > -0.6931471805599454 { return mean }
    // d in (0, π) with log P(Θ > μ + d) = logP; log tails are steep there, and bisection on d keeps the bracket.
    let d = Brent.root(in: 0...Double.pi * (1 - 1e-16)) { d in max(logTail(d), -1e6 * (1 + abs(logP))) - logP } ?? .pi
    return lower ? mean - d : mean + d
  }

  private static let rule = GaussLegendre(24)

  /// log [e^−κ I₀(κ)]: the mean of e^(κ(cos t − 1)) over the circle, by the trapezoidal rule, or the asymptotic series from κ = 600.
  static func logScaledBessel(_ k: Double) -> Double { log(scaledBessels(k).zero) }

  /// e^−κ I₀(κ) and e^−κ I₁(κ).
  static func scaledBessels(_ k: Double) -> (zero: Double, one: Double) {
    if k > 600 {
      func series(_ fourNuSquared: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for j in 1...12 {
          let odd = Double(2 * j - 1)
          term *= -(fourNuSquared - odd * odd) / (Double(j) * 8 * k)
          sum += term
        }
        return sum / (2 * Double.pi * k).squareRoot()
      }
      return (series(0), series(4))
    }
    let points = 32 + Int(20 * k.squareRoot())
    var (zero, one) = (0.5 * (1 + exp(-2 * k)), 0.5 * (1 - exp(-2 * k)))
    for i in 1..<points {
      let t = Double.pi * Double(i) / Double(points)
      let half = sin(0.5 * t)
      let weight = exp(-2 * k * half * half)
      zero += weight
      one += weight * cos(t)
    }
    return (zero / Double(points), one / Double(points))
  }
}

/// Mean direction and concentration of a sample of angles.
public struct CircularSummary: Sendable, Hashable {
  public let count: Int
  /// Direction of the resultant, in (−π, π]; NaN for an empty sample.
  public let meanDirection: Double
  /// R̄, the length of the mean of the unit vectors.
  public let resultantLength: Double
  /// The maximum-likelihood κ, I₁(κ)/I₀(κ) = R̄; ∞ when all angles are equal.
  public let concentration: Double

  public init(_ angles: [Double]) {
    count = angles.count
    let n = Double(angles.count)
    let (c, s) = (orderedSum(angles.map { cos($0) }) / n, orderedSum(angles.map { sin($0) }) / n)
    meanDirection = angles.isEmpty ? .nan : atan2(s, c)
    resultantLength = min(1, hypot(c, s))
    concentration = CircularSummary.concentration(resultantLength: resultantLength)
  }

  /// The κ with I₁(κ)/I₀(κ) = `r`; NaN outside [0, 1].
  public static func concentration(resultantLength r: Double) -> Double {
    if !(r >= 0 && r <= 1) { return .nan }
    if r == 0 { return 0 }
    if r > 1 - 1e-15 { return .infinity }
    // Best and Fisher's (1981) start, then Newton with A′ = 1 − A/κ − A².
    var k = r < 0.53 ? r * (2 + r * r * (1 + 5 * r * r / 6)) : r < 0.85 ? -0.4 + 1.39 * r + 0.43 / (1 - r) : 1 / (r * (r - 1) * (r - 3))
    for _ in 0..<60 {
      let (zero, one) = VonMises.scaledBessels(k)
      let a = one / zero
      let next = max(0.1 * k, k - (a - r) / (1 - a / k - a * a))
      if abs(next - k) <= 1e-15 * k { return next }
      k = next
    }
    return k
  }

  /// Rayleigh's test of uniformity against one preferred direction: P(R ≥ observed) by Greenwood and Durand's (1955) formula as Zar
  /// (2010, eq. 27.4) gives it, exp[√(1 + 4n + 4(n² − R²)) − (1 + 2n)]; error below 0.002 from n = 5, less in the tail. 1 for an empty
  /// sample.
  public var rayleighPValue: Double {
    let n = Double(count)
    if count == 0 { return 1 }
    let r = n * resultantLength
    return min(1, exp((1 + 4 * n + 4 * (n * n - r * r)).squareRoot() - (1 + 2 * n)))
  }
}
