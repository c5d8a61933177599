internal import Foundation
internal import LinearAlgebra

/// The solution of a blocked model; inverses in units of the residual variance.
struct BlockedSolution: Sendable {
  let inverse: Matrix
  /// Kept effects, then fixed effects.
  let kept: [Double]
  /// Per nested factor: predictions and their error variances.
  let nested: [(values: [Double], variances: [Double])]
  /// Variance of each observation's fitted value's error in units of the residual variance; infinite where the weight is 0.
  let leverages: [Double]
}

extension BlockedStatistics {
  /// Evaluates at `components` = (nested factors, kept factors, residual).
  func evaluate(at components: [Double], method: EstimationMethod) throws(MixedModelError) -> (VarianceEvaluation, BlockedSolution) {
    try BlockedEvaluation(self, at: components, method: method).run()
  }
}

/// One evaluation, in four passes over the blocks. Each factors a block anew, which takes less than to keep the factors of all of them.
struct BlockedEvaluation {
  let statistics: BlockedStatistics
  /// Nested factors, kept factors, residual.
  let components: [Double]
  let method: EstimationMethod
  let ratios: [Double]
  let residual: Double
  /// √λ of the kept columns, 1 of the fixed ones.
  private let scale: [Double]

  init(_ statistics: BlockedStatistics, at components: [Double], method: EstimationMethod) {
    self.statistics = statistics
    self.components = components
    self.method = method
    let residual = components[components.count - 1]
    let ratios = components.dropLast().map { $0 / residual }
    var scale = [Double](repeating: 1, count: statistics.columns)
    for (j, range) in statistics.kept.enumerated() {
      for c in range { scale[c] = ratios[statistics.nested.count + j].squareRoot() }
    }
    (self.ratios, self.residual, self.scale) = (ratios, residual, scale)
  }

  func run() throws(MixedModelError) -> (VarianceEvaluation, BlockedSolution) {
    let (q, size) = (statistics.randomColumns, statistics.columns)
    var (system, side, squares, logDeterminant) = try eliminated()
    system.scaleSymmetrically(by: scale, addingToDiagonal: (0..<size).map { $0 < q ? 1 : 0 })
    let factor: Cholesky
    do { factor = try Cholesky(consume system) } catch { throw .illConditioned }
    let degrees = Double(statistics.observations - (method == .reml ? statistics.fixed.count : 0))
    for pivot in factor.diagonal.prefix(method == .reml ? size : q) { logDeterminant += 2 * log(pivot) }
    logDeterminant += degrees * log(residual)
    let x = solve(factor, side)
    let quadratic = (squares - dot(side, x)) / residual

    let projection = try projected([statistics.response], [x])[0]
    let active = components.indices.filter { components[$0] > 0 || $0 == components.count - 1 }
    let working = active.map { workingVector($0, projection) }
    var forms = [Double](repeating: 0, count: components.count)
    for (a, vector) in zip(active, working) { forms[a] = dot(vector, projection) }
    var solutions: [[Double]] = []
    for side in try sides(working) { solutions.append(solve(factor, side)) }
    let images = try projected(working, solutions)
    var information = Matrix(rows: components.count, columns: components.count)
    for (a, image) in zip(active, images) { for (b, vector) in zip(active, working) { information[b, a] = dot(vector, image) } }

    var inverse = factor.inverse()
    inverse.scaleRowsAndColumns(by: scale)
    let local = try BlockedTraces(self, inverse, projection)
    return (
      VarianceEvaluation(
        logDeterminant: logDeterminant, quadratic: quadratic, degrees: degrees, traces: local.traces, forms: forms,
        information: information),
      BlockedSolution(inverse: inverse, kept: x, nested: local.nested, leverages: local.leverages)
    )
  }

  func cholesky(_ block: BlockedStatistics.Block) throws(MixedModelError) -> Cholesky {
    do { return try Cholesky(statistics.covariance(block, ratios)) } catch { throw .illConditioned }
  }

