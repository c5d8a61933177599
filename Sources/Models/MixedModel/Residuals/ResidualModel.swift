/// What the residual variance of a crossed model depends on. Observation s of prior weight w[s] has residual variance v[s]/w[s].
public enum ResidualModel: Sendable, Equatable {
  /// A variance of its own for every level of a factor, such as the rater: v = σ_r². A level without observations keeps the common variance.
  case byLevel(GroupingFactor)
  /// The same with shrinkage: log σ_r² ~ N(μ, τ²), τ² estimated. For levels with few observations.
  case shrunkenByLevel(GroupingFactor)
  /// A linear function of known columns: log v = log σ² + Σ_j γ_j (x_j − mean of x_j).
  case logLinear([FixedColumn])
  /// A polynomial in the expected response m: log v = log σ² + γ₁ t (+ γ₂ t²) with t = m − mean, m iterated to a fixed point.
  /// - Parameter degree: 1 or 2.
  case ofExpectation(degree: Int)
  /// Student-t errors with ν degrees of freedom and scale σ: v = σ². ν is estimated when nil.
  case studentT(degreesOfFreedom: Double?)
}

/// A crossed model together with a model of its residual variance. All of them are fitted by restricted maximum likelihood: the fixed
/// columns are the same with and without the residual structure, so the two criteria compare.
public struct HeteroscedasticModel: Sendable {
  public let residual: ResidualModel
  let response: [Double]
  let weights: [Double]?
  let fixed: [FixedColumn]
  let intercept: Bool
  let factors: [GroupingFactor]

  /// - Parameters: as for `CrossedModel`; `residual` is the structure of the noise. Above `CrossedModel`'s dense limit leverages are
  ///   approximations, and so is what is estimated from them.
  /// - Throws: `MixedModelError` for lengths, codes or values that do not fit.
  public init(
    response: [Double], weights: [Double]? = nil, fixed: [FixedColumn] = [], intercept: Bool = true, factors: [GroupingFactor],
    residual: ResidualModel
  ) throws(MixedModelError) {
    switch residual {
    case .byLevel(let factor), .shrunkenByLevel(let factor):
      try validate(response: response, weights: weights, fixed: fixed, factors: factors + [factor])
    case .logLinear(let columns):
      precondition(!columns.isEmpty, "without columns the variance is constant")
      try validate(response: response, weights: weights, fixed: fixed + columns, factors: factors)
    case .ofExpectation(let degree):
      precondition(degree == 1 || degree == 2, "the logarithm of the variance is linear or quadratic in the expectation")
      try validate(response: response, weights: weights, fixed: fixed, factors: factors)
    case .studentT(let nu):
      precondition(nu.map { $0 > 0 } ?? true, "degrees of freedom must be positive")
      try validate(response: response, weights: weights, fixed: fixed, factors: factors)
    }
    self.residual = residual
    self.response = response
    self.weights = weights
    self.fixed = fixed
    self.intercept = intercept
    self.factors = factors
  }

  /// Estimates variance components and residual structure together.
  ///
  /// Cost: a dozen to a few dozen times a fit of `CrossedModel` from good starting values, and the leverages of all observations each time.
  /// - Throws: `MixedModelError`, `.residualNotConverged` when the residual structure does not settle.
  public func fit() throws(MixedModelError) -> HeteroscedasticFit {
    switch residual {
    case .byLevel(let factor): try fitByLevel(factor, shrunken: false)
    case .shrunkenByLevel(let factor): try fitByLevel(factor, shrunken: true)
    case .logLinear(let columns): try fitLogLinear(columns)
    case .ofExpectation(let degree): try fitOfExpectation(degree)
    case .studentT(let nu): try fitStudentT(nu)
    }
  }
}
