internal import Statistics

/// Bland and Altman's limits of agreement: between what bounds do the differences of two raters lie?
///
/// With d = x − y, mean d̄ and standard deviation s (n − 1): bias d̄ with SE s/√n; limits d̄ ± 1.96 s with SE √(3/n) s; intervals by t(n −
/// 1).
/// Source: Bland and Altman (1986), Lancet 327:307–310.
public struct BlandAltman: Sendable, Equatable {
  public let count: Int
  public let bias: Double
  public let standardDeviation: Double

  /// - Throws: `tooFewUnits` below two.
  public init(_ x: [Double], _ y: [Double]) throws(AgreementError) {
    precondition(x.count == y.count, "pairs of ratings")
    count = x.count
    if count < 2 { throw .tooFewUnits(count, needed: 2) }
    let differences = zip(x, y).map { $0 - $1 }
    let mean = differences.reduce(0, +) / Double(count)
    bias = mean
    standardDeviation = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }

  /// s/√n.
  public var standardErrorOfBias: Double { standardDeviation / Double(count).squareRoot() }
  /// √(3/n) s, of either limit.
  public var standardErrorOfLimits: Double { (3 / Double(count)).squareRoot() * standardDeviation }

  /// The limits between which 95 % (with `share`) of differences are expected, were they normal.
  public func limits(share: Double = 0.95) -> (low: Double, high: Double) {
    let half = Normal.quantile(upperTail: (1 - share) / 2) * standardDeviation
    return (bias - half, bias + half)
  }

  /// t-interval of a figure with the given standard error.
  public func interval(around value: Double, standardError: Double, level: Double = 0.95) -> (low: Double, high: Double) {
    let half = StudentT(degreesOfFreedom: Double(count - 1)).quantile(upperTail: (1 - level) / 2) * standardError
    return (value - half, value + half)
  }
}
