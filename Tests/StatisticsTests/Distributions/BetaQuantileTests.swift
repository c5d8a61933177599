import Foundation
import Testing

@testable import Statistics

@Suite struct BetaQuantileTests {
  /// Degrees of freedom, log upper tail and quantile: mpmath 1.4.1 with 40 digits, by Newton's method on its `betainc`.
  static let mpmath: [[Double]] = [
    [999, 49000, -3.6875, 1.0905610993800587549], [49000, 999, -3.6875, 1.0947339878993289809],
    [999, 3500.5, -20.5, 1.3419738828227027994], [90, 9, -3.6875, 3.4097340868017886034], [2, 3, -0.75, 0.97308190605019222027],
    [3, 2, -30, 10686474581523.628814], [0.75, 12, -3.6875, 7.3119549813196931054], [12, 0.75, -3.6875, 9082.4472596028207558],
    [99, 1_000_000, -3.6875, 1.2971125433877645463], [1, 1, -5, 8926.3236839505861341],
  ]

  @Test(arguments: mpmath) func fQuantiles(row: [Double]) {
    let f = FDistribution(numerator: row[0], denominator: row[1])
    let reciprocal = FDistribution(numerator: row[1], denominator: row[0])
    // The rounding of a log tail of size 30 moves the quantile by 30 ulps and more.
    let tolerance = 4e-15 * max(1, abs(row[2]))
    #expect(relativeError(f.quantile(logUpperTail: row[2]), row[3]) < tolerance)
    #expect(relativeError(1 / reciprocal.quantile(logLowerTail: row[2]), row[3]) < tolerance)
  }

  /// From a thousandth to a million, in the middle and where a tail underflows: the tail at the quantile is what was asked for, as exactly as the
  /// neighbouring numbers allow.
  @Test(arguments: [0.001, 0.3, 1, 1.5, 20, 4000, 1e6]) func tailsComeBack(a: Double) {
    for b in [0.001, 0.3, 1, 1.5, 20, 4000, 1e6] {
      let beta = Beta(a, b)
      for logP in [-1e-9, -0.1, -0.6931, -0.6932, -2, -5, -40, -900] {
        for lower in [true, false] {
          guard let (x, y) = beta.odds(logP, lower: lower) else {
            Issue.record("no quantile")
            continue
          }
          if !(x > 1e-290 && y > 1e-290) { continue }
          let tails = logIncompleteBeta(a, b, x: x, y: y)
          let found = lower ? tails.lower : tails.upper
          // What moving u by its rounding error does to the log tail.
          let slope = exp(logBetaPower(a, b, x, y) - found)
          let rounding = 4e-16 * max(1, abs(log(x / y))) * slope
          #expect(abs(found - logP) <= 1e-13 * max(1, abs(logP)) + 6 * rounding, "\(a), \(b), \(logP), \(lower): \(found)")
        }
      }
    }
  }
}
