internal import LinearAlgebra

/// How each observation compares with what all the others lead one to expect.
///
/// With P as in the criterion, `y[s] − E[y[s] | the others] = (Py)[s] / P[s,s]` with variance `1 / P[s,s]`: exact, fixed effects re-estimated, the
/// variance components kept. An observation of weight 0 is in no fit anyway: it is compared with its prediction, as if its weight were 1. (In a model
/// with nested factors the variance of such a prediction is not computed: it is given as infinite, so that nothing is concluded from it.)
public struct LeaveOneOut: Sendable, Equatable {
  /// One an observation.
  public let residuals: [Double]
  /// Variance of each residual under the model: noise and uncertainty of what was expected.
  public let variances: [Double]

  /// Residuals over their standard deviations.
  public var standardized: [Double] { zip(residuals, variances).map { $0 / $1.squareRoot() } }
}

extension CrossedModel {
  /// The fitted values: fixed effects plus predicted random effects, one an observation.
  public func fittedValues(_ fit: CrossedFit) -> [Double] {
    var result = [Double](repeating: 0, count: response.count)
    for (column, effect) in zip(fixed, fit.fixedEffects) {
      for s in result.indices { result[s] += column[s] * effect.estimate }
    }
    for (factor, effects) in zip(factors, fit.randomEffects) {
      for s in result.indices { result[s] += effects.values[Int(factor.codes[s])] }
    }
    return result
  }

  /// Leave-one-out residuals of every observation. Cost `Σ k[u] (factors + fixed columns)` an observation of unit u, no refit.
  public func leaveOneOut(_ fit: CrossedFit) -> LeaveOneOut {
    let fitted = fittedValues(fit)
    let leverages = predictionVariances(fit)
    let sigma = fit.residualVariance
    var residuals = [Double](repeating: 0, count: response.count)
    var variances = residuals
    for s in response.indices {
      let raw = response[s] - fitted[s]
      let w = weights?[s] ?? 1
      if w > 0 {
        // 1 − w h is the share of this observation's own noise that the fit leaves; it is positive unless a fixed column is its alone.
        let left = max(1 - w * leverages[s], 1e-12)
        residuals[s] = raw / left
        variances[s] = sigma / (w * left)
      } else {
        residuals[s] = raw
        variances[s] = sigma * (1 + leverages[s])
      }
    }
    return LeaveOneOut(residuals: residuals, variances: variances)
  }
}

extension TwoWayStatistics {
  /// Variance of the fitted value's error, Var(x'(β̂ − β) + Σ(b̂ − b)), in units of the residual variance, for rows of the given codes:
  ///
  ///     h = g + (x − g a)' C (x − g a)
  func predictionVariances(
    _ solution: TwoWaySolution, eliminated: GroupingFactor, kept factors: [GroupingFactor], fixed: [[Double]]
  ) -> [Double] {
    let rows = eliminated.codes.count
    let k = factors.count
    let inverse = solution.inverse
    let forms = solution.unitForms
    var result = [Double](repeating: 0, count: rows)
    var columns = [Int](repeating: 0, count: k + fixed.count)
    var values = [Double](repeating: 1, count: k + fixed.count)
    for j in fixed.indices { columns[k + j] = randomColumns + j }
    for s in 0..<rows {
      for f in 0..<k { columns[f] = kept[f].lowerBound + Int(factors[f].codes[s]) }
      for j in fixed.indices { values[k + j] = fixed[j][s] }
      let u = Int(eliminated.codes[s])
      let g = solution.shrinkage[u]
      var own = 0.0
      for i in columns.indices {
        for j in columns.indices { own += values[i] * values[j] * inverse[columns[i], columns[j]] }
      }
      var cross = 0.0
      for e in incidence.starts[u]..<incidence.starts[u + 1] {
        let row = Int(incidence.columns[e])
        var inner = 0.0
        for i in columns.indices { inner += values[i] * inverse[row, columns[i]] }
        cross += incidence.values[e] * inner
      }
      result[s] = g + own - 2 * g * cross + g * g * forms[u]
    }
    return result
  }
}
