import Foundation
import Testing

@testable import Statistics

/// Both log tails at x, and the quantile of the smaller one. The tolerance is relative to the probability, and grows in far tails, where
/// a log of hundreds has fewer digits left.
func expectTails(
  _ d: some ContinuousDistribution, at x: Double, lower: Double, upper: Double, _ tolerance: Double, _ what: String,
  at location: SourceLocation = #_sourceLocation
) {
  func agrees(_ value: Double, _ expected: Double) -> Bool {
    let size = abs(expected)
    return value == expected || abs(value - expected) <= tolerance * (size < 20 ? max(min(1, size), 1e-12) : size / 20)
  }
  // A log tail below 1e-290 is that of 1 in double precision.
  let (ours, theirs) = (d.logLowerTail(x), d.logUpperTail(x))
  #expect(agrees(ours, lower) || (lower > -1e-290 && ours == 0), "\(what) lower at \(x): \(ours), exact \(lower)", sourceLocation: location)
  #expect(
    agrees(theirs, upper) || (upper > -1e-290 && theirs == 0), "\(what) upper at \(x): \(theirs), exact \(upper)", sourceLocation: location)
  let quantile = lower < upper ? d.quantile(logLowerTail: lower) : d.quantile(logUpperTail: upper)
  // What one rounding of x does to the tail bounds what the quantile can have.
  #expect(abs(quantile - x) <= 20 * tolerance * max(abs(x), 0.01), "\(what) quantile \(quantile) for \(x)", sourceLocation: location)
}

/// The density against a five-point difference quotient of the tail.
func expectDensity(_ d: some ContinuousDistribution, _ places: [Double], _ what: String, at location: SourceLocation = #_sourceLocation) {
  for x in places {
    let h = 1e-3 * max(abs(x), 0.1)
    let slope = (d.lowerTail(x - 2 * h) - 8 * d.lowerTail(x - h) + 8 * d.lowerTail(x + h) - d.lowerTail(x + 2 * h)) / (12 * h)
    #expect(relativeError(slope, d.density(x)) < 1e-6, "\(what) at \(x): slope \(slope), density \(d.density(x))", sourceLocation: location)
  }
}
