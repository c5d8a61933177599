internal import Foundation
internal import Statistics

/// How well the measures of a facet are told apart.
public struct SeparationSummary: Sendable, Equatable {
  /// How many measures went in.
  public let count: Int
  public let mean: Double
  /// Standard deviation of the measures and what is left of it without their errors; once with n, once with n − 1.
  public let population: Spread
  public let sample: Spread
  /// Root mean square of the standard errors.
  public let rootMeanSquareError: Double
  /// Homogeneity of all measures: Σw d² − (Σw d)²/Σw with w = 1/SE², on n − 1 degrees of freedom.
  public let fixed: ChiSquare
  /// The same with w = 1/(true variance + SE²), on n − 2 degrees of freedom: whether the measures look like a sample from a normal distribution.
  /// Nil with fewer than three measures or no true variance.
  public let random: ChiSquare?

  public struct Spread: Sendable, Equatable {
    public let deviation: Double
    /// √(SD² − RMSE²), zero where the errors explain all.
    public let trueDeviation: Double
    /// G = true SD / RMSE.
    public let separation: Double
    /// (4G + 1)/3: levels three standard errors apart.
    public let strata: Double
    /// G²/(1 + G²). For raters a high value means that they differ.
    public let reliability: Double

    /// - Parameters:
    ///   - deviation: standard deviation of the measures.
    ///   - error: root mean square standard error, positive.
    public init(deviation: Double, error: Double) {
      self.deviation = deviation
      trueDeviation = max(0, deviation * deviation - error * error).squareRoot()
      separation = trueDeviation / error
      strata = (4 * separation + 1) / 3
      reliability = separation * separation / (1 + separation * separation)
    }
  }

  /// A χ² statistic with its degrees of freedom and upper tail.
  public struct ChiSquare: Sendable, Equatable {
    public let value: Double
    public let degreesOfFreedom: Int
    public let pValue: Double
  }

  /// Formulas of Wright and Masters (1982) and Fisher's separation as FACETS prints them. Nil with fewer than two measures.
  public init?(measures: [Double], standardErrors: [Double]) {
    precondition(measures.count == standardErrors.count, "one standard error a measure")
    let used = measures.indices.filter { measures[$0].isFinite && standardErrors[$0].isFinite && standardErrors[$0] > 0 }
    let n = used.count
    if n < 2 { return nil }
    let mean = used.reduce(0) { $0 + measures[$1] } / Double(n)
    let squares = used.reduce(0) { $0 + (measures[$1] - mean) * (measures[$1] - mean) }
    let error = (used.reduce(0) { $0 + standardErrors[$1] * standardErrors[$1] } / Double(n)).squareRoot()
    count = n
    self.mean = mean
    population = Spread(deviation: (squares / Double(n)).squareRoot(), error: error)
    sample = Spread(deviation: (squares / Double(n - 1)).squareRoot(), error: error)
    rootMeanSquareError = error
    func homogeneity(_ extra: Double, _ degrees: Int) -> ChiSquare {
      var (w, wd, wdd) = (0.0, 0.0, 0.0)
      for i in used {
        let weight = 1 / (extra + standardErrors[i] * standardErrors[i])
        // Around the mean, so that the origin of the scale costs no digits.
        let d = measures[i] - mean
        w += weight
        wd += weight * d
        wdd += weight * d * d
      }
      let value = max(0, wdd - wd * wd / w)
      return ChiSquare(
        value: value, degreesOfFreedom: degrees, pValue: ChiSquared(degreesOfFreedom: Double(degrees)).upperTail(value))
    }
    fixed = homogeneity(0, n - 1)
    let variance = sample.trueDeviation * sample.trueDeviation
    random = n > 2 && variance > 0 ? homogeneity(variance, n - 2) : nil
  }
}

extension ManyFacetRaschFit {
  /// Over the levels that were estimated; extreme ones as well if asked for. Anchored levels are left out: their measures are not from these data.
  public func separation(of facet: Int, withExtremes: Bool = false) -> SeparationSummary? {
    let levels = active.status[facet].indices.filter {
      let status = active.status[facet][$0]
      return status == .estimated || (withExtremes && (status == .extremeLow || status == .extremeHigh))
    }
    return SeparationSummary(
      measures: levels.map { values.measures[facet][$0] }, standardErrors: levels.map { standardErrors[facet][$0] })
  }
}
