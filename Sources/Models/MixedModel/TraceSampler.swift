internal import Foundation
internal import LinearAlgebra
internal import Parallel

/// The traces tr(Z'PZ) of all factors and log|S| where there is no dense inverse: what is known of them, and the rest from probes (Hutchinson 1990).
///
/// With S the scaled random part, s[u] = 1/(1 + λ n[u]) and N = D A' diag(s²) A D, as in the dense case
///
///     units:          σ² tr = Σ n s − tr(S⁻¹ N) − fixed part        kept factor f:   σ²_f tr = levels − tr(S⁻¹)_f − fixed part
///
/// The fixed columns' part is exact. The others are traces of functions of Â = R⁻¹ S R⁻¹, with R² the diagonal of S, which is the unit matrix but for
/// small entries off its diagonal and one direction a kept factor, v_f ∝ R 1, in which all its levels shift together and Â is small. Two things are
/// known without probes: what Â does in the directions v_f, from one solve each, and what the unit matrix would give for the others. Only the difference
/// is sampled, with probes of signs from which the v_f are taken out. One solve a probe serves every trace and the logarithm, whose quadrature is the
/// solve's own recurrence, and nothing is as long as the units.
struct TraceSampler: Sendable {
  /// tr(S⁻¹ N), tr(S⁻¹) over each kept factor, and log|S|: known parts or samples of the rest.
  typealias Values = [Double]

  private let statistics: SparseStatistics
  private let solver: SparseSolver
  /// s² per unit.
  private let squares: [Double]
  /// The square roots of the diagonal of S.
  private let roots: [Double]
  /// What is known.
  let base: Values

  init(_ statistics: SparseStatistics, _ solver: SparseSolver) throws(MixedModelError) {
    let squares = statistics.totals.map { n in
      let s = 1 / (1 + solver.ratios[0] * n)
      return s * s
    }
    let own = statistics.incidence.weightedColumnSquares(weights: squares)
    var base = [Double](repeating: 0, count: statistics.kept.count + 2)
    let last = base.count - 1
    for c in own.indices {
      base[0] += solver.scale[c] * solver.scale[c] * own[c] / solver.diagonal[c]
      base[last] += solver.diagonal[c].logarithm
    }
    // Each direction: what it really has less what the unit matrix gave it.
    let parts = try parallelMap(statistics.kept.count) { f throws(MixedModelError) -> Values in
      let range = statistics.kept[f]
      let norm = range.reduce(0) { $0 + solver.diagonal[$1] }.squareRoot()
      var shift = [Double](repeating: 0, count: statistics.randomColumns)
      var side = shift
      for c in range {
        shift[c] = 1 / norm
        side[c] = solver.diagonal[c] / norm
      }
      let solution: ConjugateGradients.Solution
      let logarithm: Double
      do {
        solution = try solver.system.solution(side, tolerance: SparseSolver.tolerance)
        logarithm = try solution.quadrature.form { log($0) }
      } catch { throw .illConditioned }
      let difference = zip(solution.x, shift).map { $0 - $1 }
      let scaled = zip(shift, solver.scale).map { $0 * $1 }
      let image = statistics.incidence.weightedGramProduct(scaled, weights: squares)
      var sum = 0.0
      var trace = 0.0
      for c in image.indices { sum += difference[c] * solver.scale[c] * image[c] }
      for c in range { trace += 1 / solver.diagonal[c] + difference[c] * shift[c] }
      return [sum, trace, logarithm - (solution.quadrature.rayleigh - 1)]
    }
    for (f, part) in parts.enumerated() {
      base[0] += part[0]
      base[f + 1] = part[1]
      base[last] += part[2]
    }
    self.statistics = statistics
    self.solver = solver
    self.squares = squares
    self.base = base
    roots = solver.diagonal.map { $0.squareRoot() }
  }

  /// Of the eight probes of a block, the samples of what is not known.
  func samples(block: Int) throws(MixedModelError) -> [Values] {
    let q = statistics.randomColumns
    var sides: [[Double]] = []
    var probes: [[Double]] = []
    for k in 0..<VectorBlock.width {
      var generator = ProbeGenerator(seed: SparseStatistics.seed &+ UInt64(block * VectorBlock.width + k))
      var z = generator.signs(q)
      for range in statistics.kept {
        var overlap = 0.0
        var norm = 0.0
        for c in range {
          overlap += roots[c] * z[c]
          norm += solver.diagonal[c]
        }
        for c in range { z[c] -= overlap / norm * roots[c] }
      }
      sides.append(zip(z, roots).map { $0 * $1 })
      probes.append(zip(z, roots).map { $0 / $1 })
    }
    let solved = try solver.system.solution(VectorBlock(count: q, columns: sides), tolerance: SparseSolver.probeTolerance)
    var image = VectorBlock(count: q, columns: probes)
    image.scaleElements(by: solver.scale)
    image = statistics.incidence.weightedGramProduct(image, weights: squares)
    image.scaleElements(by: solver.scale)
    var results: [Values] = []
    for (k, probe) in probes.enumerated() {
      let rest = zip(solved.x.column(k), probe).map { $0 - $1 }
      var result = [dot(rest, image.column(k))]
      for range in statistics.kept { result.append(range.reduce(0) { $0 + rest[$1] * probe[$1] }) }
      let quadrature = solved.quadrature(lane: k)
      do {
        // The part of first order, z'(Â − I)z, has a known trace: it is not left to the probes.
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
