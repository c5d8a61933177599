import Foundation
import LinearAlgebra

/// Linear regression by least squares in double-double arithmetic, with the usual inference.
///
/// y = X b + e; standard errors s √((XᵀX)⁻¹)ⱼⱼ, s² = RSS/(n − p). Log relative error at least 13 on every linear set of NIST's
/// Statistical Reference Datasets, Longley, Filip and Wampler included. Cost: see `LeastSquares`; meant for up to some 10⁸ = n p² steps.
public struct LinearRegression: Sendable {
  /// The intercept first, if there is one.
  public let coefficients: [Double]
  public let standardErrors: [Double]
  /// b / SE; ±∞ when the fit is exact and b is not 0.
  public let tValues: [Double]
  /// P(|T| > |t|) with n − p degrees of freedom.
  public let pValues: [Double]
  /// The covariance matrix of the coefficients, s² (XᵀX)⁻¹.
  public let covariance: Matrix
  public let residualSumOfSquares: Double
  /// n − p.
  public let residualDegreesOfFreedom: Int
  /// √(RSS/(n − p)); NaN when n = p.
  public let residualStandardDeviation: Double
  /// 1 − RSS/TSS; TSS is about the mean when there is an intercept, about 0 when there is none.
  public let rSquared: Double
  /// Of the hypothesis that all coefficients but the intercept are 0, with `f.degrees` degrees of freedom; NaN without predictors.
  public let f: Double
  public let fDegreesOfFreedom: (numerator: Int, denominator: Int)
  /// P(F > f).
  public let fPValue: Double

  /// - Parameters:
  ///   - response: y, n values.
  ///   - predictors: columns of n values each.
  ///   - intercept: whether a column of ones goes before them.
  /// - Throws: `LeastSquaresError`; predictors are counted with the intercept as the first.
  public init(
    response: [Double], predictors: [[Double]], intercept: Bool = true, reading: NumberReading = .decimal
  ) throws(LeastSquaresError) {
    var columns = predictors.map { DoubleDouble.values($0, reading: reading) }
    if intercept { columns.insert([DoubleDouble](repeating: DoubleDouble(1), count: response.count), at: 0) }
    try self.init(columns: columns, response: DoubleDouble.values(response, reading: reading), intercept: intercept)
  }

  /// y = b₀ + b₁x + … + b_d x^d; the powers are formed in double-double arithmetic too.
  /// - Throws: `LeastSquaresError`, also when there are no more than `degree` different x.
  public static func polynomial(
    _ response: [Double], on x: [Double], degree: Int, reading: NumberReading = .decimal
  ) throws(LeastSquaresError) -> LinearRegression {
    precondition(degree >= 0 && x.count == response.count, "the degree must not be negative, and there is one x for each response")
    let base = DoubleDouble.values(x, reading: reading)
    var columns = [[DoubleDouble](repeating: DoubleDouble(1), count: x.count)]
    for d in 0..<degree {
      let last = columns[d]
      columns.append(x.indices.map { last[$0] * base[$0] })
    }
    return try LinearRegression(columns: columns, response: DoubleDouble.values(response, reading: reading), intercept: true)
  }

  private init(columns: [[DoubleDouble]], response: [DoubleDouble], intercept: Bool) throws(LeastSquaresError) {
    let fit = try LeastSquares(columns: columns, response: response)
    let (n, p) = (response.count, columns.count)
    var mean = DoubleDouble.zero
    if intercept {
      for y in response { mean += y }
      mean = mean / Double(n)
    }
    var total = DoubleDouble.zero
    var size = DoubleDouble.zero
    for y in response {
      total += (y - mean) * (y - mean)
      size += y * y
    }
    // Below 2⁻⁹⁶ of the squared response there is only rounding: the fit is exact.
    let rss = fit.residualSumOfSquares.high <= 1e-58 * size.high ? DoubleDouble.zero : fit.residualSumOfSquares
    let gram = fit.inverseGram()
    let freedom = n - p
    let variance = freedom > 0 ? rss / Double(freedom) : DoubleDouble(.nan)
    let t = StudentT(degreesOfFreedom: Double(max(1, freedom)))
    coefficients = fit.coefficients.map(\.doubleValue)
    let errors = (0..<p).map { (variance * gram[$0][$0]).squareRoot() }
    standardErrors = errors.map(\.doubleValue)
    tValues = (0..<p).map { (fit.coefficients[$0] / errors[$0]).doubleValue }
    pValues = tValues.map { $0.isNaN ? .nan : t.twoSided($0) }
    covariance = Matrix(rows: p, columns: p, elements: (0..<p).flatMap { j in (0..<p).map { (variance * gram[$0][j]).doubleValue } })
    residualSumOfSquares = rss.doubleValue
    residualDegreesOfFreedom = freedom
    residualStandardDeviation = variance.squareRoot().doubleValue
    rSquared = (DoubleDouble(1) - rss / total).doubleValue
    let tested = intercept ? p - 1 : p
    fDegreesOfFreedom = (tested, freedom)
    if tested > 0 && freedom > 0 {
      f = (((total - rss) / Double(tested)) / variance).doubleValue
      fPValue = f.isNaN ? .nan : FDistribution(numerator: Double(tested), denominator: Double(freedom)).upperTail(f)
    } else {
      (f, fPValue) = (.nan, .nan)
    }
  }
}
