import LinearAlgebra

/// What every estimate asks of its data, and the order in which it takes them.
enum ObservationChecks {
  static func check(_ x: Matrix, atLeast needed: Int) throws(RobustEstimateError) {
    if x.columns == 0 { throw .noVariables }
    if x.rows < needed { throw .tooFewObservations(count: x.rows, needed: needed) }
    let elements = x.elements
    for k in elements.indices where !elements[k].isFinite { throw .notFinite(row: k % x.rows, column: k / x.rows) }
  }

  /// Rows in lexicographic order: the results cannot depend on the order in which observations came. O(n log n), seldom looking beyond the first column.
  static func canonicalOrder(_ x: Matrix) -> [Int] {
    let elements = x.elements
    let n = x.rows
    return (0..<n).sorted { a, b in
      var k = 0
      while k < elements.count {
        let (u, v) = (elements[k + a], elements[k + b])
        if u != v { return u < v }
        k += n
      }
      return false
    }
  }
}
