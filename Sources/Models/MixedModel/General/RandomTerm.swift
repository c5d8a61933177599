/// Random coefficients that vary with the levels of one factor: `b[level] ~ N(0, Σ)`, with `Σ` a full k × k matrix, multiplying k columns.
public struct RandomTerm: Sendable, Equatable {
  public let factor: GroupingFactor
  /// One label a level.
  public let labels: [String]
  /// The columns' names, "(Intercept)" for a constant.
  public let columns: [String]
  /// Per column one value an observation.
  public let values: [[Double]]

  public init(factor: GroupingFactor, labels: [String]? = nil, columns: [String] = ["(Intercept)"], values: [[Double]]? = nil) {
    self.factor = factor
    self.labels = labels ?? (0..<factor.levels).map { String($0 + 1) }
    self.columns = columns
    self.values = values ?? [[Double](repeating: 1, count: factor.codes.count)]
    precondition(self.columns.count == self.values.count && !columns.isEmpty, "a random term needs a name for every column")
    precondition(self.labels.count == factor.levels, "one label a level")
  }

  /// How many coefficients each level has.
  public var order: Int { columns.count }
  public var name: String { factor.name }
  /// Nothing varies but the intercept.
  public var isIntercept: Bool { columns == ["(Intercept)"] }
  /// Parameters of Σ.
  var parameters: Int { order * (order + 1) / 2 }
  var effects: Int { order * factor.levels }
}
