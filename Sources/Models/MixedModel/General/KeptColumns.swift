internal import LinearAlgebra

/// The columns [Z_k X] that stay in the dense matrix: the effects of the kept terms, then the fixed columns.
struct KeptColumns: Sendable {
  let terms: [RandomTerm]
  /// Kept terms by number.
  let kept: [Int]
  let fixed: [[Double]]
  /// Per term, where its effects begin; −1 for an eliminated term.
  let starts: [Int]
  /// Kept effects; the fixed columns follow them.
  let effects: Int

  var count: Int { effects + fixed.count }

  init(_ kept: [Int], of terms: [RandomTerm], fixed: [[Double]]) {
    var starts = [Int](repeating: -1, count: terms.count)
    var effects = 0
    for t in kept {
      starts[t] = effects
      effects += terms[t].effects
    }
    self.terms = terms
    self.kept = kept
    self.fixed = fixed
    self.starts = starts
    self.effects = effects
  }

  /// Columns of the effects of term t at its level in observation i.
  func effects(of t: Int, at i: Int) -> Range<Int> {
    let first = starts[t] + Int(terms[t].factor.codes[i]) * terms[t].order
    return first..<(first + terms[t].order)
  }

  /// The columns that observation i touches, with their values; `row` is only room for them.
  func read(_ i: Int, into row: inout [(column: Int, value: Double)]) {
    row.removeAll(keepingCapacity: true)
    for t in kept { for (c, column) in effects(of: t, at: i).enumerated() { row.append((column, terms[t].values[c][i])) } }
    for j in fixed.indices { row.append((effects + j, fixed[j][i])) }
  }

  /// K = [Z_k X]'W [Z_k X]. Cost: n times the square of the columns that an observation touches.
  func gram(observations n: Int, weights: [Double]?) -> Matrix {
    var gram = Matrix(rows: count, columns: count)
    var row: [(column: Int, value: Double)] = []
    for i in 0..<n {
      let w = weights?[i] ?? 1
      read(i, into: &row)
      for (a, x) in row { for (b, y) in row where a >= b { gram[a, b] += w * x * y } }
    }
    gram.mirrorLowerTriangle()
    return gram
  }
}
