internal import COpenBLAS

extension Observations {
  /// `Σ wᵢ xᵢxᵢ'`, both triangles; weights may be negative. Cost n p²/2, or n p² with a negative weight.
  public func weightedGram(_ weights: [Double]) -> Matrix {
    precondition(weights.count == count, "one weight an observation")
    let p = dimension
    var gram = Matrix(rows: p, columns: p)
    // A root needs one sign: positive and negative weights are summed apart.
    for sign in [1.0, -1.0] {
      let rows = (0..<count).filter { sign * weights[$0] > 0 }
      for start in stride(from: 0, to: rows.count, by: 256) {
        let block = rows[start..<min(rows.count, start + 256)]
        var scaled = Matrix(rows: p, columns: block.count)
        var place = 0
        for i in block {
          let root = abs(weights[i]).squareRoot()
          for j in 0..<p { scaled.storage[place + j] = root * storage[i * p + j] }
          place += p
        }
        gram.addSymmetricProduct(of: scaled, scaledBy: sign)
      }
    }
    gram.mirrorLowerTriangle()
    return gram
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
