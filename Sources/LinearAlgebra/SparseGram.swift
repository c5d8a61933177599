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
  /// `D (B − Σ c[i] a[i] a[i]') D + diag(shift)` for a symmetric matrix B and the diagonal matrix D of `d`: the lower triangle, with zeros above it.
  /// Cost `Σ k[i]²/2` for rows of k[i] entries, on all cores by columns.
  ///
  /// - Parameters:
  ///   - d: ones when nil.
  ///   - shift: zeros when nil.
  ///   - order: this matrix's own.
  public func schurComplement(
    in matrix: Matrix, weights c: [Double], scaledBy d: [Double]? = nil, addingToDiagonal shift: [Double]? = nil, order: ColumnOrder
  ) -> Matrix {
    let n = columnCount
    let d = d ?? [Double](repeating: 1, count: n)
    let shift = shift ?? [Double](repeating: 0, count: n)
    precondition(matrix.rows == n && matrix.columns == n && c.count == rowCount, "shapes do not fit")
    precondition(d.count == n && shift.count == n, "scale and shift need one value a row")
    precondition(order.starts.count == n + 1 && order.rows.count == columns.count, "the order of another matrix")
    let pieces = min(n, SparseRows.pieces)
    // Memory is first touched by the piece that fills it, which on a large matrix is as dear as the sums.
    let elements = unsafe [Double](unsafeUninitializedCapacity: n * n) { m, count in
      count = n * n
      unsafe withPointers { starts, columns, values, _ in
        unsafe order.withPointers { columnStarts, rows, places in
          unsafe matrix.storage.withUnsafeBufferPointer { b in
            unsafe c.withUnsafeBufferPointer { c in
              unsafe d.withUnsafeBufferPointer { d in
                nonisolated(unsafe) let (m, b, c, d) = unsafe (m, b, c, d)
                nonisolated(unsafe) let (starts, columns, values) = unsafe (starts, columns, values)
                nonisolated(unsafe) let (columnStarts, rows, places) = unsafe (columnStarts, rows, places)
                // A column is one piece's alone, and its sums run over ascending rows: the pieces do not show in the result.
                DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                  for j in stride(from: piece, to: n, by: pieces) {
                    let base = j * n
                    for i in 0..<j { unsafe m[base + i] = 0 }
                    for i in j..<n { unsafe m[base + i] = unsafe b[base + i] }
                    for e in unsafe columnStarts[j]..<columnStarts[j + 1] {
                      let row = unsafe Int(rows[e])
                      let weight = unsafe c[row]
                      if weight == 0 { continue }
                      let k = unsafe Int(places[e])
                      let scaled = unsafe values[k] * weight
                      for l in unsafe k..<starts[row + 1] { unsafe m[base + Int(columns[l])] -= scaled * values[l] }
                    }
                    let dj = unsafe d[j]
                    for i in j..<n { unsafe m[base + i] *= unsafe d[i] * dj }
                    unsafe m[base + j] += shift[j]
                  }
                }
              }
            }
          }
        }
      }
    }
    return Matrix(rows: n, columns: n, elements: elements)
  }

  /// `a[i]' C a[i]` for every row, with C symmetric. Cost `Σ k[i]²/2`, on up to four cores.
  ///
  /// - Parameter order: this matrix's own.
  public func quadraticForms(_ matrix: Matrix, order: ColumnOrder) -> [Double] {
    precondition(matrix.rows == matrix.columns && matrix.rows == columnCount, "shapes do not fit")
    precondition(order.starts.count == columnCount + 1 && order.rows.count == columns.count, "the order of another matrix")
    let n = matrix.rows
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
              for j in stride(from: piece, to: n, by: pieces) {
                let base = j * n
                for e in unsafe columnStarts[j]..<columnStarts[j + 1] {
                  let row = unsafe Int(rows[e])
                  let k = unsafe Int(places[e])
                  var inner = unsafe 0.5 * values[k] * m[base + j]
                  for l in unsafe (k + 1)..<starts[row + 1] { inner += unsafe values[l] * m[base + Int(columns[l])] }
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