  /// The solution of the scaled equations, in the columns' own scale.
  private func solve(_ factor: borrowing Cholesky, _ side: [Double]) -> [Double] {
    zip(factor.solve(zip(side, scale).map { $0 * $1 }), scale).map { $0 * $1 }
  }

  /// X'H⁻¹X, lower triangle, X'H⁻¹y, y'H⁻¹y and log |H|.
  private func eliminated() throws(MixedModelError) -> (system: Matrix, side: [Double], squares: Double, logDeterminant: Double) {
    var system = Matrix(rows: statistics.columns, columns: statistics.columns)
    var side = [Double](repeating: 0, count: statistics.columns)
    var squares = 0.0
    var logDeterminant = 0.0
    for block in statistics.blocks {
      let factor = try cholesky(block)
      for pivot in factor.diagonal { logDeterminant += 2 * log(pivot) }
      let a = factor.solveLower(statistics.design(block))
      let z = factor.solveLower(gathered([statistics.response], block)).elements
      squares += dot(z, z)
      var gram = Matrix(rows: block.columns.count, columns: block.columns.count)
      gram.addSymmetricProduct(of: a, transposed: true)
      let b = a.transposeMultiplied(by: z)
      for (j, column) in block.columns.enumerated() {
        side[column] += b[j]
        for i in j..<block.columns.count { system[block.columns[i], column] += gram[i, j] }
      }
    }
    return (system, side, squares, logDeterminant)
  }

  /// X'H⁻¹v for each vector.
  private func sides(_ vectors: [[Double]]) throws(MixedModelError) -> [[Double]] {
    var sides = vectors.map { _ in [Double](repeating: 0, count: statistics.columns) }
    for block in statistics.blocks {
      let solved = try cholesky(block).solve(gathered(vectors, block))
      let products = statistics.design(block).multiplied(by: solved, transposed: true)
      for a in vectors.indices { for (j, column) in block.columns.enumerated() { sides[a][column] += products[j, a] } }
    }
    return sides
  }

  /// P v = H⁻¹(v − X x) / σ² for each vector, where x solves the equations with v as the response.
  private func projected(_ vectors: [[Double]], _ solutions: [[Double]]) throws(MixedModelError) -> [[Double]] {
    var result = vectors.map { _ in [Double](repeating: 0, count: statistics.response.count) }
    for block in statistics.blocks {
      let effects = Matrix(
        rows: block.columns.count, columns: solutions.count, elements: solutions.flatMap { x in block.columns.map { x[$0] } })
      let fitted = statistics.design(block).multiplied(by: effects)
      var rest = gathered(vectors, block)
      for a in vectors.indices { for i in block.rows.indices { rest[i, a] -= fitted[i, a] } }
      rest = try cholesky(block).solve(rest)
      for a in vectors.indices { for (i, row) in block.rows.enumerated() { result[a][Int(row)] = rest[i, a] / residual } }
    }
    return result
  }

  /// The vectors' elements of a block, a column each.
  private func gathered(_ vectors: [[Double]], _ block: BlockedStatistics.Block) -> Matrix {
    Matrix(rows: block.rows.count, columns: vectors.count, elements: vectors.flatMap { v in block.rows.map { v[Int($0)] } })
  }

  /// V[i] P y for component i.
  private func workingVector(_ component: Int, _ projection: [Double]) -> [Double] {
    if component == components.count - 1 {
      return projection.indices.map { s in projection[s] == 0 ? 0 : projection[s] / (statistics.weights?[s] ?? 1) }
    }
    let factor = (statistics.nested + statistics.keptFactors)[component]
    var sums = [Double](repeating: 0, count: factor.levels)
    for block in statistics.blocks { for row in block.rows { sums[Int(factor.codes[Int(row)])] += projection[Int(row)] } }
    return factor.codes.map { sums[Int($0)] }
  }
}
