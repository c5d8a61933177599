extension KrippendorffAlpha {
  /// α without one unit of each pattern; NaN where it is not defined, α itself for units with one rating, which do not count.
  ///
  /// Exact for every metric. O(patterns · k²); for ordinal values, whose ranks all move, O(patterns · min(q², patterns · k)).
  public func valuesWithoutPattern() -> [Double] {
    if metric == .ordinal { return ordinalWithoutPattern() }
    let products = ratioProducts()
    return (0..<patterns.count).map { p in
      patterns.size[p] < 2
        ? total.alpha
        : without(total, observed: inner[p] / (patterns.size[p] - 1), removed: removed(p), products: products).alpha
    }
  }

  /// α without each rater of the table that the patterns were made of; NaN for one without ratings. Exact; O(N k + R q), for ratios O(N k +
  /// R q²), for ordinal values O(R (q² + patterns · k)).
  public func valuesWithoutRater(_ table: RatingsTable) -> [Double] {
    let (start, places, unitOf) = table.byRater()
    let coincidences = metric == .ordinal && patterns.categories.count <= KrippendorffAlpha.coincidenceLimit ? coincidences() : nil
    return (0..<table.raters).map { rater in
      if start[rater] == start[rater + 1] { return .nan }
      if metric == .ordinal, coincidences == nil {
        let rest = try? KrippendorffAlpha(RatingPatterns(table.removing(rater: rater)), metric: .ordinal)
        return rest?.total.alpha ?? .nan
      }
      var margins = margins
      var observed = total.observed
      var changed = coincidences ?? []
      for j in start[rater]..<start[rater + 1] {
        let p = Int(patterns.ofUnit[Int(unitOf[j])])
        let m = patterns.size[p]
        if m < 2 { continue }
        let v = Int(table.category[Int(places[j])])
        if m == 2 {
          for i in patterns.start[p]..<patterns.start[p + 1] { margins[Int(patterns.category[i])] -= patterns.times[i] }
        } else {
          margins[v] -= 1
        }
        if coincidences != nil {
          change(&changed, pattern: p, without: v)
        } else {
          observed -= inner[p] / (m - 1)
          if m > 2 { observed += max(0, inner[p] - 2 * row(v, p)) / (m - 2) }
        }
      }
      var values = 0.0
      for n in margins { values += n }
      if values < 1 { return .nan }
      if coincidences != nil { return ordinalAlpha(changed, margins) }
      return AlphaSums(observed: observed, expected: expected(margins, first, values: values), values: values).alpha
    }
  }

  /// Σ_k r_k δ²(v, k) of a pattern.
  private func row(_ v: Int, _ p: Int) -> Double {
    var sum = 0.0
    for i in patterns.start[p]..<patterns.start[p + 1] {
      let k = Int(patterns.category[i])
      if k == v { continue }
      sum += patterns.times[i] * difference(v, k)
    }
    return sum
  }

  private func difference(_ c: Int, _ k: Int) -> Double {
    switch metric {
    case .nominal: 1
    case .ordinal, .interval: (first[c] - first[k]) * (first[c] - first[k])
    case .ratio: ratioDifference(first[c], first[k])
    case .circular: max(0, (1 - first[c] * first[k] - second[c] * second[k]) / 2)
    }
  }

  private func removed(_ p: Int) -> Range<Int> { patterns.start[p]..<patterns.start[p + 1] }

  /// Σ_k n_k δ²(c, k) for each category.
  private func ratioProducts() -> [Double] {
    if metric != .ratio { return [] }
    return margins.indices.map { c in
      var sum = 0.0
      for k in margins.indices { sum += margins[k] * ratioDifference(first[c], first[k]) }
      return sum
    }
  }

  /// The sums when a pattern's values leave: Σ_ck (n − r)_c (n − r)_k δ² from what is known of n.
  private func without(_ sums: AlphaSums, observed: Double, removed: Range<Int>, products: [Double]) -> AlphaSums {
    var rest = sums
    rest.observed = max(0, rest.observed - observed)
    var (m, cross, own) = (0.0, 0.0, 0.0)
    var (s1, s2) = (0.0, 0.0)
    for i in removed {
      let (c, t) = (Int(patterns.category[i]), patterns.times[i])
      m += t
      switch metric {
      case .nominal:
        cross += t * margins[c]
        own += t * t
      case .ordinal, .interval:
        s1 += t * first[c]
        s2 += t * first[c] * first[c]
      case .ratio:
        cross += t * products[c]
        for j in removed { own += t * patterns.times[j] * ratioDifference(first[c], first[Int(patterns.category[j])]) }
      case .circular:
        s1 += t * first[c]
        s2 += t * second[c]
      }
    }
    rest.values -= m
    switch metric {
    case .nominal: rest.expected = rest.values * rest.values - (dot(margins, margins) - 2 * cross + own)
    case .ordinal, .interval:
      // Categories are centred at the mean of all values, so Σ n x = 0 and nothing cancels.
      let squares = total.expected / (2 * total.values) - s2
      rest.expected = 2 * (rest.values * squares - s1 * s1)
    case .ratio: rest.expected = sums.expected - 2 * cross + own
    case .circular:
      let (c, s) = (dot(margins, first) - s1, dot(margins, second) - s2)
      rest.expected = (rest.values * rest.values - c * c - s * s) / 2
    }
    if rest.expected < 1e-12 * total.expected { rest.expected = 0 }
    return rest
  }
}

