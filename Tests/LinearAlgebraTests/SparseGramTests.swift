import LinearAlgebra
import Testing

@Suite struct SparseGramTests {
  @Test func gramAndFormsAgreeWithDense() {
    let sparse = SparseRows(columnCount: 4, starts: [0, 2, 2, 5], columns: [0, 3, 1, 2, 3], values: [2, -1, 1, 4, 0.5])
    let dense = Matrix(rowArrays: [[2, 0, 0, -1], [0, 0, 0, 0], [0, 1, 4, 0.5]])
    let order = ColumnOrder(sparse)
    let c = [0.5, 7, 2]
    var gram = sparse.schurComplement(in: Matrix(rows: 4, columns: 4), weights: c, order: order)
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

  /// Scale and shift as for a dense matrix, zeros above the diagonal.
  @Test func schurComplementIsScaledAndShifted() {
    let a = VectorBlockTests.rows(units: false)
    let order = ColumnOrder(a)
    var whole = Matrix.identity(12)
    for j in 0..<12 { for i in 0..<12 { whole[i, j] += Double(i * j) } }
    let weights = (0..<40).map { 1 / Double(1 + $0) }
    var expected = a.schurComplement(in: whole, weights: weights, order: order)
    let d = (0..<12).map { 0.5 + Double($0) }
    let shift = (0..<12).map { Double($0 % 3) }
    expected.scaleSymmetrically(by: d, addingToDiagonal: shift)
    #expect(a.schurComplement(in: whole, weights: weights, scaledBy: d, addingToDiagonal: shift, order: order) == expected)
    for j in 0..<12 { for i in 0..<j { #expect(expected[i, j] == 0) } }
  }

  @Test func columnSquaresOfTwoWeightsAreThoseOfEach() {
    let a = VectorBlockTests.rows(units: false)
    let c = VectorBlockTests.vectors(40, 2)
    let (first, second) = a.weightedColumnSquares(weights: c[0], and: c[1])
    #expect(first == a.weightedColumnSquares(weights: c[0]) && second == a.weightedColumnSquares(weights: c[1]))
  }
}
