internal import Foundation
internal import Statistics

extension HeteroscedasticModel {
  /// Student-t errors: e[s] | u[s] ~ N(0, σ²/(w[s] u[s])) with u[s] ~ Gamma(ν/2, ν/2), beside normal random effects b (and β with a flat prior).
  ///
  /// The likelihood has no closed form when effects are shared. What is maximised is its lower bound over posteriors in which (β, b) and u are
  /// independent (variational EM; Neal and Hinton 1998):
  ///
  ///     bound = Σ log t_ν(√E[s]) + E log p(b) − E log q(b)        E[s] = e[s]² + σ² h[s], the expected squared error
  ///
  /// where t_ν is the density with scale σ/√w. The second part is known from the restricted likelihood of the crossed model at the weights
  /// ū[s] = (ν + 1)/(ν + E[s] w[s]/σ²). Each step raises the bound, which is exact for ν = ∞ only. The gap grows with heavy tails and with few
  /// scores an effect, where ν and σ come out too large: with 6 scores a unit and ν near 1.5, by exact integration, 2 (log-likelihood − bound) was 5, and
  /// σ a seventh too large.
  /// The comparison with normal errors uses 2 (bound − normal log-likelihood), so it errs towards the normal; ν = ∞ is at the
  /// boundary, hence p = ½ P(χ²₁ > x).
  func fitStudentT(_ given: Double?) throws(MixedModelError) -> HeteroscedasticFit {
    let prior = weights ?? [Double](repeating: 1, count: response.count)
    let common = try model(weights: weights).fit(.reml)
    var nu = given ?? 10
    var model = try model(weights: weights)
    var fit = common
    var expected = expectedSquares(model, fit, prior)
    var robustness = [Double](repeating: 1, count: response.count)
    var bound = -Double.infinity
    var iterations = 0
    var change = Double.infinity
    while iterations < 500 {
      if given == nil { nu = degreesOfFreedom(expected) }
      let previous = robustness
      robustness = expected.map { nu.isInfinite ? 1 : (nu + 1) / (nu + $0) }
      change = zip(previous, robustness).reduce(0) { max($0, abs(log($1.0 / $1.1))) }
      let joint = zip(prior, robustness).map { $0 * $1 }
      model = try self.model(weights: joint)
      var options = FitOptions()
      for component in fit.components where component.variance > 0 { options.start[component.name] = component.variance }
      fit = try model.fit(.reml, options: options)
      expected = expectedSquares(model, fit, prior, robustness)
      let next = self.bound(fit, expected, prior, robustness, nu)
      iterations += 1
      let gain = next - bound
      bound = next
      if nu.isInfinite || change < 1e-6 || (iterations > 3 && abs(gain) < 1e-10 * (abs(bound) + 1)) { break }
    }
    if iterations >= 500 { throw .residualNotConverged(iterations: iterations, lastStep: change) }
    let statistic = max(common.criterion + 2 * bound, 0)
    return HeteroscedasticFit(
      fit: fit, weights: zip(prior, robustness).map { $0 * $1 }, common: common, coefficients: [],
      likelihoodRatio: LikelihoodRatio(
        statistic, degreesOfFreedom: 1, pValue: statistic > 0 ? 0.5 * ChiSquared(degreesOfFreedom: 1).upperTail(statistic) : 1),
      score: nil, spread: nil, studentT: StudentErrors(degreesOfFreedom: nu, criterion: -2 * bound, robustness: robustness),
      account: ResidualAccount(
        objective: "variational lower bound of the restricted likelihood", iterations: iterations, lastStep: change, rounds: 1))
  }

  /// E[s] w[s]/σ²: squared residual plus the posterior variance of the fitted value, relative to the scale.
  private func expectedSquares(
    _ model: CrossedModel, _ fit: CrossedFit, _ prior: [Double], _ robustness: [Double]? = nil
  ) -> [Double] {
    let fitted = model.fittedValues(fit)
    let leverages = model.predictionVariances(fit)
    let sigma = fit.residualVariance
    return fitted.indices.map { s in
      let e = response[s] - fitted[s]
      return prior[s] > 0 ? prior[s] * (e * e / sigma + leverages[s]) : 0
    }
  }

  private func bound(_ fit: CrossedFit, _ expected: [Double], _ prior: [Double], _ robustness: [Double], _ nu: Double) -> Double {
    let t = StudentT(degreesOfFreedom: nu)
    let logSigma = 0.5 * log(fit.residualVariance)
    var sum = -0.5 * fit.criterion
    for s in expected.indices where prior[s] > 0 {
      // log t density at the expected square, less the normal term that the criterion holds already.
      sum += t.logDensity(expected[s].squareRoot()) - logSigma + 0.5 * log(prior[s])
      sum += 0.5 * (VarianceEvaluation.logTwoPi + 2 * logSigma - log(prior[s] * robustness[s]) + robustness[s] * expected[s])
    }
    return sum
  }

  /// The ν that is best for these expected squares; infinite when the best is beyond 1000.
  private func degreesOfFreedom(_ expected: [Double]) -> Double {
    let prior = weights
    let squares = prior == nil ? expected : expected.indices.filter { prior![$0] > 0 }.map { expected[$0] }
    let best = Brent.minimum(in: log(0.2)...log(2000), tolerance: 1e-7) { logNu in
      let t = StudentT(degreesOfFreedom: exp(logNu))
      return squares.reduce(0) { $0 - t.logDensity($1.squareRoot()) }
    }
    return best.place > log(1000) ? .infinity : exp(best.place)
  }
}
