internal import LinearAlgebra

/// Solves the mixed-model equations of `SparseStatistics` at given ratios by preconditioned conjugate gradients.
///
/// The random part of the system, `D (B − A'GA) D + I`, has eigenvalues from 1 up and Jacobi scaling brings them near 1, so a few dozen steps
/// are enough on a connected design. The few fixed columns are eliminated exactly through one solve each.
struct SparseSolver: Sendable {
  let statistics: SparseStatistics
  let ratios: [Double]
  let residual: Double
  let shrinkage: [Double]
  let scale: [Double]
  /// The diagonal of the scaled random part.
  let diagonal: [Double]
  /// Per fixed column j: S⁻¹ s[j], with s[j] the scaled coupling of column j with the random part.
  let coupling: [[Double]]
  /// Inverse of the fixed part's Schur complement: Cov(β̂)/σ².
  let fixedInverse: Matrix
  /// log-determinant of the fixed part's Schur complement.
  let fixedLogDeterminant: Double

  /// - Parameter components: eliminated factor, kept factors, residual.
  init(_ statistics: SparseStatistics, components: [Double]) throws(MixedModelError) {
    let k = statistics.kept.count
    let residual = components[k + 1]
    let ratios = components.dropLast().map { $0 / residual }
    let lambda = ratios[0]
    let g = statistics.totals.map { lambda / (1 + lambda * $0) }
    let q = statistics.randomColumns
    var scale = [Double](repeating: 1, count: q)
    for f in 0..<k { for c in statistics.kept[f] { scale[c] = ratios[f + 1].squareRoot() } }
    var diagonal = [Double](repeating: 0, count: q)
    for c in 0..<q {
      for e in statistics.gram.starts[c]..<statistics.gram.starts[c + 1] where Int(statistics.gram.columns[e]) == c {
        diagonal[c] += statistics.gram.values[e]
      }
    }
    let incidence = statistics.incidence
    for u in g.indices {
      for e in incidence.starts[u]..<incidence.starts[u + 1] where Int(incidence.columns[e]) < q {
        diagonal[Int(incidence.columns[e])] -= g[u] * incidence.values[e] * incidence.values[e]
      }
    }
    for c in 0..<q { diagonal[c] = 1 + scale[c] * scale[c] * diagonal[c] }
    self.statistics = statistics
    self.ratios = ratios
    self.residual = residual
    shrinkage = g
    self.scale = scale
    self.diagonal = diagonal

    // Fixed columns after the elimination of the units: B[·,j] − A'G A[·,j].
    let p = statistics.fixedColumns
    let system = RandomSystem(statistics: statistics, shrinkage: g, scale: scale, diagonal: diagonal)
    let reduced = (0..<p).map { j in
      var unit = [Double](repeating: 0, count: q + p)
      unit[q + j] = 1
      var fitted = incidence.multiplied(by: unit)
      for u in fitted.indices { fitted[u] *= g[u] }
      let back = incidence.transposeMultiplied(by: fitted)
      return zip(statistics.fixedGram[j], back).map { $0 - $1 }
    }
    let sides = reduced.map { column in (0..<q).map { scale[$0] * column[$0] } }
    let coupling = try inParallel(p) { j throws(MixedModelError) in try system.solve(sides[j]) }
    var schur = Matrix(rows: p, columns: p)
    for i in 0..<p {
      for j in 0..<p { schur[i, j] = reduced[i][q + j] - dot(sides[i], coupling[j]) }
    }
    self.coupling = coupling
    let factor: Cholesky
    do { factor = try Cholesky(schur) } catch { throw .illConditioned }
    var logDeterminant = 0.0
    for pivot in factor.diagonal { logDeterminant += 2 * pivot.logarithm }
    fixedLogDeterminant = logDeterminant
    fixedInverse = factor.inverse()
  }

  var system: RandomSystem { RandomSystem(statistics: statistics, shrinkage: shrinkage, scale: scale, diagonal: diagonal) }

