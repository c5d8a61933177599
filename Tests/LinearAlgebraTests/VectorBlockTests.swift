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
  @Test(arguments: [true, false], [1, 2, 3, 5, 8]) func productsAreSumsOverEntries(_ units: Bool, _ count: Int) {
    let a = Self.rows(units: units)
    let x = Self.vectors(12, count)
    let z = Self.vectors(40, count)
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
    for k in 0..<count {
      let twice = transposeProduct(zip(product(x[k]), weights).map { $0 * $1 })
      #expect(agree(ax.column(k), product(x[k])) && agree(a.multiplied(by: x[k]), product(x[k])))
      #expect(agree(atz.column(k), transposeProduct(z[k])) && agree(a.transposeMultiplied(by: z[k]), transposeProduct(z[k])))
      #expect(agree(gram.column(k), twice) && agree(a.weightedGramProduct(x[k], weights: weights), twice))
    }
    if count < 8 { #expect(ax.column(7).allSatisfy { $0 == 0 }) }
    // Any number of vectors, in blocks of eight.
    let many = Self.vectors(12, 8 + count)
    for (sums, vector) in zip(a.multiplied(by: many), many) { #expect(agree(sums, product(vector))) }
    let diagonal = a.schurComplement(in: Matrix(rows: 12, columns: 12), weights: weights.map { -$0 }, order: ColumnOrder(a))
    #expect(zip(a.weightedColumnSquares(weights: weights), diagonal.diagonal).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// With and without a share of the preconditioner for groups of elements.
  @Test(arguments: [0, 2.5]) func conjugateGradientsSolveEveryLaneAlike(_ excess: Double) throws {
    let a = Self.rows(units: false)
    let ones = [Double](repeating: 1, count: 40)
    func product(_ v: VectorBlock) -> VectorBlock {
      var result = a.weightedGramProduct(v, weights: ones)
      result.combine(adding: v, times: SIMD8(repeating: 1))
      return result
    }
    var matrix = a.schurComplement(in: .identity(12), weights: ones.map { -$0 }, order: ColumnOrder(a))
    matrix.mirrorLowerTriangle()
    let preconditioner = JacobiPreconditioner(
      diagonal: matrix.diagonal, groups: [.init(range: 0..<7, excess: excess), .init(range: 7..<12, excess: excess / 2)])
    // A lane of zeros is solved by zeros.
    let sides = Self.vectors(12, 3) + [[Double](repeating: 0, count: 12)]
    let together = try ConjugateGradients.solve(VectorBlock(count: 12, columns: sides), preconditioner: preconditioner, product: product)
    let factor = try Cholesky(matrix)
    for (k, side) in sides.enumerated() {
      #expect(zip(together.x.column(k), factor.solve(side)).allSatisfy { abs($0 - $1) < 1e-10 })
      let alone = try ConjugateGradients.solve(VectorBlock(count: 12, columns: [side]), preconditioner: preconditioner, product: product)
      #expect(zip(alone.x.column(0), together.x.column(k)).allSatisfy { abs($0 - $1) < 1e-12 })
      let single = try ConjugateGradients.solve(side, preconditioner: preconditioner) { matrix.multiplied(by: $0) }
      #expect(zip(single.x, together.x.column(k)).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    #expect(throws: LinearAlgebraError.self) {
      try ConjugateGradients.solve(VectorBlock(count: 12, columns: sides), preconditioner: preconditioner, limit: 1, product: product)
    }
  }

  /// Solved to the end, the recurrence gives b' E log(E'AE) E' b for the preconditioner E E', here as for a dense matrix.
  @Test(arguments: [0, 2.5]) func quadratureOfTheRecurrenceIsExactAtFullLength(_ excess: Double) throws {
    let a = Self.rows(units: true)
    let ones = [Double](repeating: 1, count: 40)
    var matrix = a.schurComplement(in: .identity(12), weights: ones.map { -$0 }, order: ColumnOrder(a))
    matrix.mirrorLowerTriangle()
    let preconditioner = JacobiPreconditioner(diagonal: matrix.diagonal, groups: [.init(range: 2..<9, excess: excess)])
    // E by its columns, and E'AE.
    let root = Matrix(
      rows: 12, columns: 12,
      elements: (0..<12).flatMap { j in preconditioner.factored((0..<12).map { $0 == j ? 1 : 0 }).image })
    let scaled = root.multiplied(by: matrix.multiplied(by: root), transposed: true)
    let eigen = try SymmetricEigen(scaled)
    let probes = Self.vectors(12, 3)
    let sides = probes.map { preconditioner.factored($0).side }
    let solved = try ConjugateGradients.solve(
      VectorBlock(count: 12, columns: sides), preconditioner: preconditioner, tolerance: 1e-13
    ) { v in
      var result = a.weightedGramProduct(v, weights: ones)
      result.combine(adding: v, times: SIMD8(repeating: 1))
      return result
    }
    for (k, probe) in probes.enumerated() {
      let quadrature = solved.quadrature(lane: k)
      let overlaps = (0..<12).map { dot(eigen.vectors!.column($0), probe) }
      let expected = (0..<12).reduce(0.0) { $0 + overlaps[$1] * overlaps[$1] * log(eigen.values[$1]) }
      #expect(abs(try quadrature.form { log($0) } - expected) < 1e-9)
      #expect(abs(quadrature.squaredLength - dot(probe, probe)) < 1e-12)
      #expect(abs(quadrature.rayleigh - dot(probe, scaled.multiplied(by: probe))) < 1e-10)
    }
  }

  /// M as the factor has it, as it is applied, and its determinant.
  @Test func preconditionerIsItsFactorsProduct() throws {
    let preconditioner = JacobiPreconditioner(
      diagonal: (0..<9).map { 1 + Double($0) }, groups: [.init(range: 1..<5, excess: 3), .init(range: 6..<9, excess: 0.5)])
    let unit = { (j: Int) in (0..<9).map { $0 == j ? 1.0 : 0 } }
    let root = Matrix(rows: 9, columns: 9, elements: (0..<9).flatMap { preconditioner.factored(unit($0)).image })
    let product = root.multiplied(by: root, otherTransposed: true)
    for j in 0..<9 {
      let column = preconditioner.applied(to: unit(j))
      for i in 0..<9 { #expect(abs(product[i, j] - column[i]) < 1e-14) }
      // E' E⁻ᵀ is the unit matrix.
      let back = root.transposeMultiplied(by: preconditioner.factored(unit(j)).side)
      for i in 0..<9 { #expect(abs(back[i] - (i == j ? 1 : 0)) < 1e-14) }
    }
    var logarithm = 0.0
    for pivot in try Cholesky(product).diagonal { logarithm += 2 * log(pivot) }
    #expect(abs(preconditioner.logDeterminant { log($0) } - logarithm) < 1e-12)
  }
}
