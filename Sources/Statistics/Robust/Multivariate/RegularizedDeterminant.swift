import Foundation
import LinearAlgebra
import Parallel

/// The minimum regularised covariance determinant (Boudt, Rousseeuw, Vanduffel and Verdonck 2020, Stat. Comput. 30, 113–128): an MCD for few observations
/// of many variables, also for more variables than observations.
///
/// The data are standardised by medians and Qn and turned so that the target is the identity. Of subsets H of h observations the one is sought whose
/// K(H) = ρ I + (1 − ρ) c S_H has the smallest determinant; c makes S consistent at the normal. ρ is chosen so that K is well conditioned: for each of the
/// deterministic starts the smallest ρ with condition number ≤ `maximalCondition`; of these the largest when it is at most 0.1, otherwise the median, but
/// at least 0.1. Concentration steps lower det K(H) as they lower det S_H (their theorem 1).
///
/// Breakdown of the scatter (n − h + 1)/n, and it cannot implode. Not affine equivariant (the target is not); it follows shifts and changes of scale of
/// variables. The order of observations plays no part. Cost of a step: 1.5 n p² + p³/6 multiplications.
public struct RegularizedDeterminant: Sendable {
  public enum Target: Sendable, Hashable {
    /// Variables uncorrelated, with their robust variances.
    case identity
    /// All correlations equal, to the mean of 2 sin(π ρ/6) over all pairs, ρ Spearman's coefficient.
    case equicorrelation
  }

  public struct Options: Sendable {
    /// h/n, from ½ to 1.
    public var share = 0.5
    public var target = Target.identity
    /// ρ; nil to choose it by the condition number.
    public var regularization: Double?
    public var maximalCondition = 50.0
    /// The share of χ² beyond which an observation is an outlier.
    public var level = 0.975
    /// Names the sample that starts are computed from when there are many observations.
    public var seed: UInt64 = 1

    public init() {}
  }

  /// The h observations, ascending.
  public let subset: [Int]
  /// ρ.
  public let regularization: Double
  /// log det K in the standardised variables.
  public let objective: Double
  /// Never singular.
  public let estimate: LocationScatter
  /// Squared distances by `estimate`.
  public let distances: [Double]
  public let cut: Double
  public let effort: (starts: Int, steps: Int)

  /// Observations beyond the cut, ascending.
  public var outliers: [Int] { distances.indices.filter { distances[$0] > cut } }

  /// - Throws: `RobustEstimateError`: `noVariables`, `notFinite`, `tooFewObservations`, `noScale`, `degenerate`.
  public init(_ x: Matrix, options: Options = Options()) throws {
    precondition(options.share >= 0.5 && options.share <= 1, "the share lies in [½, 1]")
    try ObservationChecks.check(x, atLeast: 4)
    let (n, p) = (x.rows, x.columns)
    let h = Int((options.share * Double(n)).rounded(.up))
    let order = ObservationChecks.canonicalOrder(x)
    let data = Observations(x).selecting(order)
    let (center, scale) = try RegularizedDeterminant.standardization(data)
    let u = data.standardized(center: center, scale: scale)
    let (forth, back) = try RegularizedDeterminant.turn(options.target, u)
    let w = forth.map { u.projected(on: $0) } ?? u
    let sample = RegularizedDeterminant.sample(w, seed: options.seed)
    let starts = DeterministicStarts.estimates(sample).compactMap { start -> ConcentratedSubset? in
      let part = Concentration(data: w, size: h)
      return part.nearest(to: start.center, start.scatter).map { part.subset($0, about: start.center) }
    }
    guard !starts.isEmpty else { throw RobustEstimateError.degenerate(rank: 0, needed: p) }
    let consistency = CovarianceCorrections.consistency(share: Double(h) / Double(n), dimension: p)
    let needed = try starts.map { try RegularizedDeterminant.needed($0.covariance, h, consistency, options.maximalCondition) }
    let rho = options.regularization ?? RegularizedDeterminant.chosen(needed)
    let search = RegularizedConcentration(data: w, size: h, rho: rho, consistency: consistency)
    let used = options.regularization == nil ? starts.indices.filter { needed[$0] <= rho } : Array(starts.indices)
    let ends = parallelMap(used.count) { search.concentrate(starts[used[$0]].rows) }
    var best: RegularizedConcentration.End?
    for end in ends.compactMap({ $0 }) where best.map({ end.logDeterminant < $0.logDeterminant }) ?? true { best = end }
    guard let best else { throw RobustEstimateError.degenerate(rank: 0, needed: p) }
    effort = (used.count, ends.reduce(0) { $0 + ($1?.steps ?? 0) })
    regularization = rho
    objective = best.logDeterminant
    subset = best.rows.map { order[Int($0)] }.sorted()
    // Back from w to x: u = back w, x = center + scale u.
    var scatter = best.scatter
    var mean = best.mean
    if let back {
      scatter = back.multiplied(by: scatter).multiplied(by: back, otherTransposed: true)
      mean = back.multiplied(by: mean)
    }
    scatter.scaleRowsAndColumns(by: scale)
    estimate = LocationScatter(center: (0..<p).map { center[$0] + scale[$0] * mean[$0] }, scatter: scatter)
    cut = ChiSquared(degreesOfFreedom: Double(p)).quantile(options.level)
    let squares = w.squaredDistances(from: best.mean, try Cholesky(best.scatter))
    var restored = squares
    for (place, i) in order.enumerated() { restored[i] = squares[place] }
    distances = restored
  }

