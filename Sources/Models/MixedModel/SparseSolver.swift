internal import LinearAlgebra
internal import Parallel

/// Solves the mixed-model equations of `SparseStatistics` at given ratios by preconditioned conjugate gradients.
///
/// The random part of the system, `D (B − A'GA) D + I`, has eigenvalues from 1 up and Jacobi scaling brings them near 1, so a dozen or two
/// steps are enough on a connected design. The few fixed columns are eliminated exactly through one solve each.
struct SparseSolver: Sendable {
  /// Right-hand side W f given by its sums over units and kept columns.
  struct Side: Sendable {
    var unit: [Double]
    var kept: [Double]
  }

  struct Result: Sendable {
    let kept: [Double]
    let eliminated: [Double]
    /// Z[i]'P f per factor, the eliminated one first; empty for a factor of zero variance.
    let projected: [[Double]]
  }

  /// Relative residuals: of predictions and of what the gradient is made of; of the average information, which only turns steps and gives standard
  /// errors; and of probes, whose share of a trace is small.
  static let tolerance = 1e-10
  static let informationTolerance = 1e-7
  static let probeTolerance = 1e-6

  let statistics: SparseStatistics
  let ratios: [Double]
  let residual: Double
  let system: RandomSystem
  /// Per fixed column j: S⁻¹ s[j], with s[j] the scaled coupling of column j with the random part.
  let coupling: [[Double]]
  /// Inverse of the fixed part's Schur complement: Cov(β̂)/σ².
  let fixedInverse: Matrix
  /// log-determinant of the fixed part's Schur complement.
  let fixedLogDeterminant: Double

  var shrinkage: [Double] { system.shrinkage }
  var scale: [Double] { system.scale }
  /// The diagonal of the scaled random part.
  var diagonal: [Double] { system.diagonal }

  /// - Parameter components: eliminated factor, kept factors, residual.
  init(_ statistics: SparseStatistics, components: [Double]) throws(MixedModelError) {
    let residual = components[statistics.kept.count + 1]
    let ratios = components.dropLast().map { $0 / residual }
    let system = RandomSystem(statistics, ratios: ratios)
    self.statistics = statistics
    self.ratios = ratios
    self.residual = residual
    self.system = system

    // Fixed columns after the elimination of the units: B[·,j] − A'G A[·,j].
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let shrunk = statistics.unitFixed.map { zip($0, system.shrinkage).map { $0 * $1 } }
    let sides = (0..<p).map { j in
      let back = statistics.incidence.transposeMultiplied(by: shrunk[j])
      return (0..<q).map { system.scale[$0] * (statistics.fixedGram[j][$0] - back[$0]) }
    }
    coupling = try parallelMap(p) { j throws(MixedModelError) in try system.solution(sides[j], tolerance: Self.tolerance).x }
    var schur = Matrix(rows: p, columns: p)
    for i in 0..<p {
      for j in 0..<p {
        schur[i, j] = statistics.fixedGram[i][q + j] - dot(shrunk[i], statistics.unitFixed[j]) - dot(sides[i], coupling[j])
      }
    }
    let factor: Cholesky
    do { factor = try Cholesky(schur) } catch { throw .illConditioned }
    var logDeterminant = 0.0
    for pivot in factor.diagonal { logDeterminant += 2 * pivot.logarithm }
    fixedLogDeterminant = logDeterminant
    fixedInverse = factor.inverse()
  }

