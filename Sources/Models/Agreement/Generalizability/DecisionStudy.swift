internal import Foundation
internal import Statistics

/// A decision study: how dependable would the mean over so many raters (and criteria) be?
///
/// Each component is divided by the numbers of its facets other than the object. With τ the object's own, δ relative and Δ absolute error:
///
///     σ²(τ)  the object, and its interactions with fixed facets only
///     σ²(δ)  every other effect that holds the object: it changes the order of objects
///     σ²(Δ)  these and the effects without the object: they change levels
/// Without numbers the object's mean is that of the study itself, however unbalanced: components are multiplied by the mean of Σ (n_b/n)²
/// in place of 1/n.
///
///     Eρ² = σ²(τ)/(σ²(τ) + σ²(δ))   for comparing objects,   Φ = σ²(τ)/(σ²(τ) + σ²(Δ))   for absolute decisions (an award line)
///
/// Facets can be fixed (these criteria and no others), or nested in the object although the study crossed them (each unit gets raters of
/// its own): their effects then are relative error too. Source: Brennan (2001), Generalizability Theory, chapters 1, 4 and 5; Cronbach,
/// Gleser, Nanda and Rajaratnam (1972).
public struct DecisionStudy: Sendable {
  public let numbers: [Double]
  public let universeVariance: Double
  public let relativeErrorVariance: Double
  public let absoluteErrorVariance: Double
  private let weights: (universe: [Double], relative: [Double], absolute: [Double])
  private let covariance: [[Double]]?

  /// - Parameters:
  ///   - numbers: conditions of facets of the study by name; for those not named as many as an object met in the study. All as observed when nil.
  ///   - fixed: names of facets that are not a sample.
  ///   - nested: names of facets whose conditions each object gets of its own.
  /// - Throws: `unknownName`.
  public init(
    _ study: GeneralizabilityStudy, numbers named: [String: Int]? = nil, fixed: Set<String> = [], nested: Set<String> = []
  ) throws(AgreementError) {
    for name in (named ?? [:]).keys.sorted() + fixed.sorted() + nested.sorted() where !study.facetNames.dropFirst().contains(name) {
      throw .unknownName(name)
    }
    let numbers = study.facetNames.enumerated().map { i, name in named?[name].map(Double.init) ?? study.conditions[i] }
    let isFixed = study.facetNames.map { fixed.contains($0) }
    let isNested = study.facetNames.map { nested.contains($0) }
    let n = study.components.count
    var universe = [Double](repeating: 0, count: n)
    var relative = universe
    var absolute = universe
    for (i, component) in study.components.enumerated() {
      let others = component.facets.filter { $0 != 0 }
      let share = named == nil ? study.observedShares[i] : others.reduce(1.0) { $0 / numbers[$1] }
      let systematic = others.allSatisfy { isFixed[$0] } && !component.isResidual
      if component.facets.contains(0) {
        if systematic {
          universe[i] = share
        } else {
          relative[i] = share
          absolute[i] = share
        }
      } else if !systematic {
        absolute[i] = share
        if others.contains(where: { isNested[$0] }) { relative[i] = share }
      }
    }
    let variances = study.components.map { max(0, $0.variance) }
    self.numbers = numbers
    universeVariance = dot(universe, variances)
    relativeErrorVariance = dot(relative, variances)
    absoluteErrorVariance = dot(absolute, variances)
    weights = (universe, relative, absolute)
    covariance = study.covariance
  }

  /// Eρ².
  public var generalizability: Double { universeVariance / (universeVariance + relativeErrorVariance) }
  /// Φ.
  public var dependability: Double { universeVariance / (universeVariance + absoluteErrorVariance) }
  /// Standard errors of an object's mean, for comparing and for absolute decisions.
  public var relativeStandardError: Double { relativeErrorVariance.squareRoot() }
  public var absoluteStandardError: Double { absoluteErrorVariance.squareRoot() }

  /// Limits for Eρ² by the delta method on its log odds, from the covariance of the components by REML: asymptotic. NaN by `anova` or with
  /// no universe variance.
  public func generalizabilityInterval(level: Double = 0.95) -> (low: Double, high: Double) {
    interval(relativeErrorVariance, weights.relative, level)
  }

  /// The same for Φ.
  public func dependabilityInterval(level: Double = 0.95) -> (low: Double, high: Double) {
    interval(absoluteErrorVariance, weights.absolute, level)
  }

  /// log(τ/δ) has gradient t/τ − d/δ.
  private func interval(_ error: Double, _ weights: [Double], _ level: Double) -> (low: Double, high: Double) {
    guard let covariance, universeVariance > 0, error > 0 else { return (.nan, .nan) }
    let gradient = weights.indices.map { self.weights.universe[$0] / universeVariance - weights[$0] / error }
    var variance = 0.0
    for i in gradient.indices { for j in gradient.indices { variance += gradient[i] * gradient[j] * covariance[i][j] } }
    let half = Normal.quantile(upperTail: (1 - level) / 2) * variance.squareRoot()
    let odds = log(universeVariance / error)
    return (1 / (1 + exp(half - odds)), 1 / (1 + exp(-half - odds)))
  }
}

extension DecisionStudy {
  /// A coefficient and the value it is to reach, between 0 and 1.
  public enum Goal: Sendable {
    case generalizability(Double)
    case dependability(Double)
  }

  /// The smallest number of conditions of one facet that reaches the goal, the others as given; nil when even a million do not.
  /// - Throws: `unknownName`.
  public static func smallest(
    _ facet: String, reaching goal: Goal, _ study: GeneralizabilityStudy, numbers: [String: Int] = [:], fixed: Set<String> = [],
    nested: Set<String> = []
  ) throws(AgreementError) -> Int? {
    func reaches(_ count: Int) throws(AgreementError) -> Bool {
      var numbers = numbers
      numbers[facet] = count
      let decision = try DecisionStudy(study, numbers: numbers, fixed: fixed, nested: nested)
      switch goal {
      case .generalizability(let value): return decision.generalizability >= value
      case .dependability(let value): return decision.dependability >= value
      }
    }
    var (low, high) = (0, 1)
    // More conditions never hurt, so doubling and then halving the bracket finds the first.
    while try !reaches(high) {
      (low, high) = (high, high * 2)
      if high > 1 << 20 { return nil }
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if try reaches(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
