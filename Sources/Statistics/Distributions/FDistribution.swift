import Foundation

/// Fisher's F distribution with (ν₁, ν₂) degrees of freedom: the upper tail at f is I_x(ν₂/2, ν₁/2), x = ν₂/(ν₂ + ν₁ f).
public struct FDistribution: ContinuousDistribution, Hashable {
  public let numerator: Double
  public let denominator: Double

  /// - Precondition: both degrees of freedom are positive and finite; they need not be whole.
  public init(numerator: Double, denominator: Double) {
    precondition(
      numerator > 0 && denominator > 0 && numerator.isFinite && denominator.isFinite, "degrees of freedom must be positive and finite")
    self.numerator = numerator
    self.denominator = denominator
  }

  public func logDensity(_ f: Double) -> Double {
    if f < 0 { return -.infinity }
    let (x, y) = shares(f)
    if f == 0 { return numerator < 2 ? .infinity : numerator > 2 ? -.infinity : 0 }
    return logBetaPower(0.5 * denominator, 0.5 * numerator, x, y) - log(f)
  }

  public func lowerTail(_ f: Double) -> Double { exp(logLowerTail(f)) }
  public func upperTail(_ f: Double) -> Double { exp(logUpperTail(f)) }
  public func logLowerTail(_ f: Double) -> Double { tails(f).upper }
  public func logUpperTail(_ f: Double) -> Double { tails(f).lower }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: false) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: true) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    guard let (x, y) = Beta(0.5 * denominator, 0.5 * numerator).odds(logP, lower: lower) else { return .nan }
    return denominator / numerator * (y / x)
  }

  private func shares(_ f: Double) -> (x: Double, y: Double) {
    let ratio = numerator * f / denominator
    return ratio.isInfinite ? (0, 1) : (1 / (1 + ratio), ratio / (1 + ratio))
  }

  private func tails(_ f: Double) -> (lower: Double, upper: Double) {
    if f.isNaN { return (.nan, .nan) }
    if f <= 0 { return (0, -.infinity) }
    let (x, y) = shares(f)
    return logIncompleteBeta(0.5 * denominator, 0.5 * numerator, x: x, y: y)
  }
}
