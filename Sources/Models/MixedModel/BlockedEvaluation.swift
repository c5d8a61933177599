internal import Foundation
internal import LinearAlgebra

/// The solution of a blocked model; inverses in units of the residual variance.
struct BlockedSolution: Sendable {
  let inverse: Matrix
  /// Kept effects, then fixed effects.
  let kept: [Double]
  /// Per nested factor: predictions and their error variances.
  let nested: [(values: [Double], variances: [Double])]
  /// Variance of each observation's fitted value's error in units of the residual variance; 0 for weight 0.
  let leverages: [Double]
}

extension BlockedStatistics {
  /// Evaluates at `components` = (nested factors, kept factors, residual).
  func evaluate(at components: [Double], method: EstimationMethod) throws(MixedModelError) -> (VarianceEvaluation, BlockedSolution) {
    let f = nested.count
    let k = kept.count
    let residual = components[f + k]
    let ratios = components.dropLast().map { $0 / residual }
    let q = randomColumns
    let size = columns
    var scale = [Double](repeating: 1, count: size)
    for j in 0..<k { for c in kept[j] { scale[c] = ratios[f + j].squareRoot() } }
    let ridge = (0..<size).map { $0 < q ? 1.0 : 0.0 }

    // First pass: eliminate the blocks.
    var system = Matrix(rows: size, columns: size)
    var side = [Double](repeating: 0, count: size)
    var squares = 0.0
    var logDeterminant = 0.0
    for block in blocks {
      let factor = try cholesky(block, ratios)
      for pivot in factor.diagonal { logDeterminant += 2 * log(pivot) }
      let a = factor.solveLower(design(block))
      let z = factor.solveLower(Matrix(rows: block.rows.count, columns: 1, elements: block.rows.map { response[Int($0)] })).elements
      squares += dot(z, z)
      var gram = Matrix(rows: block.columns.count, columns: block.columns.count)
      gram.addSymmetricProduct(of: a, transposed: true)
      let b = a.transposeMultiplied(by: z)
      for (j, column) in block.columns.enumerated() {
        side[column] += b[j]
        for i in j..<block.columns.count { system[block.columns[i], column] += gram[i, j] }
      }
    }
    system.scaleSymmetrically(by: scale, addingToDiagonal: ridge)
    let factor: Cholesky
    do { factor = try Cholesky(consume system) } catch { throw .illConditioned }
    let pivots = factor.diagonal
    for c in 0..<(method == .reml ? size : q) { logDeterminant += 2 * log(pivots[c]) }
    let degrees = Double(observations - (method == .reml ? fixed.count : 0))
    logDeterminant += degrees * log(residual)

    let x = solveScaled(factor, scale, side)
    let quadratic = (squares - dot(side, x)) / residual

    // Second pass: Py, the working vectors V[i] P y, and their sums over the kept columns.
    let n = response.count
    var projection = [Double](repeating: 0, count: n)
    project(response, x, ratios, residual, &projection)
    let active = (0..<(f + k)).filter { components[$0] > 0 } + [f + k]
    var working = active.map { workingVector($0, projection) }
    let forms = active.indices.map { a in dot(working[a], projection) }
    var sides = working.map { _ in [Double](repeating: 0, count: size) }
    for block in blocks {
      let factor = try cholesky(block, ratios)
      let design = design(block)
      for a in active.indices {
        let b = design.transposeMultiplied(by: factor.solve(block.rows.map { working[a][Int($0)] }))
        for (j, column) in block.columns.enumerated() { sides[a][column] += b[j] }
      }
    }
    var information = Matrix(rows: f + k + 1, columns: f + k + 1)
    var image = [Double](repeating: 0, count: n)
    for a in active.indices {
      project(working[a], solveScaled(factor, scale, sides[a]), ratios, residual, &image)
      for b in active.indices { information[active[b], active[a]] = dot(working[b], image) }
    }
    working = []

    // Third pass: traces, through the block's part of P.
    var inverse = factor.inverse()
    inverse.scaleRowsAndColumns(by: scale)
    // By maximum likelihood the traces want the random block's own inverse.
    var likelihoodInverse = inverse
    if method == .ml {
      likelihoodInverse = inverse.diagonalBlock(from: 0, count: q)
      let columns = MaximumLikelihoodCorrection(inverse, random: q).columns
      let f = Matrix(rows: q, columns: columns.count, elements: columns.flatMap { $0.prefix(q) })
      likelihoodInverse.addSymmetricProduct(of: f, scaledBy: -1)
      likelihoodInverse.mirrorLowerTriangle()
    }
    var traces = [Double](repeating: 0, count: f + k + 1)
    var values = nested.map { [Double](repeating: 0, count: $0.levels) }
    var variances = nested.indices.map { [Double](repeating: components[$0], count: nested[$0].levels) }
    var leverages = [Double](repeating: 0, count: n)
    for block in blocks {
      let p = try localProjection(block, ratios, likelihoodInverse)
      for g in nested.indices {
        var sums = [Double](repeating: 0, count: block.codes[g].count)
        var effects = sums
        for j in block.rows.indices {
          effects[block.levels[g][j]] += projection[Int(block.rows[j])]
          for i in block.rows.indices where block.levels[g][i] == block.levels[g][j] { sums[block.levels[g][j]] += p[i, j] }
        }
        for (l, code) in block.codes[g].enumerated() {
          if components[g] > 0 { traces[g] += sums[l] / residual }
          values[g][code] = components[g] * effects[l]
          variances[g][code] = max(components[g] - components[g] * ratios[g] * sums[l], 0)
        }
      }
      for (j, row) in block.rows.enumerated() {
        let w = weights?[Int(row)] ?? 1
        traces[f + k] += p[j, j] / w / residual
        leverages[Int(row)] = (1 - p[j, j] / w) / w
      }
    }
    for j in 0..<k where components[f + j] > 0 {
      for c in kept[j] { traces[f + j] += (1 - likelihoodInverse[c, c] / ratios[f + j]) / components[f + j] }
    }
    var allForms = [Double](repeating: 0, count: f + k + 1)
    for (a, i) in active.enumerated() { allForms[i] = forms[a] }
    return (
      VarianceEvaluation(
        logDeterminant: logDeterminant, quadratic: quadratic, degrees: degrees, traces: traces, forms: allForms, information: information),
      BlockedSolution(
        inverse: inverse, kept: x, nested: zip(values, variances).map { (values: $0, variances: $1) }, leverages: leverages)
    )
  }

