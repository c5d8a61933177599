extension SparseRows {
  /// The product `A x`.
  public func multiplied(by x: [Double]) -> [Double] {
    precondition(x.count == columnCount, "a vector of \(x.count) elements for \(columnCount) columns")
    return result(.rows, of: x, count: rowCount)
  }

  /// The products `A x` of all vectors of a block.
  public func multiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == columnCount, "vectors of \(x.count) elements for \(columnCount) columns")
    return result(.rows, of: x, count: rowCount)
  }

  /// The product `A' x`.
  public func transposeMultiplied(by x: [Double]) -> [Double] {
    precondition(x.count == rowCount, "a vector of \(x.count) elements for \(rowCount) rows")
    return result(.columns, of: x, count: columnCount)
  }

  /// The products `A' x` of all vectors of a block.
  public func transposeMultiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == rowCount, "vectors of \(x.count) elements for \(rowCount) rows")
    return result(.columns, of: x, count: columnCount)
  }

  /// `Σ c[i] a[i] (a[i]'x)`, that is `A' diag(c) A x`, in one pass: a row's entries are still in cache when they are needed again. For one
  /// vector this moves an eighth of what a full `VectorBlock` does.
  public func weightedGramProduct(_ x: [Double], weights c: [Double]) -> [Double] {
    precondition(x.count == columnCount && c.count == rowCount, "shapes do not fit")
    return result(.gram(weights: c), of: x, count: columnCount)
  }

  /// The same for all vectors of a block.
  public func weightedGramProduct(_ x: VectorBlock, weights c: [Double]) -> VectorBlock {
    precondition(x.count == columnCount && c.count == rowCount, "shapes do not fit")
    return result(.gram(weights: c), of: x, count: columnCount)
  }

  private enum Product {
    case rows, columns
    case gram(weights: [Double])
  }

  private func result(_ product: Product, of x: [Double], count: Int) -> [Double] {
    var y = [Double](repeating: 0, count: count)
    unsafe x.withUnsafeBufferPointer { x in unsafe y.withUnsafeMutableBufferPointer { y in unsafe add(product, of: x, to: y) } }
    return y
  }

  private func result(_ product: Product, of x: VectorBlock, count: Int) -> VectorBlock {
    switch x.lanes {
    case 2: result(product, of: x, count, SIMD2<Double>.self)
    case 4: result(product, of: x, count, SIMD4<Double>.self)
    default: result(product, of: x, count, SIMD8<Double>.self)
    }
  }

  private func result<V: SIMD & Lanes>(_ product: Product, of x: VectorBlock, _ count: Int, _ type: V.Type) -> VectorBlock
  where V.Scalar == Double {
    var y = VectorBlock(count: count, vectors: x.lanes)
    unsafe x.withElements(as: type) { x in unsafe y.withMutableElements(as: type) { y in unsafe add(product, of: x, to: y) } }
    return y
  }

  /// - Parameter y: zeros.
  private func add<L: Lanes>(_ product: Product, of x: UnsafeBufferPointer<L>, to y: UnsafeMutableBufferPointer<L>) {
    unsafe withPointers { starts, columns, values, isUnit in
      func total(_ i: Int, _ range: Range<Int>) -> L {
        var sum = L.zero
        if unsafe isUnit[i] {
          for k in range { unsafe sum += x[Int(columns[k])] }
        } else {
          for k in range { unsafe sum += values[k] * x[Int(columns[k])] }
        }
        return sum
      }
      func spread(_ value: L, _ i: Int, _ range: Range<Int>) {
        if unsafe isUnit[i] {
          for k in range { unsafe y[Int(columns[k])] += value }
        } else {
          for k in range { unsafe y[Int(columns[k])] += values[k] * value }
        }
      }
      switch product {
      case .rows: for i in 0..<rowCount { unsafe y[i] = total(i, starts[i]..<starts[i + 1]) }
      case .columns: for i in 0..<rowCount { unsafe spread(x[i], i, starts[i]..<starts[i + 1]) }
      case .gram(let c):
        unsafe c.withUnsafeBufferPointer { c in
          for i in 0..<rowCount {
            let range = unsafe starts[i]..<starts[i + 1]
            unsafe spread(c[i] * total(i, range), i, range)
          }
        }
      }
    }
  }
}

/// One element of a vector, or of 2, 4 or 8 vectors side by side: what the loops above are written for once.
private protocol Lanes {
  static var zero: Self { get }
  static func += (left: inout Self, right: Self)
  static func * (factor: Double, value: Self) -> Self
}

extension Double: Lanes {}
extension SIMD2: Lanes where Scalar == Double {}
extension SIMD4: Lanes where Scalar == Double {}
extension SIMD8: Lanes where Scalar == Double {}

extension [[Double]] {
  /// Vectors of one length, eight at a time through something that is done to blocks.
  public func inBlocks(_ body: (_ columns: [[Double]]) -> VectorBlock) -> [[Double]] {
    var result: [[Double]] = []
    for start in stride(from: 0, to: count, by: VectorBlock.width) {
      let columns = Array(self[start..<Swift.min(start + VectorBlock.width, count)])
      let block = body(columns)
      for k in columns.indices { result.append(block.column(k)) }
    }
    return result
  }
}

extension SparseRows {
  /// The products `A x` of any number of vectors, eight a pass.
  public func multiplied(by vectors: [[Double]]) -> [[Double]] {
    if vectors.count == 1 { return [multiplied(by: vectors[0])] }
    return vectors.inBlocks { multiplied(by: VectorBlock(count: columnCount, columns: $0)) }
  }

  /// The products `A' x` of any number of vectors, eight a pass.
  public func transposeMultiplied(by vectors: [[Double]]) -> [[Double]] {
    if vectors.count == 1 { return [transposeMultiplied(by: vectors[0])] }
    return vectors.inBlocks { transposeMultiplied(by: VectorBlock(count: rowCount, columns: $0)) }
  }
}
