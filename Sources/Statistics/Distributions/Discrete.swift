import Foundation

/// The number of successes in n independent trials with probability p.
///
/// For discrete distributions `upperTail(k)` is P(X ≥ k), with the point itself: what a p-value needs.
public struct Binomial: Sendable, Hashable {
  public let trials: Int
  public let probability: Double

  /// - Precondition: `trials` ≥ 0 and 0 ≤ `probability` ≤ 1.
  public init(trials: Int, probability: Double) {
    precondition(trials >= 0 && probability >= 0 && probability <= 1, "binomial parameters out of range")
    self.trials = trials
    self.probability = probability
  }

  /// log P(X = k), Loader's (2000) form.
  public func logMass(_ k: Int) -> Double {
    if k < 0 || k > trials { return -.infinity }
    let p = probability
    let q = 1 - p
    if p == 0 { return k == 0 ? 0 : -.infinity }
    if q == 0 { return k == trials ? 0 : -.infinity }
    let n = Double(trials)
    if k == 0 { return n * log1p(-p) }
    if k == trials { return n * log(p) }
    let x = Double(k)
    let difference = x * q - (n - x) * p
    let deviance = devianceTerm(x, n * p, difference: difference) + devianceTerm(n - x, n * q, difference: -difference)
    return stirlingError(n) - stirlingError(x) - stirlingError(n - x) - deviance - halfLogTwoPi + 0.5 * log(n / x / (n - x))
  }

  /// P(X ≥ k).
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }
  /// P(X ≤ k).
  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }

  /// log P(X ≥ k) = log I_p(k, n − k + 1).
  public func logUpperTail(_ k: Int) -> Double {
    if k <= 0 { return 0 }
    if k > trials { return -.infinity }
    return logIncompleteBeta(Double(k), Double(trials - k + 1), x: probability, y: 1 - probability).lower
  }

  /// log P(X ≤ k).
  public func logLowerTail(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    if k >= trials { return 0 }
    return logIncompleteBeta(Double(k + 1), Double(trials - k), x: probability, y: 1 - probability).upper
  }

  /// P(X > k) + ½ P(X = k): the mid-p value, uniform to second order under the hypothesis where the plain p is too large.
  public func midUpperTail(_ k: Int) -> Double { upperTail(k + 1) + 0.5 * exp(logMass(k)) }

  /// Clopper and Pearson's (1934) interval for p after k successes; coverage is at least 1 − `alpha`.
  public static func interval(successes k: Int, trials n: Int, alpha: Double = 0.05) -> ClosedRange<Double> {
    precondition(k >= 0 && k <= n && alpha > 0 && alpha < 1, "successes must lie in 0...trials and alpha in (0, 1)")
    let low = k == 0 ? 0 : Beta(Double(k), Double(n - k + 1)).quantile(alpha / 2)
    let high = k == n ? 1 : Beta(Double(k + 1), Double(n - k)).quantile(upperTail: alpha / 2)
    return low...max(low, high)
  }
}

/// The Poisson distribution.
public struct Poisson: Sendable, Hashable {
  public let mean: Double

  /// - Precondition: `mean` ≥ 0 and finite.
  public init(mean: Double) {
    precondition(mean >= 0 && mean.isFinite, "the mean must be finite and not negative")
    self.mean = mean
  }

  /// log P(X = k).
  public func logMass(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    if mean == 0 { return k == 0 ? 0 : -.infinity }
    return k == 0 ? -mean : logGammaPower(Double(k), mean)
  }

  /// P(X ≥ k).
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }
  /// P(X ≤ k).
  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }
  /// log P(X ≥ k) = log of the regularised lower incomplete gamma function at (k, mean).
  public func logUpperTail(_ k: Int) -> Double { k <= 0 ? 0 : logIncompleteGamma(Double(k), mean).lower }
  /// log P(X ≤ k).
  public func logLowerTail(_ k: Int) -> Double { k < 0 ? -.infinity : logIncompleteGamma(Double(k + 1), mean).upper }
}
