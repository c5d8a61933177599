internal import Foundation
internal import Statistics

/// What one mark says of its expectation μ where a mark at an end of the scale says only “there or beyond”.
///
/// With α the standardised distance from μ to the end and λ = φ(α)/Φ(−α) the inverse Mills ratio, a mark at an end has the expected residual ±σλ, the expected
/// square 1 + αλ and the information λ(λ − α); any other mark has y − μ, (y − μ)²/σ² and 1.
struct CensoredMark {
  var residual: Double
  /// Expected square of y* − μ, relative to σ².
  var square: Double
  /// Information on μ, relative to 1/σ².
  var information: Double

  @inline(__always)
  init(_ residual: Double, sd: Double) {
    self.residual = residual
    square = residual * residual / (sd * sd)
    information = 1
  }

  /// A mark beyond `end`; `sign` is 1 at the upper end and −1 at the lower one.
  @inline(__always)
  init(beyond end: Double, sign: Double, expected: Double, sd: Double) {
    let alpha = sign * (end - expected) / sd
    let lambda = exp(Normal.logDensity(alpha) - Normal.logUpperTail(alpha))
    residual = sign * sd * lambda
    square = 1 + alpha * lambda
    information = min(max(lambda * (lambda - alpha), 1e-6), 1)
  }
}

/// Gradients and informations of the log-likelihood by level of one effect.
struct EffectScores {
  private(set) var gradient: [Double]
  private(set) var information: [Double]

  init(count: Int) {
    gradient = [Double](repeating: 0, count: count)
    information = gradient
  }

  @inline(__always)
  mutating func add(_ mark: CensoredMark, precision: Double, to i: Int) {
    gradient[i] += precision * mark.residual
    information[i] += precision * mark.information
  }

  /// Variance of the estimate without a prior.
  func variance(_ i: Int) -> Double { 1 / max(information[i], 1e-12) }
  /// Distance of that estimate from the present value, to first order.
  func step(_ i: Int) -> Double { gradient[i] * variance(i) }
}

/// A step of Fisher scoring for a variance v of which the variances V = v + … of independent normal values are made:
///
///     v ← v + Σ w (min(x², 12 f V) − f V) / V²  /  Σ w f / V²
///
/// f is the share of the variance that is left once other effects have been estimated; squares are capped as everywhere in the honest part.
struct VarianceStep {
  private var score = 0.0
  private var information = 0.0

  @inline(__always)
  mutating func add(_ x: Double, variance: Double, share: Double = 1, weight: Double = 1) {
    let expected = share * variance
    score += weight * (min(x * x, HonestFitter.noiseCap * expected) - expected) / (variance * variance)
    information += weight * share / (variance * variance)
  }

  func next(_ v: Double, floor: Double) -> Double { information > 0 ? max(v + score / information, floor) : v }
}
