/// Which random terms are eliminated block by block, and which stay in the dense matrix.
///
/// Eliminated are the terms whose factor is nested in one factor, the blocks: all effects of a level of it form a small block, and blocks have nothing
/// in common except through what is kept. The choice is what leaves the fewest kept effects.
struct TermLayout: Sendable {
  /// The factor whose levels are the blocks; nil when there is no random term.
  let blocking: GroupingFactor?
  /// Terms that are eliminated, and those that are kept, by number.
  let eliminated: [Int]
  let kept: [Int]

  /// Blocks of more effects than this are not formed.
  static let largestBlock = 400

  init(_ terms: [RandomTerm]) {
    var best: (blocking: GroupingFactor, eliminated: [Int], kept: Int)?
    let total = terms.reduce(0) { $0 + $1.effects }
    for (number, candidate) in terms.enumerated() {
      let blocking = candidate.factor
      let same = terms.indices.filter { terms[$0].factor.codes == blocking.codes }
      let nested = terms.indices.filter { same.contains($0) || TermLayout.isNested(terms[$0].factor, in: blocking) }
      for eliminated in [nested, same] {
        if eliminated != same, TermLayout.largest(eliminated.map { terms[$0] }, blocking) > TermLayout.largestBlock { continue }
        let kept = total - eliminated.reduce(0) { $0 + terms[$1].effects }
        if best == nil || kept < best!.kept { best = (terms[number].factor, eliminated, kept) }
      }
    }
    blocking = best?.blocking
    let eliminated = best?.eliminated ?? []
    self.eliminated = eliminated
    kept = terms.indices.filter { !eliminated.contains($0) }
  }

  /// Whether every level of `factor` lies in one level of `other`.
  private static func isNested(_ factor: GroupingFactor, in other: GroupingFactor) -> Bool {
    if factor.levels < other.levels { return false }
    var parent = [Int32](repeating: -1, count: factor.levels)
    for (code, above) in zip(factor.codes, other.codes) {
      if parent[Int(code)] < 0 { parent[Int(code)] = above } else if parent[Int(code)] != above { return false }
    }
    return true
  }

  /// The most effects that one level of the blocking factor would have.
  private static func largest(_ terms: [RandomTerm], _ blocking: GroupingFactor) -> Int {
    var sizes = [Int](repeating: 0, count: blocking.levels)
    for term in terms {
      var seen = [Bool](repeating: false, count: term.factor.levels)
      for (code, block) in zip(term.factor.codes, blocking.codes) where !seen[Int(code)] {
        seen[Int(code)] = true
        sizes[Int(block)] += term.order
      }
    }
    return sizes.max() ?? 0
  }
}
