import Foundation
import LinearAlgebra

/// One-way analysis of variance: do groups differ in their means?
///
/// SS between = Σ n_g (x̄_g − x̄)², SS within = Σ (x − x̄_g)², F = [SS_b/(k − 1)] / [SS_w/(n − k)]. Two passes in double-double
/// arithmetic, so sets with thirteen constant leading digits (SmLs07–09 of NIST's Statistical Reference Datasets) keep all the digits
/// they were written with. O(n), groups need not be sorted.
public struct OneWayAnova: Sendable, Hashable {
  public let betweenDegreesOfFreedom: Int
  public let withinDegreesOfFreedom: Int
  public let betweenSumOfSquares: Double
  public let withinSumOfSquares: Double
  public let betweenMeanSquare: Double
  public let withinMeanSquare: Double
  /// ∞ when groups differ and nothing varies within them.
  public let f: Double
  /// log P(F > f), and P(F > f).
  public let logPValue: Double
  /// P(F ≥ observed); 0 where it underflows, and `logPValue` goes on.
  public var pValue: Double { exp(logPValue) }
  /// SS between over SS total.
  public let rSquared: Double
  public let residualStandardDeviation: Double

  /// - Parameters:
  ///   - values: finite numbers.
  ///   - groups: the group of each value; groups that do not occur are not counted.
  /// - Returns: nil when there are fewer than two groups, no more values than groups, a value is not finite, or all values are equal.
  public init?(_ values: [Double], groups: [Int], reading: NumberReading = .decimal) {
    precondition(values.count == groups.count && groups.allSatisfy { $0 >= 0 }, "one group code, from 0, for each value")
    let k = (groups.max() ?? -1) + 1
    guard values.allSatisfy(\.isFinite), let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    let x = DoubleDouble.values(values, reading: reading)
    var sums = [DoubleDouble](repeating: .zero, count: k)
    var counts = [Int](repeating: 0, count: k)
    for i in x.indices {
      sums[groups[i]] += x[i]
      counts[groups[i]] += 1
    }
    let used = counts.count { $0 > 0 }
    guard used > 1, x.count > used else { return nil }
    var total = DoubleDouble.zero
    for sum in sums { total += sum }
    let mean = total / Double(x.count)
    var between = DoubleDouble.zero
    for g in 0..<k where counts[g] > 0 {
      sums[g] = sums[g] / Double(counts[g])
      let d = sums[g] - mean
      between += d * d * Double(counts[g])
    }
    var within = DoubleDouble.zero
    for i in x.indices {
      let d = x[i] - sums[groups[i]]
      within += d * d
    }
    // Below 2⁻¹⁰⁰ of the squared values there is only rounding.
    let floor = 1e-59 * (mean * mean).high * Double(x.count)
    if within.high < floor { within = .zero }
    if between.high < floor { between = .zero }
    betweenDegreesOfFreedom = used - 1
    withinDegreesOfFreedom = x.count - used
    let betweenMean = between / Double(used - 1)
    let withinMean = within / Double(x.count - used)
    betweenSumOfSquares = between.doubleValue
    withinSumOfSquares = within.doubleValue
    betweenMeanSquare = betweenMean.doubleValue
    withinMeanSquare = withinMean.doubleValue
    f = (betweenMean / withinMean).doubleValue
    logPValue = FDistribution(numerator: Double(used - 1), denominator: Double(x.count - used)).logUpperTail(f)
    rSquared = (between / (between + within)).doubleValue
    residualStandardDeviation = withinMean.squareRoot().doubleValue
  }
}
