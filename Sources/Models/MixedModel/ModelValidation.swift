internal import LinearAlgebra

func validate(
  response: [Double], weights: [Double]?, fixed: [FixedColumn], factors: [GroupingFactor]
) throws(MixedModelError) {
  let n = response.count
  if let i = response.firstIndex(where: { !$0.isFinite }) { throw .notUsable(name: "response", observation: i) }
  if let weights {
    if weights.count != n { throw .wrongLength(of: "weights", count: weights.count, expected: n) }
    if let i = weights.firstIndex(where: { !($0.isFinite && $0 >= 0) }) { throw .notUsable(name: "weights", observation: i) }
  }
  for column in fixed {
    if column.values.count != n { throw .wrongLength(of: column.name, count: column.values.count, expected: n) }
    if let i = column.values.firstIndex(where: { !$0.isFinite }) { throw .notUsable(name: column.name, observation: i) }
  }
  for factor in factors {
    if factor.codes.count != n { throw .wrongLength(of: factor.name, count: factor.codes.count, expected: n) }
    if let i = factor.codes.firstIndex(where: { $0 < 0 || Int($0) >= factor.levels }) {
      throw .codeOutOfRange(factor: factor.name, observation: i)
    }
  }
}

func weightedMean(_ values: [Double], _ weights: [Double]?) -> Double {
  var sum = 0.0
  var total = 0.0
  for i in values.indices {
    let w = weights?[i] ?? 1
    sum += w * values[i]
    total += w
  }
  return total > 0 ? sum / total : 0
}

extension TwoWayStatistics {
  /// - Throws: `dependentFixedColumn` for the first column that the columns before it determine, up to 1e-10 of its length.
  func checkFixedColumns(_ names: [String]) throws(MixedModelError) {
    try Models.checkFixedColumns(gram.diagonalBlock(from: randomColumns, count: fixedColumns), names)
  }
}

extension SparseStatistics {
  /// As for `TwoWayStatistics`.
  func checkFixedColumns(_ names: [String]) throws(MixedModelError) {
    var block = Matrix(rows: fixedColumns, columns: fixedColumns)
    for j in 0..<fixedColumns { for i in 0..<fixedColumns { block[i, j] = fixedGram[j][randomColumns + i] } }
    try Models.checkFixedColumns(block, names)
  }
}

/// - Parameter gram: X'WX.
private func checkFixedColumns(_ gram: Matrix, _ names: [String]) throws(MixedModelError) {
  var block = gram
  for j in 0..<gram.rows {
    let length = gram[j, j]
    for k in 0..<j {
      // Left-looking Cholesky, column by column, so that the failing column has a name.
      var sum = block[j, k]
      for l in 0..<k { sum -= block[j, l] * block[k, l] }
      block[j, k] = sum / block[k, k]
    }
    var rest = length
    for l in 0..<j { rest -= block[j, l] * block[j, l] }
    if !(rest > 1e-10 * length) { throw .dependentFixedColumn(names[j]) }
    block[j, j] = rest.squareRoot()
  }
}
