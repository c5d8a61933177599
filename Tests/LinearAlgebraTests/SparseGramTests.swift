import LinearAlgebra
import Testing

@Suite struct SparseGramTests {
  @Test func gramAndFormsAgreeWithDense() {
    let sparse = SparseRows(columnCount: 4, starts: [0, 2, 2, 5], columns: [0, 3, 1, 2, 3], values: [2, -1, 1, 4, 0.5])
    let dense = Matrix(rowArrays: [[2, 0, 0, -1], [0, 0, 0, 0], [0, 1, 4, 0.5]])
    let order = ColumnOrder(sparse)
    let c = [0.5, 7, 2]
    var gram = Matrix(rows: 4, columns: 4)
    sparse.subtractWeightedGram(from: &gram, weights: c, order: order)
    gram.mirrorLowerTriangle()
    for i in 0..<4 {
      for j in 0..<4 { #expect(gram[i, j] == -(0..<3).reduce(0.0) { $0 + c[$1] * dense[$1, i] * dense[$1, j] }) }
    }
    let forms = sparse.quadraticForms(gram, order: order)
    for r in 0..<3 {
      let row = (0..<4).map { dense[r, $0] }
      #expect(abs(forms[r] - dot(row, gram.multiplied(by: row))) < 1e-12 * 1000)
    }
  }

  /// Columns from the limit on count as zero.
  @Test func leadingFormsLeaveOutTheLastColumns() {
    let a = VectorBlockTests.rows(units: false)
    let order = ColumnOrder(a)
    var matrix = Matrix.identity(12)
    a.subtractWeightedGram(from: &matrix, weights: (0..<40).map { -1 / Double(1 + $0) }, order: order)
    matrix.mirrorLowerTriangle()
    let forms = a.quadraticForms(matrix, leading: 9, order: order)
    for row in 0..<40 {
      var x = [Double](repeating: 0, count: 12)
      for k in a.starts[row]..<a.starts[row + 1] where a.columns[k] < 9 { x[Int(a.columns[k])] = a.values[k] }
      #expect(abs(forms[row] - dot(x, matrix.multiplied(by: x))) < 1e-11 * max(abs(forms[row]), 1))
    }
  }

  @Test func columnSquaresOfTwoWeightsAreThoseOfEach() {
    let a = VectorBlockTests.rows(units: false)
    let c = VectorBlockTests.vectors(40, 2)
    let (first, second) = a.weightedColumnSquares(weights: c[0], and: c[1])
    #expect(first == a.weightedColumnSquares(weights: c[0]) && second == a.weightedColumnSquares(weights: c[1]))
  }
}
