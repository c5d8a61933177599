internal import COpenBLAS

/// Dense blocks that lie one after the other in a flat array, each by columns: what eliminating thousands of small blocks needs without a matrix
/// of its own for each. Orders up to `SmallBlocks.plain` are done by plain loops, which a call of the library would only slow down.
public enum SmallBlocks {
  static let plain = 12

  /// Replaces the lower triangle of the block of order n that begins at `start` by its Cholesky factor L; the rest of it means nothing.
  /// - Returns: false when a pivot is not positive.
  public static func factor(_ blocks: inout [Double], at start: Int, order n: Int) -> Bool {
    precondition(start >= 0 && start + n * n <= blocks.count, "no such block")
    if n == 0 { return true }
    return unsafe blocks.withUnsafeMutableBufferPointer { buffer in
      let a = unsafe buffer.baseAddress! + start
      if n > plain {
        BLAS.prepare()
        return unsafe LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 0x4C, .init(n), a, .init(n)) == 0
      }
      for j in 0..<n {
        var pivot = unsafe a[j + j * n]
        for l in 0..<j { unsafe pivot -= a[j + l * n] * a[j + l * n] }
        if !(pivot > 0) { return false }
        pivot = pivot.squareRoot()
        unsafe a[j + j * n] = pivot
        for i in (j + 1)..<max(n, j + 1) {
          var sum = unsafe a[i + j * n]
          for l in 0..<j { unsafe sum -= a[i + l * n] * a[j + l * n] }
          unsafe a[i + j * n] = sum / pivot
        }
      }
      return true
    }
  }

  /// `B ← L⁻¹ B`, or `L⁻ᵀ B` when `transposed`, for a factor in `factors` and an n × columns block in `b`.
  public static func solve(
    _ factors: [Double], at start: Int, order n: Int, _ b: inout [Double], at target: Int, columns: Int, transposed: Bool
  ) {
    precondition(start >= 0 && start + n * n <= factors.count && target >= 0 && target + n * columns <= b.count, "no such block")
    if n == 0 || columns == 0 { return }
    unsafe factors.withUnsafeBufferPointer { f in
      unsafe b.withUnsafeMutableBufferPointer { b in
        let l = unsafe f.baseAddress! + start
        let x = unsafe b.baseAddress! + target
        if n > plain {
          BLAS.prepare()
          unsafe cblas_dtrsm(
            CblasColMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(n), Int32(columns), 1, l,
            Int32(n), x, Int32(n))
          return
        }
        for c in 0..<columns {
          let y = unsafe x + c * n
          if transposed {
            for i in stride(from: n - 1, through: 0, by: -1) {
              var sum = unsafe y[i]
              for l2 in (i + 1)..<max(n, i + 1) { unsafe sum -= l[l2 + i * n] * y[l2] }
              unsafe y[i] = sum / l[i + i * n]
            }
          } else {
            for i in 0..<n {
              var sum = unsafe y[i]
              for l2 in 0..<i { unsafe sum -= l[i + l2 * n] * y[l2] }
              unsafe y[i] = sum / l[i + i * n]
            }
          }
        }
      }
    }
  }

  /// `C ← C + α A B`, or with `A B'`: A is m × k, C is m × n.
  public static func addProduct(
    _ a: [Double], at aStart: Int, _ b: [Double], at bStart: Int, transposed: Bool = false, to c: inout [Double], at cStart: Int,
    rows m: Int,
    inner k: Int, columns n: Int, scaledBy alpha: Double = 1
  ) {
    precondition(
      aStart >= 0 && bStart >= 0 && cStart >= 0 && aStart + m * k <= a.count && bStart + k * n <= b.count && cStart + m * n <= c.count,
      "no such block")
    if m == 0 || n == 0 || k == 0 { return }
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          let x = unsafe a.baseAddress! + aStart
          let y = unsafe b.baseAddress! + bStart
          let z = unsafe c.baseAddress! + cStart
          if m * n * k > plain * plain * plain {
            BLAS.prepare()
            unsafe cblas_dgemm(
              CblasColMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha, x, Int32(m), y,
              Int32(transposed ? n : k), 1, z, Int32(m))
            return
          }
          for j in 0..<n {
            for l in 0..<k {
              let factor = unsafe alpha * (transposed ? y[j + l * n] : y[l + j * k])
              if factor == 0 { continue }
              for i in 0..<m { unsafe z[i + j * m] += factor * x[i + l * m] }
            }
          }
        }
      }
    }
  }

  /// Subtracts V'V from the rows and columns `places` (ascending) of a symmetric matrix, in the lower triangle only; V is rows × places.count.
  public static func subtractGram(_ v: [Double], at start: Int, rows m: Int, places: ArraySlice<Int32>, from matrix: inout Matrix) {
    let k = places.count
    precondition(start >= 0 && start + m * k <= v.count, "no such block")
    precondition(places.allSatisfy { $0 >= 0 && Int($0) < min(matrix.rows, matrix.columns) }, "no such row")
    if k == 0 || m == 0 { return }
    let n = matrix.rows
    if m * k > plain * plain * plain {
      // One call of the library for the product, then it is put in place.
      var gram = Matrix(rows: k, columns: k)
      gram.addSymmetricProduct(of: Matrix(rows: m, columns: k, elements: Array(v[start..<(start + m * k)])), transposed: true)
      unsafe matrix.storage.withUnsafeMutableBufferPointer { s in
        for (j, column) in places.enumerated() {
          for (i, row) in places.enumerated() where i >= j { unsafe s[Int(row) + Int(column) * n] -= gram.storage[i + j * k] }
        }
      }
      return
    }
    unsafe v.withUnsafeBufferPointer { v in
      unsafe places.withUnsafeBufferPointer { places in
        unsafe matrix.storage.withUnsafeMutableBufferPointer { s in
          let x = unsafe v.baseAddress! + start
          for j in 0..<k {
            let column = unsafe Int(places[j]) * n
            let xj = unsafe x + j * m
            for i in j..<k {
              let xi = unsafe x + i * m
              var sum = 0.0
              for l in 0..<m { unsafe sum += xi[l] * xj[l] }
              unsafe s[Int(places[i]) + column] -= sum
            }
          }
        }
      }
    }
  }

  /// `y ← y − V x`, or with `transposed` `y ← y − V' x`, for the m × n block V; `x` and `y` are read and written at their own offsets.
  public static func subtractProduct(
    _ v: [Double], at start: Int, rows m: Int, columns n: Int, transposed: Bool, with x: [Double], at xStart: Int, from y: inout [Double],
    at yStart: Int
  ) {
    let (xCount, yCount) = transposed ? (m, n) : (n, m)
    precondition(start >= 0 && start + m * n <= v.count && xStart >= 0 && xStart + xCount <= x.count, "no such block")
    precondition(yStart >= 0 && yStart + yCount <= y.count, "no such block")
    for j in 0..<n {
      if transposed {
        var sum = 0.0
        for i in 0..<m { sum += v[start + i + j * m] * x[xStart + i] }
        y[yStart + j] -= sum
      } else {
        let factor = x[xStart + j]
        for i in 0..<m { y[yStart + i] -= v[start + i + j * m] * factor }
      }
    }
  }
}
