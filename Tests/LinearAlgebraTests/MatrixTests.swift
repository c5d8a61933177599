import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  let a = Matrix(rowArrays: [[1, 2, 3], [4, 5, 6]])

  @Test func storesByColumns() {
    #expect(a.elements == [1, 4, 2, 5, 3, 6])
    #expect(a[1, 2] == 6)
    #expect(a.column(1) == [2, 5])
    #expect(a.transposed[2, 1] == 6)
  }

  @Test func multiplies() {
    #expect(a.multiplied(by: [1, 0, -1]) == [-2, -2])
    #expect(a.transposeMultiplied(by: [1, -1]) == [-3, -3, -3])
    let product = a.multiplied(by: a, otherTransposed: true)
    #expect(product == Matrix(rowArrays: [[14, 32], [32, 77]]))
    #expect(a.multiplied(by: a, transposed: true)[0, 2] == 27)
  }

  @Test func updatesSymmetrically() {
    var s = Matrix(rows: 2, columns: 2)
    s.addSymmetricProduct(of: a, scaledBy: 2)
    s.mirrorLowerTriangle()
    #expect(s == Matrix(rowArrays: [[28, 64], [64, 154]]))
  }

  @Test func mirrorsBeyondOneTile() {
    let n = 77
    var m = Matrix(rows: n, columns: n)
    for j in 0..<n { for i in j..<n { m[i, j] = Double(i * 1000 + j) } }
    m.mirrorLowerTriangle()
    for j in 0..<n { for i in 0..<n { #expect(m[i, j] == Double(max(i, j) * 1000 + min(i, j))) } }
  }

  @Test func sparseRowsAgreeWithDense() {
    let sparse = SparseRows(columnCount: 4, starts: [0, 2, 2, 5], columns: [0, 3, 1, 2, 3], values: [2, -1, 1, 4, 0.5])
    let dense = Matrix(rowArrays: [[2, 0, 0, -1], [0, 0, 0, 0], [0, 1, 4, 0.5]])
    let x = [1.0, 2, 3, 4]
    #expect(sparse.multiplied(by: x) == dense.multiplied(by: x))
    #expect(sparse.transposeMultiplied(by: [1, 5, 2]) == dense.transposeMultiplied(by: [1, 5, 2]))
  }
}
