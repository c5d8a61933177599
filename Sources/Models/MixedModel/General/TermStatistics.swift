internal import Foundation
internal import LinearAlgebra

/// The sums of products of a model with vector-valued random terms, `y = Xβ + Σ_t Z_t b_t + e`, in the form its criterion needs:
///
///     G[b] = Z_b'W Z_b     C[b] = Z_b'W [Z_k X]     K = [Z_k X]'W [Z_k X]     and the same with y
///
/// for the eliminated effects of each block b and the kept effects k. Memory: the blocks' squares, their touched kept columns, and (q + p)² for q
/// kept effects and p fixed columns.
struct TermStatistics: Sendable {
  /// A run of k consecutive effects in a block: one level of one term.
  struct Group: Sendable {
    let term: Int
    let level: Int
    /// Position in the block.
    let position: Int
  }

  struct Block: Sendable {
    let order: Int
    /// Where its square, its touched columns and its vectors begin in the flat arrays.
    let square: Int
    let cross: Int
    let vector: Int
    /// The range of `places`: touched kept columns, ascending, then the fixed columns.
    let places: Range<Int>
    let groups: Range<Int>
    var columns: Int { places.count }
  }

  let terms: [RandomTerm]
  let layout: TermLayout
  let fixed: [[Double]]
  let weights: [Double]?
  let observations: Int
  let logWeights: Double
  let blocks: [Block]
  let groups: [Group]
  let places: [Int32]
  /// Per kept term, where its effects begin among the kept columns; −1 for an eliminated term.
  let starts: [Int]
  /// Kept effects; the fixed columns follow them.
  let keptEffects: Int
  let squares: [Double]
  let crosses: [Double]
  let kept: Matrix
  // What depends on the response.
  private(set) var response: [Double]
  private(set) var blockSides: [Double]
  private(set) var keptSide: [Double]
  /// Per eliminated term and level, where its effects begin in `blockSides`.
  private let addresses: [[Int32]]

  var fixedColumns: Int { fixed.count }
  var effects: Int { terms.reduce(0) { $0 + $1.effects } }
  var parameters: Int { terms.reduce(0) { $0 + $1.parameters } }

  /// - Parameter fixed: orthogonal columns (`FixedBasis`).
  init(terms: [RandomTerm], fixed: [[Double]], response: [Double], weights: [Double]?) {
    let layout = TermLayout(terms)
    let n = response.count
    let p = fixed.count
    var starts = [Int](repeating: -1, count: terms.count)
    var q = 0
    for t in layout.kept {
      starts[t] = q
      q += terms[t].effects
    }
    var blocks: [Block] = []
    var groups: [Group] = []
    var places: [Int32] = []
    var squares: [Double] = []
    var crosses: [Double] = []
    var kept = Matrix(rows: q + p, columns: q + p)
    var addresses = terms.map { [Int32](repeating: -1, count: layout.kept.isEmpty || !layout.eliminated.isEmpty ? $0.factor.levels : 0) }
    var vector = 0

    // Kept columns by themselves.
    var touched: [(column: Int, value: Double)] = []
    func keptRow(_ i: Int) {
      touched.removeAll(keepingCapacity: true)
      for t in layout.kept {
        let term = terms[t]
        let start = starts[t] + Int(term.factor.codes[i]) * term.order
        for c in 0..<term.order { touched.append((start + c, term.values[c][i])) }
      }
      for j in 0..<p { touched.append((q + j, fixed[j][i])) }
    }
    if q > 0 {
      for i in 0..<n {
        let w = weights?[i] ?? 1
        keptRow(i)
        for (a, x) in touched { for (b, y) in touched where a >= b { kept[a, b] += w * x * y } }
      }
    } else {
      for a in 0..<p {
        for b in 0...a {
          var sum = 0.0
          for i in 0..<n { sum += (weights?[i] ?? 1) * fixed[a][i] * fixed[b][i] }
          kept[a, b] = sum
        }
      }
    }
    kept.mirrorLowerTriangle()

    if let blocking = layout.blocking {
      var members = [[Int32]](repeating: [], count: blocking.levels)
      for i in 0..<n { members[Int(blocking.codes[i])].append(Int32(i)) }
      var local = [Int32](repeating: -1, count: q + p)
      for rows in members where !rows.isEmpty {
        var order = 0
        let firstGroup = groups.count
        for t in layout.eliminated {
          let term = terms[t]
          for level in sortedDistinct(rows.map { term.factor.codes[Int($0)] }) {
            groups.append(Group(term: t, level: Int(level), position: order))
            addresses[t][Int(level)] = Int32(vector + order)
            order += term.order
          }
        }
        var columns: [Int32] = []
        for row in rows {
          for t in layout.kept {
            let term = terms[t]
            let start = starts[t] + Int(term.factor.codes[Int(row)]) * term.order
            for c in start..<(start + term.order) where local[c] < 0 {
              local[c] = 0
              columns.append(Int32(c))
            }
          }
        }
        columns.sort()
        columns += (0..<p).map { Int32(q + $0) }
        for (i, c) in columns.enumerated() { local[Int(c)] = Int32(i) }
        let k = columns.count
        let block = Block(
          order: order, square: squares.count, cross: crosses.count, vector: vector, places: places.count..<(places.count + k),
          groups: firstGroup..<groups.count)
        places += columns
        squares += [Double](repeating: 0, count: order * order)
        crosses += [Double](repeating: 0, count: order * k)
        for row in rows {
          let i = Int(row)
          let w = weights?[i] ?? 1
          keptRow(i)
          for t in layout.eliminated {
            let term = terms[t]
            let a = Int(addresses[t][Int(term.factor.codes[i])]) - vector
            for c in 0..<term.order {
              let z = w * term.values[c][i]
              if z == 0 { continue }
              for s in layout.eliminated {
                let other = terms[s]
                let b = Int(addresses[s][Int(other.factor.codes[i])]) - vector
                for d in 0..<other.order { squares[block.square + a + c + (b + d) * order] += z * other.values[d][i] }
              }
              for (column, value) in touched { crosses[block.cross + a + c + Int(local[column]) * order] += z * value }
            }
          }
        }
        for c in columns { local[Int(c)] = -1 }
        blocks.append(block)
        vector += order
      }
    }
    self.terms = terms
    self.layout = layout
    self.fixed = fixed
    self.weights = weights
    observations = n
    logWeights = weights.map { $0.reduce(0) { $0 + log($1) } } ?? 0
    self.blocks = blocks
    self.groups = groups
    self.places = places
    self.starts = starts
    keptEffects = q
    self.squares = squares
    self.crosses = crosses
    self.kept = kept
    self.addresses = addresses
    self.response = []
    blockSides = [Double](repeating: 0, count: vector)
    keptSide = [Double](repeating: 0, count: q + p)
    setResponse(response)
  }

