import Foundation
import LinearAlgebra
import Parallel

/// The orthogonalised Gnanadesikan–Kettenring estimate of centre and scatter (Maronna and Zamar 2002, Technometrics 44, 307–317).
///
/// Robust covariances of pairs, ¼(σ²(X + Y) − σ²(X − Y)), need not form a positive definite matrix. So only its eigenvectors are kept: the
/// data are turned along them and measured there, `iterations` times over. σ is the τ-scale. Observations within
/// χ²_{p,0.9} · median d² / χ²_{p,0.5} then make the reweighted estimate.
///
/// Breakdown ½ for each pair, not for the whole; not affine equivariant (it follows permutations and changes of scale of variables).
/// Independent of the order of observations up to rounding. Cost n p² scales: p² n operations with a large constant.
public struct OrthogonalizedPairs: Sendable {
  public let raw: LocationScatter
  /// Mean and covariance (divisor Σw) of the observations with weight.
  public let reweighted: LocationScatter
  public let weights: [Bool]
  /// Squared distances by the raw estimate.
  public let rawDistances: [Double]
  /// Squared distances by the reweighted estimate.
  public let distances: [Double]

  /// - Parameters:
  ///   - x: observations in rows.
  ///   - iterations: 2 as the authors advise.
  ///   - share: of χ² for the reweighting.
  /// - Throws: `RobustEstimateError.notFinite`, `noVariables`, `tooFewObservations`, `noScale`, `degenerate`.
  public init(_ x: Matrix, iterations: Int = 2, share: Double = 0.9) throws {
    try ObservationChecks.check(x, atLeast: 2)
    let p = x.columns
    let columns = (0..<p).map { x.column($0) }
    let fit = try OrthogonalizedPairs.estimate(columns, iterations: iterations) { RobustScale.tau($0) }
    let spread = Quantiles.median(fit.distances) / ChiSquared(degreesOfFreedom: Double(p)).quantile(0.5)
    let cut = ChiSquared(degreesOfFreedom: Double(p)).quantile(share) * spread
    let inside = fit.distances.map { $0 < cut }
    let rows = inside.indices.filter { inside[$0] }.map { Int32($0) }
    guard !rows.isEmpty else { throw RobustEstimateError.degenerate(rank: 0, needed: p) }
    let data = Observations(x)
    let (mean, scatter) = data.moments(of: rows)
    raw = fit.estimate
    rawDistances = fit.distances
    weights = inside
    reweighted = LocationScatter(center: mean, scatter: scatter.scaled(by: 1 / Double(rows.count)))
    guard let factor = try? Cholesky(reweighted.scatter) else { throw RobustEstimateError.degenerate(rank: p - 1, needed: p) }
    distances = data.squaredDistances(from: mean, factor)
  }

  /// The raw estimate and the squared distances by it.
  static func estimate(
    _ x: [[Double]], iterations: Int, measure: @Sendable ([Double]) -> (location: Double, scale: Double)
  ) throws -> (estimate: LocationScatter, distances: [Double]) {
    let p = x.count
    var columns = x
    var back = Matrix.identity(p)
    for _ in 0..<iterations {
      var scales = [Double](repeating: 0, count: p)
      for j in 0..<p {
        let scale = measure(columns[j]).scale
        guard scale > 0 else { throw RobustEstimateError.noScale(column: j) }
        scales[j] = scale
        for i in columns[j].indices { columns[j][i] /= scale }
      }
      let eigen = try eigenvectors(pairwiseCovariance(columns, measure: measure))
      columns = turn(columns, eigen)
      var scaled = eigen
      for k in 0..<p { for j in 0..<p { scaled[j, k] = scales[j] * eigen[j, k] } }
      back = back.multiplied(by: scaled)
    }
    var center = [Double](repeating: 0, count: p)
    var stretched = back
    var distances = [Double](repeating: 0, count: x[0].count)
    for j in 0..<p {
      let (location, scale) = measure(columns[j])
      guard scale > 0 else { throw RobustEstimateError.degenerate(rank: j, needed: p) }
      center[j] = location
      for i in 0..<p { stretched[i, j] = back[i, j] * scale }
      for i in distances.indices {
        let d = (columns[j][i] - location) / scale
        distances[i] += d * d
      }
    }
    let scatter = stretched.multiplied(by: stretched, otherTransposed: true)
    return (LocationScatter(center: back.multiplied(by: center), scatter: scatter), distances)
  }

  /// ¼(σ²(X + Y) − σ²(X − Y)) for all pairs of standardised columns; the diagonal is 1.
  static func pairwiseCovariance(
    _ columns: [[Double]], measure: @Sendable ([Double]) -> (location: Double, scale: Double)
  ) -> Matrix {
    let p = columns.count
    let lower = parallelMap(p) { j in
      var values = [Double](repeating: 1, count: p - j)
      let x = columns[j]
      var work = x
      for k in (j + 1)..<max(p, j + 1) {
        let y = columns[k]
        for i in work.indices { work[i] = x[i] + y[i] }
        let sum = measure(work).scale
        for i in work.indices { work[i] = x[i] - y[i] }
        let difference = measure(work).scale
        values[k - j] = 0.25 * (sum * sum - difference * difference)
      }
      return values
    }
    var result = Matrix(rows: p, columns: p)
    for j in 0..<p { for k in j..<p { result[k, j] = lower[j][k - j] } }
    result.mirrorLowerTriangle()
    return result
  }

  /// In ascending order of the eigenvalues.
  static func eigenvectors(_ matrix: Matrix) throws -> Matrix {
    guard let eigen = try? SymmetricEigen(matrix), let vectors = eigen.vectors else { throw RobustEstimateError.decomposition }
    return vectors
  }

  /// The columns of X E.
  private static func turn(_ columns: [[Double]], _ directions: Matrix) -> [[Double]] {
    let x = Matrix(rows: columns[0].count, columns: columns.count, elements: Array(columns.joined()))
    let turned = x.multiplied(by: directions)
    return (0..<columns.count).map { turned.column($0) }
  }
}
