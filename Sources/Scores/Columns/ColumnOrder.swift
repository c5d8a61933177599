extension ColumnTable {
  /// The same rows in the canonical order. Counting sorts by the factors, last first, then a comparison sort among rows that agree on all of
  /// them: linear but for such ties. Rows that agree on everything keep the order of the file, which nothing but `line` can tell.
  func inCanonicalOrder() -> ColumnTable {
    let sorted = columns.sorted { Array($0.header.utf8).lexicographicallyPrecedes(Array($1.header.utf8)) }
    var factors: [Factor] = []
    var numbers: [[Double]] = []
    for column in sorted {
      switch column.values {
      case .factor(let factor): factors.append(factor)
      case .numbers(let values): numbers.append(values)
      }
    }
    var order = Array(0..<count)
    for factor in factors.reversed() { order = ColumnTable.countingSort(order, by: factor) }
    if !numbers.isEmpty {
      var start = 0
      while start < count {
        var end = start + 1
        while end < count, factors.allSatisfy({ $0.codes[order[end]] == $0.codes[order[start]] }) { end += 1 }
        if end - start > 1 { order[start..<end].sort { ColumnTable.precedes($0, $1, numbers) } }
        start = end
      }
    }
    return taking(order)
  }

  private static func countingSort(_ order: [Int], by factor: Factor) -> [Int] {
    var next = [Int](repeating: 0, count: factor.names.count + 2)
    for code in factor.codes { next[Int(code) + 2] += 1 }
    for k in 1..<next.count { next[k] += next[k - 1] }
    var result = order
    for row in order {
      let place = Int(factor.codes[row]) + 1
      result[next[place]] = row
      next[place] += 1
    }
    return result
  }

  /// By the numbers, those that are missing first, then by place.
  private static func precedes(_ a: Int, _ b: Int, _ numbers: [[Double]]) -> Bool {
    for column in numbers {
      let (x, y) = (column[a], column[b])
      if x == y || (x.isNaN && y.isNaN) { continue }
      return x.isNaN || x < y
    }
    return a < b
  }
}
