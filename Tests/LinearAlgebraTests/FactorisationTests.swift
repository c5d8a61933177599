import LinearAlgebra
import Testing

@Suite struct FactorisationTests {
  /// The Hilbert-like matrix 1/(1+|i−j|) plus a ridge: dense and well conditioned.
  static func sample(_ n: Int) -> Matrix {
    var m = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { m[i, j] = 1 / Double(1 + abs(i - j)) + (i == j ? 1 : 0) } }
    return m
  }

  @Test(arguments: [1, 2, 7, 130, 700]) func solvesAndInverts(_ n: Int) throws {
    let a = Self.sample(n)
    let factor = try Cholesky(a)
    let b = (0..<n).map { Double($0 % 5) - 2 }
    let residual = zip(a.multiplied(by: factor.solve(b)), b).map { abs($0 - $1) }.max()!
    #expect(residual < 1e-12)
    let product = a.multiplied(by: factor.inverse())
    for j in 0..<n { for i in 0..<n where abs(product[i, j] - (i == j ? 1 : 0)) > 1e-11 { Issue.record("inverse at \(i), \(j)") } }
  }

  /// Below and above the order from which tiles are used, with and without a remainder.
  @Test(arguments: [3, 511, 576, 577, 800]) func invertsWithAScale(_ n: Int) throws {
    let a = Self.sample(n)
    let d = (0..<n).map { 0.5 + Double($0 % 7) }
    let inverse = try Cholesky(a).inverse(scaledBy: d)
    // D A⁻¹ D times D⁻¹ A D⁻¹.
    var back = a
    back.scaleRowsAndColumns(by: d.map { 1 / $0 })
    let product = inverse.multiplied(by: back)
    for j in 0..<n {
      for i in 0..<n {
        if abs(product[i, j] - (i == j ? 1 : 0)) > 1e-11 { Issue.record("inverse at \(i), \(j)") }
        if inverse[i, j] != inverse[j, i] { Issue.record("not symmetric at \(i), \(j)") }
      }
    }
  }

  @Test func solvesSeveralColumnsLikeOne() throws {
    let factor = try Cholesky(Self.sample(700))
    let sides = (0..<3).map { k in (0..<700).map { Double(($0 + k) % 5) - 2 } }
    let together = factor.solve(Matrix(rows: 700, columns: 3, elements: sides.flatMap { $0 }))
    for (k, side) in sides.enumerated() {
      #expect(zip(factor.solve(side), together.column(k)).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test func invertsLeadingBlock() throws {
    let a = Self.sample(9)
    let whole = try Cholesky(a).inverse(leading: 5)
    let block = try Cholesky(a.diagonalBlock(from: 0, count: 5)).inverse()
    for j in 0..<5 { for i in 0..<5 { #expect(abs(whole[i, j] - block[i, j]) < 1e-14) } }
  }

  @Test func namesTheFailingMinor() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
      _ = try Cholesky(Matrix(rowArrays: [[1, 2, 0], [2, 1, 0], [0, 0, 1]]))
    }
    #expect(throws: LinearAlgebraError.self) { _ = try Cholesky(Matrix(rowArrays: [[.nan]])) }
  }

  @Test func eigenvaluesOfTheSecondDifference() throws {
    // Eigenvalues of tridiag(−1, 2, −1) of order n are 2 − 2 cos(kπ/(n+1)); for n = 3: 2 − √2, 2, 2 + √2.
    let a = Matrix(rowArrays: [[2, -1, 0], [-1, 2, -1], [0, -1, 2]])
    let eigen = try SymmetricEigen(a)
    let expected = [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]
    for (value, want) in zip(eigen.values, expected) { #expect(abs(value - want) < 1e-14) }
    let v = try #require(eigen.vectors)
    for j in 0..<3 {
      for (x, y) in zip(a.multiplied(by: v.column(j)), v.column(j)) { #expect(abs(x - eigen.values[j] * y) < 1e-14) }
    }
  }

  @Test func blasRunsOnOneThread() {
    #expect(BLAS.info.threads == 1)
    #expect(BLAS.info.library.hasPrefix("OpenBLAS "))
    #expect(!BLAS.info.kernels.isEmpty)
  }
}
