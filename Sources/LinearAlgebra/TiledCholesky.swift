internal import COpenBLAS
internal import Dispatch

/// Factorisation and inversion of large matrices in tiles of a fixed size, several tiles at once.
///
/// Every tile's arithmetic is the same whichever thread does it and however many there are, so results do not depend on the number of threads,
/// which a threaded BLAS could not promise. Cost as `dpotrf` and `dpotri`.
enum TiledCholesky {
  /// Large enough for the matrix kernels to run at speed, small enough to give two cores something to share.
  static let tile = 192
  /// Below this order tiles do not pay.
  static let smallest = 512

  /// Runs independent pieces of work on all cores.
  private static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if count > 0 { DispatchQueue.concurrentPerform(iterations: count, execute: body) }
  }

  private static func pairs(from first: Int, to end: Int) -> [(Int, Int)] {
    (first..<max(first, end)).flatMap { j in (j..<end).map { ($0, j) } }
  }

  /// Overwrites the lower triangle with L. Returns 0, or the order of the first minor that is not positive.
  static func factor(_ base: UnsafeMutablePointer<Double>, order n: Int) -> Int {
    nonisolated(unsafe) let a = unsafe base
    let tiles = (n + tile - 1) / tile
    let ld = Int32(n)
    for k in 0..<tiles {
      let start = k * tile
      let width = min(tile, n - start)
      let info = unsafe LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 0x4C, .init(width), a + start + start * n, .init(n))
      precondition(info >= 0, "dpotrf refused argument \(-info)")
      if info > 0 { return start + Int(info) }
      forEach(tiles - k - 1) { t in
        let row = (k + 1 + t) * tile
        unsafe cblas_dtrsm(
          CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(min(tile, n - row)), Int32(width), 1,
          a + start + start * n, ld, a + row + start * n, ld)
      }
      let updates = pairs(from: k + 1, to: tiles)
      forEach(updates.count) { t in
        let row = updates[t].0 * tile
        let column = updates[t].1 * tile
        let height = Int32(min(tile, n - row))
        if row == column {
          unsafe cblas_dsyrk(
            CblasColMajor, CblasLower, CblasNoTrans, height, Int32(width), -1, a + row + start * n, ld, 1, a + row + row * n, ld)
        } else {
          unsafe cblas_dgemm(
            CblasColMajor, CblasNoTrans, CblasTrans, height, Int32(min(tile, n - column)), Int32(width), -1, a + row + start * n, ld,
            a + column + start * n, ld, 1, a + row + column * n, ld)
        }
      }
    }
    return 0
  }

  /// Overwrites L (lower triangle) with the whole of D (L L')⁻¹ D, D diagonal, in place: U = L⁻ᵀ grows above the diagonal, then U U' below it.
  ///
  /// The tiles on the diagonal hold L[k,k]⁻¹ meanwhile, whose transpose is U[k,k].
  static func invert(_ base: UnsafeMutablePointer<Double>, order n: Int, scaledBy d: UnsafePointer<Double>) {
    nonisolated(unsafe) let a = unsafe base
    nonisolated(unsafe) let d = unsafe d
    let tiles = (n + tile - 1) / tile
    let ld = Int32(n)
    forEach(tiles) { k in
      let info = unsafe LAPACKE_dtrtri_work(
        LAPACK_COL_MAJOR, 0x4C, 0x4E, .init(min(tile, n - k * tile)), a + k * tile * (n + 1), .init(n))
      // A positive info would be a zero on the diagonal of L.
      precondition(info == 0, "dtrtri stopped with \(info)")
    }
    // Row k of U, from left to right: U[k,i] = −(U[k,k] L[i,k]' + Σ U[k,j] L[i,j]') L[i,i]⁻ᵀ, the sum over k < j < i.
    forEach(tiles - 1) { k in
      let row = k * tile
      for i in (k + 1)..<tiles {
        let column = i * tile
        let width = min(tile, n - column)
        unsafe transpose(a + column + row * n, to: a + row + column * n, ld: n, rows: width, columns: tile)
        unsafe cblas_dtrmm(
          CblasColMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, Int32(tile), Int32(width), 1, a + row * (n + 1), ld,
          a + row + column * n, ld)
        let inner = row + tile
        unsafe cblas_dgemm(
          CblasColMajor, CblasNoTrans, CblasTrans, Int32(tile), Int32(width), Int32(column - inner), 1, a + row + inner * n, ld,
          a + column + inner * n, ld, 1, a + row + column * n, ld)
        unsafe cblas_dtrmm(
          CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(tile), Int32(width), -1, a + column * (n + 1), ld,
          a + row + column * n, ld)
      }
    }
    // Σ U[i,m] U[j,m]' over m ≥ i. The first rows have the longest sums: they come first, so that the cores finish together.
    let products = (0..<tiles).flatMap { i in (0..<i).map { (i, $0) } }
    forEach(products.count) { t in
      let row = products[t].0 * tile
      let column = products[t].1 * tile
      let height = min(tile, n - row)
      let rest = row + height
      unsafe transpose(a + column + row * n, to: a + row + column * n, ld: n, rows: tile, columns: height)
      unsafe cblas_dtrmm(
        CblasColMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, Int32(height), Int32(tile), 1, a + row * (n + 1), ld,
        a + row + column * n, ld)
      unsafe cblas_dgemm(
        CblasColMajor, CblasNoTrans, CblasTrans, Int32(height), Int32(tile), Int32(n - rest), 1, a + row + rest * n, ld,
        a + column + rest * n, ld, 1, a + row + column * n, ld)
    }
    // The diagonal tiles last, since the sums above read them.
    forEach(tiles) { i in
      let row = i * tile
      let height = min(tile, n - row)
      let rest = row + height
      let info = unsafe LAPACKE_dlauum_work(LAPACK_COL_MAJOR, 0x4C, .init(height), a + row * (n + 1), .init(n))
      precondition(info == 0, "dlauum refused argument \(-info)")
      unsafe cblas_dsyrk(
        CblasColMajor, CblasLower, CblasNoTrans, Int32(height), Int32(n - rest), 1, a + row + rest * n, ld, 1, a + row * (n + 1), ld)
    }
    let all = pairs(from: 0, to: tiles)
    forEach(all.count) { t in
      let (row, column) = all[t]
      unsafe scaleAndMirror(
        a, ld: n, rows: (row * tile)..<min((row + 1) * tile, n), columns: (column * tile)..<min((column + 1) * tile, n), by: d)
    }
  }

  /// Writes the transpose of a tile to another place, in squares small enough that both sides stay in cache.
  private static func transpose(
    _ source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, ld n: Int, rows: Int, columns: Int
  ) {
    for j0 in stride(from: 0, to: columns, by: square) {
      for i0 in stride(from: 0, to: rows, by: square) {
        for j in j0..<min(j0 + square, columns) {
          for i in i0..<min(i0 + square, rows) { unsafe target[j + i * n] = unsafe source[i + j * n] }
        }
      }
    }
  }

  /// Multiplies element (i, j) of a tile of the lower triangle by d[i] d[j] and copies it to its place above the diagonal.
  private static func scaleAndMirror(
    _ a: UnsafeMutablePointer<Double>, ld n: Int, rows: Range<Int>, columns: Range<Int>, by d: UnsafePointer<Double>
  ) {
    for j0 in stride(from: columns.lowerBound, to: columns.upperBound, by: square) {
      for i0 in stride(from: rows.lowerBound, to: rows.upperBound, by: square) {
        for j in j0..<min(j0 + square, columns.upperBound) {
          let first = max(i0, j)
          for i in first..<max(first, min(i0 + square, rows.upperBound)) {
            let value = unsafe a[i + j * n] * (d[i] * d[j])
            unsafe a[i + j * n] = value
            unsafe a[j + i * n] = value
          }
        }
      }
    }
  }

  private static let square = 16
}
