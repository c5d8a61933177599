internal import COpenBLAS
internal import Dispatch

/// n observations of p variables, each observation in one piece of memory.
///
/// A `Matrix` has its columns in one piece, which is wrong for estimates that take moments of ever new subsets of the same observations and the
/// distances of all of them from a centre. Here a subset is gathered in blocks that stay in cache, and the arithmetic is done by `dsyrk` and
/// `dtrsm` on the blocks. Blocks have a fixed size and sums a fixed order, so results do not depend on the number of threads.
public struct Observations: Sendable, Equatable {
  public let count: Int
  public let dimension: Int
  /// Observation i occupies the places `i * dimension ..< (i + 1) * dimension`.
  @usableFromInline internal var storage: [Double]

  /// Observations per call of BLAS.
  private static let block = 256
  /// Observations per piece of parallel work.
  private static let chunk = 8192

  /// - Parameter elements: `count * dimension` values, observation after observation.
  public init(count: Int, dimension: Int, elements: [Double]) {
    precondition(count >= 0 && dimension >= 0 && elements.count == count * dimension, "the elements do not make \(count) observations")
    self.count = count
    self.dimension = dimension
    storage = elements
  }

  /// - Parameter matrix: observations in rows, variables in columns.
  public init(_ matrix: Matrix) {
    self.init(count: matrix.rows, dimension: matrix.columns, elements: matrix.transposed.elements)
  }

  /// One value. Programming error: out of range.
  @inlinable public subscript(observation: Int, variable: Int) -> Double {
    get {
      precondition(observation >= 0 && observation < count && variable >= 0 && variable < dimension, "no such observation or variable")
      return storage[observation * dimension + variable]
    }
    set {
      precondition(observation >= 0 && observation < count && variable >= 0 && variable < dimension, "no such observation or variable")
      storage[observation * dimension + variable] = newValue
    }
  }

  /// The values, observation after observation.
  @inlinable public var elements: [Double] { storage }

  /// A copy of variable j, an observation each.
  public func variable(_ j: Int) -> [Double] { (0..<count).map { self[$0, j] } }

  /// A copy of observation i, a variable each.
  public func observation(_ i: Int) -> [Double] { Array(storage[(i * dimension)..<((i + 1) * dimension)]) }

  /// Observations in rows, variables in columns.
  public var matrix: Matrix { Matrix(rows: dimension, columns: count, elements: storage).transposed }

  /// The given observations in the given order.
  public func selecting(_ rows: [Int]) -> Observations {
    var elements = [Double](repeating: 0, count: rows.count * dimension)
    for (place, i) in rows.enumerated() {
      for j in 0..<dimension { elements[place * dimension + j] = storage[i * dimension + j] }
    }
    return Observations(count: rows.count, dimension: dimension, elements: elements)
  }

  /// `(xᵢ − center) / scale`, variable by variable.
  public func standardized(center: [Double], scale: [Double]) -> Observations {
    precondition(center.count == dimension && scale.count == dimension, "one centre and one scale a variable")
    var result = self
    for i in 0..<count {
      for j in 0..<dimension { result.storage[i * dimension + j] = (storage[i * dimension + j] - center[j]) / scale[j] }
    }
    return result
  }

  /// `B'(xᵢ − center)` for every observation; B has a row per variable and a column per new variable.
  public func projected(on directions: Matrix, center: [Double]? = nil) -> Observations {
    precondition(directions.rows == dimension, "directions of \(directions.rows) elements for \(dimension) variables")
    let shifted = center.map { standardized(center: $0, scale: [Double](repeating: 1, count: dimension)) } ?? self
    let product = directions.multiplied(by: Matrix(rows: dimension, columns: count, elements: shifted.storage), transposed: true)
    return Observations(count: count, dimension: directions.columns, elements: product.elements)
  }

