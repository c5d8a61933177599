internal import Foundation
internal import LinearAlgebra
internal import Parallel

/// Sufficient statistics of one or more responses that share a crossed design, with one factor set apart to be eliminated.
///
/// With one observation in row s: unit u[s] (the eliminated factor), kept columns x[s] (indicators of the other factors' levels, then
/// the fixed columns) and weight w[s]. Everything a fit needs afterwards is here, so an evaluation costs nothing per observation:
///
///     n[u] = Σ w        a[u] = Σ w x       t[u] = Σ w y
///     B = Σ w x x'      b = Σ w x y        c = Σ w y²
struct TwoWayStatistics: Sendable {
  /// Observations with a positive weight.
  let observations: Int
  /// Σ log w over them.
  let logWeights: Double
  let eliminatedLevels: Int
  /// First column and number of levels of each kept factor.
  let kept: [Range<Int>]
  /// Kept random columns; the fixed columns follow.
  let randomColumns: Int
  let fixedColumns: Int
  let totals: [Double]
  let incidence: SparseRows
  let incidenceOrder: ColumnOrder
  let gram: Matrix
  /// Per response.
  let unitSums: [[Double]]
  let columnSums: [[Double]]
  let squares: [Double]

  var columns: Int { randomColumns + fixedColumns }

  /// Whether a search should begin with approximate evaluations, because an exact one, q³ multiplications and additions by the library, is dearer than
  /// the few dozen passes over the sheets that they need. A factor of few levels has its trace from as few samples: its start would be no better.
  var isWorthScouting: Bool {
    let q = Double(randomColumns)
    return kept.allSatisfy { $0.count >= 400 } && q * q * q > 4500 * Double(incidence.columns.count)
  }

  /// - Parameters:
  ///   - eliminated: the factor to eliminate.
  ///   - kept: the others.
  ///   - fixed: the fixed columns, the intercept included.
  ///   - responses: already centred, so that sums of squares do not cancel.
  ///
  /// Sums run in the order of (unit, first kept code): the order of the observations does not matter unless two of them share both.
  init(eliminated: GroupingFactor, kept factors: [GroupingFactor], fixed: [[Double]], responses: [[Double]], weights: [Double]?) {
    let order = TwoWayStatistics.order(eliminated, factors.first, weights)
    var offset = 0
    kept = factors.map { factor in
      defer { offset += factor.levels }
      return offset..<(offset + factor.levels)
    }
    let q = offset
    let p = fixed.count
    randomColumns = q
    fixedColumns = p
    observations = order.count
    eliminatedLevels = eliminated.levels

    var logWeights = 0.0
    var totals = [Double](repeating: 0, count: eliminated.levels)
    var gram = Matrix(rows: q + p, columns: q + p)

    // One dense accumulator row serves all units; only the columns touched by a unit are cleared afterwards.
    var accumulator = [Double](repeating: 0, count: q + p)
    var touched: [Int32] = []
    var starts = [0]
    var entryColumns: [Int32] = []
    var entryValues: [Double] = []
    entryColumns.reserveCapacity(order.count * (1 + factors.count) / 2)
    entryValues.reserveCapacity(order.count * (1 + factors.count) / 2)
    var columnsOfRow = [Int](repeating: 0, count: factors.count + p)
    var valuesOfRow = [Double](repeating: 1, count: factors.count + p)
    let k = factors.count

    var next = 0
    for unit in 0..<eliminated.levels {
      while next < order.count, Int(eliminated.codes[Int(order[next])]) == unit {
        let s = Int(order[next])
        next += 1
        let w = weights?[s] ?? 1
        if weights != nil { logWeights += log(w) }
        totals[unit] += w
        for f in 0..<k { columnsOfRow[f] = kept[f].lowerBound + Int(factors[f].codes[s]) }
        for j in 0..<p {
          columnsOfRow[k + j] = q + j
          valuesOfRow[k + j] = fixed[j][s]
        }
        for i in 0..<(k + p) {
          let column = columnsOfRow[i]
          let weighted = w * valuesOfRow[i]
          if accumulator[column] == 0 { touched.append(Int32(column)) }
          accumulator[column] += weighted
          for j in i..<(k + p) { gram[columnsOfRow[j], column] += weighted * valuesOfRow[j] }
        }
      }
      touched.sort()
      // A sum that passed through zero was noted twice; it is cleared at its first turn.
      for column in touched where accumulator[Int(column)] != 0 {
        entryColumns.append(column)
        entryValues.append(accumulator[Int(column)])
        accumulator[Int(column)] = 0
      }
      touched.removeAll(keepingCapacity: true)
      starts.append(entryColumns.count)
    }
    gram.mirrorLowerTriangle()
    self.logWeights = logWeights
    self.totals = totals
    self.gram = gram
    let sums = parallelMap(responses.count) { m in
      ResponseSums(responses[m], order, eliminated, factors, fixed, weights)
    }
    unitSums = sums.map(\.unit)
    columnSums = sums.map(\.columns)
    squares = sums.map(\.squares)
    incidence = SparseRows(columnCount: q + p, starts: starts, columns: entryColumns, values: entryValues)
    incidenceOrder = ColumnOrder(incidence)
  }

