public import LinearAlgebra

/// One estimated variance.
public struct VarianceComponent: Sendable, Equatable {
  /// The factor's name, or "Residual".
  public let name: String
  public let variance: Double
  /// From the average information. Nil for a component that was given, or is at its boundary of zero.
  public let standardError: Double?
  /// √variance, in the units of the response.
  public var standardDeviation: Double { variance.squareRoot() }
}

/// A fixed effect with its standard error (nil when it was not computed).
public struct FixedEffect: Sendable, Equatable {
  public let name: String
  public let estimate: Double
  public let standardError: Double
}

/// Predictions (BLUPs) of one factor's effects.
public struct RandomEffects: Sendable, Equatable {
  public let name: String
  /// One a level.
  public let values: [Double]
  /// Root of the prediction error variance Var(b̂ − b), the fixed effects' uncertainty included. The variance
  /// components count as known. √variance for a level without observations; 0 when the variance is 0.
  public let standardErrors: [Double]
}

/// A fitted `CrossedModel`.
public struct CrossedFit: Sendable {
  /// In the order of the model's factors, the residual last.
  public let components: [VarianceComponent]
  /// Covariance of the estimated components (average information), same order; zero rows for those at the boundary.
  public let componentCovariance: Matrix
  public let fixedEffects: [FixedEffect]
  /// Covariance of the fixed effects.
  public let fixedCovariance: Matrix
  /// In the order of the model's factors.
  public let randomEffects: [RandomEffects]
  /// −2 log-likelihood (ML) or the REML criterion, with lme4's constants.
  public let criterion: Double
  public let account: FitAccount
  let solution: CrossedSolution

  /// The last component: the variance of an observation of weight 1.
  public var residualVariance: Double { components[components.count - 1].variance }

  /// A component by the name of its factor; nil when the model has none of that name.
  public func component(_ name: String) -> VarianceComponent? { components.first { $0.name == name } }
  /// A factor's predicted effects by its name; nil when the model has none of that name.
  public func effects(of factor: String) -> RandomEffects? { randomEffects.first { $0.name == factor } }
}
