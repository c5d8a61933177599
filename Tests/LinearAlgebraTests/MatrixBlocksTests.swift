import Foundation
import LinearAlgebra
import Testing

@Suite struct MatrixBlocksTests {
  static func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: (0..<(rows * columns)).map { cos(Double(3 * $0 + $0 * $0 % 5)) })
  }

  /// Columns 1 to 6 in two groups of three times a lower triangle, as a product with a block diagonal matrix.
  @Test(arguments: [false, true]) func groupsAreMultiplied(_ transposed: Bool) {
    let lambda = [2.0, -1, 0.5, 0, 3, 4, 0, 0, 1.5]
    var blocks = Matrix.identity(7)
    for g in 0..<2 {
      for j in 0..<3 { for i in 0..<3 { blocks[1 + 3 * g + i, 1 + 3 * g + j] = lambda[i + 3 * j] } }
    }
    let plain = Self.matrix(5, 7)
    var columns = plain
    columns.multiplyColumnGroups(from: 1, count: 2, by: lambda, order: 3, transposed: transposed)
    let expected = plain.multiplied(by: blocks, otherTransposed: transposed)
    #expect(zip(columns.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-13 })
    let upright = Self.matrix(7, 4)
    var rows = upright
    rows.multiplyRowGroups(from: 1, count: 2, by: lambda, order: 3, transposed: transposed)
    let turned = blocks.multiplied(by: upright, transposed: transposed)
    #expect(zip(rows.elements, turned.elements).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test func diagonalsColumnsAndScales() {
    let plain = Self.matrix(4, 4)
    var shifted = plain
    shifted.addToDiagonal(2, count: 3)
    var scaled = plain
    let d = [1.0, -2, 0.5, 3]
    scaled.scaleSymmetrically(by: d, addingToDiagonal: [1, 2, 3, 4])
    for j in 0..<4 {
      for i in 0..<4 {
        #expect(shifted[i, j] == plain[i, j] + (i == j && i < 3 ? 2 : 0))
        // The upper triangle is left alone.
        #expect(abs(scaled[i, j] - (i < j ? plain[i, j] : d[i] * plain[i, j] * d[j] + (i == j ? Double(i + 1) : 0))) < 1e-14)
      }
    }
    var y = [1.0, 1, 1, 1]
    plain.addProduct(ofColumns: 1..<3, with: [2, -1], to: &y)
    for i in 0..<4 { #expect(abs(y[i] - (1 + 2 * plain[i, 1] - plain[i, 2])) < 1e-14) }
    let before = y
    plain.addProduct(ofColumns: 3..<4, rows: 1..<3, with: [2], to: &y)
    for i in 0..<4 { #expect(abs(y[i] - before[i] - (1..<3 ~= i ? 2 * plain[i, 3] : 0)) < 1e-14) }
    #expect(abs(dot(plain, column: 0, plain, column: 2, count: 3) - (0..<3).reduce(0.0) { $0 + plain[$1, 0] * plain[$1, 2] }) < 1e-14)
  }

  @Test func lowerSolvesGiveTheFactorBack() throws {
    var a = Matrix.identity(4)
    a.addSymmetricProduct(of: Self.matrix(4, 6))
    a.mirrorLowerTriangle()
    let factor = try Cholesky(a)
    // L⁻¹ A = L', whose diagonal is known and whose lower triangle is zero; and (L⁻¹A)'(L⁻¹A) = A A⁻¹ A.
    let half = factor.solveLower(a)
    for j in 0..<4 {
      #expect(abs(half[j, j] - factor.diagonal[j]) < 1e-12)
      for i in 0..<4 {
        if i > j { #expect(abs(half[i, j]) < 1e-12) }
        #expect(abs((0..<4).reduce(0.0) { $0 + half[$1, i] * half[$1, j] } - a[i, j]) < 1e-12)
      }
    }
  }
}