  /// The observations of positive weight by (unit, first kept code), ties in their own order.
  ///
  /// A counting sort by unit, then each unit by itself: its few codes are in cache, where a sort of everything by the kept code would jump about.
  static func order(_ eliminated: GroupingFactor, _ first: GroupingFactor?, _ weights: [Double]?) -> [Int32] {
    var order: [Int32] = []
    order.reserveCapacity(eliminated.codes.count)
    if let weights {
      for s in 0..<eliminated.codes.count where weights[s] > 0 { order.append(Int32(s)) }
    } else {
      order.append(contentsOf: 0..<Int32(eliminated.codes.count))
    }
    if !isSorted(order, by: eliminated) { order = countingSort(order, by: eliminated) }
    guard let codes = first?.codes else { return order }
    var start = 0
    while start < order.count {
      let unit = eliminated.codes[Int(order[start])]
      var end = start + 1
      while end < order.count, eliminated.codes[Int(order[end])] == unit { end += 1 }
      sort(&order, start..<end, by: codes)
      start = end
    }
    return order
  }

  private static func isSorted(_ order: [Int32], by factor: GroupingFactor) -> Bool {
    var last: Int32 = -1
    for s in order {
      let code = factor.codes[Int(s)]
      if code < last { return false }
      last = code
    }
    return true
  }

  /// Sorts a part of `order` by code, stably.
  private static func sort(_ order: inout [Int32], _ range: Range<Int>, by codes: [Int32]) {
    if range.count > 32 {
      // A code and a place in one number make the sort stable.
      let keys = range.map { Int64(codes[Int(order[$0])]) << 32 | Int64($0 - range.lowerBound) }.sorted()
      let old = Array(order[range])
      for (i, key) in keys.enumerated() { order[range.lowerBound + i] = old[Int(key & 0xFFFF_FFFF)] }
      return
    }
    for i in (range.lowerBound + 1)..<max(range.upperBound, range.lowerBound + 1) {
      let item = order[i]
      let code = codes[Int(item)]
      var place = i
      while place > range.lowerBound, codes[Int(order[place - 1])] > code {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = item
    }
  }

  static func countingSort(_ order: [Int32], by factor: GroupingFactor) -> [Int32] {
    var position = [Int](repeating: 0, count: factor.levels + 1)
    for s in order { position[Int(factor.codes[Int(s)]) + 1] += 1 }
    for level in 0..<factor.levels { position[level + 1] += position[level] }
    var result = [Int32](repeating: 0, count: order.count)
    for s in order {
      let level = Int(factor.codes[Int(s)])
      result[position[level]] = s
      position[level] += 1
    }
    return result
  }
}

/// One response's sums, in the order of the observations.
private struct ResponseSums: Sendable {
  let unit: [Double]
  let columns: [Double]
  let squares: Double

  init(
    _ response: [Double], _ order: [Int32], _ eliminated: GroupingFactor, _ kept: [GroupingFactor], _ fixed: [[Double]],
    _ weights: [Double]?
  ) {
    // The weighted values in order: one pass for each of what they are summed over.
    var values = [Double](repeating: 0, count: order.count)
    var squares = 0.0
    for (i, s) in order.enumerated() {
      let y = response[Int(s)]
      let w = weights?[Int(s)] ?? 1
      values[i] = w * y
      squares += w * y * y
    }
    func sums(_ factor: GroupingFactor) -> [Double] {
      var result = [Double](repeating: 0, count: factor.levels)
      for i in order.indices { result[Int(factor.codes[Int(order[i])])] += values[i] }
      return result
    }
    unit = sums(eliminated)
    var columns = kept.flatMap { sums($0) }
    for x in fixed {
      var sum = 0.0
      for i in order.indices { sum += values[i] * x[Int(order[i])] }
      columns.append(sum)
    }
    self.columns = columns
    self.squares = squares
  }
}
