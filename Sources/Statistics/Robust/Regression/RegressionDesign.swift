import Foundation
import LinearAlgebra
import Parallel

/// A regression problem in canonical order with orthonormal columns, where every weighted fit is well conditioned.
///
/// With the columns of X (a constant first, if wanted) divided by their norms D and X D⁻¹ = U S V', fits are computed for U; β = D⁻¹ V S⁻¹ γ.
struct RegressionDesign: Sendable {
  /// U: n observations of p columns.
  let u: Observations
  let response: [Double]
  /// The canonical order: observation k here is `order[k]` of the caller.
  let order: [Int]
  /// γ ↦ β, p × p.
  let back: Matrix

  /// Residuals below are rounding: 10⁻¹³ of the largest response.
  var rounding: Double { 1e-13 * response.reduce(0) { max($0, abs($1)) } }

  var count: Int { u.count }
  var columns: Int { u.dimension }

  init(_ x: Matrix, _ y: [Double], intercept: Bool) throws {
    precondition(x.rows == y.count, "\(x.rows) rows of the design for \(y.count) responses")
    let n = x.rows
    let all = Matrix(
      rows: n, columns: x.columns + (intercept ? 1 : 0), elements: (intercept ? [Double](repeating: 1, count: n) : []) + x.elements)
    let p = all.columns
    try ObservationChecks.check(Matrix(rows: n, columns: p + 1, elements: all.elements + y), atLeast: p + 1)
    if p == 0 { throw RobustEstimateError.noVariables }
    order = ObservationChecks.canonicalOrder(Matrix(rows: n, columns: p + 1, elements: all.elements + y))
    var scaled = Matrix(rows: n, columns: p)
    var norms = [Double](repeating: 0, count: p)
    for j in 0..<p {
      var sum = 0.0
      for i in order { sum += all[i, j] * all[i, j] }
      norms[j] = sum > 0 ? sum.squareRoot() : 1
      for (k, i) in order.enumerated() { scaled[k, j] = all[i, j] / norms[j] }
    }
    guard let svd = try? SVD(scaled) else { throw RobustEstimateError.decomposition }
    let rank = svd.rank(tolerance: 1e-12)
    guard rank == p else { throw RobustEstimateError.dependentColumns(rank: rank, columns: p) }
    var back = svd.right
    for k in 0..<p { for j in 0..<p { back[j, k] = svd.right[j, k] / svd.values[k] / norms[j] } }
    self.back = back
    u = Observations(svd.left)
    response = order.map { y[$0] }
  }

  private init(u: Observations, response: [Double], order: [Int], back: Matrix) {
    (self.u, self.response, self.order, self.back) = (u, response, order, back)
  }

  /// Some of the observations, or all when there are few: what elemental starts are compared on. γ means the same in both.
  func sample(seed: UInt64) -> RegressionDesign {
    let size = max(1000, 20 * columns)
    if count <= 2 * size { return self }
    var stream = RandomStream(seed: seed, 8)
    let rows = stream.permutation(count).prefix(size).sorted()
    return RegressionDesign(u: u.selecting(rows), response: rows.map { response[$0] }, order: rows.map { order[$0] }, back: back)
  }

  /// y − U γ.
  func residuals(_ gamma: [Double]) -> [Double] {
    var result = u.linearForms(gamma)
    for i in result.indices { result[i] = response[i] - result[i] }
    return result
  }

  /// Σ wᵢ uᵢuᵢ' (both triangles) and Σ wᵢ uᵢ yᵢ.
  func normalEquations(weights w: [Double]) -> (matrix: Matrix, right: [Double]) {
    (u.weightedGram(w), u.weightedSum(w.indices.map { w[$0] * response[$0] }))
  }

  /// The weighted least squares fit; nil when the observations with weight do not determine it.
  func fit(weights: [Double]) -> [Double]? {
    let (matrix, right) = normalEquations(weights: weights)
    return solve(matrix, right)
  }

