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
  /// Units × kept.
  let incidence: SparseRows
  /// Per fixed column j, its weighted sum over each unit.
  let unitFixed: [[Double]]
  /// Diagonal of kept × kept.
  let gramDiagonal: [Double]
  /// Kept × kept, both triangles; nil when it has nothing but its diagonal, as with one kept factor.
  let gram: SparseRows?
  /// Column j of the fixed part against all columns.
  let fixedGram: [[Double]]
  /// Per response.
  let unitSums: [[Double]]
  let columnSums: [[Double]]
  let squares: [Double]

  var responses: Int { squares.count }

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

    // Sums run in the sorted order, whatever the order of the observations.
    totals = SparseStatistics.sums(order, over: eliminated, weights)
    let w = weights
    let weighted = w.map { w in zip(w, response).map { $0 * $1 } } ?? response
    unitSums = [SparseStatistics.sums(order, over: eliminated, weighted)]
    gramDiagonal = factors.flatMap { SparseStatistics.sums(order, over: $0, w) }
    var squares = 0.0
    var logWeights = 0.0
    for s in order { squares += weighted[Int(s)] * response[Int(s)] }
    if let w { for s in order { logWeights += log(w[Int(s)]) } }
    self.squares = [squares]
    self.logWeights = logWeights
    var columnSums = factors.flatMap { SparseStatistics.sums(order, over: $0, weighted) }
    var unitFixed: [[Double]] = []
    var fixedGram: [[Double]] = []
    for column in fixed {
      let x = w.map { w in zip(w, column).map { $0 * $1 } } ?? column
      unitFixed.append(SparseStatistics.sums(order, over: eliminated, x))
      let cross = fixed.map { other in order.reduce(0.0) { $0 + x[Int($1)] * other[Int($1)] } }
      fixedGram.append(factors.flatMap { SparseStatistics.sums(order, over: $0, x) } + cross)
      columnSums.append(order.reduce(0.0) { $0 + x[Int($1)] * response[Int($1)] })
    }
    self.unitFixed = unitFixed
    self.fixedGram = fixedGram
    self.columnSums = [columnSums]

    var builder = RowBuilder(columns: q, entries: order.count * factors.count)
    builder.append(order, by: eliminated, factors, ranges, weights)
    incidence = builder.rows
    if factors.count > 1 {
      var gramBuilder = RowBuilder(columns: q, entries: order.count * factors.count)
      for factor in factors {
        gramBuilder.append(TwoWayStatistics.countingSort(order, by: factor), by: factor, factors, ranges, weights)
      }
      gram = gramBuilder.rows
    } else {
      gram = nil
    }
  }

  /// Sums of values over the levels of a factor; counts when nil.
  private static func sums(_ order: [Int32], over factor: GroupingFactor, _ values: [Double]?) -> [Double] {
    var result = [Double](repeating: 0, count: factor.levels)
    if let values {
      for s in order { result[Int(factor.codes[Int(s)])] += values[Int(s)] }
    } else {
      for s in order { result[Int(factor.codes[Int(s)])] += 1 }
    }
    return result
  }

  /// The product of kept × kept with a vector.
  func gramProduct(_ x: [Double]) -> [Double] { gram?.multiplied(by: x) ?? zip(x, gramDiagonal).map { $0 * $1 } }

  /// The product of kept × kept with every vector of a block.
  func gramProduct(_ x: VectorBlock) -> VectorBlock {
    if let gram { return gram.multiplied(by: x) }
    var result = x
    result.scaleElements(by: gramDiagonal)
    return result
  }
}

/// Collects weighted counts of kept columns row by row, with one dense accumulator for all rows.
private struct RowBuilder {
  private var accumulator: [Double]
  private var starts = [0]
  private var columns: [Int32] = []
  private var values: [Double] = []
  private var touched: [Int32] = []

  init(columns count: Int, entries: Int) {
    accumulator = [Double](repeating: 0, count: count)
    columns.reserveCapacity(entries)
    values.reserveCapacity(entries)
  }

  var rows: SparseRows { SparseRows(columnCount: accumulator.count, starts: starts, columns: columns, values: values) }

  /// Appends one row a level of `factor`; `order` holds the observations sorted by it.
  mutating func append(
    _ order: [Int32], by factor: GroupingFactor, _ factors: [GroupingFactor], _ ranges: [Range<Int>], _ weights: [Double]?
  ) {
    if factors.count == 1 {
      appendSorted(order, by: factor, factors[0], weights)
      return
    }
    var next = 0
    for level in 0..<factor.levels {
      while next < order.count, Int(factor.codes[Int(order[next])]) == level {
        let s = Int(order[next])
        next += 1
        let w = weights?[s] ?? 1
        for f in factors.indices {
          let column = ranges[f].lowerBound + Int(factors[f].codes[s])
          if accumulator[column] == 0 { touched.append(Int32(column)) }
          accumulator[column] += w
        }
      }
      touched.sort()
      for column in touched {
        columns.append(column)
        values.append(accumulator[Int(column)])
        accumulator[Int(column)] = 0
      }
      touched.removeAll(keepingCapacity: true)
      starts.append(columns.count)
    }
  }

  /// The same for one factor by whose codes the observations of a level are sorted: equal ones follow each other.
  private mutating func appendSorted(_ order: [Int32], by factor: GroupingFactor, _ other: GroupingFactor, _ weights: [Double]?) {
    var next = 0
    for level in 0..<factor.levels {
      let start = columns.count
      while next < order.count, Int(factor.codes[Int(order[next])]) == level {
        let s = Int(order[next])
        next += 1
        let w = weights?[s] ?? 1
        if columns.count > start, columns[columns.count - 1] == other.codes[s] {
          values[values.count - 1] += w
        } else {
          columns.append(other.codes[s])
          values.append(w)
        }
      }
      starts.append(columns.count)
    }
  }
}
