/// What is wrong with the data of a mixed model, or why it could not be fitted.
public enum MixedModelError: Error, Equatable, Sendable {
  /// No observation has a positive weight, or there are not more of them than fixed effects.
  case tooFewObservations(observations: Int, fixedEffects: Int)
  /// A column, factor or weight does not have one value an observation.
  case wrongLength(of: String, count: Int, expected: Int)
  /// A code outside `0..<levels`.
  case codeOutOfRange(factor: String, observation: Int)
  /// A response, covariate or weight that is not a finite number, or a negative weight.
  case notUsable(name: String, observation: Int)
  /// The fixed columns are linearly dependent; this one is a combination of those before it.
  case dependentFixedColumn(String)
  /// The data cannot tell these variance components apart.
  case componentsNotIdentifiable([String])
  /// The response does not vary beyond the fixed effects: there is nothing to split into components.
  case noVariation
  /// The search ended without meeting its tolerance. The last values are in the account.
  case notConverged(FitAccount)
  /// No such component or factor.
  case unknownName(String)
  /// More random effects would have to be kept in a dense matrix than fit.
  case tooManyEffects(kept: Int, limit: Int)
  /// The factorisation failed at values where it cannot fail in exact arithmetic.
  case illConditioned
  /// The residual structure did not settle: more iterations than allowed. A level with hardly any spare observations can do this; shrinkage helps.
  case residualNotConverged(iterations: Int, lastStep: Double)
}
