internal import LinearAlgebra
internal import Parallel

/// Solves the mixed-model equations of `SparseStatistics` at given ratios by preconditioned conjugate gradients.
///
/// The random part of the system, `D (B − A'GA) D + I`, has eigenvalues from 1 up and Jacobi scaling brings them near 1, so a dozen or two
/// steps are enough on a connected design. The few fixed columns are eliminated exactly through one solve each.
struct SparseSolver: Sendable {
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
  /// Per fixed column and unit: a[u,j] − Σ_i a[u,i] √λ coupling[i].
  let unitCoupling: [[Double]]
  /// Per fixed column: A'G times its sums over the units.
  private let absorbed: [[Double]]
  /// The solution for each response.
  let main: [Result]

  var shrinkage: [Double] { system.shrinkage }
  var scale: [Double] { system.scale }
  /// The diagonal of the scaled random part.
  var diagonal: [Double] { system.preconditioner.diagonal }

  /// - Parameter components: eliminated factor, kept factors, residual.
  init(_ statistics: SparseStatistics, components: [Double]) throws(MixedModelError) {
    let residual = components[statistics.kept.count + 1]
    let ratios = components.dropLast().map { $0 / residual }
    let system = RandomSystem(statistics, ratios: ratios)
    self.statistics = statistics
    self.ratios = ratios
    self.residual = residual
    self.system = system

    // Fixed columns after the elimination of the units, B[·,j] − A'G A[·,j], and the response with them.
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let shrunk = (statistics.unitFixed + statistics.unitSums).map { zip($0, system.shrinkage).map { $0 * $1 } }
    let absorbed = statistics.incidence.transposeMultiplied(by: shrunk)
    let sides = zip(statistics.fixedGram + statistics.columnSums, absorbed).map { kept, absorbed in
      (0..<q).map { system.scale[$0] * (kept[$0] - absorbed[$0]) }
    }
    let solutions = try system.solutions(sides, tolerance: Self.tolerance)
    let fits = statistics.incidence.multiplied(by: solutions.map { zip($0, system.scale).map { $0 * $1 } })
    coupling = Array(solutions.prefix(p))
    unitCoupling = (0..<p).map { j in zip(statistics.unitFixed[j], fits[j]).map { $0 - $1 } }
    self.absorbed = Array(absorbed.prefix(p))
    var schur = Matrix(rows: p, columns: p)
    for i in 0..<p {
      for j in 0..<p {
        schur[i, j] = statistics.fixedGram[i][q + j] - dot(shrunk[i], statistics.unitFixed[j]) - dot(sides[i], solutions[j])
      }
    }
    let factor: Cholesky
    do { factor = try Cholesky(schur) } catch { throw .illConditioned }
    var logDeterminant = 0.0
    for pivot in factor.diagonal { logDeterminant += 2 * pivot.logarithm }
    fixedLogDeterminant = logDeterminant
    fixedInverse = factor.inverse()

    let frame = Frame(
      statistics: statistics, ratios: ratios, residual: residual, system: system, coupling: coupling, unitCoupling: unitCoupling)
    var main: [Result] = []
    for r in 0..<statistics.responses {
      let rest = (0..<p).map { j in
        statistics.columnSums[r][q + j] - dot(statistics.unitFixed[j], shrunk[p + r]) - dot(solutions[j], sides[p + r])
      }
      main.append(
        frame.result(
          solutions[p + r], fixed: fixedInverse.multiplied(by: rest), unit: zip(statistics.unitSums[r], fits[p + r]).map { $0 - $1 }))
    }
    self.main = main
  }

  /// The solutions for W Z[i] v as right-hand side, for each vector v over the levels of a factor i (0 the eliminated one): what the average
  /// information is made of.
  func projections(of vectors: [(factor: Int, v: [Double])], tolerance: Double) throws(MixedModelError) -> [Result] {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let n = statistics.totals
    // A kept factor's vector in its place among the kept columns.
    let padded = vectors.map { factor, v in
      var result = [Double](repeating: 0, count: q)
      if factor > 0 { result.replaceSubrange(statistics.kept[factor - 1], with: v) }
      return result
    }
    let keptOnes = vectors.indices.filter { vectors[$0].factor > 0 }
    let images = system.uneliminated(keptOnes.map { padded[$0] })
    var sides: [[Double]] = []
    var rests: [[Double]] = []
    for (i, (factor, v)) in vectors.enumerated() {
      let image: [Double]
      if factor == 0 {
        image = statistics.incidence.transposeMultiplied(by: v.indices.map { v[$0] / (1 + ratios[0] * n[$0]) })
      } else {
        image = images[keptOnes.firstIndex(of: i)!]
      }
      let side = zip(image, scale).map { $0 * $1 }
      sides.append(side)
      rests.append(
        (0..<p).map { j in
          var rest = -dot(coupling[j], side)
          if factor == 0 {
            for u in v.indices { rest += statistics.unitFixed[j][u] * v[u] / (1 + ratios[0] * n[u]) }
          } else {
            for c in 0..<q { rest += (statistics.fixedGram[j][c] - absorbed[j][c]) * padded[i][c] }
          }
          return rest
        })
    }
    let solutions = try system.solutions(sides, tolerance: tolerance)
    let fits = statistics.incidence.multiplied(
      by: solutions.indices.map { i in (0..<q).map { padded[i][$0] - scale[$0] * solutions[i][$0] } })
    let frame = Frame(
      statistics: statistics, ratios: ratios, residual: residual, system: system, coupling: coupling, unitCoupling: unitCoupling)
    return vectors.indices.map { i in
      var unit = fits[i]
      if vectors[i].factor == 0 { for u in unit.indices { unit[u] += n[u] * vectors[i].v[u] } }
      return frame.result(solutions[i], fixed: fixedInverse.multiplied(by: rests[i]), unit: unit)
    }
  }

  /// What turns a solution of the random part by itself into that of the whole.
  private struct Frame {
    let statistics: SparseStatistics
    let ratios: [Double]
    let residual: Double
    let system: RandomSystem
    let coupling: [[Double]]
    let unitCoupling: [[Double]]

    /// - Parameters:
    ///   - solution: of the random part for this right-hand side.
    ///   - fixed: the fixed effects.
    ///   - unit: the right-hand side's sums over the units less what the solution gives them.
    func result(_ solution: [Double], fixed: [Double], unit: [Double]) -> Result {
      var scaled = solution
      var remaining = unit
      for j in fixed.indices {
        for c in scaled.indices { scaled[c] -= coupling[j][c] * fixed[j] }
        for u in remaining.indices { remaining[u] -= unitCoupling[j][u] * fixed[j] }
      }
      let kept = zip(scaled, system.scale).map { $0 * $1 }
      let projection = remaining.indices.map { remaining[$0] / ((1 + ratios[0] * statistics.totals[$0]) * residual) }
      let projected = statistics.kept.enumerated().map { f, range in
        ratios[f + 1] == 0 ? [] : range.map { scaled[$0] / (system.scale[$0] * residual) }
      }
      return Result(
        kept: kept + fixed, eliminated: zip(remaining, system.shrinkage).map { $0 * $1 }, projected: [projection] + projected)
    }
  }
}
