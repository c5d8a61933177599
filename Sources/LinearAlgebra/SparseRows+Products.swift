/// Products with one vector, and with the eight of a block in one pass over the matrix.
extension SparseRows {
  /// The product `A x`.
  public func multiplied(by x: [Double]) -> [Double] {
    precondition(x.count == columnCount, "a vector of \(x.count) elements for \(columnCount) columns")
    return product(x)
  }

  /// The products `A x` of all vectors of a block.
  public func multiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == columnCount, "vectors of \(x.count) elements for \(columnCount) columns")
    return VectorBlock(product(x.storage))
  }

  /// The product `A' x`.
  public func transposeMultiplied(by x: [Double]) -> [Double] {
    precondition(x.count == rowCount, "a vector of \(x.count) elements for \(rowCount) rows")
    return transposeProduct(x)
  }

  /// The products `A' x` of all vectors of a block.
  public func transposeMultiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == rowCount, "vectors of \(x.count) elements for \(rowCount) rows")
    return VectorBlock(transposeProduct(x.storage))
  }

  /// `Σ c[i] a[i] (a[i]'x)`, that is `A' diag(c) A x`, in one pass: a row's entries are still in cache when they are needed again. For one
  /// vector this moves an eighth of what a `VectorBlock` does.
  public func weightedGramProduct(_ x: [Double], weights c: [Double]) -> [Double] {
    precondition(x.count == columnCount && c.count == rowCount, "shapes do not fit")
    return gramProduct(x, c)
  }

  /// `A' diag(c) A x` of all vectors of a block.
  public func weightedGramProduct(_ x: VectorBlock, weights c: [Double]) -> VectorBlock {
    precondition(x.count == columnCount && c.count == rowCount, "shapes do not fit")
    return VectorBlock(gramProduct(x.storage, c))
  }

  private func product<L: Lane>(_ x: [L]) -> [L] {
    var y = [L](repeating: .zero, count: rowCount)
    unsafe withPointers { starts, columns, values in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          for i in 0..<rowCount {
            var sum = L.zero
            let range = unsafe starts[i]..<starts[i + 1]
            if hasUnitValues {
              for k in range { unsafe sum += x[Int(columns[k])] }
            } else {
              for k in range { unsafe sum += values[k] * x[Int(columns[k])] }
            }
            unsafe y[i] = sum
          }
        }
      }
    }
    return y
  }

  private func transposeProduct<L: Lane>(_ x: [L]) -> [L] {
    var y = [L](repeating: .zero, count: columnCount)
    unsafe withPointers { starts, columns, values in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          for i in 0..<rowCount {
            let xi = unsafe x[i]
            let range = unsafe starts[i]..<starts[i + 1]
            if hasUnitValues {
              for k in range { unsafe y[Int(columns[k])] += xi }
            } else {
              for k in range { unsafe y[Int(columns[k])] += values[k] * xi }
            }
          }
        }
      }
    }
    return y
  }

  private func gramProduct<L: Lane>(_ x: [L], _ c: [Double]) -> [L] {
    var y = [L](repeating: .zero, count: columnCount)
    unsafe withPointers { starts, columns, values in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          unsafe c.withUnsafeBufferPointer { c in
            for i in 0..<rowCount {
              var sum = L.zero
              let range = unsafe starts[i]..<starts[i + 1]
              if hasUnitValues {
                for k in range { unsafe sum += x[Int(columns[k])] }
                unsafe sum = c[i] * sum
                for k in range { unsafe y[Int(columns[k])] += sum }
              } else {
                for k in range { unsafe sum += values[k] * x[Int(columns[k])] }
                unsafe sum = c[i] * sum
                for k in range { unsafe y[Int(columns[k])] += values[k] * sum }
              }
            }
          }
        }
      }
    }
    return y
  }
}

/// What one element of a product is: a number, or one number of each vector of a block. The loops above are compiled for each of the two.
private protocol Lane {
  static var zero: Self { get }
  static func += (left: inout Self, right: Self)
  static func * (factor: Double, value: Self) -> Self
}

extension Double: Lane {}
extension SIMD8: Lane where Scalar == Double {}
