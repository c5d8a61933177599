/// What varies in a measurement: the object that is measured (units) and the facets it is measured by (raters, criteria, occasions),
/// crossed or nested.
///
/// Nesting is seen in the data: a facet is nested in another when each of its levels occurs with one level of that other only. So the same
/// call serves p × r, p × r × c, r : p, (r : p) × c, p × (r : c) and their unbalanced relatives. An effect is a set of facets closed under
/// nesting: with raters nested in tasks there is no effect r, only r : t. The last one is the residual: the interaction of all, confounded
/// with what is left. Facets with one level are left out. With several observations a cell the interaction is an effect and the residual is
/// what differs within a cell.
public struct GeneralizabilityDesign: Sendable {
  public struct Effect: Sendable, Equatable {
    /// As "unit", "unit × criterion", "rater:criterion"; nested facets come before a colon.
    public let name: String
    /// Places among the facets; the object is 0.
    public let facets: [Int]
    public let isResidual: Bool
    let levels: GroupingFactor
  }

  /// The object first.
  public let facets: [GroupingFactor]
  /// For each facet those it is nested in.
  public let nestedIn: [[Int]]
  /// By number of facets; the residual last.
  public let effects: [Effect]
  public let observations: Int

  public var object: GroupingFactor { facets[0] }

  /// - Parameters:
  ///   - object: what is to be told apart.
  ///   - facets: one or more; codes of the same observations.
  /// - Throws: `tooFewUnits`, `tooFewRaters` when no facet has two levels, `wrongLength`.
  public init(object: GroupingFactor, facets others: [GroupingFactor]) throws(AgreementError) {
    let n = object.codes.count
    for facet in others where facet.codes.count != n { throw .wrongLength(of: facet.name, count: facet.codes.count, expected: n) }
    let all = ([object] + others).map { $0.used() }
    if all[0].levels < 2 { throw .tooFewUnits(all[0].levels, needed: 2) }
    let kept = [all[0]] + all.dropFirst().filter { $0.levels > 1 }
    if kept.count < 2 { throw .tooFewRaters(1, needed: 2) }
    let nested = kept.indices.map { a in
      kept.indices.filter { b in b != a && kept[a].isNested(in: kept[b]) && !(kept[b].isNested(in: kept[a]) && b > a) }
    }
    facets = kept
    nestedIn = nested
    observations = n
    effects = GeneralizabilityDesign.effects(kept, nested, n)
  }

  private static func effects(_ facets: [GroupingFactor], _ nestedIn: [[Int]], _ n: Int) -> [Effect] {
    var closed: Set<[Int]> = []
    for mask in 1..<(1 << facets.count) {
      var set = Set(facets.indices.filter { mask >> $0 & 1 == 1 })
      for facet in set { set.formUnion(nestedIn[facet]) }
      closed.insert(set.sorted())
    }
    let sorted = closed.sorted { a, b in a.count != b.count ? a.count < b.count : a.lexicographicallyPrecedes(b) }
    let cells = crossing(sorted[sorted.count - 1].map { facets[$0] })
    var effects = sorted.enumerated().map { i, set in
      let levels = i == sorted.count - 1 ? cells : crossing(set.map { facets[$0] })
      let isResidual = i == sorted.count - 1 && cells.levels == n
      return Effect(name: name(set, facets, nestedIn), facets: set, isResidual: isResidual, levels: levels)
    }
    if cells.levels < n {
      effects.append(
        Effect(
          name: "within cells", facets: sorted[sorted.count - 1], isResidual: true,
          levels: GroupingFactor("within", codes: (0..<Int32(n)).map { $0 }, levels: n)))
    }
    return effects
  }

  /// "rater:unit × criterion": a facet that others of the set are nested in stands behind their colon.
  private static func name(_ set: [Int], _ facets: [GroupingFactor], _ nestedIn: [[Int]]) -> String {
    let hosts = Set(set.flatMap { nestedIn[$0] })
    return set.filter { !hosts.contains($0) }.map { facet in
      let own = nestedIn[facet].map { facets[$0].name }
      return own.isEmpty ? facets[facet].name : facets[facet].name + ":" + own.joined(separator: "·")
    }.joined(separator: " × ")
  }
}

extension GeneralizabilityDesign {
  /// Levels of the effects without the object: what a likelihood has to keep in one dense block.
  public var levelsBesideObject: Int { effects.reduce(0) { $0 + ($1.facets.contains(0) ? 0 : $1.levels.levels) } }

  /// The mean over objects of Σ_b (n_ob/n_o)² for the levels b of an effect.
  func share(of effect: GroupingFactor) -> Double {
    var sums = [Double](repeating: 0, count: object.levels)
    var totals = sums
    forEachCell(effect) { o, cell in
      sums[o] += cell * cell
      totals[o] += cell
    }
    var share = 0.0
    for o in sums.indices { share += sums[o] / (totals[o] * totals[o]) }
    return share / Double(object.levels)
  }

  /// Levels of a facet that an object meets, within one level of the facets (other than the object) that it is nested in: harmonic mean
  /// over objects.
  func conditions(of facet: Int) -> Double {
    let hosts = nestedIn[facet].filter { $0 != 0 }
    let own = distinct(facets[facet])
    let outer = hosts.isEmpty ? own.map { _ in 1.0 } : distinct(crossing(hosts.map { facets[$0] }))
    var inverse = 0.0
    for (a, b) in zip(own, outer) { inverse += b / a }
    return Double(own.count) / inverse
  }

  private func distinct(_ factor: GroupingFactor) -> [Double] {
    var counts = [Double](repeating: 0, count: object.levels)
    forEachCell(factor) { o, _ in counts[o] += 1 }
    return counts
  }

  /// Each object with each level it has, and how many observations.
  private func forEachCell(_ factor: GroupingFactor, _ body: (Int, Double) -> Void) {
    let all = (0..<Int32(observations)).map { $0 }
    let order = countingSort(countingSort(all, by: factor.codes, levels: factor.levels), by: object.codes, levels: object.levels)
    var i = 0
    while i < order.count {
      let (o, level) = (object.codes[Int(order[i])], factor.codes[Int(order[i])])
      var j = i
      while j < order.count && object.codes[Int(order[j])] == o && factor.codes[Int(order[j])] == level { j += 1 }
      body(Int(o), Double(j - i))
      i = j
    }
  }
}

/// The factor of the combinations that occur.
private func crossing(_ factors: [GroupingFactor]) -> GroupingFactor {
  factors.dropFirst().reduce(factors[0]) { $0.crossed(with: $1) }
}

extension GroupingFactor {
  /// The same with only the levels that occur, in their order.
  func used() -> GroupingFactor {
    var place = [Int32](repeating: -1, count: levels)
    for code in codes { place[Int(code)] = 0 }
    var count: Int32 = 0
    for level in 0..<levels where place[level] == 0 {
      place[level] = count
      count += 1
    }
    return count == levels ? self : GroupingFactor(name, codes: codes.map { place[Int($0)] }, levels: Int(count))
  }

  /// Whether each level occurs with one level of the other only.
  func isNested(in other: GroupingFactor) -> Bool {
    var host = [Int32](repeating: -1, count: levels)
    for (own, its) in zip(codes, other.codes) {
      if host[Int(own)] < 0 { host[Int(own)] = its } else if host[Int(own)] != its { return false }
    }
    return true
  }
}
