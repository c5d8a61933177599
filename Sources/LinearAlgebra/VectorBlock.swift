/// Up to eight vectors of one length, interleaved, so that one pass over a sparse matrix serves them all.
///
/// Each vector's arithmetic is its own lane's: it does not depend on what the other lanes hold.
public struct VectorBlock: Sendable {
  public static let width = 8

  public let count: Int
  var storage: [SIMD8<Double>]

  /// Zeros.
  public init(count: Int) {
    self.count = count
    storage = [SIMD8<Double>](repeating: .zero, count: count)
  }

  init(_ storage: [SIMD8<Double>]) {
    count = storage.count
    self.storage = storage
  }

  /// - Parameter columns: at most eight vectors of `count` elements; missing ones are zero.
  public init(count: Int, columns: [[Double]]) {
    precondition(columns.count <= VectorBlock.width && columns.allSatisfy { $0.count == count }, "the vectors do not fit the block")
    self.init(count: count)
    unsafe storage.withUnsafeMutableBytes { bytes in
      let lanes = unsafe bytes.assumingMemoryBound(to: Double.self)
      for (k, column) in columns.enumerated() {
        for i in 0..<count { unsafe lanes[i * VectorBlock.width + k] = column[i] }
      }
    }
  }

  /// A copy of vector k, from 0 to 7.
  public func column(_ k: Int) -> [Double] {
    precondition(k >= 0 && k < VectorBlock.width, "no such vector")
    var result = [Double](repeating: 0, count: count)
    unsafe storage.withUnsafeBytes { bytes in
      let lanes = unsafe bytes.assumingMemoryBound(to: Double.self)
      for i in 0..<count { result[i] = unsafe lanes[i * VectorBlock.width + k] }
    }
    return result
  }

  /// The scalar product of each vector with its counterpart.
  public func dots(_ other: VectorBlock) -> SIMD8<Double> {
    precondition(count == other.count, "blocks of different length")
    var sum = SIMD8<Double>.zero
    unsafe storage.withUnsafeBufferPointer { x in
      unsafe other.storage.withUnsafeBufferPointer { y in
        for i in 0..<count { unsafe sum += x[i] * y[i] }
      }
    }
    return sum
  }

  /// Multiplies element i of every vector by d[i].
  public mutating func scaleElements(by d: [Double]) {
    precondition(d.count == count, "a scale needs one value an element")
    unsafe storage.withUnsafeMutableBufferPointer { x in
      for i in 0..<count { unsafe x[i] *= d[i] }
    }
  }

  /// Adds `factors[k] · other[k]` to vector k.
  public mutating func add(_ other: VectorBlock, scaledBy factors: SIMD8<Double>) {
    precondition(count == other.count, "blocks of different length")
    unsafe storage.withUnsafeMutableBufferPointer { x in
      unsafe other.storage.withUnsafeBufferPointer { y in
        for i in 0..<count { unsafe x[i] += factors * y[i] }
      }
    }
  }

  /// Adds `d[i] · other[i]` to element i of every vector.
  public mutating func add(_ other: VectorBlock, elementsScaledBy d: [Double]) {
    precondition(count == other.count && d.count == count, "blocks of different length")
    unsafe storage.withUnsafeMutableBufferPointer { x in
      unsafe other.storage.withUnsafeBufferPointer { y in
        for i in 0..<count { unsafe x[i] += d[i] * y[i] }
      }
    }
  }

  /// Multiplies vector k by `factors[k]`.
  public mutating func scale(by factors: SIMD8<Double>) {
    unsafe storage.withUnsafeMutableBufferPointer { x in
      for i in 0..<count { unsafe x[i] *= factors }
    }
  }
}
