extension Matrix {
  /// Multiplies columns from `start`, in `count` groups of k, by the lower triangular k × k matrix Λ (stored by columns): each group of columns G
  /// becomes G Λ, or G Λ' when `transposed`.
  public mutating func multiplyColumnGroups(from start: Int, count: Int, by lambda: [Double], order k: Int, transposed: Bool = false) {
    precondition(start >= 0 && start + count * k <= columns && lambda.count == k * k, "no such columns")
    let n = rows
    unsafe storage.withUnsafeMutableBufferPointer { a in
      unsafe lambda.withUnsafeBufferPointer { lambda in
        for g in 0..<count {
          let base = (start + g * k) * n
          for step in 0..<k {
            // In this order each column still finds unchanged the others that it needs.
            let c = transposed ? k - 1 - step : step
            let others = transposed ? 0..<c : (c + 1)..<max(k, c + 1)
            let own = unsafe lambda[c + c * k]
            for i in 0..<n { unsafe a[base + c * n + i] *= own }
            for r in others {
              let share = unsafe transposed ? lambda[c + r * k] : lambda[r + c * k]
              if share == 0 { continue }
              for i in 0..<n { unsafe a[base + c * n + i] += share * a[base + r * n + i] }
            }
          }
        }
      }
    }
  }

  /// Multiplies rows from `start`, in `count` groups of k: each group of rows G becomes Λ'G, or ΛG when `transposed` is false.
  public mutating func multiplyRowGroups(from start: Int, count: Int, by lambda: [Double], order k: Int, transposed: Bool) {
    precondition(start >= 0 && start + count * k <= rows && lambda.count == k * k, "no such rows")
    let n = rows
    let m = columns
    unsafe storage.withUnsafeMutableBufferPointer { a in
      unsafe lambda.withUnsafeBufferPointer { lambda in
        for j in 0..<m {
          for g in 0..<count {
            let base = j * n + start + g * k
            if transposed {
              for c in 0..<k {
                var sum = unsafe a[base + c] * lambda[c + c * k]
                for r in (c + 1)..<max(k, c + 1) { unsafe sum += a[base + r] * lambda[r + c * k] }
                unsafe a[base + c] = sum
              }
            } else {
              for r in stride(from: k - 1, through: 0, by: -1) {
                var sum = 0.0
                for c in 0...r { unsafe sum += lambda[r + c * k] * a[base + c] }
                unsafe a[base + r] = sum
              }
            }
          }
        }
      }
    }
  }

  /// Adds `shift` to the first `count` diagonal elements.
  public mutating func addToDiagonal(_ shift: Double, count: Int) {
    precondition(count >= 0 && count <= min(rows, columns), "no such diagonal")
    for i in 0..<count { storage[i + i * rows] += shift }
  }
}

/// The scalar product of two columns of two matrices, over their first `count` rows.
public func dot(_ a: Matrix, column i: Int, _ b: Matrix, column j: Int, count: Int) -> Double {
  precondition(count <= a.rows && count <= b.rows && i >= 0 && i < a.columns && j >= 0 && j < b.columns, "no such columns")
  var sum = 0.0
  let x = i * a.rows
  let y = j * b.rows
  for k in 0..<count { sum += a.storage[x + k] * b.storage[y + k] }
  return sum
}
