internal import Foundation
internal import LinearAlgebra

/// Everything an evaluation of `TermStatistics` leaves behind. H = Λ'GΛ + I = LL' per block; S is the kept part after the elimination.
struct TermSolution: Sendable {
  let lambdas: [[Double]]
  /// L per block, in the places of `squares`.
  let blockFactors: [Double]
  /// L⁻¹Λ'C per block, in the places of `crosses`.
  let reduced: [Double]
  /// Spherical effects u per term and level, b = Λu.
  let spherical: [[Double]]
  let effects: [[Double]]
  /// (D S⁻¹ D) with D = Λ for kept effects and 1 for fixed columns; the fixed columns are left out by maximum likelihood.
  let keptInverse: Matrix
}

extension TermStatistics: ProfiledCriterion {
  var hasTermsOfOneFactor: Bool { Set(terms.map(\.factor.name)).count < terms.count }

  var factors: CovarianceFactors { CovarianceFactors(orders: terms.map(\.order)) }

  func evaluate(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint {
    try solve(theta, method: method).0
  }

  func evaluateWithInformation(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint {
    try solve(theta, method: method, information: true).0
  }

  /// The criterion, its gradient and the solution.
  ///
  /// With M the matrix of the mixed-model equations, d log|M| / dΛ[t] = 2 Σ over levels of (ZᵀWZ Λ M⁻¹)[level, level], and
  /// d r² / dΛ[t] = −2 Σ (Z'W e)[level] u[level]'. Neither divides by Λ, so a singular covariance needs no special case.
  /// Cost: Σ m³ + m² k + m k² over blocks of m effects that touch k kept columns, one Cholesky factorisation and inversion of the kept
  /// matrix, and n (p + Σ k) for the residuals.
  /// - Parameter information: whether the average information is wanted too.
  func solve(
    _ theta: [Double], method: EstimationMethod, information: Bool = false
  ) throws(MixedModelError) -> (CriterionPoint, TermSolution) {
    let lambdas = factors.factors(theta)
    let p = fixedColumns
    let q = keptEffects
    var logDeterminant = 0.0

    // Eliminate the blocks.
    var squares = eliminated.squares
    var crosses = eliminated.crosses
    var schur = kept
    for block in blocks {
      let m = block.order
      scaleColumns(&squares, block, lambdas)
      scaleRows(&squares, at: block.square, columns: m, block, lambdas)
      for i in 0..<m { squares[block.square + i * (m + 1)] += 1 }
      guard SmallBlocks.factor(&squares, at: block.square, order: m) else { throw .illConditioned }
      for i in 0..<m { logDeterminant += 2 * log(squares[block.square + i * (m + 1)]) }
      scaleRows(&crosses, at: block.cross, columns: block.columns, block, lambdas)
      SmallBlocks.solve(squares, at: block.square, order: m, &crosses, at: block.cross, columns: block.columns, transposed: false)
      SmallBlocks.subtractGram(crosses, at: block.cross, rows: m, places: places[block.places], from: &schur)
    }
    schur.mirrorLowerTriangle()
    var system = schur
    for t in layout.kept {
      let k = terms[t].order
      let levels = terms[t].factor.levels
      system.multiplyColumnGroups(from: starts[t], count: levels, by: lambdas[t], order: k)
      system.multiplyRowGroups(from: starts[t], count: levels, by: lambdas[t], order: k, transposed: true)
    }
    system.addToDiagonal(1, count: q)
    let factor: Cholesky
    do { factor = try Cholesky(consume system) } catch { throw .illConditioned }
    let pivots = factor.diagonal
    for c in 0..<(method == .reml ? q + p : q) { logDeterminant += 2 * log(pivots[c]) }

    let elimination = Elimination(lambdas: lambdas, factors: squares, reduced: crosses)
    let own = conditional(response, weightedSums: (blockSides, keptSide), elimination, factor)
    let beta = own.fixed
    let spherical = own.spherical
    let effects = own.effects
    var residuals = own.residuals
    var penalised = 0.0
    if let weights {
      for i in residuals.indices { penalised += weights[i] * residuals[i] * residuals[i] }
      for i in residuals.indices { residuals[i] *= weights[i] }
    } else {
      penalised = dot(residuals, residuals)
    }
    for u in spherical { penalised += dot(u, u) }
    let scores = sums(of: residuals)
    let levelScores = terms.indices.map { self.effects($0, blocks: scores.blocks, kept: scores.kept) }
    let penalisedGradient = terms.indices.map { outerSums(levelScores[$0], spherical[$0], terms[$0].order) }
    let degrees = Double(observations - (method == .reml ? p : 0))
    let average =
      information
      ? averageInformation(own, scores: levelScores, variance: penalised / degrees, degrees: degrees, elimination, factor) : nil

    // Inverses. The fixed block of S⁻¹ is the covariance of the coefficients.
    var units = Matrix(rows: q + p, columns: p)
    for j in 0..<p { units[q + j, j] = 1 }
    let fixedColumnsOfInverse = factor.solve(units)
    var fixedInverse = Matrix(rows: p, columns: p)
    for j in 0..<p { for i in 0..<p { fixedInverse[i, j] = fixedColumnsOfInverse[q + i, j] } }
    let size = method == .reml ? q + p : q
    var inverse = factor.inverse(leading: size)
    scaleKept(&inverse, lambdas, transposed: false)
    let half = inverse
    for t in layout.kept {
      inverse.multiplyColumnGroups(
        from: starts[t], count: terms[t].factor.levels, by: lambdas[t], order: terms[t].order, transposed: true)
    }
    let solved = TermSolution(
      lambdas: lambdas, blockFactors: squares, reduced: crosses, spherical: spherical, effects: effects, keptInverse: inverse)
    var logGradient = keptGradient(schur, half, size: size)
    addBlockGradient(solved, to: &logGradient, size: size)
    let covariances = self.factors
    let point = CriterionPoint(
      theta: theta, logDeterminant: logDeterminant - logWeights, penalised: penalised,
      degrees: degrees, logGradient: covariances.pack(logGradient),
      penalisedGradient: covariances.pack(penalisedGradient).map { -2 * $0 }, fixed: beta, fixedInverse: fixedInverse, information: average)
    return (point, solved)
  }

  /// (S Λ S⁻¹)[level, level] summed over the levels of each kept term, twice.
  private func keptGradient(_ schur: Matrix, _ half: Matrix, size: Int) -> [[Double]] {
    var gradient = terms.map { [Double](repeating: 0, count: $0.order * $0.order) }
    for t in layout.kept {
      let k = terms[t].order
      for level in 0..<terms[t].factor.levels {
        let base = starts[t] + level * k
        for c in 0..<k {
          for a in c..<k { gradient[t][a + c * k] += 2 * dot(schur, column: base + a, half, column: base + c, count: size) }
        }
      }
    }
    return gradient
  }
}
