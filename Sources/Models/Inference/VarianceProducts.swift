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
    let elements = VarianceProducts.elements(fit)
    let products = try PrecisionProducts(fit)
    let (d, e) = (products.random, products.mixed)
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
    let sigma2 = fit.residualVariance
    func rest(_ whole: Matrix, _ parts: [Matrix]) -> Matrix {
      var result = whole.elements
      for (element, part) in zip(elements, parts) where element.value != 0 {
        for k in result.indices { result[k] -= element.value * part.elements[k] }
      }
      return Matrix(rows: whole.rows, columns: whole.columns, elements: result.map { $0 / sigma2 })
    }
    let values = elements.map(\.value)
    a.append(rest(products.fixed, a))
    for i in 0..<m { q[i].append(rest(a[i], q[i])) }
    var last = (0..<m).map { q[$0][m].transposed }
    last.append(rest(a[m], last))
    q.append(last)
    for i in 0..<m {
      let mixed = (single[i] - (0..<m).reduce(0) { $0 + values[$1] * traces[i, $1] }) / sigma2
      traces[i, m] = mixed
      traces[m, i] = mixed
    }
    single[m] = (Double(fit.model.design.count) - (0..<m).reduce(0) { $0 + values[$1] * single[$1] }) / sigma2
    traces[m, m] = (single[m] - (0..<m).reduce(0) { $0 + values[$1] * traces[$1, m] }) / sigma2
    self.a = a
    self.q = q
    self.traces = traces
  }

  private static func elements(_ fit: LinearMixedFit) -> [Element] {
    let relative = fit.model.factors.covariances(fit.theta)
    var elements: [Element] = []
    var start = 0
    for (t, term) in fit.model.design.terms.enumerated() {
      for c in 0..<term.order {
        for r in c..<term.order {
          elements.append(
            Element(
              start: start, levels: term.factor.levels, order: term.order, r: r, c: c, value: fit.residualVariance * relative[t][r, c]))
        }
      }
      start += term.effects
    }
    return elements
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

/// Z'V⁻¹Z, Z'V⁻¹Q and Q'V⁻¹Q.
private struct PrecisionProducts {
  let random: Matrix
  let mixed: Matrix
  let fixed: Matrix

  /// By Woodbury's identity from H = Λ'Z'WZΛ + I.
  init(_ fit: LinearMixedFit) throws(InferenceError) {
    let sums = WeightedProducts(fit.model)
    let lambdas = fit.model.factors.factors(fit.theta)
    var system = sums.random
    var half = sums.random
    var scaledMixed = sums.mixed
    var start = 0
    for (t, term) in fit.model.design.terms.enumerated() {
      let (levels, order) = (term.factor.levels, term.order)
      system.multiplyColumnGroups(from: start, count: levels, by: lambdas[t], order: order)
      system.multiplyRowGroups(from: start, count: levels, by: lambdas[t], order: order, transposed: true)
      half.multiplyRowGroups(from: start, count: levels, by: lambdas[t], order: order, transposed: true)
      scaledMixed.multiplyRowGroups(from: start, count: levels, by: lambdas[t], order: order, transposed: true)
      start += term.effects
    }
    system.addToDiagonal(1, count: system.rows)
    let sigma2 = fit.residualVariance
    do throws(LinearAlgebraError) {
      let factor = try Cholesky(system)
      let l = factor.solveLower(half)
      let lx = factor.solveLower(scaledMixed)
      var schur = sums.random
      schur.addSymmetricProduct(of: l, transposed: true, scaledBy: -1)
      schur.mirrorLowerTriangle()
      random = Matrix(rows: schur.rows, columns: schur.columns, elements: schur.elements.map { $0 / sigma2 })
      mixed = sums.mixed.less(l.multiplied(by: lx, transposed: true), dividedBy: sigma2)
      fixed = sums.fixed.less(lx.multiplied(by: lx, transposed: true), dividedBy: sigma2)
    } catch { throw .fit(.illConditioned) }
  }
}

/// Z'WZ, Z'WQ and Q'WQ.
private struct WeightedProducts {
  private(set) var random: Matrix
  private(set) var mixed: Matrix
  private(set) var fixed: Matrix

  init(_ model: LinearMixedModel) {
    let (design, columns) = (model.design, model.basis.columns)
    let effects = design.terms.reduce(0) { $0 + $1.effects }
    random = Matrix(rows: effects, columns: effects)
    mixed = Matrix(rows: effects, columns: columns.count)
    fixed = Matrix(rows: columns.count, columns: columns.count)
    var row: [(Int, Double)] = []
    for i in 0..<design.count {
      let w = design.weights?[i] ?? 1
      row.removeAll(keepingCapacity: true)
      var start = 0
      for (t, term) in design.terms.enumerated() {
        let base = start + Int(term.factor.codes[i]) * term.order
        for c in 0..<term.order { row.append((base + c, term.values[c][i] / model.scales[t][c])) }
        start += term.effects
      }
      for (x, u) in row {
        for (y, v) in row { random[x, y] += w * u * v }
        for j in columns.indices { mixed[x, j] += w * u * columns[j][i] }
      }
    }
    for j in columns.indices {
      for k in columns.indices {
        var sum = 0.0
        for i in 0..<design.count { sum += (design.weights?[i] ?? 1) * columns[j][i] * columns[k][i] }
        fixed[j, k] = sum
      }
    }
  }
}

extension Matrix {
  /// (self − other) / divisor.
  fileprivate func less(_ other: Matrix, dividedBy divisor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { ($0 - $1) / divisor })
  }
}
