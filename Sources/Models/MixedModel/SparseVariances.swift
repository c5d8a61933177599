internal import LinearAlgebra

/// Approximate prediction error variances where no dense inverse exists, in units of the residual variance.
///
/// With the kept random part S and the fixed columns' coupling T = S⁻¹ s, the inverse of the whole is
///
///     [ S⁻¹ + T K⁻¹ T'   −T K⁻¹ ]
///     [     ·              K⁻¹  ]
///
/// T and K⁻¹ are exact; S⁻¹ is replaced by 1/S[i,i]. The relative error of a variance is about Σ_j S[i,j]²/(S[i,i] S[j,j]), the inverse of the number of
/// observations of a level in a balanced sparse design: 0.3 % for 100 units a rater and 4 raters a unit. It is an underestimate.
struct SparseVariances: Sendable {
  /// λ / S[i,i] per kept column.
  private let own: [Double]
  /// √λ T per fixed column.
  private let coupling: [[Double]]
  /// Per fixed column and unit: a[u,j] − Σ_i a[u,i] √λ T[i,j].
  private let unitCoupling: [[Double]]
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
    let coupling = solver.coupling.map { zip($0, solver.scale).map { $0 * $1 } }
    let unitCoupling = (0..<p).map { j in
      var vector = coupling[j].map { -$0 } + [Double](repeating: 0, count: p)
      vector[q + j] = 1
      return statistics.incidence.multiplied(by: vector)
    }
    let inverse = solver.fixedInverse
    let g = solver.shrinkage
    kept = (0..<q).map { c in own[c] + SparseVariances.form(inverse) { coupling[$0][c] } }
    units = g.indices.map { u in
      var sum = SparseVariances.form(inverse) { unitCoupling[$0][u] }
      for e in statistics.incidence.starts[u]..<statistics.incidence.starts[u + 1] where Int(statistics.incidence.columns[e]) < q {
        sum += statistics.incidence.values[e] * statistics.incidence.values[e] * own[Int(statistics.incidence.columns[e])]
      }
      return g[u] + g[u] * g[u] * sum
    }
    self.own = own
    self.coupling = coupling
    self.unitCoupling = unitCoupling
    fixedInverse = inverse
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
    let q = statistics.randomColumns
    var columns = [Int](repeating: 0, count: factors.count)
    return eliminated.codes.indices.map { s in
      let u = Int(eliminated.codes[s])
      let g = shrinkage[u]
      for f in factors.indices { columns[f] = statistics.kept[f].lowerBound + Int(factors[f].codes[s]) }
      var value = g
      for column in columns { value += own[column] }
      for e in incidence.starts[u]..<incidence.starts[u + 1] where Int(incidence.columns[e]) < q {
        let column = Int(incidence.columns[e])
        let share = g * incidence.values[e]
        value += (share * share - (columns.contains(column) ? 2 * share : 0)) * own[column]
      }
      return value
        + SparseVariances.form(fixedInverse) { j in
          columns.reduce(fixed[j][s] - g * unitCoupling[j][u]) { $0 - coupling[j][$1] }
        }
    }
  }
}
