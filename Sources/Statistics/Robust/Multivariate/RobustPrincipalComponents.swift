import Foundation
import LinearAlgebra

/// Robust principal components: ROBPCA (Hubert, Rousseeuw and Vanden Branden 2005, Technometrics 47, 64–79).
///
/// 1. The data are turned into the space they span. 2. Outlyingness: the largest |xᵢ'v − t|/s over directions v through two observations (all pairs
/// when there are up to `directions`), t and s by univariate MCD. The covariance of the h least outlying gives k directions; observations whose orthogonal
/// distance to these is ordinary give them anew. 3. The MCD of the scores in these k directions gives centre, axes and eigenvalues.
///
/// Score distance √Σ tᵢₗ²/λₗ, orthogonal distance ‖xᵢ − x̂ᵢ‖. An observation beyond the first cut only is a good leverage point, beyond the second an orthogonal
/// outlier, beyond both a bad leverage point.
///
/// Breakdown (n − h + 1)/n. Orthogonally equivariant (turning, shifting and stretching the space), so variables have to be on comparable scales. The order of
/// observations plays no part. Cost: n² r for the first turn when p > n, n r `directions`, then the MCD of k variables.
public struct RobustPrincipalComponents: Sendable {
  public struct Options: Sendable {
    /// h/n for outlyingness and MCD, from ½ to 1.
    public var share = 0.75
    /// k; nil for as many as explain 80 % of the variance of the least outlying, at most ten.
    public var components: Int?
    public var directions = 250
    public var seed: UInt64 = 1
    /// The level of both cuts.
    public var level = 0.975

    public init() {}
  }

  public let center: [Double]
  /// p × k, orthonormal columns; the element of largest magnitude in each is positive.
  public let loadings: Matrix
  /// Robust variances of the scores, descending.
  public let eigenvalues: [Double]
  /// n × k.
  public let scores: Matrix
  public let scoreDistances: [Double]
  public let orthogonalDistances: [Double]
  public let scoreCut: Double
  /// 0 when k is the rank of the data.
  public let orthogonalCut: Double
  /// The h least outlying observations of step 2, ascending.
  public let leastOutlying: [Int]

  /// Beyond one of the cuts or both, ascending.
  public var outliers: [Int] {
    scoreDistances.indices.filter { scoreDistances[$0] > scoreCut || (orthogonalCut > 0 && orthogonalDistances[$0] > orthogonalCut) }
  }

  /// - Throws: `RobustEstimateError`: `noVariables`, `notFinite`, `tooFewObservations`, `degenerate`.
  public init(_ x: Matrix, options: Options = Options()) throws {
    precondition(options.share >= 0.5 && options.share <= 1, "the share lies in [½, 1]")
    try ObservationChecks.check(x, atLeast: 4)
    let (n, p) = (x.rows, x.columns)
    let order = ObservationChecks.canonicalOrder(x)
    let data = Observations(x).selecting(order)
    let mean = data.moments().mean
    let basis = try RobustPrincipalComponents.spanned(data, mean)
    let rank = basis.columns
    let z = data.projected(on: basis, center: mean)
    let most = min(options.components ?? 10, rank)
    let h = min(n, MinimumCovarianceDeterminant.subsetSize(share: options.share, count: n, dimension: most))

    let outlying = DirectionalOutlyingness(data: z, size: h, directions: options.directions, seed: options.seed).values()
    let core = Concentration.smallest(h, of: outlying)
    leastOutlying = core.map { order[Int($0)] }.sorted()
    let first = try RobustPrincipalComponents.axes(LocationScatter.classical(z, rows: core))
    let k = options.components.map { min($0, first.rank) } ?? RobustPrincipalComponents.enough(first.values, most)
    guard k >= 1 else { throw RobustEstimateError.degenerate(rank: 0, needed: 1) }

    // Observations near the first subspace give it anew.
    var plane = first.leading(k)
    if k < rank {
      let far = RobustPrincipalComponents.orthogonal(z, plane)
      let cut = RobustPrincipalComponents.cut(far, options.level) { UnivariateDeterminant.estimate($0, size: h) }
      let near = far.indices.filter { far[$0] <= cut }.map { Int32($0) }
      plane = try RobustPrincipalComponents.axes(LocationScatter.classical(z, rows: near)).leading(k)
    }
    let flat = z.projected(on: plane.axes, center: plane.center)
    var mcd = MinimumCovarianceDeterminant.Options()
    mcd.share = options.share
    mcd.seed = options.seed
    let fit = try MinimumCovarianceDeterminant(flat.matrix, options: mcd)
    let final = try RobustPrincipalComponents.axes(fit.reweighted)
    guard final.rank == k else { throw RobustEstimateError.degenerate(rank: final.rank, needed: k) }

    let directions = plane.axes.multiplied(by: final.axes)
    let inner = plane.axes.multiplied(by: fit.reweighted.center)
    let middle = (0..<rank).map { plane.center[$0] + inner[$0] }
    let signs = basis.multiplied(by: directions).signed
    loadings = signs.matrix
    let turned = basis.multiplied(by: middle)
    center = (0..<p).map { mean[$0] + turned[$0] }
    eigenvalues = final.values
    var t = z.projected(on: directions, center: middle)
    for i in 0..<n { for l in 0..<k { t[i, l] *= signs.signs[l] } }
    let far = RobustPrincipalComponents.orthogonal(z, (middle, directions))
    // Median and absolute deviation, as rrcov has it: the univariate MCD of the article flags more honest observations of small samples.
    orthogonalCut =
      k < rank
      ? RobustPrincipalComponents.cut(far, options.level) { (Quantiles.median($0), RobustScale.medianAbsoluteDeviation($0)) } : 0
    scoreCut = ChiSquared(degreesOfFreedom: Double(k)).quantile(options.level).squareRoot()
    var scores = Matrix(rows: n, columns: k)
    var within = [Double](repeating: 0, count: n)
    var beyond = within
    for (place, i) in order.enumerated() {
      var sum = 0.0
      for l in 0..<k {
        scores[i, l] = t[place, l]
        sum += t[place, l] * t[place, l] / final.values[l]
      }
      within[i] = sum.squareRoot()
      beyond[i] = far[place]
    }
    self.scores = scores
    scoreDistances = within
    orthogonalDistances = beyond
  }
}

