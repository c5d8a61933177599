internal import Statistics

/// A crossed model fitted together with its residual structure.
public struct HeteroscedasticFit: Sendable {
  /// The crossed model at the final weights. The residual variance of observation s is `fit.residualVariance / weights[s]`.
  public let fit: CrossedFit
  /// Relative precisions: the prior weight times what the residual structure makes of it.
  public let weights: [Double]
  /// The same model with a common residual variance.
  public let common: CrossedFit
  /// Coefficients of log variance: one a level (log σ_r² itself), or one a column.
  public let coefficients: [ResidualCoefficient]
  /// Comparison with the common variance; nil where shrinkage leaves no likelihood to compare.
  public let likelihoodRatio: LikelihoodRatio?
  /// Score test of all coefficients at the common fit; for levels it asks whether any differs.
  public let score: LikelihoodRatio?
  /// τ, the standard deviation of log σ_r² over levels, when shrunken.
  public let spread: Double?
  /// Set for Student-t errors.
  public let studentT: StudentErrors?
  public let account: ResidualAccount

  /// Standard deviation of one observation of prior weight 1 per level of the factor, with its standard error (delta method).
  public var levelDeviations: [(sigma: Double, standardError: Double)] {
    coefficients.map { coefficient in
      let sigma = squareRoot(ofExponential: coefficient.estimate)
      return (sigma, 0.5 * sigma * coefficient.standardError)
    }
  }
}

/// A coefficient of the logarithm of the residual variance.
public struct ResidualCoefficient: Sendable, Equatable {
  public let name: String
  public let estimate: Double
  /// For columns, from the observed information of the restricted likelihood. For levels, from the expected information without the
  /// terms between different observations, which are of the order of the squared leverages: within about 5 % of the observed one in the tests.
  public let standardError: Double
}

/// A statistic that is χ² with the given degrees of freedom if the simpler model holds.
public struct LikelihoodRatio: Sendable, Equatable {
  public let statistic: Double
  public let degreesOfFreedom: Double
  public let pValue: Double

  init(_ statistic: Double, degreesOfFreedom: Double) {
    self.statistic = max(statistic, 0)
    self.degreesOfFreedom = degreesOfFreedom
    pValue = degreesOfFreedom > 0 ? ChiSquared(degreesOfFreedom: degreesOfFreedom).upperTail(self.statistic) : 1
  }

  init(_ statistic: Double, degreesOfFreedom: Double, pValue: Double) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.pValue = pValue
  }
}

/// Student-t errors of scale σ (`fit`'s residual standard deviation) and ν degrees of freedom.
public struct StudentErrors: Sendable, Equatable {
  /// Infinite when nothing speaks for heavier tails than the normal's.
  public let degreesOfFreedom: Double
  /// The bound on −2 log-likelihood that is minimised (see `HeteroscedasticModel.fitStudentT`).
  public let criterion: Double
  /// Expected precision of each observation's error relative to 1/σ²: small for an outlier.
  public let robustness: [Double]
}

/// How the residual structure was found.
public struct ResidualAccount: Sendable, Equatable {
  /// Which function is minimised.
  public let objective: String
  /// Fits of the crossed model at new weights.
  public let iterations: Int
  /// The largest last change of a coefficient (of a log weight for Student-t errors).
  public let lastStep: Double
  /// Rounds in which the expectations were renewed; 1 where they do not matter.
  public let rounds: Int
}
