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

  /// Overwrites L (lower triangle) with the whole of (L L')⁻¹: first Y = L⁻¹ by columns of tiles, then the tiles of Y'Y.
  static func invert(_ base: UnsafeMutablePointer<Double>, order n: Int) {
    let work = UnsafeMutablePointer<Double>.allocate(capacity: n * n)
    defer { unsafe work.deallocate() }
    nonisolated(unsafe) let a = unsafe base
    nonisolated(unsafe) let y = unsafe work
    let tiles = (n + tile - 1) / tile
    let ld = Int32(n)
    forEach(tiles) { k in
      let start = k * tile
      let width = min(tile, n - start)
      for j in start..<(start + width) {
        unsafe (y + start + j * n).initialize(repeating: 0, count: n - start)
        unsafe y[j + j * n] = 1
      }
      unsafe cblas_dtrsm(
        CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(n - start), Int32(width), 1, a + start + start * n, ld,
        y + start + start * n, ld)
    }
    // Row i of tiles of Y' has its first entry at tile i: the longest sums come first, so that the cores finish together.
    let products = pairs(from: 0, to: tiles).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    forEach(products.count) { t in
      let row = products[t].0 * tile
      let column = products[t].1 * tile
      let height = min(tile, n - row)
      let width = min(tile, n - column)
      unsafe cblas_dgemm(
        CblasColMajor, CblasTrans, CblasNoTrans, Int32(height), Int32(width), Int32(n - row), 1, y + row + row * n, ld,
        y + row + column * n, ld, 0, a + row + column * n, ld)
      unsafe mirror(a, ld: n, rows: row..<(row + height), columns: column..<(column + width))
    }
  }

  /// Copies a tile of the lower triangle to its place above the diagonal, in squares small enough that both sides stay in cache.
  private static func mirror(_ a: UnsafeMutablePointer<Double>, ld n: Int, rows: Range<Int>, columns: Range<Int>) {
    for j0 in stride(from: columns.lowerBound, to: columns.upperBound, by: 16) {
      for i0 in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
        for j in j0..<min(j0 + 16, columns.upperBound) {
          let first = max(i0, j + 1)
          for i in first..<max(first, min(i0 + 16, rows.upperBound)) { unsafe a[j + i * n] = unsafe a[i + j * n] }
        }
      }
    }
  }
}
