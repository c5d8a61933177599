internal import LinearAlgebra

/// Products with the block-diagonal Λ, in place.
extension TermStatistics {
  /// The block's square G ← G Λ. Column c of a group needs columns c, c + 1, …, which are not yet overwritten.
  func scaleColumns(_ values: inout [Double], _ block: Block, _ lambdas: [[Double]], at start: Int? = nil) {
    let m = block.order
    let start = start ?? block.square
    for group in groups[block.groups] {
      let lambda = lambdas[group.term]
      let k = terms[group.term].order
      for c in 0..<k {
        let target = start + (group.position + c) * m
        for i in 0..<m {
          var sum = values[target + i] * lambda[c + c * k]
          for r in (c + 1)..<max(k, c + 1) { sum += values[start + (group.position + r) * m + i] * lambda[r + c * k] }
          values[target + i] = sum
        }
      }
    }
  }

  /// `X ← Λ'X` for the block's rows, `columns` columns from `start`.
  func scaleRows(_ values: inout [Double], at start: Int, columns: Int, _ block: Block, _ lambdas: [[Double]]) {
    let m = block.order
    for j in 0..<columns {
      for group in groups[block.groups] {
        let lambda = lambdas[group.term]
        let k = terms[group.term].order
        let base = start + j * m + group.position
        for c in 0..<k {
          var sum = values[base + c] * lambda[c + c * k]
          for r in (c + 1)..<max(k, c + 1) { sum += values[base + r] * lambda[r + c * k] }
          values[base + c] = sum
        }
      }
    }
  }

  /// `X ← Λ'X` or `ΛX` for the kept effects' rows.
  func scaleKept(_ x: inout Matrix, _ lambdas: [[Double]], transposed: Bool) {
    for t in layout.kept {
      x.multiplyRowGroups(from: starts[t], count: terms[t].factor.levels, by: lambdas[t], order: terms[t].order, transposed: transposed)
    }
  }

  /// Λu, level by level.
  func spread(_ u: [Double], _ lambda: [Double], _ k: Int) -> [Double] {
    var result = [Double](repeating: 0, count: u.count)
    for base in stride(from: 0, to: u.count, by: k) {
      for c in 0..<k { for r in c..<k { result[base + r] += lambda[r + c * k] * u[base + c] } }
    }
    return result
  }

  /// Σ over levels of a[level] b[level]', k × k by columns.
  func outerSums(_ a: [Double], _ b: [Double], _ k: Int) -> [Double] {
    var result = [Double](repeating: 0, count: k * k)
    for base in stride(from: 0, to: a.count, by: k) {
      for c in 0..<k { for r in 0..<k { result[r + c * k] += a[base + r] * b[base + c] } }
    }
    return result
  }
}
