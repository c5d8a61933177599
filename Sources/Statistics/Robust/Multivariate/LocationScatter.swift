import Foundation
import LinearAlgebra

/// A centre and a scatter matrix of p variables.
public struct LocationScatter: Sendable, Equatable {
  public let center: [Double]
  /// p × p, symmetric.
  public let scatter: Matrix

  /// - Precondition: scatter is square, of the order of the centre.
  public init(center: [Double], scatter: Matrix) {
    precondition(scatter.rows == center.count && scatter.columns == center.count, "the scatter does not fit the centre")
    self.center = center
    self.scatter = scatter
  }

  /// Number of variables.
  public var dimension: Int { center.count }

  /// log det of the scatter; −∞ when it is singular.
  public var logDeterminant: Double {
    guard let factor = try? Cholesky(scatter) else { return -.infinity }
    return factor.logDeterminant
  }

  /// The scatter divided by its standard deviations.
  public var correlation: Matrix {
    var result = scatter
    result.scaleRowsAndColumns(by: scatter.diagonal.map { 1 / $0.squareRoot() })
    return result
  }

  /// Squared Mahalanobis distances of the rows of x. Cost n p².
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` when the scatter is singular.
  public func squaredDistances(_ x: Matrix) throws -> [Double] {
    Observations(x).squaredDistances(from: center, try Cholesky(scatter))
  }

  /// Mean and covariance (divisor h − 1) of the given observations.
  static func classical(_ data: Observations, rows: [Int32]? = nil) -> LocationScatter {
    let (mean, scatter) = data.moments(of: rows)
    return LocationScatter(center: mean, scatter: scatter.scaled(by: 1 / Double(max(1, (rows?.count ?? data.count) - 1))))
  }
}

extension Cholesky {
  /// log det A.
  var logDeterminant: Double {
    var sum = 0.0
    for d in diagonal { sum += 2 * log(d) }
    return sum
  }
}

extension Matrix {
  func scaled(by factor: Double) -> Matrix { Matrix(rows: rows, columns: columns, elements: elements.map { $0 * factor }) }
}