  /// The fit through the given observations.
  func fit(rows: [Int]) -> [Double]? {
    let p = columns
    var matrix = Matrix(rows: p, columns: p)
    var right = [Double](repeating: 0, count: p)
    for i in rows {
      for j in 0..<p {
        right[j] += u[i, j] * response[i]
        for k in j..<p { matrix[k, j] += u[i, j] * u[i, k] }
      }
    }
    return solve(matrix, right)
  }

  private func solve(_ matrix: Matrix, _ right: [Double]) -> [Double]? {
    guard let factor = try? Cholesky(matrix) else { return nil }
    for (j, pivot) in factor.diagonal.enumerated() where pivot * pivot <= 1e-12 * matrix[j, j] { return nil }
    return factor.solve(right)
  }

  func coefficients(_ gamma: [Double]) -> [Double] { back.multiplied(by: gamma) }

  /// Values in canonical order, put back into the caller's.
  func restored<T>(_ values: [T]) -> [T] {
    var result = values
    for (place, i) in order.enumerated() { result[i] = values[place] }
    return result
  }
}

/// Starts from as many observations as there are columns: all such subsets, or some drawn at random.
struct ElementalFits: Sendable {
  let design: RegressionDesign
  let number: Int
  private let exhaustive: Bool
  private let seed: UInt64

  /// All subsets when there are no more than `exhaustiveLimit`, otherwise `subsets` random ones.
  init(_ design: RegressionDesign, subsets: Int, exhaustiveLimit: Int, seed: UInt64) {
    self.design = design
    self.seed = seed
    let all = Combinations.number(design.count, choose: design.columns)
    exhaustive = all <= exhaustiveLimit
    number = exhaustive ? all : subsets
  }

  /// What `improve` makes of every start, smallest `value` first and of equal ones the first; the `keep` best.
  ///
  /// `improve` is told a bound: it may return nil for a start whose value is not below, which would not be kept.
  func best<T: Sendable>(
    _ keep: Int, value: @Sendable (T) -> Double, improve: @Sendable (_ start: [Double], _ bound: Double) -> T?
  ) -> [T] {
    let (n, p) = (design.count, design.columns)
    let perPiece = 128
    let pieces = (number + perPiece - 1) / perPiece
    let found = parallelMap(pieces) { piece -> [T] in
      // In ascending order.
      var ends: [T] = []
      func keepIfGood(_ start: [Double]) {
        let bound = ends.count < keep ? .infinity : value(ends[keep - 1])
        guard let end = improve(start, bound), value(end) < bound else { return }
        if ends.count == keep { ends.removeLast() }
        ends.insert(end, at: ends.firstIndex { value($0) > value(end) } ?? ends.count)
      }
      var rows = exhaustive ? Combinations.combination(ranked: piece * perPiece, count: n, choose: p) : []
      for number in (piece * perPiece)..<min(self.number, (piece + 1) * perPiece) {
        if exhaustive {
          if let start = design.fit(rows: rows) { keepIfGood(start) }
          Combinations.advance(&rows, count: n)
        } else if let start = drawn(number) {
          keepIfGood(start)
        }
      }
      return ends
    }
    let all = Array(found.joined())
    return all.indices.sorted { (value(all[$0]), $0) < (value(all[$1]), $1) }.prefix(keep).map { all[$0] }
  }

  /// A fit through p observations drawn at random; singular subsets get further observations.
  private func drawn(_ number: Int) -> [Double]? {
    var stream = RandomStream(seed: seed, 4, UInt64(number))
    var rows: [Int] = []
    while rows.count < design.columns {
      let i = stream.below(design.count)
      if !rows.contains(i) { rows.append(i) }
    }
    for _ in 0..<(10 * design.columns) {
      if let fit = design.fit(rows: rows.sorted()) { return fit }
      let i = stream.below(design.count)
      if !rows.contains(i) { rows.append(i) }
    }
    return nil
  }
}