  private static func standardization(_ data: Observations) throws -> (center: [Double], scale: [Double]) {
    let found = parallelMap(data.dimension) { j -> (Double, Double) in
      let values = data.variable(j)
      return (Quantiles.median(values), RobustScale.qn(values))
    }
    if let j = found.firstIndex(where: { !($0.1 > 0) }) { throw RobustEstimateError.noScale(column: j) }
    return (found.map(\.0), found.map(\.1))
  }

  /// All observations, or some thousands when there are many.
  private static func sample(_ w: Observations, seed: UInt64) -> Observations {
    let size = max(1000, 20 * w.dimension)
    if w.count <= 2 * size { return w }
    var stream = RandomStream(seed: seed, 5)
    return w.selecting(stream.permutation(w.count).prefix(size).sorted())
  }

  /// Matrices with w = forth' u and u = back w so that the target becomes the identity; nil when it is.
  private static func turn(_ target: Target, _ u: Observations) throws -> (forth: Matrix?, back: Matrix?) {
    let p = u.dimension
    guard target == .equicorrelation, p > 1 else { return (nil, nil) }
    let ranks = (0..<p).map { Ranks.midranks(u.variable($0)) }
    let spearman = LocationScatter.classical(Observations(Matrix(rows: u.count, columns: p, elements: Array(ranks.joined())))).correlation
    var sum = 0.0
    for j in 0..<p { for k in (j + 1)..<max(p, j + 1) { sum += 2 * sin(Double.pi / 6 * spearman[k, j]) } }
    let common = sum / Double(p * (p - 1) / 2)
    // An equicorrelation matrix is positive definite above −1/(p − 1).
    let c = min(0.99, max(common, -0.9 / Double(p - 1)))
    var matrix = Matrix(rows: p, columns: p)
    for j in 0..<p { for k in 0..<p { matrix[j, k] = j == k ? 1 : c } }
    guard let eigen = try? SymmetricEigen(matrix), let vectors = eigen.vectors else { throw RobustEstimateError.decomposition }
    var (forth, back) = (vectors, vectors)
    for k in 0..<p {
      for j in 0..<p {
        forth[j, k] = vectors[j, k] / eigen.values[k].squareRoot()
        back[j, k] = vectors[j, k] * eigen.values[k].squareRoot()
      }
    }
    return (forth, back)
  }

  /// The smallest ρ at which ρ I + (1 − ρ) c S has the wanted condition number.
  private static func needed(_ covariance: Matrix, _ h: Int, _ consistency: Double, _ condition: Double) throws -> Double {
    guard let eigen = try? SymmetricEigen(covariance, vectors: false) else { throw RobustEstimateError.decomposition }
    let factor = consistency
    let excess = factor * (eigen.values.last ?? 0) - condition * max(0, factor * (eigen.values.first ?? 0))
    return excess > 0 ? excess / (condition - 1 + excess) : 0
  }

  private static func chosen(_ needed: [Double]) -> Double {
    let largest = needed.max() ?? 0
    return largest <= 0.1 ? largest : max(0.1, Quantiles.median(needed))
  }
}

/// Concentration steps for ρ I + (1 − ρ) c S.
private struct RegularizedConcentration: Sendable {
  let data: Observations
  let size: Int
  let rho: Double
  let consistency: Double

  struct End: Sendable {
    let rows: [Int32]
    let mean: [Double]
    let scatter: Matrix
    let logDeterminant: Double
    let steps: Int
  }

  func concentrate(_ start: [Int32]) -> End? {
    var best: End?
    var rows = start
    for step in 1...200 {
      let (mean, products) = data.moments(of: rows, about: best?.mean)
      var scatter = products.scaled(by: (1 - rho) * consistency / Double(size - 1))
      for j in 0..<scatter.rows { scatter[j, j] += rho }
      guard let factor = try? Cholesky(scatter) else { return best }
      let value = factor.logDeterminant
      if let best, !(value < best.logDeterminant) { return best }
      best = End(rows: rows, mean: mean, scatter: scatter, logDeterminant: value, steps: step)
      let next = Concentration.smallest(size, of: data.squaredDistances(from: mean, factor))
      if next == rows { return best }
      rows = next
    }
    return best
  }
}
