import LinearAlgebra
import Testing

@Suite struct SVDTests {
  @Test(arguments: [(5, 3), (3, 5), (4, 4), (1, 6)]) func rebuildsTheMatrix(_ m: Int, _ n: Int) throws {
    var a = Matrix(rows: m, columns: n)
    for j in 0..<n { for i in 0..<m { a[i, j] = Double((i * 7 + j * 3) % 11) - 4 } }
    let svd = try SVD(a)
    let k = min(m, n)
    #expect(svd.values.count == k && svd.left.columns == k && svd.right.rows == n && svd.right.columns == k)
    var scaled = svd.left
    for j in 0..<k { for i in 0..<m { scaled[i, j] = svd.left[i, j] * svd.values[j] } }
    let back = scaled.multiplied(by: svd.right, otherTransposed: true)
    for i in 0..<(m * n) { #expect(abs(back.elements[i] - a.elements[i]) < 1e-13 * 40) }
    let gram = svd.left.multiplied(by: svd.left, transposed: true)
    for j in 0..<k { for i in 0..<k { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-13) } }
    for j in 1..<max(k, 1) { #expect(svd.values[j] <= svd.values[j - 1]) }
  }

  @Test func rank() throws {
    #expect(try SVD(Matrix(rowArrays: [[1, 2, 3], [2, 4, 6], [1, 0, 1]])).rank() == 2)
    #expect(try SVD(Matrix(rows: 3, columns: 2)).rank() == 0)
    #expect(try SVD(Matrix.identity(4)).rank() == 4)
  }
}
