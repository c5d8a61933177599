internal import Dispatch

/// The entries of a sparse matrix by columns: what lets a dense matrix over its columns be read or written one column at a time, in cache, instead of
/// at `k²` scattered places a row.
public struct ColumnOrder: Sendable {
  /// Column j has the entries `starts[j]..<starts[j + 1]`.
  let starts: [Int]
  /// Each entry's row, ascending within a column.
  let rows: [Int32]
  /// Each entry's place among the entries by rows.
  let places: [Int32]

  /// - Precondition: fewer than 2³¹ entries.
  public init(_ matrix: SparseRows) {
    precondition(matrix.columns.count < Int(Int32.max), "too many entries")
    var starts = [Int](repeating: 0, count: matrix.columnCount + 1)
    for column in matrix.columns { starts[Int(column) + 1] += 1 }
    for j in 0..<matrix.columnCount { starts[j + 1] += starts[j] }
    var next = starts
    var rows = [Int32](repeating: 0, count: matrix.columns.count)
    var places = rows
    for row in 0..<matrix.rowCount {
      for k in matrix.starts[row]..<matrix.starts[row + 1] {
        let column = Int(matrix.columns[k])
        rows[next[column]] = Int32(row)
        places[next[column]] = Int32(k)
        next[column] += 1
      }
    }
    self.starts = starts
    self.rows = rows
    self.places = places
  }
}

extension SparseRows {
  /// Subtracts `Σ c[i] a[i] a[i]'` from the lower triangle of a symmetric matrix. Cost `Σ k[i]²/2` for rows of k[i] entries, on all cores by columns.
  ///
  /// - Parameter order: this matrix's own.
  public func subtractWeightedGram(from matrix: inout Matrix, weights c: [Double], order: ColumnOrder) {
    precondition(matrix.rows == columnCount && matrix.columns == columnCount && c.count == rowCount, "shapes do not fit")
    precondition(order.starts.count == columnCount + 1 && order.rows.count == columns.count, "the order of another matrix")
    let n = columnCount
    let pieces = min(n, SparseRows.pieces)
    unsafe withPointers { starts, columns, values, _ in
      unsafe matrix.storage.withUnsafeMutableBufferPointer { m in
        unsafe order.withPointers { columnStarts, rows, places in
          unsafe c.withUnsafeBufferPointer { c in
            nonisolated(unsafe) let (m, c, starts, columns, values) = unsafe (m, c, starts, columns, values)
            nonisolated(unsafe) let (columnStarts, rows, places) = unsafe (columnStarts, rows, places)
            // A column is one piece's alone, and its sums run over ascending rows: the pieces do not show in the result.
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
              for j in stride(from: piece, to: n, by: pieces) {
                let base = j * n
                for e in unsafe columnStarts[j]..<columnStarts[j + 1] {
                  let row = unsafe Int(rows[e])
                  let weight = unsafe c[row]
                  if weight == 0 { continue }
                  let k = unsafe Int(places[e])
                  let scaled = unsafe values[k] * weight
                  for l in unsafe k..<starts[row + 1] { unsafe m[base + Int(columns[l])] -= scaled * values[l] }
                }
              }
            }
          }
        }
      }
    }
  }

  /// `a[i]' C a[i]` for every row, with C symmetric; entries in columns from `limit` on count as zero. Cost `Σ k[i]²/2`, on up to four cores.
  ///
  /// - Parameter order: this matrix's own.
  public func quadraticForms(_ matrix: Matrix, leading limit: Int? = nil, order: ColumnOrder) -> [Double] {
    precondition(matrix.rows == matrix.columns && matrix.rows == columnCount, "shapes do not fit")
    precondition(order.starts.count == columnCount + 1 && order.rows.count == columns.count, "the order of another matrix")
    let n = matrix.rows
    let used = Int32(limit ?? n)
    // Each piece has every fourth column and sums of its own, so that how many cores there are does not show in the result.
    let pieces = 4
    var sums = [Double](repeating: 0, count: pieces * rowCount)
    unsafe withPointers { starts, columns, values, _ in
      unsafe matrix.storage.withUnsafeBufferPointer { m in
        unsafe order.withPointers { columnStarts, rows, places in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let (m, sums, starts, columns, values) = unsafe (m, sums, starts, columns, values)
            nonisolated(unsafe) let (columnStarts, rows, places) = unsafe (columnStarts, rows, places)
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
              let own = piece * rowCount
              for j in stride(from: piece, to: Int(used), by: pieces) {
                let base = j * n
                for e in unsafe columnStarts[j]..<columnStarts[j + 1] {
                  let row = unsafe Int(rows[e])
                  let k = unsafe Int(places[e])
                  var inner = unsafe 0.5 * values[k] * m[base + j]
                  var l = k + 1
                  while unsafe l < starts[row + 1] && columns[l] < used {
                    inner += unsafe values[l] * m[base + Int(columns[l])]
                    l += 1
                  }
                  unsafe sums[own + row] += unsafe 2 * inner * values[k]
                }
              }
            }
          }
        }
      }
    }
    return (0..<rowCount).map { row in (0..<pieces).reduce(0) { $0 + sums[$1 * rowCount + row] } }
  }

  /// Enough pieces to keep the cores busy when columns are uneven.
  private static let pieces = 16
}

extension ColumnOrder {
  func withPointers(_ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int32>) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe places.withUnsafeBufferPointer { places in unsafe body(starts, rows, places) }
      }
    }
  }
}
