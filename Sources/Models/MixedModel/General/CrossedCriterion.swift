internal import Foundation
internal import LinearAlgebra

/// The criterion of a model that has random intercepts only, through `CrossedModel`: far quicker, and the only way with very many levels.
struct CrossedCriterion: ProfiledCriterion {
  var hasTermsOfOneFactor: Bool { false }
  let model: CrossedModel
  var factors: CovarianceFactors { CovarianceFactors(orders: model.factors.map { _ in 1 }) }

  func evaluate(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint {
    let components = theta.map { $0 * $0 } + [1]
    let (evaluation, point) = try model.engine.evaluate(at: components, method: method)
    let solution = model.engine.solution(point)
    // ∂/∂θ = 2θ ∂/∂v.
    let chain = theta.map { 2 * $0 }
    var fixed = solution.fixed
    if model.fixedNames.first == "(Intercept)" { fixed[0] += model.centre }
    return CriterionPoint(
      theta: theta, logDeterminant: evaluation.logDeterminant, penalised: evaluation.quadratic, degrees: evaluation.degrees,
      logGradient: zip(chain, evaluation.traces).map { $0 * $1 }, penalisedGradient: zip(chain, evaluation.forms).map { -$0 * $1 },
      fixed: fixed, fixedInverse: solution.fixedInverse)
  }

  /// `CrossedModel` has a search of its own, so the information is never asked for.
  func evaluateWithInformation(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint {
    try evaluate(theta, method: method)
  }
}
