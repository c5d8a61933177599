internal import LinearAlgebra

/// The products of `V⁻¹` with the derivatives G[i] of V that Kenward and Roger's formulas need, for the orthogonal fixed columns Q of the model and
/// γ = (elements of each term's Σ, σ²).
struct VarianceProducts {
  /// Q'V⁻¹G[i]V⁻¹Q.
  let a: [Matrix]
  /// Q'V⁻¹G[i]V⁻¹G[j]V⁻¹Q.
  let q: [[Matrix]]
  /// tr(V⁻¹G[i]V⁻¹G[j]).
  let traces: Matrix

  /// One element of the covariance of one term: rows r ≥ c.
  private struct Element {
    let start: Int
    let levels: Int
    let order: Int
    let r: Int
    let c: Int
    let value: Double
    var pairs: [(Int, Int)] { r == c ? [(r, r)] : [(r, c), (c, r)] }
  }

  init(_ fit: LinearMixedFit) throws(InferenceError) {
    let model = fit.model
    let design = model.design
    let basis = model.basis
    let p = basis.count
    let sigma2 = fit.residualVariance
    let n = design.count
    var elements: [Element] = []
    var total = 0
    let relative = model.factors.covariances(fit.theta)
    let lambdas = model.factors.factors(fit.theta)
    for (t, term) in design.terms.enumerated() {
      for c in 0..<term.order {
        for r in c..<term.order {
          elements.append(
            Element(
              start: total, levels: term.factor.levels, order: term.order, r: r, c: c, value: sigma2 * relative[t][r, c]))
        }
      }
      total += term.effects
    }
    // Z'WZ and Z'WQ.
    var gram = Matrix(rows: total, columns: total)
    var cross = Matrix(rows: total, columns: p)
    var fixedGram = Matrix(rows: p, columns: p)
    var row: [(Int, Double)] = []
    for i in 0..<n {
      let w = design.weights?[i] ?? 1
      row.removeAll(keepingCapacity: true)
      var start = 0
      for (t, term) in design.terms.enumerated() {
        let base = start + Int(term.factor.codes[i]) * term.order
        for c in 0..<term.order { row.append((base + c, term.values[c][i] / model.scales[t][c])) }
        start += term.effects
      }
      for (x, u) in row {
        for (y, v) in row { gram[x, y] += w * u * v }
        for j in 0..<p { cross[x, j] += w * u * basis.columns[j][i] }
      }
    }
    for j in 0..<p {
      for k in 0..<p {
        var sum = 0.0
        for i in 0..<n { sum += (design.weights?[i] ?? 1) * basis.columns[j][i] * basis.columns[k][i] }
        fixedGram[j, k] = sum
      }
    }
    // H = Λ'Z'WZΛ + I; D = Z'V⁻¹Z and E = Z'V⁻¹Q.
    var system = gram
    var half = gram
    var start = 0
    for (t, term) in design.terms.enumerated() {
      system.multiplyColumnGroups(from: start, count: term.factor.levels, by: lambdas[t], order: term.order)
      system.multiplyRowGroups(from: start, count: term.factor.levels, by: lambdas[t], order: term.order, transposed: true)
      half.multiplyRowGroups(from: start, count: term.factor.levels, by: lambdas[t], order: term.order, transposed: true)
      start += term.effects
    }
    system.addToDiagonal(1, count: total)
    var scaledCross = cross
    start = 0
    for (t, term) in design.terms.enumerated() {
      scaledCross.multiplyRowGroups(from: start, count: term.factor.levels, by: lambdas[t], order: term.order, transposed: true)
      start += term.effects
    }
    let d: Matrix
    let e: Matrix
    let precision: Matrix
    do throws(LinearAlgebraError) {
      let factor = try Cholesky(system)
      let l = factor.solveLower(half)
      let lx = factor.solveLower(scaledCross)
      var schur = gram
      schur.addSymmetricProduct(of: l, transposed: true, scaledBy: -1)
      schur.mirrorLowerTriangle()
      d = Matrix(rows: total, columns: total, elements: schur.elements.map { $0 / sigma2 })
      let fitted = l.multiplied(by: lx, transposed: true)
      e = Matrix(rows: total, columns: p, elements: zip(cross.elements, fitted.elements).map { ($0 - $1) / sigma2 })
      let square = lx.multiplied(by: lx, transposed: true)
      precision = Matrix(rows: p, columns: p, elements: zip(fixedGram.elements, square.elements).map { ($0 - $1) / sigma2 })
    } catch { throw .fit(.illConditioned) }

    let m = elements.count
    let selected = elements.map { VarianceProducts.select($0, e) }
    let images = selected.map { d.multiplied(by: $0) }
    var a = selected.map { e.multiplied(by: $0, transposed: true) }
    var q = selected.map { s in images.map { s.multiplied(by: $0, transposed: true) } }
    var traces = Matrix(rows: m + 1, columns: m + 1)
    var single = [Double](repeating: 0, count: m + 1)
    for (i, x) in elements.enumerated() {
      for level in 0..<x.levels {
        for (r, c) in x.pairs { single[i] += d[x.start + level * x.order + r, x.start + level * x.order + c] }
      }
      for (j, y) in elements.enumerated() where j <= i {
        traces[i, j] = VarianceProducts.trace(x, y, d)
        traces[j, i] = traces[i, j]
      }
    }
    // What belongs to σ² follows from Σ γ[i] G[i] = V.
    func rest(_ whole: Matrix, _ parts: [Matrix]) -> Matrix {
      var result = whole.elements
      for (element, part) in zip(elements, parts) where element.value != 0 {
        for k in result.indices { result[k] -= element.value * part.elements[k] }
      }
      return Matrix(rows: p, columns: p, elements: result.map { $0 / sigma2 })
    }
    let values = elements.map(\.value)
    a.append(rest(precision, a))
    for i in 0..<m { q[i].append(rest(a[i], q[i])) }
    var last = (0..<m).map { q[$0][m].transposed }
    last.append(rest(a[m], last))
    q.append(last)
    for i in 0..<m {
      let mixed = (single[i] - (0..<m).reduce(0) { $0 + values[$1] * traces[i, $1] }) / sigma2
      traces[i, m] = mixed
      traces[m, i] = mixed
    }
    single[m] = (Double(n) - (0..<m).reduce(0) { $0 + values[$1] * single[$1] }) / sigma2
    traces[m, m] = (single[m] - (0..<m).reduce(0) { $0 + values[$1] * traces[$1, m] }) / sigma2
    self.a = a
    self.q = q
    self.traces = traces
  }

  /// S E, with S = Σ over levels of the element's place in Σ (and its mirror).
  private static func select(_ x: Element, _ e: Matrix) -> Matrix {
    var result = Matrix(rows: e.rows, columns: e.columns)
    for j in 0..<e.columns {
      for level in 0..<x.levels {
        let base = x.start + level * x.order
        for (r, c) in x.pairs { result[base + r, j] = e[base + c, j] }
      }
    }
    return result
  }

  /// tr(S[x] D S[y] D).
  private static func trace(_ x: Element, _ y: Element, _ d: Matrix) -> Double {
    var sum = 0.0
    for l in 0..<y.levels {
      let second = y.start + l * y.order
      for k in 0..<x.levels {
        let first = x.start + k * x.order
        for (r, c) in x.pairs { for (u, v) in y.pairs { sum += d[first + c, second + u] * d[first + r, second + v] } }
      }
    }
    return sum
  }
}
