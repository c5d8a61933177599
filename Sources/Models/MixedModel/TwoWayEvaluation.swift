internal import Foundation
internal import LinearAlgebra

/// The solution of the mixed-model equations at given components. Inverses are in units of the residual variance.
struct TwoWaySolution: Sendable {
  /// 1 / (n[u] + 1/λ) with λ the eliminated factor's variance ratio; 0 where λ = 0.
  let shrinkage: [Double]
  /// The inverse of the kept block, C, kept effects first and fixed effects last. Zero rows for factors of zero variance.
  let inverse: Matrix
  /// a[u]' C a[u] per level of the eliminated factor.
  let unitForms: [Double]
  /// Kept effects and fixed effects, per response.
  let kept: [[Double]]
  /// Eliminated factor's effects, per response.
  let eliminated: [[Double]]
  let residualVariance: Double
}

extension TwoWayStatistics {
  /// Evaluates at `components` = (eliminated, kept factors in order, residual).
  ///
  /// In units of the residual variance, with λ the variance ratios, D = diag(√λ) (1 for fixed columns) and g[u] = λ/(1 + λ n[u]):
  ///
  ///     M = B − Σ g[u] a[u] a[u]'        S = D M D + I (random columns)        C = D S⁻¹ D
  ///
  /// so a zero variance needs no special case. Cost: Σ k[u]² for the elimination and one Cholesky factorisation and inversion.
  func evaluate(at components: [Double], method: EstimationMethod) throws(MixedModelError) -> (VarianceEvaluation, TwoWaySolution) {
    let k = kept.count
    precondition(components.count == k + 2 && components[k + 1] > 0, "one variance a factor and a positive residual variance")
    let residual = components[k + 1]
    let ratios = components.dropLast().map { $0 / residual }
    let lambda = ratios[0]
    let q = randomColumns
    let size = columns
    let m = responses

    let g = totals.map { lambda / (1 + lambda * $0) }
    var scale = [Double](repeating: 1, count: size)
    for f in 0..<k { for c in kept[f] { scale[c] = ratios[f + 1].squareRoot() } }
    var ridge = [Double](repeating: 0, count: size)
    for c in 0..<q { ridge[c] = 1 }
    let system = incidence.schurComplement(in: gram, weights: g, scaledBy: scale, addingToDiagonal: ridge, order: incidenceOrder)
    let factor: Cholesky
    do { factor = try Cholesky(consume system) } catch { throw .illConditioned }

    // Determinants.
    let pivots = factor.diagonal
    var logDeterminant = 0.0
    for n in totals where n > 0 && lambda > 0 { logDeterminant += log1p(lambda * n) }
    for c in 0..<(method == .reml ? size : q) { logDeterminant += 2 * log(pivots[c]) }
    let n = Double(observations)
    let degrees = method == .reml ? n - Double(fixedColumns) : n
    logDeterminant += degrees * log(residual) - logWeights

    // Solutions, and for each component v[i] = Z[i]'Py, the working vectors of the average information.
    var keptSolutions: [[Double]] = []
    var eliminatedSolutions: [[Double]] = []
    var quadratic = 0.0
    var forms = [Double](repeating: 0, count: k + 2)
    var information = Matrix(rows: k + 2, columns: k + 2)
    let solutions = solve(factor, scale, ratios, g, (0..<m).map { (unitSums[$0], columnSums[$0]) }, residual)
    for (r, (x, u, projected)) in solutions.enumerated() {
      let explained = dot(columnSums[r], x) + dot(unitSums[r], u)
      let qr = (squares[r] - explained) / residual
      quadratic += qr
      keptSolutions.append(x)
      eliminatedSolutions.append(u)
      addInformation(factor, scale, ratios, g, projected, qr, components, &forms, &information)
    }

    // Traces.
    let inverse = factor.inverse(scaledBy: scale)
    let unitForms = incidence.quadraticForms(inverse, order: incidenceOrder)
    // By maximum likelihood the random block's own inverse is wanted: C − F F' (see `MaximumLikelihoodCorrection`).
    let correction = method == .ml ? MaximumLikelihoodCorrection(inverse, random: q) : nil
    var traces = [Double](repeating: 0, count: k + 2)
    var explainedTrace = 0.0
    if lambda > 0 {
      var forms = unitForms
      for column in correction?.columns ?? [] {
        for (u, value) in incidence.multiplied(by: column).enumerated() { forms[u] -= value * value }
      }
      var sum = 0.0
      for u in 0..<eliminatedLevels {
        let shrink = 1 / (1 + lambda * totals[u])
        sum += totals[u] * shrink - shrink * shrink * forms[u]
      }
      traces[0] = sum / residual
      explainedTrace += components[0] * traces[0]
    }
    for f in 0..<k where ratios[f + 1] > 0 {
      var sum = 0.0
      for c in kept[f] {
        var own = inverse[c, c]
        for column in correction?.columns ?? [] { own -= column[c] * column[c] }
        sum += 1 - own / ratios[f + 1]
      }
      traces[f + 1] = sum / components[f + 1]
      explainedTrace += components[f + 1] * traces[f + 1]
    }
    traces[k + 1] = (degrees - explainedTrace) / residual
    let evaluation = VarianceEvaluation(
      logDeterminant: logDeterminant * Double(m), quadratic: quadratic, degrees: degrees * Double(m),
      traces: traces.map { $0 * Double(m) }, forms: forms, information: information)
    return (
      evaluation,
      TwoWaySolution(
        shrinkage: g, inverse: inverse, unitForms: unitForms, kept: keptSolutions, eliminated: eliminatedSolutions,
        residualVariance: residual)
    )
  }

