internal import COpenBLAS

/// The factorisation `A = L L'` of a symmetric positive definite matrix (LAPACK `dpotrf`, in tiles when large). Cost n³/6 multiplications.
///
/// It can be moved and lent but not copied: the inverse is computed in the factor's own storage.
public struct Cholesky: ~Copyable, Sendable {
  /// `L` in the lower triangle. The strict upper triangle is left over from `A` and means nothing.
  private var factor: Matrix

  /// Rows of the matrix that was factored.
  public var order: Int { factor.rows }

  /// Only the lower triangle of `matrix` is read.
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` when a pivot is not positive (or not a number).
  public init(_ matrix: consuming Matrix) throws(LinearAlgebraError) {
    factor = try Cholesky.factored(matrix)
  }

  private static func factored(_ matrix: consuming Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(matrix.rows == matrix.columns, "only a square matrix has a Cholesky factor")
    BLAS.prepare()
    let n = matrix.rows
    var info: plumbline_lapack_int = 0
    if n > 0 {
      unsafe matrix.storage.withUnsafeMutableBufferPointer { a in
        if n >= TiledCholesky.smallest, let base = a.baseAddress {
          info = unsafe plumbline_lapack_int(TiledCholesky.factor(base, order: n))
        } else {
          info = unsafe LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 0x4C, .init(n), a.baseAddress, .init(n))
        }
      }
    }
    precondition(info >= 0, "dpotrf refused argument \(-info)")
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    for i in 0..<n where !(matrix[i, i] > 0) { throw .notPositiveDefinite(order: i + 1) }
    return matrix
  }

  /// The diagonal of `L`.
  public var diagonal: [Double] { factor.diagonal }

  /// `x` with `A x = b`.
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "a right-hand side of \(b.count) elements for a system of order \(order)")
    return solve(Matrix(rows: b.count, columns: 1, elements: b)).elements
  }

  /// `X` with `A X = B`, all columns at once.
  public func solve(_ b: consuming Matrix) -> Matrix {
    precondition(b.rows == order, "right-hand sides of \(b.rows) elements for a system of order \(order)")
    if order == 0 || b.columns == 0 { return b }
    var info: plumbline_lapack_int = 0
    let columns = b.columns
    unsafe factor.storage.withUnsafeBufferPointer { a in
      unsafe b.storage.withUnsafeMutableBufferPointer { x in
        if columns == 1, order >= TiledCholesky.smallest {
          // `dpotrs` copies all of L into blocks, which does not pay for one column.
          for transposition in [CblasNoTrans, CblasTrans] {
            unsafe cblas_dtrsv(
              CblasColMajor, CblasLower, transposition, CblasNonUnit, Int32(order), a.baseAddress, Int32(order), x.baseAddress, 1)
          }
          return
        }
        info = unsafe LAPACKE_dpotrs_work(
          LAPACK_COL_MAJOR, 0x4C, .init(order), .init(columns), a.baseAddress, .init(order), x.baseAddress, .init(order))
      }
    }
    precondition(info == 0, "dpotrs refused argument \(-info)")
    return b
  }

  /// `Y` with `L Y = B`: what turns a covariance into independent columns.
  public func solveLower(_ b: consuming Matrix) -> Matrix {
    precondition(b.rows == order, "right-hand sides of \(b.rows) elements for a system of order \(order)")
    if order == 0 || b.columns == 0 { return b }
    let columns = b.columns
    unsafe factor.storage.withUnsafeBufferPointer { a in
      unsafe b.storage.withUnsafeMutableBufferPointer { x in
        unsafe cblas_dtrsm(
          CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(order), Int32(columns), 1, a.baseAddress, Int32(order),
          x.baseAddress, Int32(order))
      }
    }
    return b
  }

  /// The inverse of the leading block of `A` of the given order (of all of `A` by default), both triangles (LAPACK `dpotri`, in tiles when large).
  ///
  /// The factor of a leading block is the leading block of the factor, so no second factorisation is needed. Cost n³/3 multiplications.
  public consuming func inverse(leading size: Int? = nil) -> Matrix {
    let m = size ?? order
    precondition(m >= 0 && m <= order, "no leading block of order \(m) in a matrix of order \(order)")
    let ones = [Double](repeating: 1, count: m)
    if m < order { return Cholesky.inverted(leadingFactor(m), ones) }
    return Cholesky.inverted(factor, ones)
  }

  /// `D A⁻¹ D` for the diagonal matrix D of `d`, both triangles: element (i, j) of the inverse times `d[i] d[j]`. Cost as `inverse`.
  public consuming func inverse(scaledBy d: [Double]) -> Matrix {
    precondition(d.count == order, "a scale needs one value a row")
    return Cholesky.inverted(factor, d)
  }

  private static func inverted(_ matrix: consuming Matrix, _ d: [Double]) -> Matrix {
    let n = matrix.rows
    if n == 0 { return matrix }
    let tiled = n >= TiledCholesky.smallest
    var info: plumbline_lapack_int = 0
    unsafe matrix.storage.withUnsafeMutableBufferPointer { a in
      if tiled, let base = a.baseAddress {
        unsafe d.withUnsafeBufferPointer { d in unsafe TiledCholesky.invert(base, order: n, scaledBy: d.baseAddress!) }
      } else {
        info = unsafe LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 0x4C, .init(n), a.baseAddress, .init(n))
      }
    }
    // A positive info would be a zero on the diagonal of L, which `init` excludes.
    precondition(info == 0, "dpotri stopped with \(info)")
    if !tiled {
      matrix.mirrorLowerTriangle()
      matrix.scaleRowsAndColumns(by: d)
    }
    return matrix
  }

  private func leadingFactor(_ m: Int) -> Matrix {
    var result = Matrix(rows: m, columns: m)
    for j in 0..<m { for i in j..<m { result.storage[i + j * m] = factor.storage[i + j * order] } }
    return result
  }
}
