import Foundation
import LinearAlgebra

/// The minimum covariance determinant (Rousseeuw 1985): mean and covariance of the h of n observations whose covariance has the smallest
/// determinant, then of all observations that lie within χ²_{p, 0.975} of that (reweighting).
///
/// Formula: over subsets H of h = ⌊2m − n + 2(n − m)·share⌋ observations, m = ⌊(n + p + 1)/2⌋, minimise log det S_H, S_H with divisor h − 1.
/// raw scatter = c(h/n)·k·S_H, c by `CovarianceCorrections.consistency` and k by `smallSample`; with w the weights, scatter = c(Σw/n)·k'·S_w.
///
/// Breakdown: (n − h + 1)/n, at share ½ the largest that an affine equivariant estimate can have. The estimate is affine equivariant; the searches are so
/// exactly when exhaustive, and otherwise up to which of several near minima they find. The order of observations plays no part, and
/// neither does the number of threads. Ties are broken by the values of the observations.
///
/// When h observations lie on a hyperplane the determinant is 0: see `exactFit`.
///
/// Cost: a concentration step takes 1.5 n p² multiplications; about thirty steps on all observations, whatever the number of starts.
public struct MinimumCovarianceDeterminant: Sendable {
  /// The h observations, ascending.
  public let subset: [Int]
  /// log det of their covariance with divisor h − 1; −∞ for an exact fit.
  public let objective: Double
  /// Centre and corrected scatter of the subset.
  public let raw: LocationScatter
  /// Consistency and small-sample factors in `raw`.
  public let rawFactors: (consistency: Double, smallSample: Double)
  /// Centre and corrected scatter of the observations with weight.
  public let reweighted: LocationScatter
  /// Consistency and small-sample factors in `reweighted`.
  public let factors: (consistency: Double, smallSample: Double)
  /// Whether an observation lies within the cut by the raw estimate.
  public let weights: [Bool]
  /// Squared distances by the raw estimate.
  public let rawDistances: [Double]
  /// Squared distances by the reweighted estimate; ∞ off the hyperplane of an exact fit.
  public let distances: [Double]
  /// The χ² quantile, of `Options.level`, that distances are compared with.
  public let cut: Double
  /// Set when h observations or more lie on a hyperplane. Then `reweighted` is the (singular) covariance of those on it.
  public let exactFit: Hyperplane?
  /// How many starts there were, how many concentration steps were taken, and how many of the starts followed ended at `subset`.
  public let effort: (starts: Int, steps: Int, agreeing: Int)

  /// Observations beyond the cut by the reweighted estimate, ascending.
  public var outliers: [Int] { distances.indices.filter { !(distances[$0] <= cut) } }

  /// h of n observations of p variables.
  public static func subsetSize(share: Double, count n: Int, dimension p: Int) -> Int {
    let middle = (n + p + 1) / 2
    return min(n, Int(Double(2 * middle - n) + 2 * Double(n - middle) * share))
  }

  /// - Parameter x: observations in rows, variables in columns.
  /// - Throws: `RobustEstimateError`: `noVariables`, `notFinite`, `tooFewObservations` (h must exceed p, and a correction for small samples be
  ///   known), `tooManySubsets`, `degenerate`.
  public init(_ x: Matrix, options: Options = Options()) throws {
    precondition(options.share >= 0.5 && options.share <= 1, "the share lies in [½, 1]")
    let (n, p) = (x.rows, x.columns)
    try ObservationChecks.check(x, atLeast: 2)
    let h = MinimumCovarianceDeterminant.subsetSize(share: options.share, count: n, dimension: p)
    guard h > p, n > p + 1 else { throw RobustEstimateError.tooFewObservations(count: n, needed: p + 2) }
    if options.search == .exhaustive, Combinations.number(n, choose: p + 1) > Search.exhaustiveLimit {
      throw RobustEstimateError.tooManySubsets(limit: Search.exhaustiveLimit)
    }
    let order = ObservationChecks.canonicalOrder(x)
    let data = Observations(x).selecting(order)
    let scaling = RoughScaling(data)
    if let j = scaling.constant(in: data, size: h) {
      self.init(exactFit: HyperplaneFit(variable: j, of: data), data: data, order: order, size: h, options: options)
      return
    }
    let z = data.standardized(center: scaling.center, scale: scaling.scale)
    guard let found = SubsetSearch(data: z, size: h, search: options.search, seed: options.seed).run() else {
      throw RobustEstimateError.degenerate(rank: 0, needed: p)
    }
    let effort = (found.starts, found.steps, found.agreeing)
    if found.best.logDeterminant == -.infinity {
      self.init(
        exactFit: HyperplaneFit(found.best, of: z, scaling: scaling), data: data, order: order, size: h, options: options, effort: effort)
    } else {
      try self.init(rows: found.best.rows, data: data, order: order, options: options, effort: effort)
    }
  }

