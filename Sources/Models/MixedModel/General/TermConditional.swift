internal import Foundation
internal import LinearAlgebra

extension TermStatistics {
  /// The eliminated part at some θ: per block L and L⁻¹Λ'C.
  struct Elimination {
    let lambdas: [[Double]]
    let factors: [Double]
    let reduced: [Double]
  }

  /// The mixed-model equations solved for one response.
  struct Conditional {
    let fixed: [Double]
    /// u per term and level.
    let spherical: [[Double]]
    /// b = Λu.
    let effects: [[Double]]
    /// y − Xβ̂ − Zb̂.
    let residuals: [Double]
  }

  /// - Parameter factor: of the kept matrix after the elimination.
  func conditional(
    _ response: [Double], weightedSums: (blocks: [Double], kept: [Double]), _ elimination: Elimination, _ factor: borrowing Cholesky
  ) -> Conditional {
    let q = keptEffects
    let p = fixedColumns
    var sides = weightedSums.blocks
    var side = weightedSums.kept
    for block in blocks {
      let m = block.order
      scaleRows(&sides, at: block.vector, columns: 1, block, elimination.lambdas)
      SmallBlocks.solve(elimination.factors, at: block.square, order: m, &sides, at: block.vector, columns: 1, transposed: false)
      var base = block.cross
      for place in places[block.places] {
        var sum = 0.0
        for i in 0..<m { sum += elimination.reduced[base + i] * sides[block.vector + i] }
        side[Int(place)] -= sum
        base += m
      }
    }
    var scaledSide = Matrix(rows: q + p, columns: 1, elements: side)
    scaleKept(&scaledSide, elimination.lambdas, transposed: true)
    var solution = Matrix(rows: q + p, columns: 1, elements: factor.solve(scaledSide.elements))
    let keptSpherical = solution.elements
    scaleKept(&solution, elimination.lambdas, transposed: false)
    let coefficients = solution.elements
    var gathered = [Double](repeating: 0, count: blocks.map(\.columns).max() ?? 0)
    for block in blocks {
      for (j, place) in places[block.places].enumerated() { gathered[j] = coefficients[Int(place)] }
      SmallBlocks.subtractProduct(
        elimination.reduced, at: block.cross, rows: block.order, columns: block.columns, transposed: false, with: gathered, at: 0,
        from: &sides,
        at: block.vector)
      SmallBlocks.solve(elimination.factors, at: block.square, order: block.order, &sides, at: block.vector, columns: 1, transposed: true)
    }
    let spherical = terms.indices.map { effects($0, blocks: sides, kept: keptSpherical) }
    let spreadEffects = terms.indices.map { spread(spherical[$0], elimination.lambdas[$0], terms[$0].order) }
    let beta = Array(coefficients[q..<(q + p)])
    // Residuals from the observations: the difference of sums of squares would cancel.
    var residuals = response
    for j in 0..<p { for i in residuals.indices { residuals[i] -= fixed[j][i] * beta[j] } }
    subtractRandom(spreadEffects, from: &residuals)
    return Conditional(fixed: beta, spherical: spherical, effects: spreadEffects, residuals: residuals)
  }

  /// About the Hessian of the profiled deviance: y'P V[i] P V[j] P y over the elements of θ and σ², the row of σ² taken out by elimination (Gilmour, Thompson and
  /// Cullis 1995). With u and s = Z'We of the response at hand, V[i] P y = Z (E[i] u + Λ E[i]' s) needs one more solution of the equations each, none of
  /// them a factorisation.
  func averageInformation(
    _ own: Conditional, scores: [[Double]], variance: Double, degrees: Double, _ elimination: Elimination, _ factor: borrowing Cholesky
  ) -> Matrix {
    let m = parameters
    var working: [[Double]] = []
    for (t, term) in terms.enumerated() {
      let k = term.order
      for c in 0..<k {
        for r in c..<k {
          var b = [Double](repeating: 0, count: term.effects)
          for base in stride(from: 0, to: b.count, by: k) {
            b[base + r] += own.spherical[t][base + c]
            // ΛE's: column c of Λ times s[r].
            for i in c..<k { b[base + i] += elimination.lambdas[t][i + c * k] * scores[t][base + r] }
          }
          var v = [Double](repeating: 0, count: observations)
          for i in 0..<k {
            let values = term.values[i]
            for s in v.indices { v[s] += values[s] * b[Int(term.factor.codes[s]) * k + i] }
          }
          working.append(v)
        }
      }
    }
    var information = Matrix(rows: m, columns: m)
    var border = [Double](repeating: 0, count: m)
    for j in 0..<m {
      let image = conditional(working[j], weightedSums: sums(of: weighted(working[j])), elimination, factor)
      let residuals = weighted(image.residuals)
      for i in 0..<m { information[i, j] = dot(working[i], residuals) / variance }
      // V P y / σ² = (y − Xβ̂) / σ², and P w is orthogonal to X.
      border[j] = dot(response, residuals) / (variance * variance)
    }
    // y'Py / σ⁴ with y'Py = degrees at the best σ².
    let corner = degrees / (variance * variance)
    for j in 0..<m { for i in 0..<m { information[i, j] -= border[i] * border[j] / corner } }
    return information
  }

  private func weighted(_ v: [Double]) -> [Double] {
    guard let weights else { return v }
    return zip(v, weights).map { $0 * $1 }
  }
}
