/// The many-facet Rasch model for ordinal scores (Linacre 1989):
///
///     log P(x = k) / P(x = k − 1) = θ[unit] − Σ_f δ_f[level of f] − τ[scale, k]
///
/// θ is the measure of the unit; δ_f the severity of the rater, the difficulty of the criterion and so on for any number of facets; τ the
/// thresholds, whose sum over a scale's observed categories is zero. Any response may be missing. No design matrix is ever formed: facets are
/// integer codes, and cost and memory are linear in the number of responses.
///
/// A category inside a scale's range that nobody used has probability zero there (a structural zero): the scores keep their distances, and the
/// two thresholds beside it are only known in sum.
public struct ManyFacetRaschModel: Sendable {
  public let facets: [GroupingFactor]
  /// The facet with the opposite sign: a higher measure makes higher scores likely.
  public let unitFacet: Int
  public let scales: RatingScales
  public let anchors: RaschAnchors
  /// The lowest score, and how many steps lead from it to the highest.
  public let lowest: Int
  public let steps: Int
  /// One score a response, in the order given.
  public let scores: [Int32]
  /// Responses in canonical order: by unit, by the other facets, by score. Sums follow it, so that the order of the input cannot matter.
  let order: [Int32]

  /// More categories than this are hardly used each often enough to have a threshold; take a linear model then.
  public static let categoryLimit = 30

  /// - Parameters:
  ///   - scores: one whole number a response.
  ///   - facets: one code a response each; at least two facets.
  ///   - unitFacet: which of them are the units.
  ///   - scales: which responses share thresholds.
  /// - Throws: `RaschError` for lengths, codes, scores and anchors that do not fit.
  public init(
    scores: [Int32], facets: [GroupingFactor], unitFacet: Int, scales: RatingScales = .shared, anchors: RaschAnchors = RaschAnchors()
  ) throws(RaschError) {
    guard facets.count > 1, let lowest = scores.min(), let highest = scores.max() else { throw .nothingToFit }
    precondition(facets.indices.contains(unitFacet), "no such facet")
    if case .each(let facet) = scales { precondition(facets.indices.contains(facet), "no such facet") }
    for facet in facets {
      if facet.codes.count != scores.count {
        throw .wrongLength(facet: facet.name, count: facet.codes.count, expected: scores.count)
      }
      if let i = facet.codes.firstIndex(where: { $0 < 0 || Int($0) >= facet.levels }) {
        throw .codeOutOfRange(facet: facet.name, response: i)
      }
    }
    if lowest == highest { throw .noVariation }
    if Int(highest) - Int(lowest) >= ManyFacetRaschModel.categoryLimit {
      throw .tooManyCategories(lowest: Int(lowest), highest: Int(highest), limit: ManyFacetRaschModel.categoryLimit)
    }
    self.facets = facets
    self.unitFacet = unitFacet
    self.scales = scales
    self.anchors = anchors
    self.scores = scores
    self.lowest = Int(lowest)
    steps = Int(highest - lowest)
    for (_, values) in anchors.thresholds where values.count != steps {
      throw .wrongNumberOfThresholds(given: values.count, expected: steps)
    }
    order = ManyFacetRaschModel.canonicalOrder(scores: scores, lowest: lowest, steps: steps, facets: facets, unitFacet: unitFacet)
  }

  /// How many sets of thresholds there are.
  public var scaleCount: Int {
    if case .each(let facet) = scales { return facets[facet].levels }
    return 1
  }

  /// The scale of a response.
  func scale(of response: Int) -> Int {
    if case .each(let facet) = scales { return Int(facets[facet].codes[response]) }
    return 0
  }

  /// Estimates all measures and thresholds.
  /// - Throws: `RaschError.onlyExtremeScores`, `.notConverged`, `.noUnitVariance`, and what the method does not allow.
  public func fit(_ method: RaschMethod = .joint(.none), options: RaschOptions = RaschOptions()) throws(RaschError) -> ManyFacetRaschFit {
    if method == .marginal {
      if anchors.measures[unitFacet] != nil { throw .anchoredUnitsInMarginalEstimation }
      if scales == .each(facet: unitFacet) { throw .unitScalesInMarginalEstimation }
    }
    return try RaschEstimation(model: self, method: method, options: options).run()
  }

  /// A counting sort by each key in turn, the least important first.
  private static func canonicalOrder(
    scores: [Int32], lowest: Int32, steps: Int, facets: [GroupingFactor], unitFacet: Int
  ) -> [Int32] {
    var order = (0..<Int32(scores.count)).map { $0 }
    sort(&order, by: scores.map { $0 - lowest }, levels: steps + 1)
    for f in facets.indices.reversed() where f != unitFacet { sort(&order, by: facets[f].codes, levels: facets[f].levels) }
    sort(&order, by: facets[unitFacet].codes, levels: facets[unitFacet].levels)
    return order
  }

  private static func sort(_ order: inout [Int32], by keys: [Int32], levels: Int) {
    var starts = [Int](repeating: 0, count: levels + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for level in 0..<levels { starts[level + 1] += starts[level] }
    var sorted = order
    for i in order {
      let key = Int(keys[Int(i)])
      sorted[starts[key]] = i
      starts[key] += 1
    }
    order = sorted
  }
}
