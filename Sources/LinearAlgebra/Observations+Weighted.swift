internal import COpenBLAS

extension Observations {
  /// `Σ wᵢ xᵢxᵢ'`, both triangles; weights may be negative. Cost n p²/2, or n p² with a negative weight.
  public func weightedGram(_ weights: [Double]) -> Matrix {
    precondition(weights.count == count, "one weight an observation")
    var gram = Matrix(rows: dimension, columns: dimension)
    // A root needs one sign: positive and negative weights are summed apart.
    addGram(weights, sign: 1, to: &gram)
    if weights.contains(where: { $0 < 0 }) { addGram(weights, sign: -1, to: &gram) }
    gram.mirrorLowerTriangle()
    return gram
  }

  /// Adds what the observations with weights of one sign contribute to the lower triangle, in blocks that stay in cache.
  private func addGram(_ weights: [Double], sign: Double, to gram: inout Matrix) {
    BLAS.prepare()
    let p = dimension
    if p == 0 { return }
    var buffer = [Double](repeating: 0, count: 256 * p)
    unsafe storage.withUnsafeBufferPointer { x in
      unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        unsafe gram.storage.withUnsafeMutableBufferPointer { gram in
          var width = 0
          for i in 0..<count {
            let weight = sign * weights[i]
            if weight > 0 {
              let root = weight.squareRoot()
              for j in 0..<p { unsafe buffer[width * p + j] = unsafe root * x[i * p + j] }
              width += 1
            }
            if width == 256 || (i == count - 1 && width > 0) {
              unsafe cblas_dsyrk(
                CblasColMajor, CblasLower, CblasNoTrans, Int32(p), Int32(width), sign, buffer.baseAddress, Int32(p), 1, gram.baseAddress,
                Int32(p))
              width = 0
            }
          }
        }
      }
    }
  }

  /// `Σ vᵢ xᵢ`.
  public func weightedSum(_ v: [Double]) -> [Double] {
    precondition(v.count == count, "one factor an observation")
    return product(v, transposed: false, length: dimension)
  }

  /// `xᵢ'b` for every observation.
  public func linearForms(_ b: [Double]) -> [Double] {
    precondition(b.count == dimension, "one coefficient a variable")
    return product(b, transposed: true, length: count)
  }

  private func product(_ v: [Double], transposed: Bool, length: Int) -> [Double] {
    BLAS.prepare()
    var result = [Double](repeating: 0, count: length)
    if count == 0 || dimension == 0 { return result }
    unsafe storage.withUnsafeBufferPointer { x in
      unsafe v.withUnsafeBufferPointer { v in
        unsafe result.withUnsafeMutableBufferPointer { result in
          unsafe cblas_dgemv(
            CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(dimension), Int32(count), 1, x.baseAddress, Int32(dimension),
            v.baseAddress, 1, 0, result.baseAddress, 1)
        }
      }
    }
    return result
  }
}