  var responses: Int { squares.count }

  /// A right-hand side W f of the mixed-model equations, through its sums over units and kept columns.
  private typealias Side = (unit: [Double], kept: [Double])

  /// Solves the mixed-model equations for several right-hand sides.
  ///
  /// Also returns Z[i]'P f for every factor (the eliminated one first), formed without dividing a vanishing effect by a vanishing variance.
  private func solve(
    _ factor: borrowing Cholesky, _ scale: [Double], _ ratios: [Double], _ g: [Double], _ sides: [Side], _ residual: Double
  ) -> [(kept: [Double], eliminated: [Double], projected: [[Double]])] {
    let absorbed = incidence.transposeMultiplied(by: sides.map { zip($0.unit, g).map { $0 * $1 } })
    var right = Matrix(rows: columns, columns: sides.count)
    for r in sides.indices { for c in 0..<columns { right[c, r] = scale[c] * (sides[r].kept[c] - absorbed[r][c]) } }
    let solved = factor.solve(right)
    let scaled = sides.indices.map { solved.column($0) }
    let kept = scaled.map { zip($0, scale).map { $0 * $1 } }
    let fitted = incidence.multiplied(by: kept)
    return sides.indices.map { r in
      var eliminated = [Double](repeating: 0, count: eliminatedLevels)
      var unitProjection = eliminated
      for u in 0..<eliminatedLevels {
        let rest = sides[r].unit[u] - fitted[r][u]
        eliminated[u] = g[u] * rest
        unitProjection[u] = rest / ((1 + ratios[0] * totals[u]) * residual)
      }
      var projected = [unitProjection]
      for range in self.kept {
        let absent = range.isEmpty || scale[range.lowerBound] == 0
        projected.append(absent ? [] : range.map { scaled[r][$0] / (scale[$0] * residual) })
      }
      return (kept[r], eliminated, projected)
    }
  }

  /// Adds one response's y'P V[i] P y and y'P V[i] P V[j] P y.
  ///
  /// The residual's own row follows from `P V P = P`: Σ_j v[j] y'P V[i] P V[j] P y = y'P V[i] P y. So no pass over observations is needed.
  private func addInformation(
    _ factor: borrowing Cholesky, _ scale: [Double], _ ratios: [Double], _ g: [Double], _ projected: [[Double]], _ quadratic: Double,
    _ components: [Double], _ forms: inout [Double], _ information: inout Matrix
  ) {
    let k = kept.count
    let active = (0...k).filter { ratios[$0] > 0 }
    var own = [Double](repeating: 0, count: k + 2)
    for i in active { own[i] = dot(projected[i], projected[i]) }
    own[k + 1] = (quadratic - active.reduce(0) { $0 + components[$1] * own[$1] }) / components[k + 1]
    for i in 0..<(k + 2) { forms[i] += own[i] }

    var toResidual = own
    let back = solve(factor, scale, ratios, g, active.map { workingSide($0, projected[$0]) }, components[k + 1])
    for (j, back) in zip(active, back) {
      for i in active {
        let value = dot(projected[i], back.projected[i])
        information[i, j] += value
        toResidual[i] -= components[j] * value
      }
    }
    for i in active {
      let value = toResidual[i] / components[k + 1]
      information[i, k + 1] += value
      information[k + 1, i] += value
    }
    let last = active.reduce(own[k + 1]) { $0 - components[$1] * toResidual[$1] / components[k + 1] }
    information[k + 1, k + 1] += last / components[k + 1]
  }

  /// The sums of Z[i] v, for v over the levels of factor i (0 the eliminated one).
  private func workingSide(_ i: Int, _ v: [Double]) -> Side {
    if i == 0 { return (zip(v, totals).map { $0 * $1 }, incidence.transposeMultiplied(by: v)) }
    let range = kept[i - 1]
    var padded = [Double](repeating: 0, count: columns)
    padded.replaceSubrange(range, with: v)
    // An observation has one level of a factor: beside its diagonal, B has nothing in the factor's own block.
    var side = padded
    for c in range { side[c] *= gram[c, c] }
    for others in [0..<range.lowerBound, range.upperBound..<columns] {
      gram.addProduct(ofColumns: range, rows: others, with: v, to: &side)
    }
    return (incidence.multiplied(by: padded), side)
  }
}

/// Turns the inverse C of the whole system into that of its random block, which maximum likelihood needs for its traces.
///
/// With C partitioned into random (1) and fixed (2), the inverse of the random block is `C11 − C12 C22⁻¹ C21`, and `C − F F'` with
/// `F F' = C·2 C22⁻¹ C2·` is that with zeros in the fixed places. So one inverse serves the likelihood and the standard errors.
struct MaximumLikelihoodCorrection {
  /// The columns of F.
  let columns: [[Double]]

  init(_ inverse: Matrix, random q: Int) {
    let size = inverse.rows
    let p = size - q
    // C22 is a diagonal block of a positive definite inverse, so this cannot fail but for rounding; then F is left empty.
    guard p > 0, let factor = try? Cholesky(inverse.diagonalBlock(from: q, count: p)) else {
      columns = []
      return
    }
    var side = Matrix(rows: p, columns: size)
    for c in 0..<size { for j in 0..<p { side[j, c] = inverse[q + j, c] } }
    let f = factor.solveLower(side)
    columns = (0..<p).map { j in (0..<size).map { f[j, $0] } }
  }
}
