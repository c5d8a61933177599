/// What is wrong with ratings, or why an agreement coefficient cannot be computed from them.
public enum AgreementError: Error, Equatable, Sendable {
  /// Units, raters and values are not equally many.
  case wrongLength(of: String, count: Int, expected: Int)
  /// A code outside `0..<levels`.
  case codeOutOfRange(factor: String, observation: Int)
  /// A value that is infinite. (NaN is a missing rating.)
  case notFinite(observation: Int)
  /// A value that is not among the categories given.
  case notACategory(value: Double, observation: Int)
  /// The same rater rated the same unit twice: settle it first (`RepeatedRatings`).
  case repeatedRating(unit: Int, rater: Int)
  /// No unit has two ratings: there is nothing that could agree.
  case nothingToCompare
  /// Fewer raters than the coefficient needs.
  case tooFewRaters(Int, needed: Int)
  /// Fewer units than the coefficient needs.
  case tooFewUnits(Int, needed: Int)
  /// Fewer categories than the coefficient needs.
  case tooFewCategories(Int, needed: Int)
  /// Weights are a table of categories by categories; there are too many categories for that.
  case tooManyCategories(Int, limit: Int)
  /// Ratios mean nothing here: a category is negative.
  case negativeCategory(Double)
  /// Custom weights do not fit: not square of this order, not symmetric, not 1 on the diagonal, or outside [0, 1].
  case weightsDoNotFit(categories: Int)
  /// A coefficient that needs a complete table; so many ratings are missing.
  case incomplete(missing: Int)
  /// All ratings are equal: chance alone would explain the agreement, and the coefficient is 0/0.
  case noVariation
  /// The variance of a panel's mean, estimated from mean squares, is 0 or negative: raters differ more on one unit than units' means can explain,
  /// and a share of that variance means nothing.
  case meanVarianceNotPositive
  /// The design lacks an effect that was named, or an effect is confounded with another.
  case effectsNotSeparable([String])
  /// Facet or level that the design does not have.
  case unknownName(String)
}