  /// The same model for another response.
  func with(response: [Double]) -> TermStatistics {
    var result = self
    result.setResponse(response)
    return result
  }

  private mutating func setResponse(_ response: [Double]) {
    precondition(response.count == observations, "one response an observation")
    self.response = response
    let (block, side) = sums(of: weights.map { zip($0, response).map { $0 * $1 } } ?? response)
    blockSides = block
    keptSide = side
  }

  /// [Z_b]'v in the order of the blocks, and [Z_k X]'v.
  func sums(of v: [Double]) -> (blocks: [Double], kept: [Double]) {
    var block = [Double](repeating: 0, count: blockSides.count)
    var side = [Double](repeating: 0, count: keptSide.count)
    for (t, term) in terms.enumerated() {
      let isKept = starts[t] >= 0
      for c in 0..<term.order {
        let values = term.values[c]
        for i in v.indices {
          let code = Int(term.factor.codes[i])
          if isKept {
            side[starts[t] + code * term.order + c] += v[i] * values[i]
          } else {
            block[Int(addresses[t][code]) + c] += v[i] * values[i]
          }
        }
      }
    }
    for j in fixed.indices { side[keptEffects + j] = dot(fixed[j], v) }
    return (block, side)
  }

  /// Per term the effects by level, from what is laid out as `sums`.
  func effects(_ t: Int, blocks: [Double], kept: [Double]) -> [Double] {
    let term = terms[t]
    if starts[t] >= 0 { return Array(kept[starts[t]..<(starts[t] + term.effects)]) }
    var result = [Double](repeating: 0, count: term.effects)
    for (level, address) in addresses[t].enumerated() where address >= 0 {
      for c in 0..<term.order { result[level * term.order + c] = blocks[Int(address) + c] }
    }
    return result
  }

  /// Subtracts Zb from `v`, the effects b given per term and level.
  func subtractRandom(_ effects: [[Double]], from v: inout [Double]) {
    for (term, b) in zip(terms, effects) {
      let k = term.order
      for c in 0..<k {
        let values = term.values[c]
        for i in v.indices { v[i] -= values[i] * b[Int(term.factor.codes[i]) * k + c] }
      }
    }
  }
}
