internal import Foundation
internal import LinearAlgebra

/// The sums of products of a model with vector-valued random terms, `y = Xβ + Σ_t Z_t b_t + e`, in the form its criterion needs:
///
///     G[b] = Z_b'W Z_b     C[b] = Z_b'W [Z_k X]     K = [Z_k X]'W [Z_k X]     and the same with y
///
/// for the eliminated effects of each block b and the kept effects k. Memory: the blocks' squares, their touched kept columns, and (q + p)² for q
/// kept effects and p fixed columns.
struct TermStatistics: Sendable {
  typealias Block = EliminatedEffects.Block

  let terms: [RandomTerm]
  let layout: TermLayout
  let fixed: [[Double]]
  let weights: [Double]?
  let observations: Int
  let logWeights: Double
  let eliminated: EliminatedEffects
  let columns: KeptColumns
  let kept: Matrix
  // What depends on the response.
  private(set) var response: [Double] = []
  private(set) var blockSides: [Double] = []
  private(set) var keptSide: [Double] = []

  var blocks: [Block] { eliminated.blocks }
  var groups: [EliminatedEffects.Group] { eliminated.groups }
  var places: [Int32] { eliminated.places }
  var starts: [Int] { columns.starts }
  var keptEffects: Int { columns.effects }
  var fixedColumns: Int { fixed.count }
  var effects: Int { terms.reduce(0) { $0 + $1.effects } }
  var parameters: Int { terms.reduce(0) { $0 + $1.parameters } }

  /// - Parameter fixed: orthogonal columns (`FixedBasis`).
  init(terms: [RandomTerm], fixed: [[Double]], response: [Double], weights: [Double]?) {
    self.terms = terms
    self.fixed = fixed
    self.weights = weights
    observations = response.count
    logWeights = weights.map { $0.reduce(0) { $0 + log($1) } } ?? 0
    layout = TermLayout(terms)
    columns = KeptColumns(layout.kept, of: terms, fixed: fixed)
    kept = columns.gram(observations: observations, weights: weights)
    eliminated = EliminatedEffects(layout, of: terms, columns: columns, weights: weights)
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
    var block = [Double](repeating: 0, count: eliminated.count)
    var side = [Double](repeating: 0, count: columns.count)
    for (t, term) in terms.enumerated() {
      let isKept = starts[t] >= 0
      for c in 0..<term.order {
        let values = term.values[c]
        for i in v.indices {
          let code = Int(term.factor.codes[i])
          if isKept {
            side[starts[t] + code * term.order + c] += v[i] * values[i]
          } else {
            block[Int(eliminated.addresses[t][code]) + c] += v[i] * values[i]
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
    for (level, address) in eliminated.addresses[t].enumerated() where address >= 0 {
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
