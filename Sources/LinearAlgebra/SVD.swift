internal import COpenBLAS

/// The thin singular value decomposition `A = U diag(s) V'`, by divide and conquer (LAPACK `dgesdd`).
///
/// For A of m rows and n columns and k = min(m, n): U is m × k, V n × k, both with orthonormal columns. Cost about 6 m n k + 20 k³ multiplications.
public struct SVD: Sendable {
  /// Descending, not negative.
  public let values: [Double]
  public let left: Matrix
  /// Column j belongs to `values[j]` (V, not its transpose).
  public let right: Matrix

  /// - Throws: `LinearAlgebraError.eigenvaluesDidNotConverge`.
  public init(_ matrix: consuming Matrix) throws(LinearAlgebraError) {
    BLAS.prepare()
    let (m, n) = (matrix.rows, matrix.columns)
    let k = min(m, n)
    var s = [Double](repeating: 0, count: k)
    var u = Matrix(rows: m, columns: k)
    var vt = Matrix(rows: k, columns: n)
    var info: plumbline_lapack_int = 0
    if k > 0 {
      unsafe matrix.storage.withUnsafeMutableBufferPointer { a in
        unsafe s.withUnsafeMutableBufferPointer { s in
          unsafe u.storage.withUnsafeMutableBufferPointer { u in
            unsafe vt.storage.withUnsafeMutableBufferPointer { vt in
              info = unsafe LAPACKE_dgesdd(
                LAPACK_COL_MAJOR, 0x53, .init(m), .init(n), a.baseAddress, .init(m), s.baseAddress, u.baseAddress, .init(m), vt.baseAddress,
                .init(k))
            }
          }
        }
      }
    }
    precondition(info >= 0, "dgesdd refused argument \(-info)")
    if info > 0 { throw .eigenvaluesDidNotConverge(remaining: Int(info)) }
    values = s
    left = u
    right = vt.transposed
  }

  /// How many singular values exceed `tolerance` times the largest; by default the rounding error of max(m, n) additions.
  public func rank(tolerance: Double? = nil) -> Int {
    guard let largest = values.first, largest > 0 else { return 0 }
    let limit = (tolerance ?? Double(max(left.rows, right.rows)) * 0x1p-52) * largest
    return values.count { $0 > limit }
  }
}
