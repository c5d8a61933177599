/// Which likelihood is maximised.
public enum EstimationMethod: String, Sendable {
  /// Maximum likelihood: variances are biased down by the fixed effects' degrees of freedom, but models with different fixed parts compare.
  case ml
  /// Restricted maximum likelihood, the likelihood of error contrasts.
  case reml
}

/// How a fit came about, so that it can be questioned.
public struct FitAccount: Sendable, Equatable {
  public var method: EstimationMethod
  /// "average information", or "none" for an evaluation at given components.
  public var algorithm: String
  /// Accepted steps.
  public var steps: Int
  /// Evaluations of the criterion with its derivatives, rejected ones included.
  public var evaluations: Int
  /// Evaluations by random probes before them, which found the exact search its start; not counted in `evaluations`.
  public var scoutEvaluations = 0
  /// Converged when the next step would change no component by more than this share of itself.
  public var tolerance: Double
  /// The share of itself by which the last computed step would still change a component.
  public var lastRelativeStep: Double
  /// The largest |θ ∂criterion/∂θ| over the components inside the boundary.
  public var maximumGradient: Double
  /// Components estimated as exactly zero.
  public var atBoundary: [String]
  /// The criterion after each accepted step, the first at the starting values.
  public var trace: [Double]
  public var converged: Bool
  /// Largest relative standard error of a component that comes from random probes; 0 when the traces are exact.
  public var monteCarloError = 0.0
  /// Standard error of the criterion that comes from random probes; 0 when it is exact.
  public var criterionError = 0.0

  /// Some component is zero: the covariance matrix of the random effects is singular.
  public var isSingular: Bool { !atBoundary.isEmpty }
}
