internal import LinearAlgebra

/// The likelihood of a crossed design of an object and two facets in which one facet is complete: every combination of the other two
/// meets each of its C levels once, as score sheets do that hold all criteria.
///
/// The rotation of `SheetModel` over that facet c parts the combinations of the others, a and b, into independent strata; a random c is one more
/// effect that a contrast has in common:
///
///     means:      a Cσ²_a + σ²_ac     b Cσ²_b + σ²_bc     residual Cσ²_ab + σ²
///     contrasts:  a σ²_ac             b σ²_bc             residual σ²              all σ²_c
///
/// So the dense block holds the levels of a or of b, not those of all effects beside the object.
struct RotatedDesign {
  private let problem: StrataProblem<TwoWayStatistics>
  /// Analysis of variance, with a small share of the total for what is not positive.
  private let start: [Double]

  /// Nil for another design.
  init?(_ values: [Double], _ design: GeneralizabilityDesign) {
    let effects = design.effects
    guard design.facets.count == 3, effects.count == 7, effects[6].isResidual,
      let c = [2, 1].first(where: { c in Self.sheets(design, beside: c).levels.levels * design.facets[c].levels == design.observations }),
      let moments = try? AnalogousAnova.components(values, effects)
    else { return nil }
    let total = moments.reduce(0) { $0 + max($1, 0) }
    start = moments.map { max($0, 0.003 * total) }
    let others = [0, 1, 2].filter { $0 != c }.sorted { design.facets[$0].levels > design.facets[$1].levels }
    let (size, sheets) = (design.facets[c].levels, Self.sheets(design, beside: c).levels)

    var ordered = [Double](repeating: 0, count: values.count)
    var codes = others.map { _ in [Int32](repeating: 0, count: sheets.levels) }
    for (i, value) in values.enumerated() {
      let sheet = Int(sheets.codes[i])
      ordered[sheet * size + Int(design.facets[c].codes[i])] = value
      for (k, facet) in others.enumerated() { codes[k][sheet] = design.facets[facet].codes[i] }
    }
    let rotated = HelmertRotation(size: size).rotate(ordered, centre: weightedMean(values, nil))
    let factors = zip(others, codes).map { GroupingFactor(design.facets[$0].name, codes: $1, levels: design.facets[$0].levels) }
    let whole = GroupingFactor("all", codes: [Int32](repeating: 0, count: sheets.levels), levels: 1)
    let ones = [Double](repeating: 1, count: sheets.levels)

    func row(_ entries: [([Int], Double)]) -> [Double] {
      effects.map { effect in entries.first { $0.0.sorted() == effect.facets }?.1 ?? 0 }
    }
    let (a, b, n) = (others[0], others[1], Double(size))
    let means = StrataProblem<TwoWayStatistics>.Stratum(
      statistics: TwoWayStatistics(eliminated: factors[0], kept: [factors[1]], fixed: [ones], responses: [rotated[0]], weights: nil),
      coefficients: [row([([a], n), ([a, c], 1)]), row([([b], n), ([b, c], 1)]), row([([a, b], n), ([a, b, c], 1)])])
    let contrasts = StrataProblem<TwoWayStatistics>.Stratum(
      statistics: TwoWayStatistics(
        eliminated: factors[0], kept: [factors[1], whole], fixed: [], responses: Array(rotated.dropFirst()), weights: nil),
      coefficients: [row([([a, c], 1)]), row([([b, c], 1)]), row([([c], 1)]), row([([a, b, c], 1)])])
    problem = StrataProblem(componentNames: effects.map(\.name), strata: [means, contrasts])
  }

  /// The combinations of the other two facets.
  private static func sheets(_ design: GeneralizabilityDesign, beside c: Int) -> GeneralizabilityDesign.Effect {
    design.effects.first { $0.facets == [0, 1, 2].filter { $0 != c } }!
  }

  /// - Returns: one variance an effect, and their covariance.
  func reml() throws(MixedModelError) -> (variances: [Double], covariance: Matrix) {
    let result = try AverageInformationSearch(problem: problem, method: .reml, options: FitOptions()).run(from: start)
    return (result.components, result.covariance)
  }
}
