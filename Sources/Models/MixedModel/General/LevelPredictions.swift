internal import LinearAlgebra

/// Predictions (BLUPs) of one term's coefficients, level by level.
public struct LevelPredictions: Sendable, Equatable {
  /// The grouping factor's name.
  public let name: String
  public let columns: [String]
  public let labels: [String]
  /// Per column one value a level.
  public let values: [[Double]]
  /// Roots of the prediction error variances Var(b̂ − b), the fixed effects' uncertainty included; the variance components count as known.
  public let standardErrors: [[Double]]
}

extension LinearMixedFit {
  /// Predictions for every term, with prediction error variances.
  /// - Throws: `MixedModelError.illConditioned`.
  public func predictions() throws(MixedModelError) -> [LevelPredictions] {
    switch model.engine {
    case .crossed(let crossedModel):
      let full: CrossedFit
      if let crossed, method == .reml {
        full = crossed
      } else {
        full = try crossedModel.evaluate(at: theta.map { $0 * $0 * residualVariance } + [residualVariance], method: .reml)
      }
      return zip(model.design.terms, full.randomEffects).map { term, effects in
        LevelPredictions(
          name: term.name, columns: term.columns, labels: term.labels, values: [effects.values], standardErrors: [effects.standardErrors])
      }
    case .terms(let statistics):
      let (_, solution) = try statistics.solve(theta, method: .reml)
      let errors = statistics.predictionErrors(solution)
      return model.design.terms.enumerated().map { t, term in
        let k = term.order
        let scale = model.scales[t]
        let values = (0..<k).map { c in (0..<term.factor.levels).map { solution.effects[t][$0 * k + c] / scale[c] } }
        let roots = (0..<k).map { c in
          (0..<term.factor.levels).map { (residualVariance * max(errors[t][$0][c + c * k], 0)).squareRoot() / scale[c] }
        }
        return LevelPredictions(name: term.name, columns: term.columns, labels: term.labels, values: values, standardErrors: roots)
      }
    }
  }

  /// Xβ̂ + Zb̂ in the order of the design's observations.
  /// - Throws: `MixedModelError.illConditioned`.
  public func fittedValues() throws(MixedModelError) -> [Double] {
    let design = model.design
    var fitted = [Double](repeating: 0, count: design.count)
    for (j, column) in model.basis.kept.enumerated() {
      for i in fitted.indices { fitted[i] += coefficients[j].estimate * design.fixedColumns[column][i] }
    }
    for (term, predicted) in zip(design.terms, try predictions()) {
      for c in 0..<term.order {
        for i in fitted.indices { fitted[i] += term.values[c][i] * predicted.values[c][Int(term.factor.codes[i])] }
      }
    }
    return fitted
  }
}
