internal import Foundation
internal import Statistics

/// A coefficient of agreement with what it was made of and how sure it is.
public struct AgreementEstimate: Sendable, Equatable {
  public let value: Double
  /// Agreement seen and agreement by chance; 0 for the plain share of agreement.
  public let observed: Double
  public let expected: Double
  /// Linearised over units (Gwet 2014, chapter 5): units are a sample from many, raters and categories are those at hand. NaN with one
  /// unit.
  public let standardError: Double
  /// Units.
  public let units: Int

  public init(value: Double, observed: Double, expected: Double, standardError: Double, units: Int) {
    (self.value, self.observed, self.expected) = (value, observed, expected)
    (self.standardError, self.units) = (standardError, units)
  }

  /// Units − 1, for the t of interval and test.
  public var degreesOfFreedom: Double { Double(units - 1) }

  /// Estimate ± t(n − 1) · SE, cut at 1 as no coefficient can be larger.
  public func interval(level: Double = 0.95) -> (low: Double, high: Double) {
    guard units > 1, standardError.isFinite else { return (.nan, .nan) }
    let half = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + level / 2) * standardError
    return (value - half, min(1, value + half))
  }

  /// Two-sided p of the coefficient against 0, by t(n − 1).
  public var pValue: Double {
    guard units > 1, standardError.isFinite else { return .nan }
    if standardError == 0 { return value == 0 ? 1 : 0 }
    return StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(value / standardError)
  }
}

/// √(Σ m_p (x_p − centre)² / (n (n − 1))): the standard error of a mean of linearised values, one a pattern.
func linearisedError(_ x: [Double], multiplicity: [Double], centre: Double) -> Double {
  var (n, squares) = (0.0, 0.0)
  for (value, m) in zip(x, multiplicity) where m > 0 {
    n += m
    squares += m * (value - centre) * (value - centre)
  }
  return n > 1 ? (squares / (n * (n - 1))).squareRoot() : .nan
}