  /// The mean m and the scatter Σ (xᵢ − m)(xᵢ − m)' of the given observations (of all by default), both triangles. Cost h p².
  ///
  /// Sums are taken about `shift`, so they are accurate when it lies within the data: any observation, or the centre of a step before.
  public func moments(of rows: [Int32]? = nil, about shift: [Double]? = nil) -> (mean: [Double], scatter: Matrix) {
    BLAS.prepare()
    let h = rows?.count ?? count
    precondition(h > 0, "no observation has no mean")
    let p = dimension
    let origin = shift ?? observation(rows.map { Int($0[0]) } ?? 0)
    precondition(origin.count == p, "a centre of \(origin.count) elements for \(p) variables")
    let chunks = (h + Observations.chunk - 1) / Observations.chunk
    var sums = [Double](repeating: 0, count: chunks * p)
    var products = [Double](repeating: 0, count: chunks * p * p)
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe products.withUnsafeMutableBufferPointer { products in
        nonisolated(unsafe) let sums = unsafe sums
        nonisolated(unsafe) let products = unsafe products
        let work: @Sendable (Int) -> Void = { c in
          unsafe accumulate(
            c * Observations.chunk..<min(h, (c + 1) * Observations.chunk), rows, origin, sums.baseAddress! + c * p,
            products.baseAddress! + c * p * p)
        }
        if chunks == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: chunks, execute: work) }
      }
    }
    var mean = [Double](repeating: 0, count: p)
    var scatter = Matrix(rows: p, columns: p)
    for c in 0..<chunks {
      for j in 0..<p { mean[j] += sums[c * p + j] }
      for k in 0..<(p * p) { scatter.storage[k] += products[c * p * p + k] }
    }
    for j in 0..<p { mean[j] /= Double(h) }
    for j in 0..<p { for i in j..<p { scatter.storage[i + j * p] -= Double(h) * mean[i] * mean[j] } }
    for j in 0..<p { mean[j] += origin[j] }
    scatter.mirrorLowerTriangle()
    return (mean, scatter)
  }

  /// Adds the sums of `rows[range]` about the origin to `sum` and their products to the lower triangle of `product`.
  private func accumulate(
    _ range: Range<Int>, _ rows: [Int32]?, _ origin: [Double], _ sum: UnsafeMutablePointer<Double>, _ product: UnsafeMutablePointer<Double>
  ) {
    let p = dimension
    var buffer = [Double](repeating: 0, count: min(Observations.block, range.count) * p)
    unsafe storage.withUnsafeBufferPointer { x in
      unsafe origin.withUnsafeBufferPointer { origin in
        unsafe buffer.withUnsafeMutableBufferPointer { buffer in
          for start in stride(from: range.lowerBound, to: range.upperBound, by: Observations.block) {
            let width = min(Observations.block, range.upperBound - start)
            for k in 0..<width {
              let i = if let rows { Int(rows[start + k]) } else { start + k }
              precondition(i >= 0 && i < count, "no such observation")
              for j in 0..<p { unsafe buffer[k * p + j] = unsafe x[i * p + j] - origin[j] }
              for j in 0..<p { unsafe sum[j] += unsafe buffer[k * p + j] }
            }
            unsafe cblas_dsyrk(
              CblasColMajor, CblasLower, CblasNoTrans, Int32(p), Int32(width), 1, buffer.baseAddress, Int32(p), 1, product, Int32(p))
          }
        }
      }
    }
  }

  /// `(xᵢ − center)' A⁻¹ (xᵢ − center)` for every observation, A given by its factor. Cost n p².
  public func squaredDistances(from center: [Double], _ factor: borrowing Cholesky) -> [Double] {
    precondition(center.count == dimension && factor.order == dimension, "the estimate does not fit \(dimension) variables")
    let p = dimension
    var result = [Double](repeating: 0, count: count)
    if p == 0 { return result }
    let blocks = (count + Observations.block - 1) / Observations.block
    // The inverse of the factor once: products with a triangle run at twice the speed of solutions with it.
    let inverse = factor.solveLower(Matrix.identity(p))
    unsafe result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = unsafe result
      let perPiece = Observations.chunk / Observations.block
      let pieces = (blocks + perPiece - 1) / perPiece
      let work: @Sendable (Int) -> Void = { piece in
        var buffer = [Double](repeating: 0, count: min(Observations.block, count) * p)
        for b in piece * perPiece..<min(blocks, (piece + 1) * perPiece) {
          let start = b * Observations.block
          unsafe distances(
            start..<min(count, start + Observations.block), center, inverse, &buffer, result.baseAddress! + start)
        }
      }
      if pieces == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: pieces, execute: work) }
    }
    return result
  }

  private func distances(
    _ range: Range<Int>, _ center: [Double], _ inverse: Matrix, _ buffer: inout [Double], _ result: UnsafeMutablePointer<Double>
  ) {
    let p = dimension
    unsafe storage.withUnsafeBufferPointer { x in
      unsafe center.withUnsafeBufferPointer { center in
        unsafe buffer.withUnsafeMutableBufferPointer { buffer in
          var place = 0
          for i in range {
            for j in 0..<p { unsafe buffer[place + j] = unsafe x[i * p + j] - center[j] }
            place += p
          }
          unsafe inverse.storage.withUnsafeBufferPointer { w in
            unsafe cblas_dtrmm(
              CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(p), Int32(range.count), 1, w.baseAddress, Int32(p),
              buffer.baseAddress, Int32(p))
          }
          for k in 0..<range.count {
            unsafe result[k] = unsafe sumOfSquares(buffer.baseAddress! + k * p, p)
          }
        }
      }
    }
  }
}

/// In four interleaved sums, which the processor can add at once.
private func sumOfSquares(_ x: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = SIMD4<Double>.zero
  var i = 0
  while i + 4 <= count {
    let v = unsafe SIMD4(x[i], x[i + 1], x[i + 2], x[i + 3])
    sums += v * v
    i += 4
  }
  var rest = 0.0
  while i < count {
    unsafe rest += x[i] * x[i]
    i += 1
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
