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

  @Test(arguments: [true, false]) func productsAreThoseOfSingleVectors(_ units: Bool) {
    let a = Self.rows(units: units)
    let x = Self.vectors(12, 5)
    let z = Self.vectors(40, 5)
    let weights = Self.vectors(40, 1)[0].map { 1 + $0 * $0 }
    let ax = a.multiplied(by: VectorBlock(count: 12, columns: x))
    let atz = a.transposeMultiplied(by: VectorBlock(count: 40, columns: z))
    let gram = a.weightedGramProduct(VectorBlock(count: 12, columns: x), weights: weights)
    for k in 0..<5 {
      let single = a.multiplied(by: x[k])
      #expect(zip(ax.column(k), single).allSatisfy { abs($0 - $1) < 1e-13 })
      #expect(zip(atz.column(k), a.transposeMultiplied(by: z[k])).allSatisfy { abs($0 - $1) < 1e-13 })
      let twice = a.transposeMultiplied(by: zip(single, weights).map { $0 * $1 })
      #expect(zip(gram.column(k), twice).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    #expect(ax.column(7).allSatisfy { $0 == 0 })
    var diagonal = Matrix(rows: 12, columns: 12)
    a.subtractWeightedGram(from: &diagonal, weights: weights.map { -$0 })
    #expect(zip(a.weightedColumnSquares(weights: weights), diagonal.diagonal).allSatisfy { abs($0 - $1) < 1e-12 })
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