  /// The account of a subset found.
  private init(
    rows: [Int32], data: Observations, order: [Int], options: Options, effort: (starts: Int, steps: Int, agreeing: Int)
  ) throws {
    let (n, p, h) = (data.count, data.dimension, rows.count)
    let core = LocationScatter.classical(data, rows: rows)
    objective = core.logDeterminant
    subset = rows.map { order[Int($0)] }.sorted()
    let needed = options.smallSampleCorrection ? CovarianceCorrections.smallestSample(share: options.share, dimension: p) : 0
    if n < needed { throw RobustEstimateError.tooFewObservations(count: n, needed: needed) }
    let shareUsed = Double(h) / Double(n)
    rawFactors = (
      CovarianceCorrections.consistency(share: shareUsed, dimension: p),
      options.smallSampleCorrection ? CovarianceCorrections.smallSample(share: options.share, dimension: p, count: n) : 1
    )
    raw = LocationScatter(center: core.center, scatter: core.scatter.scaled(by: rawFactors.consistency * rawFactors.smallSample))
    cut = ChiSquared(degreesOfFreedom: Double(p)).quantile(options.level)
    let rawSquares = data.squaredDistances(from: raw.center, try Cholesky(raw.scatter))
    let limit = cut
    let inside = rawSquares.indices.filter { rawSquares[$0] <= limit }.map { Int32($0) }
    let weighted = LocationScatter.classical(data, rows: inside)
    factors = (
      CovarianceCorrections.consistency(share: Double(inside.count) / Double(n), dimension: p),
      options.smallSampleCorrection ? CovarianceCorrections.smallSampleReweighted(share: options.share, dimension: p, count: n) : 1
    )
    reweighted = LocationScatter(center: weighted.center, scatter: weighted.scatter.scaled(by: factors.consistency * factors.smallSample))
    let squares = data.squaredDistances(from: reweighted.center, try Cholesky(reweighted.scatter))
    rawDistances = MinimumCovarianceDeterminant.restored(rawSquares, order)
    distances = MinimumCovarianceDeterminant.restored(squares, order)
    weights = rawDistances.map { $0 <= limit }
    exactFit = nil
    self.effort = effort
  }

  /// The account of an exact fit.
  private init(
    exactFit fit: HyperplaneFit, data: Observations, order: [Int], size h: Int, options: Options,
    effort: (starts: Int, steps: Int, agreeing: Int) = (0, 0, 0)
  ) {
    let rows = fit.rows.map { order[Int($0)] }.sorted()
    let estimate = LocationScatter.classical(data, rows: fit.rows)
    subset = Array(fit.rows.prefix(h)).map { order[Int($0)] }.sorted()
    objective = -.infinity
    raw = estimate
    reweighted = estimate
    rawFactors = (1, 1)
    factors = (1, 1)
    cut = ChiSquared(degreesOfFreedom: Double(data.dimension)).quantile(options.level)
    let squares = MinimumCovarianceDeterminant.restored(fit.distances(data, estimate), order)
    rawDistances = squares
    distances = squares
    weights = squares.map { $0 < .infinity }
    exactFit = Hyperplane(normal: fit.normal, offset: fit.offset, rows: rows)
    self.effort = effort
  }

  /// Values in canonical order, put back into the order of the observations.
  private static func restored(_ values: [Double], _ order: [Int]) -> [Double] {
    var result = values
    for (place, i) in order.enumerated() { result[i] = values[place] }
    return result
  }
}
