internal import Foundation
internal import LinearAlgebra

/// A linear mixed model with any number of random terms, crossed or nested, each with intercepts or correlated slopes:
///
///     y = Xβ + Σ_t Z_t b_t + e,    b_t[level] ~ N(0, Σ_t),    e ~ N(0, σ²/w)
///
/// Random intercepts alone go through `CrossedModel`, which has the quicker search and reaches any size. Otherwise the effects of one factor (and of what is
/// nested in it) are eliminated block by block and the other terms' effects are kept dense; that is exact, and bounded by the
/// kept effects (`keptLimit`).
public struct LinearMixedModel: Sendable {
  enum Engine: Sendable {
    case crossed(CrossedModel)
    case terms(TermStatistics)
  }

  public let design: ModelDesign
  /// Fixed columns that the columns before them determine; they are left out.
  public var droppedColumns: [String] { basis.dropped }
  let basis: FixedBasis
  let engine: Engine
  /// What was taken from the response before anything else.
  let centre: Double
  /// Per term and column, its root mean square, by which it is divided inside.
  let scales: [[Double]]
  /// Of random intercepts alone: see `CrossedModel`.
  let denseLimit: Int

  /// Kept effects beyond this many do not fit a dense matrix.
  public static let keptLimit = 8000

  /// - Parameter denseLimit: up to how many kept levels random intercepts alone are fitted exactly; at most `CrossedModel.largestDense` is sensible.
  /// - Throws: `MixedModelError.tooFewObservations`, `.tooManyEffects`, and what `CrossedModel` throws.
  public init(_ design: ModelDesign, denseLimit: Int = CrossedModel.denseLimit) throws(MixedModelError) {
    try self.init(design, basis: nil, response: design.response, denseLimit: denseLimit)
  }

  /// - Parameter basis: the fixed part, when it is not the design's own.
  init(_ design: ModelDesign, basis given: FixedBasis?, response: [Double], denseLimit: Int) throws(MixedModelError) {
    self.denseLimit = denseLimit
    let basis = given ?? FixedBasis(names: design.fixedNames, columns: design.fixedColumns, weights: design.weights)
    let n = design.count
    if n <= basis.count { throw .tooFewObservations(observations: n, fixedEffects: basis.count) }
    let centre = basis.hasIntercept ? weightedMean(response, design.weights) : 0
    let centred = centre == 0 ? response : response.map { $0 - centre }
    self.design = design
    self.basis = basis
    self.centre = centre
    let distinct = Set(design.terms.map(\.name)).count == design.terms.count
    if !design.terms.isEmpty && distinct && design.terms.allSatisfy(\.isIntercept) {
      scales = design.terms.map { _ in [1] }
      let skip = basis.hasIntercept ? 1 : 0
      engine = .crossed(
        try CrossedModel(
          response: centred, weights: design.weights,
          fixed: zip(basis.names, basis.columns).dropFirst(skip).map { FixedColumn($0, $1) }, intercept: basis.hasIntercept,
          factors: design.terms.map(\.factor), denseLimit: denseLimit))
      return
    }
    let layout = TermLayout(design.terms)
    let kept = layout.kept.reduce(0) { $0 + design.terms[$1].effects }
    if kept > Self.keptLimit { throw .tooManyEffects(kept: kept, limit: Self.keptLimit) }
    scales = design.terms.map { term in
      term.values.map { values in
        let square = dot(values, values) / Double(n)
        return square > 0 ? square.squareRoot() : 1
      }
    }
    let scaled = zip(design.terms, scales).map { term, scale in
      RandomTerm(
        factor: term.factor, labels: term.labels, columns: term.columns,
        values: zip(term.values, scale).map { values, s in s == 1 ? values : values.map { $0 / s } })
    }
    engine = .terms(TermStatistics(terms: scaled, fixed: basis.columns, response: centred, weights: design.weights))
  }

  private init(copy other: LinearMixedModel, engine: Engine, centre: Double) {
    design = other.design
    basis = other.basis
    scales = other.scales
    denseLimit = other.denseLimit
    self.engine = engine
    self.centre = centre
  }

  /// The same model for another response, in the design's order of observations.
  func with(response: [Double]) throws(MixedModelError) -> LinearMixedModel {
    let centre = basis.hasIntercept ? weightedMean(response, design.weights) : 0
    switch engine {
    case .crossed: return try LinearMixedModel(design, basis: basis, response: response, denseLimit: denseLimit)
    case .terms(let statistics):
      let centred = centre == 0 ? response : response.map { $0 - centre }
      return LinearMixedModel(copy: self, engine: .terms(statistics.with(response: centred)), centre: centre)
    }
  }

  /// False when the criterion is estimated with random probes, which very many crossed levels need: then there are no profiles, no likelihood-ratio tests
  /// and no denominator degrees of freedom.
  public var isExact: Bool {
    switch engine {
    case .crossed(let model): model.engine.isExact
    case .terms: true
    }
  }

  var factors: CovarianceFactors { CovarianceFactors(orders: design.terms.map(\.order)) }

  func evaluate(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint {
    switch engine {
    case .crossed(let model): try CrossedCriterion(model: model).evaluate(theta, method: method)
    case .terms(let statistics): try statistics.evaluate(theta, method: method)
    }
  }

  /// - Throws: `MixedModelError.noVariation`, `.componentsNotIdentifiable`, `.notConverged`, `.illConditioned`.
  public func fit(_ method: EstimationMethod = .reml) throws(MixedModelError) -> LinearMixedFit { try fit(method, from: nil) }

  /// - Parameter start: θ to start from.
  func fit(_ method: EstimationMethod, from start: [Double]?) throws(MixedModelError) -> LinearMixedFit {
    switch engine {
    case .crossed(let model):
      var options = FitOptions()
      if let start, start.allSatisfy({ $0 > 0 }) {
        // A start on the right scale spares the first steps.
        let point = try CrossedCriterion(model: model).evaluate(start, method: method)
        for (factor, t) in zip(model.factors, start) { options.start[factor.name] = t * t * point.variance }
        options.start["Residual"] = point.variance
      }
      let fit = try model.fit(method, options: options)
      let theta = fit.components.dropLast().map { ($0.variance / fit.residualVariance).squareRoot() }
      return LinearMixedFit(
        model: self, method: method, theta: Array(theta), variance: fit.residualVariance, fixed: fit.fixedEffects.map(\.estimate),
        fixedInverse: fit.solution.fixedInverse, criterion: fit.criterion, account: fit.account, crossed: fit)
    case .terms(let statistics):
      if let slopes = try CentredSlopes(self) { return try slopes.fit(method, from: start) }
      let result = try CriterionSearch(criterion: statistics, method: method).run(from: start)
      let point = result.point
      return LinearMixedFit(
        model: self, method: method, theta: point.theta, variance: point.variance, fixed: point.fixed, fixedInverse: point.fixedInverse,
        criterion: point.profiled, account: result.account, crossed: nil)
    }
  }
}
