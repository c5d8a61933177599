internal import Foundation
internal import LinearAlgebra
internal import Parallel

/// The traces tr(Z'PZ) of all factors and log|S| where there is no dense inverse: what is known of them, and the rest from probes (Hutchinson 1990).
///
/// With S the scaled random part, s[u] = 1/(1 + λ n[u]) and N = D A' diag(s²) A D, as in the dense case
///
///     units:          σ² tr = Σ n s − tr(S⁻¹ N) − fixed part        kept factor f:   σ²_f tr = levels − tr(S⁻¹)_f − fixed part
///
/// The fixed columns' part is exact. The preconditioner M = E E' is nearly S⁻¹, so E'SE is the unit matrix but for small entries, and
///
///     tr(S⁻¹ N) = tr(M N) + E[(S⁻¹ E⁻ᵀ z − E z)' N E z]        log|S| = tr(E'SE − I) − log|M| + E[z' (log E'SE − (E'SE − I)) z]
///
/// for probes z of signs: only what M lacks is sampled. One solve a probe serves every trace and the logarithm, whose quadrature is the
/// solve's own recurrence, and nothing is as long as the units.
struct TraceSampler: Sendable {
  /// tr(S⁻¹ N), tr(S⁻¹) over each kept factor, and log|S|: known parts or samples of the rest.
  typealias Values = [Double]

  private let statistics: SparseStatistics
  private let solver: SparseSolver
  /// What is known.
  let base: Values

  init(_ statistics: SparseStatistics, _ solver: SparseSolver) {
    let preconditioner = solver.system.preconditioner
    let squares = solver.system.squares
    // 1'N1 over a factor of variance 1: its sums over the units are n.
    let absorbed = squares.indices.reduce(0.0) { $0 + squares[$1] * statistics.totals[$1] * statistics.totals[$1] }
    var base = [Double](repeating: 0, count: statistics.kept.count + 2)
    let last = base.count - 1
    for (c, own) in solver.system.columnSquares.enumerated() { base[0] += solver.scale[c] * solver.scale[c] * own / solver.diagonal[c] }
    base[last] = -preconditioner.logDeterminant { log($0) }
    for (f, group) in preconditioner.groups.enumerated() {
      for c in group.range { base[f + 1] += 1 / solver.diagonal[c] }
      if group.range.isEmpty { continue }
      // The direction 1 of the factor, with the weight κ / 1'D1 that M gives it.
      let weight = group.excess / group.range.reduce(0) { $0 + solver.diagonal[$1] }
      base[0] += weight * solver.ratios[f + 1] * absorbed
      base[f + 1] += weight * Double(group.range.count)
      // tr(E'SE − I): the diagonal gives nothing, the direction κ times its own v'Âv.
      base[last] += group.excess * solver.system.shifts[f]
    }
    self.statistics = statistics
    self.solver = solver
    self.base = base
  }

  /// Kept columns of factors with few levels. Their share of a trace would be a mean over as few signs, so each has a probe of its own instead,
  /// which makes it exact.
  var singled: [Int] {
    var columns: [Int] = []
    for range in statistics.kept where range.count <= 32 && columns.count + range.count <= 64 { columns += range }
    return columns
  }

  /// Of the eight random probes of a block, which leave the singled columns out, the samples of what is not known.
  func samples(block: Int) throws(MixedModelError) -> [Values] {
    let singled = singled
    return try samples(
      (0..<VectorBlock.width).map { k in
        var generator = ProbeGenerator(seed: SparseStatistics.seed &+ UInt64(block * VectorBlock.width + k))
        var z = generator.signs(statistics.randomColumns)
        for c in singled { z[c] = 0 }
        return z
      })
  }

  /// The shares of single columns, at most eight.
  func shares(of columns: ArraySlice<Int>) throws(MixedModelError) -> [Values] {
    try samples(
      columns.map { column in
        var z = [Double](repeating: 0, count: statistics.randomColumns)
        z[column] = 1
        return z
      })
  }

  private func samples(_ z: [[Double]]) throws(MixedModelError) -> [Values] {
    let q = statistics.randomColumns
    let probes = z.map { solver.system.preconditioner.factored($0) }
    let solved = try solver.system.solution(VectorBlock(count: q, columns: probes.map(\.side)), tolerance: SparseSolver.probeTolerance)
    var image = VectorBlock(count: q, columns: probes.map(\.image))
    image.scaleElements(by: solver.scale)
    image = statistics.incidence.weightedGramProduct(image, weights: solver.system.squares)
    image.scaleElements(by: solver.scale)
    var results: [Values] = []
    for (k, probe) in probes.enumerated() {
      let rest = zip(solved.x.column(k), probe.image).map { $0 - $1 }
      var result = [dot(rest, image.column(k))]
      for range in statistics.kept { result.append(range.reduce(0) { $0 + rest[$1] * probe.image[$1] }) }
      let quadrature = solved.quadrature(lane: k)
      do {
        result.append(try quadrature.form { log($0) } - (quadrature.rayleigh - quadrature.squaredLength))
      } catch { throw .illConditioned }
      results.append(result)
    }
    return results
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
    let columns = factor == 0 ? solver.unitCoupling : solver.coupling.map { Array($0[statistics.kept[factor - 1]]) }
    let weights = factor == 0 ? solver.system.squares : nil
    for i in 0..<p {
      let left = weights.map { zip($0, columns[i]).map { $0 * $1 } } ?? columns[i]
      for j in 0..<p { value -= solver.fixedInverse[i, j] * dot(left, columns[j]) }
    }
    return value
  }
}
