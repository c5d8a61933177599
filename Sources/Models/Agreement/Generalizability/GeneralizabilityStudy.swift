/// A generalizability study: how much of the variance of scores is the object's, and how much each facet and interaction adds.
public struct GeneralizabilityStudy: Sendable {
  public enum Method: String, Sendable {
    /// Henderson's Method 1, the analysis of variance where balanced.
    case anova
    case reml
  }

  public struct Component: Sendable, Equatable {
    public let effect: String
    /// Facets by place, the object 0.
    public let facets: [Int]
    public let isResidual: Bool
    /// May be negative by `anova`; decision studies then take 0 (Brennan 2001, p. 84).
    public let variance: Double
    /// By `reml`; NaN at the boundary and by `anova`.
    public let standardError: Double
  }

  public let method: Method
  public let facetNames: [String]
  /// Levels of each facet in the study.
  public let facetLevels: [Int]
  /// How many of them an object met: harmonic mean; of a facet nested in others, within one level of those.
  public let conditions: [Double]
  /// Of each component, what is left of it in an object's mean as observed: the mean over objects of Σ_b (n_ob/n_o)². The 1/n of balanced
  /// designs.
  public let observedShares: [Double]
  public let nestedIn: [[Int]]
  public let components: [Component]
  /// Of the components, by `reml`.
  let covariance: [[Double]]?

  /// - Parameter values: one finite value an observation of the design.
  /// - Throws: `wrongLength`, `notFinite`, `noVariation`, `effectsNotSeparable`.
  public init(_ values: [Double], design: GeneralizabilityDesign, method: Method = .reml) throws(AgreementError) {
    if values.count != design.observations { throw .wrongLength(of: "scores", count: values.count, expected: design.observations) }
    for (i, value) in values.enumerated() where !value.isFinite { throw .notFinite(observation: i) }
    if values.allSatisfy({ $0 == values[0] }) { throw .noVariation }
    self.method = method
    facetNames = design.facets.map(\.name)
    facetLevels = design.facets.map(\.levels)
    nestedIn = design.nestedIn
    observedShares = design.effects.map { design.share(of: $0.levels) }
    conditions = design.facets.indices.map { design.conditions(of: $0) }
    let variances: [Double]
    switch method {
    case .anova:
      variances = try AnalogousAnova.components(values, design.effects)
      covariance = nil
    case .reml:
      (variances, covariance) = try reml(values, design)
    }
    let covariance = covariance
    components = design.effects.enumerated().map { i, effect in
      Component(
        effect: effect.name, facets: effect.facets, isResidual: effect.isResidual, variance: variances[i],
        standardError: covariance.map { $0[i][i] > 0 ? $0[i][i].squareRoot() : .nan } ?? .nan)
    }
  }

  /// The component of an effect by its name, as “unit × rater”; nil when the design has none of that name.
  public func component(_ effect: String) -> Component? { components.first { $0.effect == effect } }

  /// Each component's part of the sum, negative ones counted as 0.
  public var shares: [Double] {
    let parts = components.map { max(0, $0.variance) }
    let total = parts.reduce(0, +)
    return parts.map { $0 / total }
  }
}

/// By strata where one facet is complete, which costs a fraction.
private func reml(
  _ values: [Double], _ design: GeneralizabilityDesign
) throws(AgreementError) -> (variances: [Double], covariance: [[Double]]) {
  guard let rotated = RotatedDesign(values, design) else {
    // A factor's name does not have to be unique to the mixed model.
    return try reml(
      values, design.effects.dropLast().map { GroupingFactor($0.name, codes: $0.levels.codes, levels: $0.levels.levels) })
  }
  do {
    let (variances, covariance) = try rotated.reml()
    return (variances, covariance.rowArrays)
  } catch { throw AgreementError(error, effects: design.effects.map(\.name)) }
}
