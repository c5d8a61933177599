internal import Foundation
internal import LinearAlgebra

/// The sufficient statistics of `TwoWayStatistics` with everything sparse, for kept factors too large for a dense block.
struct SparseStatistics: Sendable {
  let observations: Int
  let logWeights: Double
  let kept: [Range<Int>]
  let randomColumns: Int
  let fixedColumns: Int
  let totals: [Double]
  /// Units × (kept, fixed).
  let incidence: SparseRows
  /// Kept × kept, both triangles.
  let gram: SparseRows
  /// Column j of the fixed part against all columns.
  let fixedGram: [[Double]]
  let unitSums: [Double]
  let columnSums: [Double]
  let squares: Double

  init(eliminated: GroupingFactor, kept factors: [GroupingFactor], fixed: [[Double]], response: [Double], weights: [Double]?) {
    var offset = 0
    let ranges = factors.map { factor in
      defer { offset += factor.levels }
      return offset..<(offset + factor.levels)
    }
    let q = offset
    let p = fixed.count
    kept = ranges
    randomColumns = q
    fixedColumns = p
    let order = TwoWayStatistics.order(eliminated, factors.first, weights)
    observations = order.count

    var logWeights = 0.0
    var totals = [Double](repeating: 0, count: eliminated.levels)
    var unitSums = totals
    var columnSums = [Double](repeating: 0, count: q + p)
    var fixedGram = [[Double]](repeating: [Double](repeating: 0, count: q + p), count: p)
    var squares = 0.0
    for row in order {
      let s = Int(row)
      let w = weights?[s] ?? 1
      if weights != nil { logWeights += log(w) }
      let y = response[s]
      let u = Int(eliminated.codes[s])
      totals[u] += w
      unitSums[u] += w * y
      squares += w * y * y
      for (factor, range) in zip(factors, ranges) { columnSums[range.lowerBound + Int(factor.codes[s])] += w * y }
      for j in 0..<p {
        let x = w * fixed[j][s]
        columnSums[q + j] += x * y
        for (factor, range) in zip(factors, ranges) { fixedGram[j][range.lowerBound + Int(factor.codes[s])] += x }
        for l in 0..<p { fixedGram[j][q + l] += x * fixed[l][s] }
      }
    }
    self.logWeights = logWeights
    self.totals = totals
    self.unitSums = unitSums
    self.columnSums = columnSums
    self.fixedGram = fixedGram
    self.squares = squares

    var builder = RowBuilder(columns: q + p)
    builder.append(order, by: eliminated, factors, ranges, fixed, firstFixed: q, weights)
    incidence = builder.rows
    var gramBuilder = RowBuilder(columns: q)
    for factor in factors {
      gramBuilder.append(TwoWayStatistics.countingSort(order, by: factor), by: factor, factors, ranges, [], firstFixed: q, weights)
    }
    gram = gramBuilder.rows
  }
}

/// Collects weighted counts of kept columns row by row, with one dense accumulator for all rows.
private struct RowBuilder {
  private var accumulator: [Double]
  private var starts = [0]
  private var columns: [Int32] = []
  private var values: [Double] = []
  private var touched: [Int32] = []

  init(columns count: Int) { accumulator = [Double](repeating: 0, count: count) }

  var rows: SparseRows { SparseRows(columnCount: accumulator.count, starts: starts, columns: columns, values: values) }

  /// Appends one row a level of `factor`; `order` holds the observations sorted by it.
  mutating func append(
    _ order: [Int32], by factor: GroupingFactor, _ factors: [GroupingFactor], _ ranges: [Range<Int>], _ fixed: [[Double]], firstFixed: Int,
    _ weights: [Double]?
  ) {
    var next = 0
    for level in 0..<factor.levels {
      while next < order.count, Int(factor.codes[Int(order[next])]) == level {
        let s = Int(order[next])
        next += 1
        let w = weights?[s] ?? 1
        for (other, range) in zip(factors, ranges) { add(w, range.lowerBound + Int(other.codes[s])) }
        for j in fixed.indices { add(w * fixed[j][s], firstFixed + j) }
      }
      touched.sort()
      for column in touched where accumulator[Int(column)] != 0 {
        columns.append(column)
        values.append(accumulator[Int(column)])
        accumulator[Int(column)] = 0
      }
      touched.removeAll(keepingCapacity: true)
      starts.append(columns.count)
    }
  }

  private mutating func add(_ value: Double, _ column: Int) {
    if accumulator[column] == 0 { touched.append(Int32(column)) }
    accumulator[column] += value
  }
}
