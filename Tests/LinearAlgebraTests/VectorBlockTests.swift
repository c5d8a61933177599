import Foundation
import LinearAlgebra
import Testing

@Suite struct VectorBlockTests {
  /// 40 × 12 with a few entries a row; values 1 or not.
  static func rows(units: Bool) -> SparseRows {
    var starts = [0]
    var columns: [Int32] = []
    var values: [Double] = []
    for i in 0..<40 {
      let own = Set([i % 12, (i * 5 + 1) % 12, (i * 7 + 3) % 12]).sorted()
      columns += own.map { Int32($0) }
      values += own.map { units ? 1 : 0.5 + Double(($0 + i) % 4) }
      starts.append(columns.count)
    }
    return SparseRows(columnCount: 12, starts: starts, columns: columns, values: values)
  }

  static func vectors(_ length: Int, _ count: Int) -> [[Double]] {
    (0..<count).map { k in (0..<length).map { sin(Double(1 + k * 31 + $0 * 7)) } }
  }

  /// Single vectors and blocks against sums over the entries.
  @Test(arguments: [true, false]) func productsAreSumsOverEntries(_ units: Bool) {
    let a = Self.rows(units: units)
    let x = Self.vectors(12, 5)
    let z = Self.vectors(40, 5)
    let weights = Self.vectors(40, 1)[0].map { 1 + $0 * $0 }
    func product(_ x: [Double]) -> [Double] {
      (0..<40).map { i in (a.starts[i]..<a.starts[i + 1]).reduce(0.0) { $0 + a.values[$1] * x[Int(a.columns[$1])] } }
    }
    func transposeProduct(_ z: [Double]) -> [Double] {
      var sums = [Double](repeating: 0, count: 12)
      for i in 0..<40 { for k in a.starts[i]..<a.starts[i + 1] { sums[Int(a.columns[k])] += a.values[k] * z[i] } }
      return sums
    }
    func agree(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }
    let ax = a.multiplied(by: VectorBlock(count: 12, columns: x))
    let atz = a.transposeMultiplied(by: VectorBlock(count: 40, columns: z))
    let gram = a.weightedGramProduct(VectorBlock(count: 12, columns: x), weights: weights)
    for k in 0..<5 {
      let twice = transposeProduct(zip(product(x[k]), weights).map { $0 * $1 })
      #expect(agree(ax.column(k), product(x[k])) && agree(a.multiplied(by: x[k]), product(x[k])))
      #expect(agree(atz.column(k), transposeProduct(z[k])) && agree(a.transposeMultiplied(by: z[k]), transposeProduct(z[k])))
      #expect(agree(gram.column(k), twice) && agree(a.weightedGramProduct(x[k], weights: weights), twice))
    }
    #expect(ax.column(7).allSatisfy { $0 == 0 })
    var diagonal = Matrix(rows: 12, columns: 12)
    a.subtractWeightedGram(from: &diagonal, weights: weights.map { -$0 })
    #expect(zip(a.weightedColumnSquares(weights: weights), diagonal.diagonal).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func lanesAreScaledAndAdded() {
    let (x, y) = (Self.vectors(9, 3), Self.vectors(9, 4))
    let d = Self.vectors(9, 1)[0]
    let other = VectorBlock(count: 9, columns: y)
    let factors = SIMD8<Double>(2, -1, 0.5, 3, 0, 0, 0, 0)
    var block = VectorBlock(count: 9, columns: x)
    block.add(other, scaledBy: factors)
    block.scaleElements(by: d)
    block.add(other, elementsScaledBy: d)
    block.scale(by: factors)
    let dots = block.dots(other)
    for k in 0..<4 {
      let expected = (0..<9).map { i in factors[k] * d[i] * ((k < 3 ? x[k][i] : 0) + factors[k] * y[k][i] + y[k][i]) }
      #expect(zip(block.column(k), expected).allSatisfy { abs($0 - $1) < 1e-13 })
      #expect(abs(dots[k] - zip(expected, y[k]).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
    }
  }

  @Test func conjugateGradientsSolveEveryLaneAlike() throws {
    let a = Self.rows(units: false)
    let ones = [Double](repeating: 1, count: 40)
    func product(_ v: VectorBlock) -> VectorBlock {
      var result = a.weightedGramProduct(v, weights: ones)
      result.add(v, scaledBy: SIMD8(repeating: 1))
      return result
    }
    var matrix = Matrix.identity(12)
    a.subtractWeightedGram(from: &matrix, weights: ones.map { -$0 })
    let diagonal = matrix.diagonal
    // A lane of zeros is solved by zeros.
    let sides = Self.vectors(12, 3) + [[Double](repeating: 0, count: 12)]
    let together = try ConjugateGradients.solve(VectorBlock(count: 12, columns: sides), diagonal: diagonal, product: product)
    let factor = try Cholesky(matrix)
    for (k, side) in sides.enumerated() {
      #expect(zip(together.x.column(k), factor.solve(side)).allSatisfy { abs($0 - $1) < 1e-10 })
      let alone = try ConjugateGradients.solve(VectorBlock(count: 12, columns: [side]), diagonal: diagonal, product: product)
      #expect(alone.x.column(0) == together.x.column(k))
    }
    #expect(throws: LinearAlgebraError.self) {
      try ConjugateGradients.solve(VectorBlock(count: 12, columns: sides), diagonal: diagonal, limit: 1, product: product)
    }
  }

  /// With as many steps as the order the quadrature is exact for each probe: z' log(A) z.
  @Test func lanczosQuadratureIsExactAtFullLength() throws {
    let a = Self.rows(units: true)
    let ones = [Double](repeating: 1, count: 40)
    var matrix = Matrix.identity(12)
    a.subtractWeightedGram(from: &matrix, weights: ones.map { -$0 })
    matrix.mirrorLowerTriangle()
    let eigen = try SymmetricEigen(matrix)
    let probes = Self.vectors(12, 3)
    func product(_ v: VectorBlock) -> VectorBlock {
      var result = a.weightedGramProduct(v, weights: ones)
      result.add(v, scaledBy: SIMD8(repeating: 1))
      return result
    }
    let forms = try LanczosQuadrature.forms(
      VectorBlock(count: 12, columns: probes), probes: 3, steps: 12, function: { log($0) }, product: product)
    for (probe, form) in zip(probes, forms) {
      let expected = (0..<12).reduce(0.0) { sum, j in
        let overlap = dot(eigen.vectors!.column(j), probe)
        return sum + overlap * overlap * log(eigen.values[j])
      }
      #expect(abs(form - expected) < 1e-9)
    }
  }
}
