public import Models

/// What is asked of an analysis of agreement.
public struct AgreementOptions: Sendable {
  public enum Scale: String, Sendable, CaseIterable {
    case nominal, ordinal, interval, ratio, circular
  }

  /// Where scores are names: the name of each value, from 0. Then there are no points, and nothing is said in points.
  public var labels: [String]?
  /// Whether `labels` go from the lowest up.
  public var labelsAreOrdered = false
  /// Nil: for names nominal, or ordinal where they have an order; for numbers ordinal for at most ten different whole numbers, else interval.
  public var scale: Scale?
  /// Of a circular scale.
  public var period: Double?
  /// Weights of kappas and AC2; nil: identity for nominal scores, else quadratic. With `customWeights`, `.custom`.
  public var weights: AgreementWeights.Kind?
  /// A table of weights, a row a category in ascending order.
  public var customWeights: [[Double]]?
  /// Of `CoefficientRegistry`; nil: those that fit the scale.
  public var coefficients: [AgreementCoefficient]?
  /// Each criterion by itself; otherwise every unit on every criterion is a subject.
  public var byCriterion = false
  /// Numbers of raters in the decision study.
  public var raterNumbers: ClosedRange<Int> = 1...10
  /// Number of criteria in the decision study; as in the table when nil.
  public var criterionNumbers: ClosedRange<Int>?
  /// What the decision study is to reach.
  public var goal = 0.8
  /// Whether the criteria are a sample of what might have been asked.
  public var randomCriteria = false
  /// The rater whose scores are the standard.
  public var expert: String?
  public var retest = false
  /// Scores this near count as the same; nil: 0 for nominal scores, else 5 % of full marks.
  public var tolerance: Double?
  /// Nil: the highest score of the table.
  public var fullMarks: Double?
  /// From this difference on a third mark is called for; nil: 10 % of full marks.
  public var thirdMark: Double?
  public var level = 0.95
  /// Resamples of units; 0 for the jackknife instead.
  public var bootstrap = 1000
  public var seed: UInt64 = 1
  public var threads = 1

  public init() {}
}
