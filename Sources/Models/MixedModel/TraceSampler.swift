internal import LinearAlgebra

/// Estimates the traces tr(Z'PZ) of all factors at once from probe vectors z of signs over the kept columns (Hutchinson 1990).
///
/// With S the scaled random part, s[u] = 1/(1 + λ n[u]) and N = D A' diag(s²) A D, as in the dense case
///
///     units:          σ² tr = Σ n s − tr(S⁻¹ N) − fixed part        kept factor f:   σ²_f tr = levels − tr(S⁻¹)_f − fixed part
///
/// The fixed columns' part is exact. One solve w = S⁻¹ z a probe serves every trace, and nothing is as long as the units. The part of S⁻¹ that is
/// known beforehand is no business of the probes: with M = diag(S)⁻¹ + Σ_f κ_f v_f v_f', v_f the common shift of factor f's levels, in which S is small,
/// the samples are (w − M z)' N z + tr(M N), whose expectation is the same.
struct TraceSampler: Sendable {
  private let statistics: SparseStatistics
  private let solver: SparseSolver
  /// s² per unit.
  private let squares: [Double]
  /// κ_f per kept factor.
  private let excess: [Double]
  /// tr(M N), then tr(M) over each kept factor.
  private let base: [Double]

  init(_ statistics: SparseStatistics, _ solver: SparseSolver) {
    let squares = statistics.totals.map { n in
      let s = 1 / (1 + solver.ratios[0] * n)
      return s * s
    }
    let own = statistics.incidence.weightedColumnSquares(weights: squares)
    var first = 0.0
    for c in own.indices { first += solver.scale[c] * solver.scale[c] * own[c] / solver.diagonal[c] }
    var base = [first]
    var excess: [Double] = []
    for range in statistics.kept {
      var shift = [Double](repeating: 0, count: statistics.randomColumns)
      for c in range { shift[c] = 1 / Double(range.count).squareRoot() }
      var trace = 0.0
      for c in range { trace += 1 / solver.diagonal[c] }
      let kappa = max(1 / dot(shift, solver.system.product(shift)) - trace / Double(range.count), 0)
      let scaled = zip(shift, solver.scale).map { $0 * $1 }
      base[0] += kappa * dot(scaled, statistics.incidence.weightedGramProduct(scaled, weights: squares))
      base.append(trace + kappa)
      excess.append(kappa)
    }
    self.statistics = statistics
    self.solver = solver
    self.squares = squares
    self.excess = excess
    self.base = base
  }

  /// Of the eight probes of a block, the samples of tr(S⁻¹ N) and of tr(S⁻¹) over each kept factor.
  func samples(block: Int) throws(MixedModelError) -> [[Double]] {
    let q = statistics.randomColumns
    let z = (0..<VectorBlock.width).map { k in
      var generator = ProbeGenerator(seed: SparseStatistics.seed &+ UInt64(block * VectorBlock.width + k))
      return generator.signs(q)
    }
    let probes = VectorBlock(count: q, columns: z)
    let solved = try solver.system.solve(probes, tolerance: SparseSolver.probeTolerance)
    var image = probes
    image.scaleElements(by: solver.scale)
    image = statistics.incidence.weightedGramProduct(image, weights: squares)
    image.scaleElements(by: solver.scale)
    return z.indices.map { k in
      var rest = solved.column(k)
      var result = base
      for (f, range) in statistics.kept.enumerated() {
        var sum = 0.0
        for c in range { sum += z[k][c] }
        let shift = excess[f] * sum / Double(range.count)
        for c in range {
          rest[c] -= z[k][c] / solver.diagonal[c] + shift
          result[f + 1] += z[k][c] * rest[c]
        }
      }
      result[0] += dot(rest, image.column(k))
      return result
    }
  }

  /// What a factor's trace is without the sampled part, times σ² (of the factor for kept ones).
  func known(_ factor: Int, _ method: EstimationMethod) -> Double {
    var value = 0.0
    if factor == 0 {
      for n in statistics.totals { value += n / (1 + solver.ratios[0] * n) }
    } else {
      value = Double(statistics.kept[factor - 1].count)
    }
    if method == .ml { return value }
    let p = statistics.fixedColumns
    let columns: [[Double]]
    let weights: [Double]?
    if factor == 0 {
      columns = (0..<p).map { j in
        let fitted = statistics.incidence.multiplied(by: zip(solver.coupling[j], solver.scale).map { $0 * $1 })
        return zip(statistics.unitFixed[j], fitted).map { $0 - $1 }
      }
      weights = squares
    } else {
      columns = solver.coupling.map { Array($0[statistics.kept[factor - 1]]) }
      weights = nil
    }
    for i in 0..<p {
      let left = weights.map { zip($0, columns[i]).map { $0 * $1 } } ?? columns[i]
      for j in 0..<p { value -= solver.fixedInverse[i, j] * dot(left, columns[j]) }
    }
    return value
  }
}
