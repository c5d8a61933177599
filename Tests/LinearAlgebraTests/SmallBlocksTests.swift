import Foundation
import LinearAlgebra
import Testing

/// Each operation against plain loops, below and above the order from which the library does it.
@Suite struct SmallBlocksTests {
  static func block(_ rows: Int, _ columns: Int, seed: Int) -> [Double] {
    (0..<(rows * columns)).map { sin(Double(seed + 13 * $0 + $0 * $0 % 7)) }
  }

  /// B'B + I of the order n, by columns.
  static func positive(_ n: Int) -> [Double] {
    let b = block(n, n, seed: 3)
    return (0..<(n * n)).map { place in
      let (i, j) = (place % n, place / n)
      return (0..<n).reduce(i == j ? 1.0 : 0) { $0 + b[$1 + i * n] * b[$1 + j * n] }
    }
  }

  @Test(arguments: [1, 3, 12, 13, 20]) func factorsAndSolves(_ n: Int) {
    let a = Self.positive(n)
    // Behind something else, which must stay as it is.
    var blocks = [7.0, 8] + a
    #expect(SmallBlocks.factor(&blocks, at: 2, order: n))
    #expect(blocks[0] == 7 && blocks[1] == 8)
    let l = (0..<(n * n)).map { $0 % n >= $0 / n ? blocks[2 + $0] : 0 }
    for j in 0..<n {
      for i in j..<n {
        let product = (0..<n).reduce(0.0) { $0 + l[i + $1 * n] * l[j + $1 * n] }
        #expect(abs(product - a[i + j * n]) < 1e-12 * Double(n))
      }
    }
    let x = Self.block(n, 2, seed: 5)
    for transposed in [false, true] {
      // L x or L'x, whose solution is x.
      var b = [9.0]
      for c in 0..<2 {
        for i in 0..<n { b.append((0..<n).reduce(0.0) { $0 + (transposed ? l[$1 + i * n] : l[i + $1 * n]) * x[$1 + c * n] }) }
      }
      SmallBlocks.solve(blocks, at: 2, order: n, &b, at: 1, columns: 2, transposed: transposed)
      #expect(b[0] == 9 && zip(b.dropFirst(), x).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    var indefinite = a
    indefinite[n * n - 1] = -1
    #expect(!SmallBlocks.factor(&indefinite, at: 0, order: n))
  }

  @Test(arguments: [(2, 3, 4), (13, 12, 12), (1, 1, 1)], [false, true])
  func products(_ shape: (m: Int, k: Int, n: Int), _ transposed: Bool) {
    let (m, k, n) = shape
    let (a, b, c) = (Self.block(m, k, seed: 1), Self.block(k, n, seed: 2), Self.block(m, n, seed: 4))
    var found = [5.0] + c
    SmallBlocks.addProduct(
      [0] + a, at: 1, b, at: 0, transposed: transposed, to: &found, at: 1, rows: m, inner: k, columns: n, scaledBy: -0.5)
    #expect(found[0] == 5)
    for j in 0..<n {
      for i in 0..<m {
        let sum = (0..<k).reduce(0.0) { $0 + a[i + $1 * m] * (transposed ? b[j + $1 * n] : b[$1 + j * k]) }
        #expect(abs(found[1 + i + j * m] - (c[i + j * m] - 0.5 * sum)) < 1e-12)
      }
    }
    let (x, y) = (Self.block(max(m, k), 1, seed: 6), Self.block(max(m, k), 1, seed: 8))
    var rest = y
    SmallBlocks.subtractProduct(a, at: 0, rows: m, columns: k, transposed: transposed, with: x, at: 0, from: &rest, at: 0)
    for i in 0..<(transposed ? k : m) {
      let sum = (0..<(transposed ? m : k)).reduce(0.0) { $0 + (transposed ? a[$1 + i * m] : a[i + $1 * m]) * x[$1] }
      #expect(abs(rest[i] - (y[i] - sum)) < 1e-13)
    }
  }

  @Test(arguments: [(2, [Int32(1), 4]), (300, [0, 2, 3, 6, 7, 8])]) func gramInPlaces(_ m: Int, _ places: [Int32]) {
    let k = places.count
    let v = Self.block(m, k, seed: 9)
    var matrix = Matrix(rows: 9, columns: 9)
    SmallBlocks.subtractGram(v, at: 0, rows: m, places: places[...], from: &matrix)
    var expected = Matrix(rows: 9, columns: 9)
    for (q, j) in places.enumerated() {
      for (p, i) in places.enumerated() where i >= j {
        for row in 0..<m { expected[Int(i), Int(j)] -= v[row + p * m] * v[row + q * m] }
      }
    }
    #expect(zip(matrix.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-11 })
  }
}
