internal import LinearAlgebra
internal import Parallel

/// The scaled random part of the equations, known by its products.
struct RandomSystem: Sendable {
  let statistics: SparseStatistics
  /// g[u] = λ / (1 + λ n[u]) per unit.
  let shrinkage: [Double]
  /// 1 / (1 + λ n[u])² per unit.
  let squares: [Double]
  /// Σ squares[u] a[u,c]² per kept column.
  let columnSquares: [Double]
  /// √λ per kept column.
  let scale: [Double]
  /// The diagonal, and for each kept factor the direction in which all its levels shift together, which the units absorb.
  let preconditioner: JacobiPreconditioner
  /// v'Âv in each of these directions, for the system Â that the diagonal scales to ones.
  let shifts: [Double]

  init(_ statistics: SparseStatistics, ratios: [Double]) {
    let q = statistics.randomColumns
    let lambda = ratios[0]
    let g = statistics.totals.map { lambda / (1 + lambda * $0) }
    var scale = [Double](repeating: 1, count: q)
    for (f, range) in statistics.kept.enumerated() { for c in range { scale[c] = ratios[f + 1].squareRoot() } }
    squares = statistics.totals.map { n in
      let s = 1 / (1 + lambda * n)
      return s * s
    }
    let (lost, own) = statistics.incidence.weightedColumnSquares(weights: g, and: squares)
    columnSquares = own
    self.statistics = statistics
    self.scale = scale
    shrinkage = g
    var diagonal = [Double](repeating: 1, count: q)
    for c in 0..<q { diagonal[c] += scale[c] * scale[c] * (statistics.gramDiagonal[c] - lost[c]) }
    var shifts: [Double] = []
    // Every observation has one level of each factor: the sums of all its columns over the units are n.
    var absorbed = 0.0
    for u in g.indices { absorbed += statistics.totals[u] * (1 - g[u] * statistics.totals[u]) }
    for (f, range) in statistics.kept.enumerated() {
      let form = Double(range.count) + ratios[f + 1] * absorbed
      shifts.append(range.isEmpty ? 1 : form / range.reduce(0) { $0 + diagonal[$1] })
    }
    self.shifts = shifts
    preconditioner = JacobiPreconditioner(
      diagonal: diagonal,
      groups: zip(statistics.kept, shifts).map { .init(range: $0, excess: $1 > 0 ? max(1 / $1 - 1, 0) : 0) })
  }

  /// B − A'GA times every vector of a block.
  private func uneliminated(_ x: VectorBlock) -> VectorBlock {
    let back = statistics.incidence.weightedGramProduct(x, weights: shrinkage)
    var result = statistics.gramProduct(x)
    result.combine(adding: back, times: SIMD8(repeating: -1))
    return result
  }

  /// B − A'GA times any number of vectors.
  func uneliminated(_ vectors: [[Double]]) -> [[Double]] {
    vectors.inBlocks { columns in uneliminated(VectorBlock(count: scale.count, columns: columns)) }
  }

  func product(_ v: VectorBlock) -> VectorBlock {
    var x = v
    x.scaleElements(by: scale)
    var result = uneliminated(x)
    result.scaleElements(by: scale)
    result.combine(adding: v, times: SIMD8(repeating: 1))
    return result
  }

  /// Solutions for any number of right-hand sides, eight at a time.
  func solutions(_ sides: [[Double]], tolerance: Double) throws(MixedModelError) -> [[Double]] {
    let blocks = stride(from: 0, to: sides.count, by: VectorBlock.width).map { $0..<min($0 + VectorBlock.width, sides.count) }
    return try parallelMap(blocks.count) { b throws(MixedModelError) -> [[Double]] in
      let block = VectorBlock(count: scale.count, columns: Array(sides[blocks[b]]))
      let x = try solution(block, tolerance: tolerance).x
      return blocks[b].indices.map { x.column($0 - blocks[b].lowerBound) }
    }.flatMap { $0 }
  }

  /// Up to eight right-hand sides at once.
  func solution(_ sides: VectorBlock, tolerance: Double) throws(MixedModelError) -> ConjugateGradients.BlockSolution {
    do {
      return try ConjugateGradients.solve(sides, preconditioner: preconditioner, tolerance: tolerance) { product($0) }
    } catch { throw .illConditioned }
  }
}
