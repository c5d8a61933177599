internal import Foundation

/// The normal distribution of the units in marginal estimation.
public struct UnitPopulation: Sendable, Equatable {
  public let mean: Double
  public let meanError: Double
  public let deviation: Double
  public let deviationError: Double
}

/// A fitted many-facet Rasch model. The tables are computed when asked for.
public struct ManyFacetRaschFit: Sendable {
  public let model: ManyFacetRaschModel
  public let method: RaschMethod
  public let account: RaschAccount
  /// Joint estimation: of all active responses. Marginal estimation: of the units' marginal likelihoods; −2 of it is the deviance.
  public let logLikelihood: Double
  /// Only in marginal estimation.
  public internal(set) var population: UnitPopulation?
  let active: ActiveResponses
  let map: ParameterMap
  var values: RaschValues
  let moments: ResponseMoments
  let comparable: NullSpace
  /// By facet and level, NaN where there is no measure.
  var standardErrors: [[Double]]
  var thresholdCovariance: [[Double]]?
  /// Steps by which the totals of extreme elements and of extreme pairs are moved inwards.
  var extremeCorrection = 0.3

  init(
    model: ManyFacetRaschModel, method: RaschMethod, account: RaschAccount, logLikelihood: Double, active: ActiveResponses,
    map: ParameterMap, values: RaschValues, moments: ResponseMoments, comparable: NullSpace
  ) {
    self.model = model
    self.method = method
    self.account = account
    self.logLikelihood = logLikelihood
    self.active = active
    self.map = map
    self.values = values
    self.moments = moments
    self.comparable = comparable
    standardErrors = model.facets.map { [Double](repeating: .nan, count: $0.levels) }
    for f in model.facets.indices {
      for (level, status) in active.status[f].enumerated() where status != .estimated && status != .anchored {
        // In marginal estimation a unit without information has the measure of its population.
        if method == .marginal && f == model.unitFacet { continue }
        self.values.measures[f][level] = .nan
      }
    }
  }

  /// −2 log-likelihood.
  public var deviance: Double { -2 * logLikelihood }

  /// Responses that took part in the estimation; the others stand with extreme elements or say nothing.
  public var activeResponses: Int { active.count }

  /// Measures of a facet's levels in logits: higher is better for units, more severe or more difficult otherwise. NaN where there is none.
  public func measures(of facet: Int) -> [Double] { values.measures[facet] }

  /// Standard errors of the measures. Joint estimation: 1/√Σ V with the other measures held, as FACETS prints them. Marginal estimation: from
  /// the observed information, and the posterior standard deviation for units.
  public func standardErrors(of facet: Int) -> [Double] { standardErrors[facet] }

  /// Whether and how each level got its measure.
  public func status(of facet: Int) -> [ElementStatus] { active.status[facet] }

  /// Thresholds τ of a scale, one for each step from the lowest to the highest score; nil where a category beside the step was not used or lies outside
  /// the scale's range.
  public func thresholds(of scale: Int) -> [Double?] {
    let width = model.steps + 1
    return (1...model.steps).map { k in
      let step = values.cumulative[scale * width + k] - values.cumulative[scale * width + k - 1]
      return step.isFinite ? step : nil
    }
  }

  /// The reliability of the units' posterior means: Var(EAP) / (Var(EAP) + mean posterior variance). Only in marginal estimation.
  public var posteriorReliability: Double? {
    guard method == .marginal else { return nil }
    let units = (0..<(active.unitStart.count - 1)).filter { active.unitStart[$0] < active.unitStart[$0 + 1] }
    let means = units.map { values.measures[model.unitFacet][$0] }
    let n = Double(units.count)
    let mean = means.reduce(0, +) / n
    let spread = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let error = units.reduce(0) { $0 + standardErrors[model.unitFacet][$1] * standardErrors[model.unitFacet][$1] } / n
    return spread / (spread + error)
  }

  /// 1/√Σ V over an element's active responses.
  mutating func setConditionalErrors() {
    for f in model.facets.indices {
      var information = [Double](repeating: 0, count: model.facets[f].levels)
      for o in 0..<active.count { information[Int(active.levels[f][o])] += moments.variance[o] }
      standardErrors[f] = information.map { $0 > 0 ? 1 / $0.squareRoot() : .nan }
    }
  }
}
