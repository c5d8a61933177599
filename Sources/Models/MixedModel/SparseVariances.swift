internal import LinearAlgebra

/// Approximate prediction error variances where no dense inverse exists, in units of the residual variance.
///
/// With the kept random part S and the fixed columns' coupling T = S⁻¹ s, the inverse of the whole is
///
///     [ S⁻¹ + T K⁻¹ T'   −T K⁻¹ ]
///     [     ·              K⁻¹  ]
///
/// T and K⁻¹ are exact. S⁻¹ is replaced by its diagonal 1/S[i,i] and, for each kept factor, the one direction in which S is small: all its levels shifting
/// together, which the units absorb. The relative error of a variance is then about Σ_j S[i,j]²/(S[i,i] S[j,j]), below 1 % for 100 units a rater.
struct SparseVariances: Sendable {
  /// λ / S[i,i] per kept column.
  private let own: [Double]
  /// √λ T per fixed column, then √λ times the common shift of each kept factor.
  private let coupling: [[Double]]
  /// Per fixed column and unit: a[u,j] − Σ_i a[u,i] √λ T[i,j].
  private let unitCoupling: [[Double]]
  /// K⁻¹, then the shifts' variances on the diagonal.
  private let fixedInverse: Matrix
  private let shrinkage: [Double]
  /// g + g² a'Ca per unit.
  let units: [Double]
  /// C[i,i] per kept column.
  let kept: [Double]

  init(_ statistics: SparseStatistics, _ solver: SparseSolver) {
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    let own = (0..<q).map { solver.scale[$0] * solver.scale[$0] / solver.diagonal[$0] }
    var coupling = solver.coupling.map { zip($0, solver.scale).map { $0 * $1 } }
    var spread = [Double](repeating: 0, count: p)
    var unitCoupling = solver.unitCoupling
    for (f, range) in statistics.kept.enumerated() {
      // The shift's own variance is 1'1 / 1'S1.
      let norm = 1 / Double(max(range.count, 1)).squareRoot()
      let form = solver.system.shifts[f] * range.reduce(0) { $0 + solver.diagonal[$1] } * norm * norm
      spread.append(range.isEmpty ? 0 : 1 / form)
      var shift = [Double](repeating: 0, count: q)
      for c in range { shift[c] = norm * solver.scale[c] }
      coupling.append(shift)
      // All levels of the factor together have the unit's whole weight.
      unitCoupling.append(statistics.totals.map { -norm * solver.ratios[f + 1].squareRoot() * $0 })
    }
    var inverse = Matrix(rows: coupling.count, columns: coupling.count)
    for i in coupling.indices {
      for j in coupling.indices { inverse[i, j] = i < p && j < p ? solver.fixedInverse[i, j] : (i == j ? spread[i] : 0) }
    }
    let frozen = coupling
    let frozenUnits = unitCoupling
    let form = inverse
    let g = solver.shrinkage
    kept = (0..<q).map { c in own[c] + SparseVariances.form(form) { frozen[$0][c] } }
    units = g.indices.map { u in
      var sum = SparseVariances.form(form) { frozenUnits[$0][u] }
      for e in statistics.incidence.starts[u]..<statistics.incidence.starts[u + 1] {
        sum += statistics.incidence.values[e] * statistics.incidence.values[e] * own[Int(statistics.incidence.columns[e])]
      }
      return g[u] + g[u] * g[u] * sum
    }
    self.own = own
    self.coupling = frozen
    self.unitCoupling = unitCoupling
    fixedInverse = form
    shrinkage = g
  }

  private static func form(_ matrix: Matrix, _ x: (Int) -> Double) -> Double {
    var sum = 0.0
    for i in 0..<matrix.rows { for j in 0..<matrix.rows { sum += matrix[i, j] * x(i) * x(j) } }
    return sum
  }

  /// Variance of the fitted value's error for rows of the given codes (see `TwoWayStatistics.predictionVariances`).
  func predictionVariances(
    _ statistics: SparseStatistics, eliminated: GroupingFactor, kept factors: [GroupingFactor], fixed: [[Double]]
  ) -> [Double] {
    let incidence = statistics.incidence
    var columns = [Int](repeating: 0, count: factors.count)
    return eliminated.codes.indices.map { s in
      let u = Int(eliminated.codes[s])
      let g = shrinkage[u]
      for f in factors.indices { columns[f] = statistics.kept[f].lowerBound + Int(factors[f].codes[s]) }
      var value = g
      for column in columns { value += own[column] }
      for e in incidence.starts[u]..<incidence.starts[u + 1] {
        let column = Int(incidence.columns[e])
        let share = g * incidence.values[e]
        value += (share * share - (columns.contains(column) ? 2 * share : 0)) * own[column]
      }
      return value
        + SparseVariances.form(fixedInverse) { j in
          columns.reduce((j < fixed.count ? fixed[j][s] : 0) - g * unitCoupling[j][u]) { $0 - coupling[j][$1] }
        }
    }
  }
}
