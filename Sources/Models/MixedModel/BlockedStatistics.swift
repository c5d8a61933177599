internal import Foundation
internal import LinearAlgebra

/// The data of a model in which several factors are nested in one, the blocks (unit, unit:criterion, unit:rater in units),
/// beside factors that cross it.
///
/// All effects nested in a block are eliminated together through the small dense covariance of the block's n observations,
///
///     H = W⁻¹ + Σ λ[f] Z[f] Z[f]'        M = Σ X' H⁻¹ X over blocks,
///
/// and the crossing factors and fixed columns X stay in one dense matrix. Exact for any pattern of missing scores. An evaluation costs
/// Σ n³ + n² k over blocks of n observations that touch k kept columns, and one Cholesky factorisation and inversion.
struct BlockedStatistics: Sendable {
  struct Block: Sendable {
    /// Observations, in ascending order of the kept codes.
    let rows: [Int32]
    /// The kept columns that occur, ascending; fixed columns last.
    let columns: [Int]
    /// For each row and kept factor, the position of its column in `columns`.
    let positions: [[Int]]
    /// For each nested factor, each row's level numbered within the block.
    let levels: [[Int]]
    /// For each nested factor, the global code of each local level.
    let codes: [[Int]]
  }

  let observations: Int
  let logWeights: Double
  let nested: [GroupingFactor]
  let keptFactors: [GroupingFactor]
  let kept: [Range<Int>]
  let randomColumns: Int
  let fixed: [[Double]]
  let response: [Double]
  let weights: [Double]?
  let blocks: [Block]

  var columns: Int { randomColumns + fixed.count }

  /// - Parameter nested: the blocking factor first, then the factors nested in it.
  init(nested: [GroupingFactor], kept factors: [GroupingFactor], fixed: [[Double]], response: [Double], weights: [Double]?) {
    var offset = 0
    let ranges = factors.map { factor in
      defer { offset += factor.levels }
      return offset..<(offset + factor.levels)
    }
    self.nested = nested
    keptFactors = factors
    kept = ranges
    randomColumns = offset
    self.fixed = fixed
    self.response = response
    self.weights = weights
    var members = [[Int32]](repeating: [], count: nested[0].levels)
    var logWeights = 0.0
    var count = 0
    for s in response.indices where (weights?[s] ?? 1) > 0 {
      members[Int(nested[0].codes[s])].append(Int32(s))
      logWeights += log(weights?[s] ?? 1)
      count += 1
    }
    observations = count
    self.logWeights = logWeights
    let q = offset
    blocks = members.filter { !$0.isEmpty }.map { rows in
      let sorted = rows.sorted { a, b in
        for factor in factors + nested where factor.codes[Int(a)] != factor.codes[Int(b)] {
          return factor.codes[Int(a)] < factor.codes[Int(b)]
        }
        return a < b
      }
      var all: [Int] = []
      for (factor, range) in zip(factors, ranges) { all += sorted.map { range.lowerBound + Int(factor.codes[Int($0)]) } }
      let distinct = sortedDistinct(all) + fixed.indices.map { q + $0 }
      var place: [Int: Int] = [:]
      for (i, column) in distinct.enumerated() { place[column] = i }
      let positions = sorted.map { s in zip(factors, ranges).map { place[$1.lowerBound + Int($0.codes[Int(s)])]! } }
      let codes = nested.map { factor in sortedDistinct(sorted.map { Int(factor.codes[Int($0)]) }) }
      let levels = zip(nested, codes).map { factor, codes in
        var place: [Int: Int] = [:]
        for (i, code) in codes.enumerated() { place[code] = i }
        return sorted.map { place[Int(factor.codes[Int($0)])]! }
      }
      return Block(rows: sorted, columns: distinct, positions: positions, levels: levels, codes: codes)
    }
  }

  /// H of a block in units of the residual variance, lower triangle.
  func covariance(_ block: Block, _ ratios: [Double]) -> Matrix {
    let n = block.rows.count
    var h = Matrix(rows: n, columns: n)
    for j in 0..<n {
      for i in j..<n {
        var value = 0.0
        for f in nested.indices where block.levels[f][i] == block.levels[f][j] { value += ratios[f] }
        h[i, j] = value
      }
      h[j, j] += 1 / (weights?[Int(block.rows[j])] ?? 1)
    }
    return h
  }

  /// The block's kept columns, dense n × k.
  func design(_ block: Block) -> Matrix {
    let n = block.rows.count
    let k = block.columns.count
    var x = Matrix(rows: n, columns: k)
    for i in 0..<n {
      for position in block.positions[i] { x[i, position] = 1 }
      for j in fixed.indices { x[i, k - fixed.count + j] = fixed[j][Int(block.rows[i])] }
    }
    return x
  }
}
