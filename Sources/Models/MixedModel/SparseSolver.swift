internal import LinearAlgebra
internal import Parallel

/// Solves the mixed-model equations of `SparseStatistics` at given ratios by preconditioned conjugate gradients, eight right-hand sides at a time.
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

  /// Relative residuals. A trace's quadratic form has the square of its solution's error.
  static let tolerance = 1e-10
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
    coupling = try system.solve(sides, tolerance: Self.tolerance)
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

  func solve(_ side: Side) throws(MixedModelError) -> Result { try solve([side], tolerance: Self.tolerance)[0] }

  /// Solves for at most eight right-hand sides. Without `withFixed` the fixed effects are held at zero (P becomes V⁻¹).
  func solve(_ sides: [Side], withFixed: Bool = true, tolerance: Double) throws(MixedModelError) -> [Result] {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let units = statistics.totals.count
    var shrunk = VectorBlock(count: units, columns: sides.map(\.unit))
    shrunk.scaleElements(by: shrinkage)
    let back = statistics.incidence.transposeMultiplied(by: shrunk)
    let scale = self.scale
    let random = sides.indices.map { k in
      let own = back.column(k)
      return (0..<q).map { scale[$0] * (sides[k].kept[$0] - own[$0]) }
    }
    var scaled = try system.solve(random, tolerance: tolerance)
    var fixed = sides.map { _ in [Double](repeating: 0, count: p) }
    if withFixed {
      for k in sides.indices {
        let own = shrunk.column(k)
        let rest = (0..<p).map { j in
          sides[k].kept[q + j] - dot(statistics.unitFixed[j], own) - dot(coupling[j], random[k])
        }
        fixed[k] = fixedInverse.multiplied(by: rest)
        for j in 0..<p { for c in 0..<q { scaled[k][c] -= coupling[j][c] * fixed[k][j] } }
      }
    }
    let kept = scaled.map { zip($0, scale).map { $0 * $1 } }
    let fitted = statistics.incidence.multiplied(by: VectorBlock(count: q, columns: kept))
    return sides.indices.map { k in
      var remaining = fitted.column(k)
      for u in 0..<units {
        var own = sides[k].unit[u] - remaining[u]
        for j in 0..<p { own -= statistics.unitFixed[j][u] * fixed[k][j] }
        remaining[u] = own
      }
      let projection = (0..<units).map { remaining[$0] / ((1 + ratios[0] * statistics.totals[$0]) * residual) }
      let projected = statistics.kept.enumerated().map { f, range in
        ratios[f + 1] == 0 ? [] : range.map { scaled[k][$0] / (scale[$0] * residual) }
      }
      return Result(
        kept: kept[k] + fixed[k], eliminated: zip(remaining, shrinkage).map { $0 * $1 }, projected: [projection] + projected)
    }
  }

  /// Sums over units and kept columns of W Z[i] v, for vectors v over the levels of factor i (0 the eliminated one).
  func sides(of factor: Int, _ vectors: [[Double]]) -> [Side] {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    if factor == 0 {
      let back = statistics.incidence.transposeMultiplied(by: VectorBlock(count: statistics.totals.count, columns: vectors))
      return vectors.enumerated().map { k, v in
        Side(unit: zip(v, statistics.totals).map { $0 * $1 }, kept: back.column(k) + (0..<p).map { dot(statistics.unitFixed[$0], v) })
      }
    }
    let range = statistics.kept[factor - 1]
    let padded = vectors.map { v in
      var padded = [Double](repeating: 0, count: q)
      padded.replaceSubrange(range, with: v)
      return padded
    }
    let block = VectorBlock(count: q, columns: padded)
    let units = statistics.incidence.multiplied(by: block)
    let random = statistics.gramProduct(block)
    return vectors.indices.map { k in
      Side(
        unit: units.column(k), kept: random.column(k) + (0..<p).map { dot(Array(statistics.fixedGram[$0].prefix(q)), padded[k]) })
    }
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

  /// Solves for any number of right-hand sides, eight at a time.
  func solve(_ sides: [[Double]], tolerance: Double) throws(MixedModelError) -> [[Double]] {
    var blocks: [[[Double]]] = []
    for first in stride(from: 0, to: sides.count, by: VectorBlock.width) {
      blocks.append(Array(sides[first..<min(first + VectorBlock.width, sides.count)]))
    }
    let solved = try parallelMap(blocks.count) { [blocks] b throws(MixedModelError) -> [[Double]] in
      do {
        let solution = try ConjugateGradients.solve(
          VectorBlock(count: diagonal.count, columns: blocks[b]), diagonal: diagonal, tolerance: tolerance, product: product)
        return blocks[b].indices.map { solution.x.column($0) }
      } catch { throw .illConditioned }
    }
    return solved.flatMap { $0 }
  }
}
