/// Up to eight vectors of one length, interleaved, so that one pass over a sparse matrix serves them all.
///
/// Room is made for 2, 4 or 8 of them: what a pass over a large matrix costs is mostly the memory that it moves. Each vector's arithmetic is its own
/// lane's: it does not depend on what the other lanes hold.
public struct VectorBlock: Sendable {
  public static let width = 8

  public let count: Int
  /// How many vectors there is room for.
  public let lanes: Int
  /// Element i of vector k is number `i · lanes + k` of the scalars, which lie here so that eight of them share a cache line.
  private var storage: [SIMD8<Double>]

  /// Zeros, with room for so many vectors.
  public init(count: Int, vectors: Int = VectorBlock.width) {
    precondition(vectors >= 0 && vectors <= VectorBlock.width, "a block has room for eight vectors")
    self.count = count
    lanes = vectors <= 2 ? 2 : vectors <= 4 ? 4 : 8
    storage = [SIMD8<Double>](repeating: .zero, count: (count * lanes + 7) / 8)
  }

  /// - Parameter columns: at most eight vectors of `count` elements.
  public init(count: Int, columns: [[Double]]) {
    precondition(columns.count <= VectorBlock.width && columns.allSatisfy { $0.count == count }, "the vectors do not fit the block")
    self.init(count: count, vectors: columns.count)
    let lanes = lanes
    unsafe storage.withUnsafeMutableBytes { bytes in
      let scalars = unsafe bytes.assumingMemoryBound(to: Double.self)
      for (k, column) in columns.enumerated() {
        for i in 0..<count { unsafe scalars[i * lanes + k] = column[i] }
      }
    }
  }

  /// Vector k; zeros where there is none.
  public func column(_ k: Int) -> [Double] {
    precondition(k >= 0 && k < VectorBlock.width, "no such vector")
    var result = [Double](repeating: 0, count: count)
    if k >= lanes { return result }
    unsafe storage.withUnsafeBytes { bytes in
      let scalars = unsafe bytes.assumingMemoryBound(to: Double.self)
      for i in 0..<count { result[i] = unsafe scalars[i * lanes + k] }
    }
    return result
  }

  /// The vectors' elements as SIMD values of as many lanes as the block has.
  func withElements<V: SIMD, R>(as type: V.Type, _ body: (UnsafeBufferPointer<V>) -> R) -> R where V.Scalar == Double {
    unsafe storage.withUnsafeBytes { bytes in
      unsafe body(UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: V.self).baseAddress, count: count))
    }
  }

  mutating func withMutableElements<V: SIMD, R>(as type: V.Type, _ body: (UnsafeMutableBufferPointer<V>) -> R) -> R
  where V.Scalar == Double {
    let count = count
    return unsafe storage.withUnsafeMutableBytes { bytes in
      unsafe body(UnsafeMutableBufferPointer(start: bytes.assumingMemoryBound(to: V.self).baseAddress, count: count))
    }
  }

  /// The scalar product of each vector with its counterpart.
  public func dots(_ other: VectorBlock) -> SIMD8<Double> {
    precondition(count == other.count && lanes == other.lanes, "blocks of different shape")
    return switch lanes {
    case 2: dots(other, SIMD2<Double>.self)
    case 4: dots(other, SIMD4<Double>.self)
    default: dots(other, SIMD8<Double>.self)
    }
  }

  private func dots<V: SIMD>(_ other: VectorBlock, _ type: V.Type) -> SIMD8<Double> where V.Scalar == Double {
    var sum = V.zero
    unsafe withElements(as: type) { x in
      unsafe other.withElements(as: type) { y in
        for i in 0..<count { unsafe sum += x[i] * y[i] }
      }
    }
    var result = SIMD8<Double>.zero
    for k in 0..<V.scalarCount { result[k] = sum[k] }
    return result
  }

  /// Multiplies element i of every vector by d[i].
  public mutating func scaleElements(by d: [Double]) {
    precondition(d.count == count, "a scale needs one value an element")
    switch lanes {
    case 2: scaleElements(by: d, SIMD2<Double>.self)
    case 4: scaleElements(by: d, SIMD4<Double>.self)
    default: scaleElements(by: d, SIMD8<Double>.self)
    }
  }

  private mutating func scaleElements<V: SIMD>(by d: [Double], _ type: V.Type) where V.Scalar == Double {
    unsafe withMutableElements(as: type) { x in
      for i in x.indices { unsafe x[i] *= d[i] }
    }
  }

  /// Replaces vector k by `scales[k]` times itself and `factors[k] · other[k]`.
  public mutating func combine(
    scaledBy scales: SIMD8<Double> = SIMD8(repeating: 1), adding other: VectorBlock, times factors: SIMD8<Double>
  ) {
    precondition(count == other.count && lanes == other.lanes, "blocks of different shape")
    switch lanes {
    case 2: combine(scales, other, factors, SIMD2<Double>.self)
    case 4: combine(scales, other, factors, SIMD4<Double>.self)
    default: combine(scales, other, factors, SIMD8<Double>.self)
    }
  }

  private mutating func combine<V: SIMD>(_ scales: SIMD8<Double>, _ other: VectorBlock, _ factors: SIMD8<Double>, _ type: V.Type)
  where V.Scalar == Double {
    var (s, f) = (V.zero, V.zero)
    for k in 0..<V.scalarCount {
      s[k] = scales[k]
      f[k] = factors[k]
    }
    unsafe withMutableElements(as: type) { x in
      unsafe other.withElements(as: type) { y in
        for i in x.indices { unsafe x[i] = s * x[i] + f * y[i] }
      }
    }
  }

  /// Adds to the elements `range` of every vector its own sum over them, times `amount`: the product with the matrix of ones.
  mutating func addSum(of other: VectorBlock, over range: Range<Int>, times amount: Double) {
    precondition(count == other.count && lanes == other.lanes, "blocks of different shape")
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "no such elements")
    switch lanes {
    case 2: addSum(of: other, range, amount, SIMD2<Double>.self)
    case 4: addSum(of: other, range, amount, SIMD4<Double>.self)
    default: addSum(of: other, range, amount, SIMD8<Double>.self)
    }
  }

  private mutating func addSum<V: SIMD>(of other: VectorBlock, _ range: Range<Int>, _ amount: Double, _ type: V.Type)
  where V.Scalar == Double {
    var sum = V.zero
    unsafe other.withElements(as: type) { y in
      for i in range { unsafe sum += y[i] }
    }
    sum *= amount
    unsafe withMutableElements(as: type) { x in
      for i in range { unsafe x[i] += sum }
    }
  }
}
