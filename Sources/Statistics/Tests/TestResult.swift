import Foundation

/// Which departures from the hypothesis count.
public enum Alternative: Sendable, Hashable {
  case twoSided
  /// The statistic, or the effect it stands for, is smaller than under the hypothesis.
  case less
  case greater
}

/// The outcome of a hypothesis test.
public struct TestResult: Sendable, Hashable {
  /// How the p-value was found.
  public enum Basis: Sendable, Hashable {
    /// From the distribution under the hypothesis, exactly: the given permutations, or normal theory.
    case exact
    /// From a limit for large samples.
    case asymptotic
    /// From this many draws, (1 + hits)/(1 + draws).
    case monteCarlo(draws: Int)
  }

  public let statistic: Double
  /// Degrees of freedom of the distribution the statistic was referred to, if it has any.
  public let degreesOfFreedom: [Double]
  /// NaN when the test could not be made: too few values, or no variation.
  public let pValue: Double
  public let basis: Basis
  /// The effect in its own unit (a difference of means, an odds ratio, a correlation), where the test has one.
  public let estimate: Double?
  /// Confidence interval of the estimate.
  public let interval: ClosedRange<Double>?

  init(
    _ statistic: Double, _ pValue: Double, _ basis: Basis, degreesOfFreedom: [Double] = [], estimate: Double? = nil,
    interval: ClosedRange<Double>? = nil
  ) {
    self.statistic = statistic
    self.pValue = pValue.isNaN ? .nan : min(1, max(0, pValue))
    self.basis = basis
    self.degreesOfFreedom = degreesOfFreedom
    self.estimate = estimate
    self.interval = interval
  }

  static let impossible = TestResult(.nan, .nan, .asymptotic)

  /// The standard error of a Monte Carlo p-value, 0 for the others.
  public var standardError: Double {
    guard case .monteCarlo(let draws) = basis else { return 0 }
    return (pValue * (1 - pValue) / Double(draws)).squareRoot()
  }
}

/// Mean and sum of squared deviations, two passes, summed in increasing order so that the order of the values does not matter.
func meanAndSquares(_ values: [Double]) -> (mean: Double, squares: Double) {
  let mean = orderedSum(values) / Double(values.count)
  return (mean, orderedSum(values.map { ($0 - mean) * ($0 - mean) }))
}

/// Σ (t³ − t) over runs of equal values.
func tieSum(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  var (sum, begin) = (0.0, 0)
  for i in 1...max(1, sorted.count) where i >= sorted.count || sorted[i] != sorted[begin] {
    let t = Double(min(i, sorted.count) - begin)
    sum += t * t * t - t
    begin = i
  }
  return sum
}
