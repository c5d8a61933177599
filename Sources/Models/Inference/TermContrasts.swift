internal import LinearAlgebra

extension LinearMixedModel {
  /// Per fixed term the contrasts of the coefficients that are zero when the term has no effect, by type III: the coefficients that the term would
  /// have with factors coded to sum to zero, given all other terms. They are linear functions of the coefficients at hand,
  /// found by least squares. Where columns had to be dropped the term's own coefficients stand in, and the term is named.
  func termContrasts() -> (contrasts: [(name: String, rows: [[Double]])], notEstimable: [String]) {
    let own = ownContrasts()
    if own.count == 1 && basis.dropped.isEmpty { return ([(own[0].name, sequentialRows())], []) }
    guard let sums = design.sumCoded else { return (own, []) }
    if !basis.dropped.isEmpty { return (own, own.map(\.name)) }
    let other = FixedBasis(names: sums.names, columns: sums.columns, weights: design.weights)
    if !other.dropped.isEmpty { return (own, own.map(\.name)) }
    // X_sum = Q R and X = Q T give β_sum = R⁻¹ T β.
    let total = design.weights.map { $0.reduce(0, +) } ?? Double(design.count)
    var shares = Matrix(rows: basis.count, columns: basis.count)
    for (j, column) in basis.kept.enumerated() {
      var values = design.fixedColumns[column]
      if let weights = design.weights { for i in values.indices { values[i] *= weights[i] } }
      for i in 0..<basis.count { shares[i, j] = dot(other.columns[i], values) / total }
    }
    let map = other.inverseTriangle.multiplied(by: shares)
    var notEstimable: [String] = []
    let contrasts = own.enumerated().map { number, term in
      let places = basis.kept.indices.filter { design.fixedTermOfColumn[basis.kept[$0]] == number + 1 }
      let rows = (0..<basis.count).filter { sums.terms[$0] == number + 1 }.map { i in (0..<basis.count).map { map[i, $0] } }
      guard let reduced = reducedRows(rows, places) else {
        notEstimable.append(term.name)
        return term
      }
      return (name: term.name, rows: reduced)
    }
    return (contrasts, notEstimable)
  }

  /// The same hypothesis in the rows whose own coefficients are the identity: differences from the first level, averaged over the levels of other factors.
  /// F does not depend on this choice; its denominator degrees do where the data are unbalanced.
  private func reducedRows(_ rows: [[Double]], _ places: [Int]) -> [[Double]]? {
    if rows.count != places.count { return nil }
    var rows = rows
    for (k, place) in places.enumerated() {
      guard let pivot = (k..<rows.count).max(by: { abs(rows[$0][place]) < abs(rows[$1][place]) }), abs(rows[pivot][place]) > 1e-9 else {
        return nil
      }
      rows.swapAt(k, pivot)
      let divisor = rows[k][place]
      for j in rows[k].indices { rows[k][j] /= divisor }
      for i in rows.indices where i != k && rows[i][place] != 0 {
        let factor = rows[i][place]
        for j in rows[i].indices { rows[i][j] -= factor * rows[k][j] }
      }
    }
    return rows.map { $0.map { abs($0) < 1e-11 ? 0 : $0 } }
  }

  /// Of a term by itself: each column given those before it, the rows of R in X = QR scaled to a diagonal of 1 (type I, which is then the same
  /// hypothesis). The rows of R's lmerTest, and so its denominator degrees.
  private func sequentialRows() -> [[Double]] {
    let plain = FixedBasis(names: basis.names, columns: basis.kept.map { design.fixedColumns[$0] }, weights: nil)
    return plain.kept.indices.filter { design.fixedTermOfColumn[basis.kept[$0]] == 1 }.map { row in
      (0..<plain.count).map { plain.triangle[row, $0] / plain.triangle[row, row] }
    }
  }

  /// The coefficients of each term but the intercept.
  private func ownContrasts() -> [(name: String, rows: [[Double]])] {
    (1..<max(1, design.fixedTerms.count)).map { number in
      let rows = basis.kept.indices.filter { design.fixedTermOfColumn[basis.kept[$0]] == number }
      return (
        design.fixedTerms[number],
        rows.map { row in (0..<basis.count).map { $0 == row ? 1.0 : 0 } }
      )
    }
  }
}