  /// The solution for one right-hand side, the fixed effects included.
  func solve(_ side: Side, tolerance: Double = Self.tolerance) throws(MixedModelError) -> Result {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let shrunk = zip(side.unit, shrinkage).map { $0 * $1 }
    let back = statistics.incidence.transposeMultiplied(by: shrunk)
    let random = (0..<q).map { scale[$0] * (side.kept[$0] - back[$0]) }
    var scaled = try system.solution(random, tolerance: tolerance).x
    let rest = (0..<p).map { j in
      side.kept[q + j] - dot(statistics.unitFixed[j], shrunk) - dot(coupling[j], random)
    }
    let fixed = fixedInverse.multiplied(by: rest)
    for j in 0..<p { for c in 0..<q { scaled[c] -= coupling[j][c] * fixed[j] } }
    let kept = zip(scaled, scale).map { $0 * $1 }
    var remaining = statistics.incidence.multiplied(by: kept)
    for u in remaining.indices { remaining[u] = side.unit[u] - remaining[u] }
    for j in 0..<p {
      let column = statistics.unitFixed[j]
      for u in remaining.indices { remaining[u] -= column[u] * fixed[j] }
    }
    let projection = remaining.indices.map { remaining[$0] / ((1 + ratios[0] * statistics.totals[$0]) * residual) }
    let projected = statistics.kept.enumerated().map { f, range in
      ratios[f + 1] == 0 ? [] : range.map { scaled[$0] / (scale[$0] * residual) }
    }
    return Result(
      kept: kept + fixed, eliminated: zip(remaining, shrinkage).map { $0 * $1 }, projected: [projection] + projected)
  }

  /// Sums over units and kept columns of W Z[i] v, for a vector v over the levels of factor i (0 the eliminated one).
  func side(of factor: Int, _ v: [Double]) -> Side {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    if factor == 0 {
      return Side(
        unit: zip(v, statistics.totals).map { $0 * $1 },
        kept: statistics.incidence.transposeMultiplied(by: v) + (0..<p).map { dot(statistics.unitFixed[$0], v) })
    }
    var padded = [Double](repeating: 0, count: q)
    padded.replaceSubrange(statistics.kept[factor - 1], with: v)
    return Side(
      unit: statistics.incidence.multiplied(by: padded),
      kept: statistics.gramProduct(padded) + (0..<p).map { dot(Array(statistics.fixedGram[$0].prefix(q)), padded) })
  }
}

/// The scaled random part of the equations, known by its products.
struct RandomSystem: Sendable {
  let statistics: SparseStatistics
  /// g[u] = λ / (1 + λ n[u]) per unit.
  let shrinkage: [Double]
  /// √λ per kept column.
  let scale: [Double]
  let diagonal: [Double]

  init(_ statistics: SparseStatistics, ratios: [Double]) {
    let q = statistics.randomColumns
    let lambda = ratios[0]
    let g = statistics.totals.map { lambda / (1 + lambda * $0) }
    var scale = [Double](repeating: 1, count: q)
    for (f, range) in statistics.kept.enumerated() { for c in range { scale[c] = ratios[f + 1].squareRoot() } }
    let lost = statistics.incidence.weightedColumnSquares(weights: g)
    self.statistics = statistics
    self.scale = scale
    shrinkage = g
    var diagonal = [Double](repeating: 1, count: q)
    for c in 0..<q { diagonal[c] += scale[c] * scale[c] * (statistics.gramDiagonal[c] - lost[c]) }
    self.diagonal = diagonal
  }

  func product(_ v: VectorBlock) -> VectorBlock {
    var x = v
    x.scaleElements(by: scale)
    let back = statistics.incidence.weightedGramProduct(x, weights: shrinkage)
    var result = statistics.gramProduct(x)
    result.add(back, scaledBy: SIMD8(repeating: -1))
    result.scaleElements(by: scale)
    result.add(v, scaledBy: SIMD8(repeating: 1))
    return result
  }

  func product(_ v: [Double]) -> [Double] {
    let x = zip(v, scale).map { $0 * $1 }
    let back = statistics.incidence.weightedGramProduct(x, weights: shrinkage)
    var result = statistics.gramProduct(x)
    for c in result.indices { result[c] = scale[c] * (result[c] - back[c]) + v[c] }
    return result
  }

  /// A single right-hand side goes alone: in a block of eight, seven eighths of what is moved would be zeros.
  func solution(_ side: [Double], tolerance: Double) throws(MixedModelError) -> ConjugateGradients.Solution {
    do {
      return try ConjugateGradients.solve(side, diagonal: diagonal, tolerance: tolerance) { product($0) }
    } catch { throw .illConditioned }
  }

  /// Up to eight right-hand sides at once.
  func solution(_ sides: VectorBlock, tolerance: Double) throws(MixedModelError) -> ConjugateGradients.BlockSolution {
    do {
      return try ConjugateGradients.solve(sides, diagonal: diagonal, tolerance: tolerance) { product($0) }
    } catch { throw .illConditioned }
  }
}