  struct Result: Sendable {
    let kept: [Double]
    let eliminated: [Double]
    /// Z[i]'P f per factor, the eliminated one first; empty for a factor of zero variance.
    let projected: [[Double]]
  }

  /// Solves for the right-hand side W f given by its sums. Without `withFixed` the fixed effects are held at zero (P becomes V⁻¹).
  func solve(unitSide: [Double], keptSide: [Double], withFixed: Bool = true) throws(MixedModelError) -> Result {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    var shrunk = unitSide
    for u in shrunk.indices { shrunk[u] *= shrinkage[u] }
    let back = statistics.incidence.transposeMultiplied(by: shrunk)
    let side = (0..<(q + p)).map { keptSide[$0] - back[$0] }
    var scaled = try system.solve((0..<q).map { scale[$0] * side[$0] })
    var fixed = [Double](repeating: 0, count: p)
    if withFixed {
      let rest = (0..<p).map { j in side[q + j] - (0..<q).reduce(0.0) { $0 + coupling[j][$1] * scale[$1] * side[$1] } }
      fixed = fixedInverse.multiplied(by: rest)
      for j in 0..<p { for c in 0..<q { scaled[c] -= coupling[j][c] * fixed[j] } }
    }
    let x = (0..<q).map { scale[$0] * scaled[$0] } + fixed
    let fitted = statistics.incidence.multiplied(by: x)
    var projection = unitSide
    var eliminated = unitSide
    for u in unitSide.indices {
      let remaining = unitSide[u] - fitted[u]
      eliminated[u] = shrinkage[u] * remaining
      projection[u] = remaining / ((1 + ratios[0] * statistics.totals[u]) * residual)
    }
    let projected =
      [projection]
      + statistics.kept.enumerated().map { f, range in
        ratios[f + 1] == 0 ? [] : range.map { scaled[$0] / (scale[$0] * residual) }
      }
    return Result(kept: x, eliminated: eliminated, projected: projected)
  }

  /// Sums over units and kept columns of W Z[i] v, for a vector v over the levels of factor i (0 the eliminated one).
  func sides(of factor: Int, _ v: [Double]) -> (unit: [Double], kept: [Double]) {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    if factor == 0 {
      return (zip(v, statistics.totals).map { $0 * $1 }, statistics.incidence.transposeMultiplied(by: v))
    }
    var padded = [Double](repeating: 0, count: q + p)
    padded.replaceSubrange(statistics.kept[factor - 1], with: v)
    let random = statistics.gram.multiplied(by: Array(padded.prefix(q)))
    let fixed = (0..<p).map { j in zip(statistics.kept[factor - 1], v).reduce(0.0) { $0 + statistics.fixedGram[j][$1.0] * $1.1 } }
    return (statistics.incidence.multiplied(by: padded), random + fixed)
  }
}

/// The scaled random part of the equations, known by its products.
struct RandomSystem: Sendable {
  let statistics: SparseStatistics
  let shrinkage: [Double]
  let scale: [Double]
  let diagonal: [Double]

  func product(_ v: [Double]) -> [Double] {
    let q = statistics.randomColumns
    var x = [Double](repeating: 0, count: q + statistics.fixedColumns)
    for c in 0..<q { x[c] = scale[c] * v[c] }
    var fitted = statistics.incidence.multiplied(by: x)
    for u in fitted.indices { fitted[u] *= shrinkage[u] }
    let back = statistics.incidence.transposeMultiplied(by: fitted)
    x.removeLast(statistics.fixedColumns)
    var result = statistics.gram.multiplied(by: x)
    for c in 0..<q { result[c] = v[c] + scale[c] * (result[c] - back[c]) }
    return result
  }

  func solve(_ side: [Double]) throws(MixedModelError) -> [Double] {
    do { return try ConjugateGradients.solve(side, diagonal: diagonal, product: product).x } catch { throw .illConditioned }
  }
}