  private func cholesky(_ block: Block, _ ratios: [Double]) throws(MixedModelError) -> Cholesky {
    do { return try Cholesky(covariance(block, ratios)) } catch { throw .illConditioned }
  }

  private func solveScaled(_ factor: borrowing Cholesky, _ scale: [Double], _ side: [Double]) -> [Double] {
    zip(factor.solve(zip(side, scale).map { $0 * $1 }), scale).map { $0 * $1 }
  }

  /// P v = H⁻¹(v − X x) / σ², where x solves the equations with v as the response.
  private func project(
    _ v: [Double], _ x: [Double], _ ratios: [Double], _ residual: Double, _ result: inout [Double]
  ) {
    for block in blocks {
      let fitted = design(block).multiplied(by: block.columns.map { x[$0] })
      // `evaluate` has factored every block at these ratios already.
      guard let factor = try? cholesky(block, ratios) else { continue }
      let rest = factor.solve(zip(block.rows, fitted).map { v[Int($0)] - $1 })
      for (row, value) in zip(block.rows, rest) { result[Int(row)] = value / residual }
    }
  }

  /// V[i] P y for component i.
  private func workingVector(_ component: Int, _ projection: [Double]) -> [Double] {
    let f = nested.count
    if component == f + kept.count {
      return projection.indices.map { s in projection[s] == 0 ? 0 : projection[s] / (weights?[s] ?? 1) }
    }
    let factor = component < f ? nested[component] : keptFactors[component - f]
    var sums = [Double](repeating: 0, count: factor.levels)
    for block in blocks { for row in block.rows { sums[Int(factor.codes[Int(row)])] += projection[Int(row)] } }
    return factor.codes.map { sums[Int($0)] }
  }

  /// The block's rows and columns of P, in units of 1/σ²: H⁻¹ − H⁻¹X C X'H⁻¹. By maximum likelihood C covers the random columns only.
  private func localProjection(_ block: Block, _ ratios: [Double], _ inverse: Matrix) throws(MixedModelError) -> Matrix {
    let factor = try cholesky(block, ratios)
    let columns = block.columns.filter { $0 < inverse.rows }
    let k = columns.count
    let n = block.rows.count
    let full = factor.solve(design(block))
    let g = Matrix(rows: n, columns: k, elements: Array(full.elements.prefix(n * k)))
    var local = Matrix(rows: k, columns: k)
    for (j, column) in columns.enumerated() { for (i, row) in columns.enumerated() { local[i, j] = inverse[row, column] } }
    var p = factor.inverse()
    let spread = g.multiplied(by: local).multiplied(by: g, otherTransposed: true)
    p = Matrix(rows: n, columns: n, elements: zip(p.elements, spread.elements).map { $0 - $1 })
    return p
  }
}
