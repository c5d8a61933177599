internal import LinearAlgebra

extension TwoWayStatistics {
  /// Unbiased moment estimates of the components (Henderson's method 1, ignoring fixed effects other than a mean), averaged over responses.
  ///
  /// Equates `Σ w y² − Σ_l t[l]²/n[l]` for each factor, and for the whole, with its expectation, which is linear in the components.
  /// Only meant as starting values: what comes out not positive is replaced by a small share of the total variance.
  func momentEstimates() -> [Double] {
    let k = kept.count
    let n = totals.reduce(0, +)
    // n over pairs of levels: cross[i][j] = Σ_l Σ_m n[l,m]² / n[l], l over factor i and m over factor j.
    let levelTotals = [totals] + kept.map { range in range.map { gram[$0, $0] } }
    var equations = [[Double]](repeating: [Double](repeating: 0, count: k + 2), count: k + 2)
    for i in 0...k {
      for j in 0...k { equations[i][j] = n - (i == j ? n : crossCount(i, j, levelTotals)) }
      let used = levelTotals[i].reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
      equations[i][k + 1] = Double(observations) - Double(used)
    }
    for j in 0...k { equations[k + 1][j] = n - levelTotals[j].reduce(0) { $0 + $1 * $1 } / n }
    equations[k + 1][k + 1] = Double(observations) - 1

    var sides = [Double](repeating: 0, count: k + 2)
    var total = 0.0
    for r in 0..<responses {
      let sums = [unitSums[r]] + kept.map { Array(columnSums[r][$0]) }
      let sum = unitSums[r].reduce(0, +)
      for i in 0...k {
        var between = 0.0
        for (l, t) in sums[i].enumerated() where levelTotals[i][l] > 0 { between += t * t / levelTotals[i][l] }
        sides[i] += (squares[r] - between) / Double(responses)
      }
      let corrected = squares[r] - sum * sum / n
      sides[k + 1] += corrected / Double(responses)
      total += corrected / Double(responses) / Double(max(observations - 1, 1))
    }
    let solution = solveSmall(equations, sides) ?? [Double](repeating: total / Double(k + 2), count: k + 2)
    return solution.map { min(max($0, 0.003 * total), 2 * total) }
  }

  private func crossCount(_ i: Int, _ j: Int, _ levelTotals: [[Double]]) -> Double {
    var sum = 0.0
    if i == 0 || j == 0 {
      let range = kept[max(i, j) - 1]
      for u in 0..<eliminatedLevels {
        for e in incidence.starts[u]..<incidence.starts[u + 1] where range.contains(Int(incidence.columns[e])) {
          let count = incidence.values[e]
          sum += count * count / (i == 0 ? totals[u] : levelTotals[i][Int(incidence.columns[e]) - range.lowerBound])
        }
      }
    } else {
      for m in kept[j - 1] {
        for (l, c) in kept[i - 1].enumerated() where levelTotals[i][l] > 0 {
          sum += gram[c, m] * gram[c, m] / levelTotals[i][l]
        }
      }
    }
    return sum
  }
}

/// Gaussian elimination with partial pivoting for a handful of unknowns; nil when singular.
func solveSmall(_ matrix: [[Double]], _ side: [Double]) -> [Double]? {
  var a = matrix
  var b = side
  let n = b.count
  let scale = a.joined().map { abs($0) }.max() ?? 0
  for c in 0..<n {
    let pivot = (c..<n).max { abs(a[$0][c]) < abs(a[$1][c]) }!
    if abs(a[pivot][c]) <= 1e-12 * scale { return nil }
    a.swapAt(c, pivot)
    b.swapAt(c, pivot)
    for r in (c + 1)..<max(n, c + 1) {
      let f = a[r][c] / a[c][c]
      for j in c..<n { a[r][j] -= f * a[c][j] }
      b[r] -= f * b[c]
    }
  }
  for c in stride(from: n - 1, through: 0, by: -1) {
    for j in (c + 1)..<max(n, c + 1) { b[c] -= a[c][j] * b[j] }
    b[c] /= a[c][c]
  }
  return b
}

extension SparseStatistics {
  /// Moment estimates as for the dense case, from the eliminated and the first kept factor; the others start at a tenth of the residual.
  func momentEstimates() -> [Double] {
    let n = totals.reduce(0, +)
    let columnTotals = Array(gramDiagonal[kept[0]])
    var crossUnit = 0.0
    var crossColumn = 0.0
    for u in totals.indices {
      for e in incidence.starts[u]..<incidence.starts[u + 1] where kept[0].contains(Int(incidence.columns[e])) {
        let square = incidence.values[e] * incidence.values[e]
        crossUnit += square / totals[u]
        crossColumn += square / columnTotals[Int(incidence.columns[e]) - kept[0].lowerBound]
      }
    }
    func within(_ sums: [Double], _ counts: [Double]) -> (Double, Double) {
      var between = 0.0
      var used = 0.0
      for (t, c) in zip(sums, counts) where c > 0 {
        between += t * t / c
        used += 1
      }
      return (squares[0] - between, Double(observations) - used)
    }
    let (unitSide, unitDegrees) = within(unitSums[0], totals)
    let (columnSide, columnDegrees) = within(Array(columnSums[0][kept[0]]), columnTotals)
    let sum = unitSums[0].reduce(0, +)
    let whole = squares[0] - sum * sum / n
    let equations = [
      [0, n - crossUnit, unitDegrees],
      [n - crossColumn, 0, columnDegrees],
      [
        n - totals.reduce(0) { $0 + $1 * $1 } / n, n - columnTotals.reduce(0) { $0 + $1 * $1 } / n, Double(observations) - 1,
      ],
    ]
    let total = whole / Double(max(observations - 1, 1))
    let solved = (solveSmall(equations, [unitSide, columnSide, whole]) ?? [total / 3, total / 3, total / 3])
      .map { $0 > 0.01 * total ? min($0, 2 * total) : 0.01 * total }
    return [solved[0], solved[1]] + kept.dropFirst().map { _ in 0.1 * solved[2] } + [solved[2]]
  }
}
