internal import Foundation

/// How often the levels of a facet, usually the raters, give the same score in the same situation.
public struct RaterAgreement: Sendable, Equatable {
  /// Pairs of scores of two raters with all other facets equal.
  public let opportunities: Int
  public let exact: Int
  /// Exact agreements that the model expects of independent raters of these severities: Σ over pairs of Σ_k P₁(k) P₂(k).
  public let expected: Double

  /// Exact agreements as a share of opportunities; NaN without any.
  public var observedShare: Double { opportunities > 0 ? Double(exact) / Double(opportunities) : .nan }
  /// The share that the model expects; NaN without an opportunity.
  public var expectedShare: Double { opportunities > 0 ? expected / Double(opportunities) : .nan }
  /// (observed − expected)/(1 − expected). Well above zero, raters work like one machine, or look at each other's sheets.
  public var raschKappa: Double { (observedShare - expectedShare) / (1 - expectedShare) }
}

extension ManyFacetRaschFit {
  /// Agreement of all levels of a facet, and of each level with the others. Only active responses count.
  ///
  /// Several scores of one rater in one situation are no pairs of raters and are not compared with each other. Cost is one sort and, for each situation, the
  /// number of its scores times the number of categories.
  public func agreement(of facet: Int) -> (all: RaterAgreement, levels: [RaterAgreement]) {
    let others = model.facets.indices.filter { $0 != facet }
    // Active responses are sorted by unit first; those of one unit are then sorted by the rest.
    var order = [Int](0..<active.count)
    func key(_ a: Int, _ b: Int) -> Int {
      for f in others where active.levels[f][a] != active.levels[f][b] { return active.levels[f][a] < active.levels[f][b] ? -1 : 1 }
      return 0
    }
    order.sort {
      let c = key($0, $1)
      return c == 0 ? $0 < $1 : c < 0
    }
    let width = model.steps + 1
    let table = CategoryTable(values.cumulative, width: width)
    var opportunities = [Int](repeating: 0, count: model.facets[facet].levels)
    var exact = opportunities
    var expected = [Double](repeating: 0, count: model.facets[facet].levels)
    var p = [Double](repeating: 0, count: width)
    var begin = 0
    while begin < order.count {
      var end = begin + 1
      while end < order.count, key(order[begin], order[end]) == 0 { end += 1 }
      if end - begin > 1 {
        var counts = [Int](repeating: 0, count: width)
        var sums = [Double](repeating: 0, count: width)
        var own: [Int32: (counts: [Int], sums: [Double], n: Int)] = [:]
        var each: [[Double]] = []
        for o in order[begin..<end] {
          table.probabilities(moments.eta[o], Int(active.scale[o]), into: &p)
          each.append(p)
          let level = active.levels[facet][o]
          var mine = own[level] ?? ([Int](repeating: 0, count: width), [Double](repeating: 0, count: width), 0)
          mine.n += 1
          mine.counts[Int(active.category[o])] += 1
          counts[Int(active.category[o])] += 1
          for k in 0..<width {
            mine.sums[k] += p[k]
            sums[k] += p[k]
          }
          own[level] = mine
        }
        for (i, o) in order[begin..<end].enumerated() {
          let level = Int(active.levels[facet][o])
          let mine = own[active.levels[facet][o]]!
          let x = Int(active.category[o])
          opportunities[level] += end - begin - mine.n
          exact[level] += counts[x] - mine.counts[x]
          for k in 0..<width { expected[level] += each[i][k] * (sums[k] - mine.sums[k]) }
        }
      }
      begin = end
    }
    let levels = opportunities.indices.map {
      RaterAgreement(opportunities: opportunities[$0], exact: exact[$0], expected: expected[$0])
    }
    // Each pair was seen from both sides.
    let all = RaterAgreement(
      opportunities: opportunities.reduce(0, +) / 2, exact: exact.reduce(0, +) / 2, expected: expected.reduce(0, +) / 2)
    return (all, levels)
  }
}
