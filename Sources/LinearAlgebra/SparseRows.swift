/// A sparse matrix stored by rows (CSR). Columns ascend within each row.
///
/// Only the operations that eliminating a diagonal block needs: products, `Σ c[i] a[i] a[i]'`, and `a[i]' C a[i]`.
public struct SparseRows: Sendable {
  public let columnCount: Int
  /// Row i holds the entries `starts[i]..<starts[i + 1]`.
  public let starts: [Int]
  public let columns: [Int32]
  public let values: [Double]
  /// Every value is 1: products then need not read them.
  let hasUnitValues: Bool

  /// Rows, empty ones included.
  public var rowCount: Int { starts.count - 1 }

  /// - Precondition: starts ascend from 0 to the number of entries; columns ascend within a row and are below `columnCount`.
  public init(columnCount: Int, starts: [Int], columns: [Int32], values: [Double]) {
    precondition(starts.first == 0 && starts.last == columns.count && columns.count == values.count, "row starts do not fit the entries")
    for row in 0..<(starts.count - 1) {
      precondition(starts[row] <= starts[row + 1], "row starts must not descend")
      var last: Int32 = -1
      for k in starts[row]..<starts[row + 1] {
        precondition(columns[k] > last && Int(columns[k]) < columnCount, "columns must ascend within a row and lie in range")
        last = columns[k]
      }
    }
    self.columnCount = columnCount
    self.starts = starts
    self.columns = columns
    self.values = values
    hasUnitValues = values.allSatisfy { $0 == 1 }
  }

  /// Subtracts `Σ c[i] a[i] a[i]'` from the lower triangle of a symmetric matrix. Cost `Σ k[i]²/2` for rows of k[i] entries.
  public func subtractWeightedGram(from matrix: inout Matrix, weights c: [Double]) {
    precondition(matrix.rows == columnCount && matrix.columns == columnCount && c.count == rowCount, "shapes do not fit")
    let n = columnCount
    unsafe withPointers { starts, columns, values in
      unsafe matrix.storage.withUnsafeMutableBufferPointer { m in
        for row in 0..<rowCount {
          let first = unsafe starts[row]
          let last = unsafe starts[row + 1]
          let weight = c[row]
          if weight == 0 { continue }
          for k in first..<last {
            let base = unsafe Int(columns[k]) * n
            let scaled = unsafe values[k] * weight
            for l in k..<last { unsafe m[base + Int(columns[l])] -= unsafe scaled * values[l] }
          }
        }
      }
    }
  }

  /// `a[i]' C a[i]` for every row, with C symmetric; entries in columns from `limit` on count as zero.
  public func quadraticForms(_ matrix: Matrix, leading limit: Int? = nil) -> [Double] {
    precondition(matrix.rows == matrix.columns && matrix.rows == columnCount, "shapes do not fit")
    let n = matrix.rows
    let used = limit ?? n
    var result = [Double](repeating: 0, count: rowCount)
    unsafe withPointers { starts, columns, values in
      unsafe matrix.storage.withUnsafeBufferPointer { m in
        for row in 0..<rowCount {
          let first = unsafe starts[row]
          let end = unsafe starts[row + 1]
          var last = end
          while unsafe last > first && Int(columns[last - 1]) >= used { last -= 1 }
          var sum = 0.0
          for k in first..<last {
            let base = unsafe Int(columns[k]) * n
            var inner = unsafe 0.5 * values[k] * m[base + Int(columns[k])]
            for l in (k + 1)..<max(last, k + 1) { inner += unsafe values[l] * m[base + Int(columns[l])] }
            sum += unsafe 2 * inner * values[k]
          }
          result[row] = sum
        }
      }
    }
    return result
  }

  /// `Σ c[i] a[i,j]²` for every column j: the diagonal of `A' diag(c) A`.
  public func weightedColumnSquares(weights c: [Double]) -> [Double] {
    precondition(c.count == rowCount, "one weight a row")
    var result = [Double](repeating: 0, count: columnCount)
    unsafe withPointers { starts, columns, values in
      unsafe result.withUnsafeMutableBufferPointer { result in
        for i in 0..<rowCount {
          for k in unsafe starts[i]..<starts[i + 1] { unsafe result[Int(columns[k])] += c[i] * values[k] * values[k] }
        }
      }
    }
    return result
  }

  func withPointers(
    _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Double>) -> Void
  ) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe values.withUnsafeBufferPointer { values in unsafe body(starts, columns, values) }
      }
    }
  }
}
