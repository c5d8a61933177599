internal import LinearAlgebra

/// Shares of the response's variance (Nakagawa and Schielzeth 2013, Methods Ecol. Evol. 4, 133–142; random slopes by Johnson 2014, ibid. 5, 944–946).
public struct VarianceExplained: Sendable, Equatable {
  /// By the fixed effects: Var(Xβ̂) / total.
  public let marginal: Double
  /// By fixed and random effects.
  public let conditional: Double
}

extension LinearMixedFit {
  /// R² with total = Var(Xβ̂) + Σ_t mean of z'Σ_t z over the observations + σ²; the variance of the fitted values has denominator n − 1. Weights are not used.
  public func varianceExplained() -> VarianceExplained {
    let design = model.design
    let n = design.count
    var fitted = [Double](repeating: 0, count: n)
    for (j, column) in model.basis.kept.enumerated() {
      let values = design.fixedColumns[column]
      for i in 0..<n { fitted[i] += coefficients[j].estimate * values[i] }
    }
    let mean = fitted.reduce(0, +) / Double(n)
    let fixed = fitted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
    var random = 0.0
    for (term, estimated) in zip(design.terms, terms) {
      for a in 0..<term.order {
        for b in 0..<term.order { random += estimated.covariance[a, b] * dot(term.values[a], term.values[b]) / Double(n) }
      }
    }
    let total = fixed + random + residualVariance
    return VarianceExplained(marginal: fixed / total, conditional: (fixed + random) / total)
  }
}
