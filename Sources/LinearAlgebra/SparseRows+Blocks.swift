extension SparseRows {
  /// The products `A x` of all vectors of a block.
  public func multiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == columnCount, "vectors of \(x.count) elements for \(columnCount) columns")
    return switch x.lanes {
    case 2: multiplied(by: x, SIMD2<Double>.self)
    case 4: multiplied(by: x, SIMD4<Double>.self)
    default: multiplied(by: x, SIMD8<Double>.self)
    }
  }

  private func multiplied<V: SIMD>(by x: VectorBlock, _ type: V.Type) -> VectorBlock where V.Scalar == Double {
    var y = VectorBlock(count: rowCount, vectors: x.lanes)
    unsafe withPointers { starts, columns, values, isUnit in
      unsafe x.withElements(as: type) { x in
        unsafe y.withMutableElements(as: type) { y in
          for i in 0..<rowCount {
            var sum = V.zero
            let range = unsafe starts[i]..<starts[i + 1]
            if unsafe isUnit[i] {
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

  /// The products `A' x` of all vectors of a block.
  public func transposeMultiplied(by x: VectorBlock) -> VectorBlock {
    precondition(x.count == rowCount, "vectors of \(x.count) elements for \(rowCount) rows")
    return switch x.lanes {
    case 2: transposeMultiplied(by: x, SIMD2<Double>.self)
    case 4: transposeMultiplied(by: x, SIMD4<Double>.self)
    default: transposeMultiplied(by: x, SIMD8<Double>.self)
    }
  }

  private func transposeMultiplied<V: SIMD>(by x: VectorBlock, _ type: V.Type) -> VectorBlock where V.Scalar == Double {
    var y = VectorBlock(count: columnCount, vectors: x.lanes)
    unsafe withPointers { starts, columns, values, isUnit in
      unsafe x.withElements(as: type) { x in
        unsafe y.withMutableElements(as: type) { y in
          for i in 0..<rowCount {
            let xi = unsafe x[i]
            let range = unsafe starts[i]..<starts[i + 1]
            if unsafe isUnit[i] {
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

  /// `Σ c[i] a[i] (a[i]'x)`, that is `A' diag(c) A x`, in one pass: a row's entries are still in cache when they are needed again.
  public func weightedGramProduct(_ x: VectorBlock, weights c: [Double]) -> VectorBlock {
    precondition(x.count == columnCount && c.count == rowCount, "shapes do not fit")
    return switch x.lanes {
    case 2: weightedGramProduct(x, c, SIMD2<Double>.self)
    case 4: weightedGramProduct(x, c, SIMD4<Double>.self)
    default: weightedGramProduct(x, c, SIMD8<Double>.self)
    }
  }

  private func weightedGramProduct<V: SIMD>(_ x: VectorBlock, _ c: [Double], _ type: V.Type) -> VectorBlock where V.Scalar == Double {
    var y = VectorBlock(count: columnCount, vectors: x.lanes)
    unsafe withPointers { starts, columns, values, isUnit in
      unsafe x.withElements(as: type) { x in
        unsafe y.withMutableElements(as: type) { y in
          unsafe c.withUnsafeBufferPointer { c in
            for i in 0..<rowCount {
              var sum = V.zero
              let range = unsafe starts[i]..<starts[i + 1]
              if unsafe isUnit[i] {
                for k in range { unsafe sum += x[Int(columns[k])] }
                unsafe sum *= c[i]
                for k in range { unsafe y[Int(columns[k])] += sum }
              } else {
                for k in range { unsafe sum += values[k] * x[Int(columns[k])] }
                unsafe sum *= c[i]
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
