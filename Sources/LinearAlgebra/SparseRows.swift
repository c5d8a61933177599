/// A sparse matrix stored by rows (CSR). Columns ascend within each row.
///
/// Only the operations that eliminating a diagonal block needs: products, `Σ c[i] a[i] a[i]'`, and `a[i]' C a[i]`.
public struct SparseRows: Sendable {
  public let columnCount: Int
  /// Row i holds the entries `starts[i]..<starts[i + 1]`.
  public let starts: [Int]
  public let columns: [Int32]
  public let values: [Double]
  /// Whether all values of a row are 1: products then need not read them, which are most of the memory.
  let isUnit: [Bool]

  public var rowCount: Int { starts.count - 1 }

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
    isUnit = (0..<(starts.count - 1)).map { row in
      for k in starts[row]..<starts[row + 1] where values[k] != 1 { return false }
      return true
    }
  }

  /// `Σ c[i] a[i,j]²` for every column j: the diagonal of `A' diag(c) A`.
  public func weightedColumnSquares(weights c: [Double]) -> [Double] { weightedColumnSquares(weights: c, and: c).0 }

  /// The same for two sets of weights in one pass.
  public func weightedColumnSquares(weights c: [Double], and d: [Double]) -> ([Double], [Double]) {
    precondition(c.count == rowCount && d.count == rowCount, "one weight a row")
    var sums = [SIMD2<Double>](repeating: .zero, count: columnCount)
    unsafe withPointers { starts, columns, values, isUnit in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for i in 0..<rowCount {
          let weight = SIMD2(c[i], d[i])
          let range = unsafe starts[i]..<starts[i + 1]
          if unsafe isUnit[i] {
            for k in range { unsafe sums[Int(columns[k])] += weight }
          } else {
            for k in range { unsafe sums[Int(columns[k])] += weight * (values[k] * values[k]) }
          }
        }
      }
    }
    return (sums.map { $0[0] }, sums.map { $0[1] })
  }

  func withPointers(
    _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Double>, UnsafeBufferPointer<Bool>) -> Void
  ) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe values.withUnsafeBufferPointer { values in
          unsafe isUnit.withUnsafeBufferPointer { isUnit in unsafe body(starts, columns, values, isUnit) }
        }
      }
    }
  }
}
