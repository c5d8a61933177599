internal import LinearAlgebra

extension TermStatistics {
  /// The blocks' part of d log|M| / dΛ, added to `gradient` (twice the sums over levels).
  ///
  /// For a block, with W = H⁻¹Λ'C and U the touched part of the kept inverse, the rows of ZᵀWZ Λ M⁻¹ that belong to it are
  /// `GΛH⁻¹ + (GΛW − C) U W'`, of which the squares on the diagonal are wanted.
  func addBlockGradient(_ solved: TermSolution, to gradient: inout [[Double]], size: Int) {
    let largest = blocks.map(\.order).max() ?? 0
    let widest = blocks.map(\.columns).max() ?? 0
    var design = [Double](repeating: 0, count: largest * largest)
    var inverse = design
    var rows = design
    var w = [Double](repeating: 0, count: largest * widest)
    var rest = w
    var spread = w
    var kept = [Double](repeating: 0, count: widest * widest)
    for block in blocks {
      let m = block.order
      let k = touchedColumns(block, size: size)
      // GΛ and H⁻¹.
      for i in 0..<(m * m) { design[i] = eliminated.squares[block.square + i] }
      scaleColumns(&design, block, solved.lambdas, at: 0)
      invert(block, solved, &inverse)
      for i in 0..<(m * m) { rows[i] = 0 }
      SmallBlocks.addProduct(design, at: 0, inverse, at: 0, to: &rows, at: 0, rows: m, inner: m, columns: m)
      if k > 0 {
        backSolved(block, solved, columns: k, &w)
        gather(block, solved.keptInverse, columns: k, &kept)
        for i in 0..<(m * k) {
          rest[i] = -eliminated.crosses[block.cross + i]
          spread[i] = 0
        }
        SmallBlocks.addProduct(design, at: 0, w, at: 0, to: &rest, at: 0, rows: m, inner: m, columns: k)
        SmallBlocks.addProduct(rest, at: 0, kept, at: 0, to: &spread, at: 0, rows: m, inner: k, columns: k)
        SmallBlocks.addProduct(spread, at: 0, w, at: 0, transposed: true, to: &rows, at: 0, rows: m, inner: k, columns: m)
      }
      for group in groups[block.groups] {
        let order = terms[group.term].order
        for c in 0..<order {
          for a in c..<order { gradient[group.term][a + c * order] += 2 * rows[group.position + a + (group.position + c) * m] }
        }
      }
    }
  }

  /// Per term and level the k × k prediction error covariance Var(b̂ − b) = σ² Λ M⁻¹ Λ' for σ² = 1, by columns; the fixed coefficients'
  /// uncertainty is included when the solution is one by REML.
  func predictionErrors(_ solved: TermSolution) -> [[[Double]]] {
    var result = terms.map { term in
      [[Double]](repeating: [], count: term.factor.levels)
    }
    for t in layout.kept {
      let k = terms[t].order
      for level in 0..<terms[t].factor.levels {
        let base = starts[t] + level * k
        result[t][level] = (0..<(k * k)).map { solved.keptInverse[base + $0 % k, base + $0 / k] }
      }
    }
    let size = solved.keptInverse.rows
    let largest = blocks.map(\.order).max() ?? 0
    let widest = blocks.map(\.columns).max() ?? 0
    var inverse = [Double](repeating: 0, count: largest * largest)
    var w = [Double](repeating: 0, count: largest * widest)
    var spread = w
    var kept = [Double](repeating: 0, count: widest * widest)
    for block in blocks {
      let m = block.order
      let k = touchedColumns(block, size: size)
      invert(block, solved, &inverse)
      if k > 0 {
        backSolved(block, solved, columns: k, &w)
        gather(block, solved.keptInverse, columns: k, &kept)
        for i in 0..<(m * k) { spread[i] = 0 }
        SmallBlocks.addProduct(w, at: 0, kept, at: 0, to: &spread, at: 0, rows: m, inner: k, columns: k)
        SmallBlocks.addProduct(spread, at: 0, w, at: 0, transposed: true, to: &inverse, at: 0, rows: m, inner: k, columns: m)
      }
      for group in groups[block.groups] {
        let order = terms[group.term].order
        let local = (0..<(order * order)).map { inverse[group.position + $0 % order + (group.position + $0 / order) * m] }
        let l = Matrix(rows: order, columns: order, elements: solved.lambdas[group.term])
        let c = Matrix(rows: order, columns: order, elements: local)
        result[group.term][group.level] = l.multiplied(by: c).multiplied(by: l, otherTransposed: true).elements
      }
    }
    // A level that no observation has.
    for (t, term) in terms.enumerated() {
      let l = Matrix(rows: term.order, columns: term.order, elements: solved.lambdas[t])
      let prior = l.multiplied(by: l, otherTransposed: true).elements
      for level in result[t].indices where result[t][level].isEmpty { result[t][level] = prior }
    }
    return result
  }

  /// How many of the block's touched columns the kept inverse covers.
  private func touchedColumns(_ block: Block, size: Int) -> Int {
    size > keptEffects ? block.columns : block.columns - fixedColumns
  }

  private func invert(_ block: Block, _ solved: TermSolution, _ inverse: inout [Double]) {
    let m = block.order
    for i in 0..<(m * m) { inverse[i] = 0 }
    for i in 0..<m { inverse[i * (m + 1)] = 1 }
    SmallBlocks.solve(solved.blockFactors, at: block.square, order: m, &inverse, at: 0, columns: m, transposed: false)
    SmallBlocks.solve(solved.blockFactors, at: block.square, order: m, &inverse, at: 0, columns: m, transposed: true)
  }

  /// W = L⁻ᵀ(L⁻¹Λ'C).
  private func backSolved(_ block: Block, _ solved: TermSolution, columns k: Int, _ w: inout [Double]) {
    for i in 0..<(block.order * k) { w[i] = solved.reduced[block.cross + i] }
    SmallBlocks.solve(solved.blockFactors, at: block.square, order: block.order, &w, at: 0, columns: k, transposed: true)
  }

  private func gather(_ block: Block, _ inverse: Matrix, columns k: Int, _ local: inout [Double]) {
    let places = places[block.places].prefix(k)
    for (j, column) in places.enumerated() {
      for (i, row) in places.enumerated() { local[i + j * k] = inverse[Int(row), Int(column)] }
    }
  }
}
