internal import LinearAlgebra

/// What needs the blocks' parts of P: the traces tr(P V[i]), the nested factors' predictions with their error variances, and leverages.
struct BlockedTraces {
  private(set) var traces: [Double]
  private(set) var nested: [(values: [Double], variances: [Double])]
  private(set) var leverages: [Double]

  /// - Parameters:
  ///   - inverse: of the kept effects and fixed columns, in units of the residual variance.
  ///   - projection: P y.
  init(_ evaluation: BlockedEvaluation, _ inverse: Matrix, _ projection: [Double]) throws(MixedModelError) {
    let statistics = evaluation.statistics
    let (components, ratios, residual) = (evaluation.components, evaluation.ratios, evaluation.residual)
    let (f, last) = (statistics.nested.count, components.count - 1)
    traces = [Double](repeating: 0, count: components.count)
    nested = statistics.nested.enumerated().map { g, factor in
      ([Double](repeating: 0, count: factor.levels), [Double](repeating: components[g], count: factor.levels))
    }
    leverages = [Double](repeating: .infinity, count: statistics.response.count)
    // By maximum likelihood the traces want the random block's own inverse.
    let own = evaluation.method == .ml ? Self.randomInverse(inverse, statistics.randomColumns) : nil
    for block in statistics.blocks {
      let parts = try Self.projections(evaluation, block, [inverse] + (own.map { [$0] } ?? []))
      let (p, forTraces) = (parts[0], parts[parts.count - 1])
      for g in 0..<f {
        var sums = [Double](repeating: 0, count: block.codes[g].count)
        var effects = sums
        var traceSums = sums
        for j in block.rows.indices {
          effects[block.levels[g][j]] += projection[Int(block.rows[j])]
          for i in block.rows.indices where block.levels[g][i] == block.levels[g][j] {
            sums[block.levels[g][j]] += p[i, j]
            traceSums[block.levels[g][j]] += forTraces[i, j]
          }
        }
        for (l, code) in block.codes[g].enumerated() {
          if components[g] > 0 { traces[g] += traceSums[l] / residual }
          nested[g].values[code] = components[g] * effects[l]
          nested[g].variances[code] = max(components[g] - components[g] * ratios[g] * sums[l], 0)
        }
      }
      for (j, row) in block.rows.enumerated() {
        let w = statistics.weights?[Int(row)] ?? 1
        traces[last] += forTraces[j, j] / w / residual
        leverages[Int(row)] = (1 - p[j, j] / w) / w
      }
    }
    let diagonal = own ?? inverse
    for (j, range) in statistics.kept.enumerated() where components[f + j] > 0 {
      for c in range { traces[f + j] += (1 - diagonal[c, c] / ratios[f + j]) / components[f + j] }
    }
  }

  private static func randomInverse(_ inverse: Matrix, _ q: Int) -> Matrix {
    var result = inverse.diagonalBlock(from: 0, count: q)
    let columns = MaximumLikelihoodCorrection(inverse, random: q).columns
    let f = Matrix(rows: q, columns: columns.count, elements: columns.flatMap { $0.prefix(q) })
    result.addSymmetricProduct(of: f, scaledBy: -1)
    result.mirrorLowerTriangle()
    return result
  }

  /// The block's rows and columns of P in units of 1/σ², H⁻¹ − H⁻¹X C X'H⁻¹, for each C. One of fewer rows covers the random columns only.
  private static func projections(
    _ evaluation: BlockedEvaluation, _ block: BlockedStatistics.Block, _ inverses: [Matrix]
  ) throws(MixedModelError) -> [Matrix] {
    let n = block.rows.count
    let factor = try evaluation.cholesky(block)
    let full = factor.solve(evaluation.statistics.design(block))
    let own = factor.inverse()
    return inverses.map { inverse in
      let columns = block.columns.filter { $0 < inverse.rows }
      let k = columns.count
      let g = Matrix(rows: n, columns: k, elements: Array(full.elements.prefix(n * k)))
      var local = Matrix(rows: k, columns: k)
      for (j, column) in columns.enumerated() { for (i, row) in columns.enumerated() { local[i, j] = inverse[row, column] } }
      let spread = g.multiplied(by: local).multiplied(by: g, otherTransposed: true)
      return Matrix(rows: n, columns: n, elements: zip(own.elements, spread.elements).map { $0 - $1 })
    }
  }
}