extension RobustPrincipalComponents {
  /// An orthonormal basis of the space that the centred data span, p × r; by the smaller of both products.
  private static func spanned(_ data: Observations, _ mean: [Double]) throws -> Matrix {
    let centered = data.standardized(center: mean, scale: [Double](repeating: 1, count: data.dimension))
    guard let svd = try? SVD(Matrix(rows: data.dimension, columns: data.count, elements: centered.elements)) else {
      throw RobustEstimateError.decomposition
    }
    let rank = svd.rank(tolerance: 1e-10)
    if rank == 0 { throw RobustEstimateError.degenerate(rank: 0, needed: 1) }
    return svd.left.leadingColumns(rank)
  }

  struct Axes {
    let center: [Double]
    /// Descending, those above 10⁻¹² of the first.
    let values: [Double]
    let axes: Matrix
    var rank: Int { values.count }

    func leading(_ k: Int) -> (center: [Double], axes: Matrix) { (center, axes.leadingColumns(k)) }
  }

  private static func axes(_ estimate: LocationScatter) throws -> Axes {
    guard let eigen = try? SymmetricEigen(estimate.scatter), let vectors = eigen.vectors else { throw RobustEstimateError.decomposition }
    let p = estimate.dimension
    let largest = eigen.values.last ?? 0
    let kept = (0..<p).reversed().filter { eigen.values[$0] > 1e-12 * largest }
    var axes = Matrix(rows: p, columns: kept.count)
    for (l, j) in kept.enumerated() { for i in 0..<p { axes[i, l] = vectors[i, j] } }
    return Axes(center: estimate.center, values: kept.map { eigen.values[$0] }, axes: axes)
  }

  /// As many axes as explain 80 %, of those with at least a thousandth of the first.
  private static func enough(_ values: [Double], _ most: Int) -> Int {
    let total = values.reduce(0, +)
    var sum = 0.0
    for (l, value) in values.prefix(most).enumerated() {
      if value < 1e-3 * values[0] { return max(1, l) }
      sum += value
      if sum >= 0.8 * total { return l + 1 }
    }
    return min(most, values.count)
  }

  /// Distances to the plane through a centre.
  private static func orthogonal(_ z: Observations, _ plane: (center: [Double], axes: Matrix)) -> [Double] {
    let within = z.projected(on: plane.axes, center: plane.center).projected(on: plane.axes.transposed)
    return (0..<z.count).map { i in
      var sum = 0.0
      for j in 0..<z.dimension {
        let d = z[i, j] - plane.center[j] - within[i, j]
        sum += d * d
      }
      return sum.squareRoot()
    }
  }

  /// The cut for orthogonal distances, whose power ⅔ is nearly normal, by location and scale of these.
  private static func cut(
    _ distances: [Double], _ level: Double, by estimate: ([Double]) -> (location: Double, scale: Double)
  ) -> Double {
    let (location, scale) = estimate(distances.map { pow($0, 2 / 3) })
    return pow(location + Normal.quantile(level) * scale, 1.5)
  }
}

extension Matrix {
  func leadingColumns(_ k: Int) -> Matrix { Matrix(rows: rows, columns: k, elements: Array(elements.prefix(rows * k))) }

  /// Columns with their element of largest magnitude made positive, and the signs used.
  fileprivate var signed: (matrix: Matrix, signs: [Double]) {
    var result = self
    let signs = (0..<columns).map { l -> Double in
      let column = self.column(l)
      let place = column.indices.max { (abs(column[$0]), -$0) < (abs(column[$1]), -$1) } ?? 0
      return column.isEmpty || column[place] >= 0 ? 1 : -1
    }
    for l in 0..<columns where signs[l] < 0 { for i in 0..<rows { result[i, l] = -self[i, l] } }
    return (result, signs)
  }
}
