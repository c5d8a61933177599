internal import Foundation
internal import Statistics

/// Agreement within each unit against ratings given at random over the scale: for panels whose units hardly differ, where kappas and
/// correlations break down.
///
/// With A equally likely ratings, σ_E² = (A² − 1)/12 steps²; for a continuous scale (high − low)²/12:
///
///     r_WG = 1 − s_u²/σ_E² for each unit, s_u² with k − 1                       (James, Demaree and Wolf 1984, J. Applied Psychology 69:85–98)
///     Finn = 1 − MSW/σ_E², MSW pooled over the units; F = σ_E²/MSW              (Finn 1970, Educational and Psychological Measurement 30:71–76)
///     AD   = mean of |x − mean| (or the median) within the unit, in points      (Burke, Finkelstein and Dusig 1999, Organizational Research Methods 2:49–68)
///
/// r_WG below 0 is more disagreement than chance; it is kept, not cut off. The customary limit for AD is A/6 steps.
public struct WithinGroupAgreement: Sendable {
  public struct Unit: Sendable, Equatable {
    public let unit: Int
    public let ratings: Int
    public let variance: Double
    public let rwg: Double
    /// About the mean and about the median.
    public let averageDeviation: Double
    public let averageDeviationFromMedian: Double
  }

  /// σ_E², the variance of ratings at random.
  public let chanceVariance: Double
  /// Units with two ratings or more, in order.
  public let units: [Unit]
  public let withinMeanSquare: Double
  public let degreesOfFreedom: Int

  /// - Parameter scale: lowest and highest rating, and the step between neighbours; nil step for a continuous scale.
  /// - Throws: `nothingToCompare`; `tooFewCategories` for a scale of one point.
  public init(_ table: RatingsTable, scale: (low: Double, high: Double, step: Double?)) throws(AgreementError) {
    if !(scale.high > scale.low) { throw .tooFewCategories(1, needed: 2) }
    if let step = scale.step {
      let points = ((scale.high - scale.low) / step).rounded() + 1
      chanceVariance = (points * points - 1) / 12 * step * step
    } else {
      chanceVariance = (scale.high - scale.low) * (scale.high - scale.low) / 12
    }
    var (squares, degrees) = (0.0, 0)
    var units: [Unit] = []
    for u in table.units(withAtLeast: 2) {
      let ratings = Array(table.value[table.unitStart[u]..<table.unitStart[u + 1]])
      let k = Double(ratings.count)
      let mean = ratings.reduce(0, +) / k
      let median = Quantiles.median(ratings)
      var (own, fromMean, fromMedian) = (0.0, 0.0, 0.0)
      for rating in ratings {
        own += (rating - mean) * (rating - mean)
        fromMean += abs(rating - mean)
        fromMedian += abs(rating - median)
      }
      squares += own
      degrees += ratings.count - 1
      units.append(
        Unit(
          unit: u, ratings: ratings.count, variance: own / (k - 1), rwg: 1 - own / (k - 1) / chanceVariance, averageDeviation: fromMean / k,
          averageDeviationFromMedian: fromMedian / k))
    }
    if units.isEmpty { throw .nothingToCompare }
    self.units = units
    withinMeanSquare = squares / Double(degrees)
    degreesOfFreedom = degrees
  }

  /// 1 − MSW/σ_E²; below 0 where raters differ more than at random.
  public var finn: Double { 1 - withinMeanSquare / chanceVariance }
  /// F = σ_E²/MSW on (∞, df): the upper tail is that of χ²(df) below df/F.
  public var finnPValue: Double {
    ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).lowerTail(Double(degreesOfFreedom) * withinMeanSquare / chanceVariance)
  }
  /// Unweighted mean of r_WG over `units`.
  public var meanRwg: Double { units.reduce(0) { $0 + $1.rwg } / Double(units.count) }
  /// Unweighted mean over `units` of the deviation from the unit's mean, in points.
  public var meanAverageDeviation: Double { units.reduce(0) { $0 + $1.averageDeviation } / Double(units.count) }
  /// The same from the unit's median.
  public var meanAverageDeviationFromMedian: Double { units.reduce(0) { $0 + $1.averageDeviationFromMedian } / Double(units.count) }
}
