internal import COpenBLAS

extension Matrix {
  /// The product `A x`.
  public func multiplied(by x: [Double]) -> [Double] {
    precondition(x.count == columns, "a \(rows) × \(columns) matrix cannot multiply \(x.count) elements")
    return gemv(CblasNoTrans, x, length: rows)
  }

  /// The product `A' x`.
  public func transposeMultiplied(by x: [Double]) -> [Double] {
    precondition(x.count == rows, "the transpose of a \(rows) × \(columns) matrix cannot multiply \(x.count) elements")
    return gemv(CblasTrans, x, length: columns)
  }

  private func gemv(_ transpose: CBLAS_TRANSPOSE, _ x: [Double], length: Int) -> [Double] {
    BLAS.prepare()
    var y = [Double](repeating: 0, count: length)
    if rows == 0 || columns == 0 { return y }
    unsafe storage.withUnsafeBufferPointer { a in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe cblas_dgemv(
            CblasColMajor, transpose, Int32(rows), Int32(columns), 1, a.baseAddress, Int32(rows), x.baseAddress, 1, 0, y.baseAddress, 1)
        }
      }
    }
    return y
  }

  /// The product `A B`, or with the flags set `A' B`, `A B'`, `A' B'`.
  public func multiplied(by other: Matrix, transposed: Bool = false, otherTransposed: Bool = false) -> Matrix {
    BLAS.prepare()
    let (m, k) = transposed ? (columns, rows) : (rows, columns)
    let (l, n) = otherTransposed ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(k == l, "inner dimensions differ: \(k) and \(l)")
    var result = Matrix(rows: m, columns: n)
    if m == 0 || n == 0 || k == 0 { return result }
    unsafe storage.withUnsafeBufferPointer { a in
      unsafe other.storage.withUnsafeBufferPointer { b in
        unsafe result.storage.withUnsafeMutableBufferPointer { c in
          unsafe cblas_dgemm(
            CblasColMajor, transposed ? CblasTrans : CblasNoTrans, otherTransposed ? CblasTrans : CblasNoTrans,
            Int32(m), Int32(n), Int32(k), 1, a.baseAddress, Int32(rows), b.baseAddress, Int32(other.rows), 0, c.baseAddress, Int32(m))
        }
      }
    }
    return result
  }

  /// Adds `α A A'` (or `α A' A` when `transposed`) to this symmetric matrix, in the lower triangle only.
  public mutating func addSymmetricProduct(of a: Matrix, transposed: Bool = false, scaledBy alpha: Double = 1) {
    BLAS.prepare()
    let (n, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(rows == n && columns == n, "a symmetric update of order \(n) does not fit a \(rows) × \(columns) matrix")
    if n == 0 || k == 0 { return }
    unsafe a.storage.withUnsafeBufferPointer { p in
      unsafe storage.withUnsafeMutableBufferPointer { c in
        unsafe cblas_dsyrk(
          CblasColMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, Int32(n), Int32(k), alpha, p.baseAddress, Int32(a.rows), 1,
          c.baseAddress, Int32(n))
      }
    }
  }

  /// Copies the lower triangle onto the upper one. In tiles, so that both sides stay in cache.
  public mutating func mirrorLowerTriangle() {
    precondition(rows == columns, "only a square matrix can be symmetric")
    let n = rows
    unsafe storage.withUnsafeMutableBufferPointer { a in
      for jj in stride(from: 0, to: n, by: 32) {
        for ii in stride(from: jj, to: n, by: 32) {
          for j in jj..<min(jj + 32, n) {
            for i in max(ii, j + 1)..<max(min(ii + 32, n), max(ii, j + 1)) { unsafe a[j + i * n] = unsafe a[i + j * n] }
          }
        }
      }
    }
  }

  /// Replaces element (i, j) by `d[i] a[i, j] d[j]`.
  public mutating func scaleRowsAndColumns(by d: [Double]) {
    precondition(rows == columns && d.count == rows, "a scale needs one value a row")
    let n = rows
    unsafe storage.withUnsafeMutableBufferPointer { a in
      unsafe d.withUnsafeBufferPointer { d in
        for j in 0..<n {
          let dj = unsafe d[j]
          for i in 0..<n { unsafe a[i + j * n] *= unsafe d[i] * dj }
        }
      }
    }
  }

  /// Replaces element (i, j) by `d[i] a[i, j] d[j]`, and adds `shift[i]` to the diagonal, in the lower triangle only.
  public mutating func scaleSymmetrically(by d: [Double], addingToDiagonal shift: [Double]) {
    precondition(rows == columns && d.count == rows && shift.count == rows, "scale and shift need one value a row")
    let n = rows
    unsafe storage.withUnsafeMutableBufferPointer { a in
      unsafe d.withUnsafeBufferPointer { d in
        for j in 0..<n {
          let dj = unsafe d[j]
          for i in j..<n { unsafe a[i + j * n] *= unsafe d[i] * dj }
          unsafe a[j + j * n] += shift[j]
        }
      }
    }
  }
}

/// The scalar product of two vectors of the same length.
public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) elements have no scalar product")
  BLAS.prepare()
  return unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeBufferPointer { y in unsafe cblas_ddot(Int32(x.count), x.baseAddress, 1, y.baseAddress, 1) }
  }
}
