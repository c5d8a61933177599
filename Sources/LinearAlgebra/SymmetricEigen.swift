internal import COpenBLAS

/// Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer (LAPACK `dsyevd`).
public struct SymmetricEigen: Sendable {
  /// In ascending order.
  public let values: [Double]
  /// Column j belongs to `values[j]`; orthonormal. Nil when only values were asked for.
  public let vectors: Matrix?

  /// Only the lower triangle of `matrix` is read. Cost about 9n³ multiplications with vectors, 4n³/3 without.
  /// - Throws: `LinearAlgebraError.eigenvaluesDidNotConverge`.
  public init(_ matrix: consuming Matrix, vectors wanted: Bool = true) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "only a square matrix can be symmetric")
    BLAS.prepare()
    let n = matrix.rows
    var w = [Double](repeating: 0, count: n)
    var info: plumbline_lapack_int = 0
    if n > 0 {
      unsafe matrix.storage.withUnsafeMutableBufferPointer { a in
        unsafe w.withUnsafeMutableBufferPointer { w in
          info = unsafe LAPACKE_dsyevd(LAPACK_COL_MAJOR, wanted ? 0x56 : 0x4E, 0x4C, .init(n), a.baseAddress, .init(n), w.baseAddress)
        }
      }
    }
    precondition(info >= 0, "dsyevd refused argument \(-info)")
    if info > 0 { throw .eigenvaluesDidNotConverge(remaining: Int(info)) }
    values = w
    vectors = wanted ? matrix : nil
  }
}
