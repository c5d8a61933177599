/// What is wrong with the data of a many-facet Rasch model, or why it could not be fitted.
public enum RaschError: Error, Equatable, Sendable {
  /// No response, or no facet beside the units.
  case nothingToFit
  /// A facet does not have one code a response.
  case wrongLength(facet: String, count: Int, expected: Int)
  /// A code outside `0..<levels`.
  case codeOutOfRange(facet: String, response: Int)
  /// All responses are the same category: nothing can be estimated.
  case noVariation
  /// From the lowest to the highest score there are more categories than the model can use well.
  case tooManyCategories(lowest: Int, highest: Int, limit: Int)
  /// A unit meets this many levels of the other facets, with their thresholds, and the equations would not fit into memory.
  case tooManyParameters(ofUnit: Int)
  /// After the extreme elements are set aside no response is left.
  case onlyExtremeScores
  /// Anchored units belong to joint estimation; marginal estimation gives the units a distribution.
  case anchoredUnitsInMarginalEstimation
  /// The units cannot have rating scales of their own in marginal estimation.
  case unitScalesInMarginalEstimation
  /// An anchor of thresholds needs one value for each step from the lowest to the highest score.
  case wrongNumberOfThresholds(given: Int, expected: Int)
  /// The units do not differ beyond what chance explains: the variance of their distribution goes to zero.
  case noUnitVariance
  /// The search ended without meeting its tolerance.
  case notConverged(RaschAccount)
}
