internal import LinearAlgebra

extension SparseStatistics {
  /// The statistics of the dense case with everything sparse: what an evaluation with probes needs of them. Cost of one pass over them.
  init(_ dense: TwoWayStatistics) {
    let q = dense.randomColumns
    let p = dense.fixedColumns
    observations = dense.observations
    logWeights = dense.logWeights
    kept = dense.kept
    randomColumns = q
    fixedColumns = p
    totals = dense.totals
    unitSums = dense.unitSums
    columnSums = dense.columnSums
    squares = dense.squares
    gramDiagonal = (0..<q).map { dense.gram[$0, $0] }
    fixedGram = (0..<p).map { dense.gram.column(q + $0) }

    // The fixed columns come last in each row.
    var unitFixed = [[Double]](repeating: [Double](repeating: 0, count: dense.eliminatedLevels), count: p)
    var starts = [0]
    var columns: [Int32] = []
    var values: [Double] = []
    columns.reserveCapacity(dense.incidence.columns.count)
    values.reserveCapacity(dense.incidence.columns.count)
    for u in 0..<dense.eliminatedLevels {
      for e in dense.incidence.starts[u]..<dense.incidence.starts[u + 1] {
        let column = Int(dense.incidence.columns[e])
        if column < q {
          columns.append(Int32(column))
          values.append(dense.incidence.values[e])
        } else {
          unitFixed[column - q][u] = dense.incidence.values[e]
        }
      }
      starts.append(columns.count)
    }
    self.unitFixed = unitFixed
    incidence = SparseRows(columnCount: q, starts: starts, columns: columns, values: values)
    gram = dense.kept.count > 1 ? SparseRows(leading: q, of: dense.gram) : nil
  }
}

extension SparseRows {
  /// What is not zero of the leading block of a symmetric matrix.
  fileprivate init(leading q: Int, of matrix: Matrix) {
    var starts = [0]
    var columns: [Int32] = []
    var values: [Double] = []
    for j in 0..<q {
      for (i, value) in matrix.column(j).prefix(q).enumerated() where value != 0 {
        columns.append(Int32(i))
        values.append(value)
      }
      starts.append(columns.count)
    }
    self.init(columnCount: q, starts: starts, columns: columns, values: values)
  }
}
