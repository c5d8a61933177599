internal import Foundation

/// Variance components by Henderson's (1953) Method 1, "analogous ANOVA" in Brennan (2001, section 7.1): the analysis of variance where the
/// design is balanced.
///
/// With S_a and n_a the sum and number of observations at level a of effect α, T(α) = Σ_a S_a²/n_a. For random effects
///
///     E T(α) = N μ² + Σ_β k(α, β) σ_β²,   k(α, β) = Σ_a Σ_b n_ab²/n_a
///
/// and one equation an effect is solved for the σ². Unbiased, free of distribution, may be negative. O(N log N) for each pair of effects.
enum AnalogousAnova {
  /// - Returns: one estimate an effect, the residual last.
  /// - Throws: `effectsNotSeparable` when the equations are singular.
  static func components(_ values: [Double], _ effects: [GeneralizabilityDesign.Effect]) throws(AgreementError) -> [Double] {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let y = values.map { $0 - mean }
    var counts: [[Double]] = []
    var right: [Double] = []
    for effect in effects {
      var count = [Double](repeating: 0, count: effect.levels.levels)
      var sum = count
      for (i, code) in effect.levels.codes.enumerated() {
        count[Int(code)] += 1
        sum[Int(code)] += y[i]
      }
      counts.append(count)
      var t = 0.0
      for a in count.indices { t += sum[a] * sum[a] / count[a] }
      right.append(t)
    }
    let m = effects.count
    // From each equation goes that of the mean, T(μ) = 0: k(μ, β) = Σ_b n_b²/N.
    let meanRow = counts.map { dot($0, $0) / n }
    var k = [[Double]](repeating: [Double](repeating: 0, count: m), count: m)
    for a in 0..<m {
      for b in a..<m {
        let (forward, backward) = coefficients(effects[a].levels, counts[a], effects[b].levels, counts[b])
        k[a][b] = forward - meanRow[b]
        k[b][a] = backward - meanRow[a]
      }
    }
    guard let solution = solve(k, right) else { throw .effectsNotSeparable(effects.map(\.name)) }
    return solution
  }

  /// Σ_ab n_ab²/n_a and Σ_ab n_ab²/n_b.
  private static func coefficients(
    _ a: GroupingFactor, _ countA: [Double], _ b: GroupingFactor, _ countB: [Double]
  ) -> (forward: Double, backward: Double) {
    var order: [Int32] = (0..<Int32(a.codes.count)).map { $0 }
    order = countingSort(countingSort(order, by: b.codes, levels: b.levels), by: a.codes, levels: a.levels)
    var (forward, backward) = (0.0, 0.0)
    var i = 0
    while i < order.count {
      let (x, y) = (a.codes[Int(order[i])], b.codes[Int(order[i])])
      var j = i
      while j < order.count && a.codes[Int(order[j])] == x && b.codes[Int(order[j])] == y { j += 1 }
      let cell = Double(j - i)
      forward += cell * cell / countA[Int(x)]
      backward += cell * cell / countB[Int(y)]
      i = j
    }
    return (forward, backward)
  }

  /// Gaussian elimination with rows scaled and pivoted; nil when a pivot is nothing but rounding.
  static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    let m = right.count
    var a = matrix
    var b = right
    for i in 0..<m {
      let scale = a[i].map(abs).max() ?? 0
      if !(scale > 0) { return nil }
      for j in 0..<m { a[i][j] /= scale }
      b[i] /= scale
    }
    for column in 0..<m {
      let pivot = (column..<m).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      if abs(a[pivot][column]) < 1e-10 { return nil }
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
      for row in (column + 1)..<max(m, column + 1) {
        let factor = a[row][column] / a[column][column]
        if factor == 0 { continue }
        for j in column..<m { a[row][j] -= factor * a[column][j] }
        b[row] -= factor * b[column]
      }
    }
    for i in stride(from: m - 1, through: 0, by: -1) {
      for j in (i + 1)..<max(m, i + 1) { b[i] -= a[i][j] * b[j] }
      b[i] /= a[i][i]
    }
    return b
  }
}