/// The ordinal scale, on which every removal moves the ranks of all.
extension KrippendorffAlpha {
  /// With more categories than this a table of their coincidences is not worth its size.
  static let coincidenceLimit = 128

  /// o_ck = Σ_u r_uc r_uk / (m_u − 1), c ≠ k, row by row.
  fileprivate func coincidences() -> [Double] {
    let q = patterns.categories.count
    var table = [Double](repeating: 0, count: q * q)
    for p in 0..<patterns.count where patterns.size[p] >= 2 { add(p, patterns.multiplicity[p], to: &table) }
    return table
  }

  private func add(_ p: Int, _ weight: Double, to table: inout [Double]) {
    let q = patterns.categories.count
    let scale = weight / (patterns.size[p] - 1)
    for i in removedRange(p) {
      for j in removedRange(p) where i != j {
        table[Int(patterns.category[i]) * q + Int(patterns.category[j])] += scale * patterns.times[i] * patterns.times[j]
      }
    }
  }

  private func removedRange(_ p: Int) -> Range<Int> { patterns.start[p]..<patterns.start[p + 1] }

  /// Replaces a pattern's coincidences by those without one value of category v.
  fileprivate func change(_ table: inout [Double], pattern p: Int, without v: Int) {
    add(p, -1, to: &table)
    let m = patterns.size[p]
    if m < 3 { return }
    let q = patterns.categories.count
    for i in removedRange(p) {
      for j in removedRange(p) where i != j {
        let (c, k) = (Int(patterns.category[i]), Int(patterns.category[j]))
        let (a, b) = (patterns.times[i] - (c == v ? 1 : 0), patterns.times[j] - (k == v ? 1 : 0))
        table[c * q + k] += a * b / (m - 2)
      }
    }
  }

  fileprivate func ordinalAlpha(_ coincidences: [Double], _ margins: [Double]) -> Double {
    let ranks = midranks(margins)
    let q = ranks.count
    var sums = AlphaSums()
    for c in 0..<q {
      for k in 0..<c { sums.observed += 2 * coincidences[c * q + k] * (ranks[c] - ranks[k]) * (ranks[c] - ranks[k]) }
      sums.values += margins[c]
    }
    sums.expected = expected(margins, ranks, values: sums.values)
    return sums.alpha
  }

  fileprivate func ordinalWithoutPattern() -> [Double] {
    let q = patterns.categories.count
    let coincidences = q <= KrippendorffAlpha.coincidenceLimit ? coincidences() : nil
    return (0..<patterns.count).map { p in
      if patterns.size[p] < 2 { return total.alpha }
      guard var changed = coincidences else {
        var multiplicity = patterns.multiplicity
        multiplicity[p] -= 1
        return value(multiplicity: multiplicity)
      }
      add(p, -1, to: &changed)
      var margins = margins
      for i in removedRange(p) { margins[Int(patterns.category[i])] -= patterns.times[i] }
      return ordinalAlpha(changed, margins)
    }
  }
}
