extension ManyFacetRaschFit {
  /// Fair averages of a facet's levels: the score expected of the element if all other elements it meets were average, in score points.
  ///
  /// Every other facet stands at the mean of its measures (FACETS' "Fair-M"). Where another facet has scales of its own (partial credit), its
  /// levels stand at their own measures and the expected scores are averaged over them. NaN where there is no measure.
  public func fairAverages(of facet: Int) -> [Double] {
    let table = CategoryTable(values.cumulative, width: model.steps + 1)
    var scaleFacet: Int?
    if case .each(let f) = model.scales { scaleFacet = f }
    var base = 0.0
    for f in model.facets.indices where f != facet && f != scaleFacet {
      let known = values.measures[f].filter { !$0.isNaN }
      let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
      base += f == model.unitFacet ? mean : -mean
    }
    let sign: Double = facet == model.unitFacet ? 1 : -1
    func isUsable(_ g: Int) -> Bool { active.lowest[g] < active.highest[g] }
    return values.measures[facet].enumerated().map { level, measure in
      if measure.isNaN { return .nan }
      let eta = base + sign * measure
      guard let scaleFacet, scaleFacet != facet else {
        let g = scaleFacet == nil ? 0 : level
        return isUsable(g) ? Double(model.lowest) + table.moments(eta, g).mean : .nan
      }
      var sum = 0.0
      var count = 0.0
      for g in 0..<model.scaleCount where isUsable(g) && !values.measures[scaleFacet][g].isNaN {
        let own = values.measures[scaleFacet][g]
        sum += table.moments(eta + (scaleFacet == model.unitFacet ? own : -own), g).mean
        count += 1
      }
      return count > 0 ? Double(model.lowest) + sum / count : .nan
    }
  }

  /// The score expected at θ − Σ δ = `eta` on a scale; NaN on a scale without two categories in use.
  public func expectedScore(at eta: Double, scale: Int) -> Double {
    guard active.lowest[scale] < active.highest[scale] else { return .nan }
    return Double(model.lowest) + CategoryTable(values.cumulative, width: model.steps + 1).moments(eta, scale).mean
  }

  /// Responses, total and mean score of each level, extreme ones included.
  public func observedScores(of facet: Int) -> [(count: Int, total: Int, mean: Double)] {
    var count = [Int](repeating: 0, count: model.facets[facet].levels)
    var total = count
    for i in model.scores.indices {
      let level = Int(model.facets[facet].codes[i])
      count[level] += 1
      total[level] += Int(model.scores[i])
    }
    return count.indices.map { (count[$0], total[$0], count[$0] > 0 ? Double(total[$0]) / Double(count[$0]) : .nan) }
  }

  /// By facet and level: which levels can be compared. Levels of one facet with the same number differ by an estimable amount; with more
  /// than one number in a facet, the differences between them are not in the data. −1 without an active response.
  public var subsets: [[Int]] { comparable.classes }

  /// Whether all elements of each facet can be compared.
  public var isConnected: Bool { comparable.isComplete && subsets.allSatisfy { ($0.max() ?? 0) <= 0 } }

  /// False when the design falls into so many pieces that the subsets were not worked out.
  public var subsetsAreKnown: Bool { comparable.isComplete }
}
