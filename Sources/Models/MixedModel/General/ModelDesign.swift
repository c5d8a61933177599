/// What a formula makes of a frame: the response, the fixed columns and the random terms, in an order of observations that does not depend on the
/// order of the rows.
public struct ModelDesign: Sendable {
  public let response: [Double]
  public let weights: [Double]?
  /// All fixed columns, also those that others determine.
  public let fixedNames: [String]
  public let fixedColumns: [[Double]]
  /// The term of each fixed column, an index into `fixedTerms`; 0 is "(Intercept)".
  public let fixedTermOfColumn: [Int]
  public let fixedTerms: [String]
  public internal(set) var terms: [RandomTerm]
  /// The frame's row of each observation.
  public let rows: [Int]
  /// How many rows of the frame were left out because a value was missing or the weight zero.
  public let droppedRows: Int

  /// The fixed part with factors coded to sum to zero, which type III tests need where factors interact.
  let sumCoded: DesignColumns?

  /// Rows without a missing value.
  public var count: Int { response.count }

  /// More fixed columns than this are refused.
  public static let fixedLimit = 2000

  /// - Parameters:
  ///   - weights: one a row of the frame, not negative; Var(e) = σ²/w. Rows of weight 0 are left out.
  /// - Throws: `ModelFrameError` for columns that are missing or of the wrong kind, and for random terms that the data cannot carry.
  public init(_ formula: ModelFormula, _ frame: ModelFrame, weights: [Double]? = nil) throws(ModelFrameError) {
    precondition(weights == nil || weights!.count == frame.count, "one weight a row")
    let variables = try FrameVariables(formula, frame, weights: weights)
    let n = variables.rows.count
    guard case .numbers(let response) = variables.values[formula.response]! else { throw .notNumbers(formula.response.name) }
    let columns = try DesignColumns(formula.fixed, variables.values, count: n, limit: Self.fixedLimit)
    var terms: [RandomTerm] = []
    for (i, random) in formula.random.enumerated() where !formula.random[..<i].contains(random) {
      let part = try DesignColumns(random.part, variables.values, count: n, limit: Self.fixedLimit)
      let (factor, labels) = ModelDesign.grouping(random, variables)
      if factor.levels < 2 { throw .oneLevel(random.groupName) }
      if let zero = part.columns.firstIndex(where: { $0.allSatisfy { $0 == 0 } }) {
        throw .zeroColumn(term: random.text, column: part.names[zero])
      }
      if let dependent = ModelDesign.firstDependent(part.columns) {
        throw .dependentColumn(term: random.text, column: part.names[dependent])
      }
      let term = RandomTerm(factor: factor, labels: labels, columns: part.names, values: part.columns)
      if term.effects >= n {
        throw .asManyEffectsAsObservations(term: random.text, effects: term.effects, observations: n)
      }
      terms.append(term)
    }
    self.response = response
    self.weights = weights.map { weights in variables.rows.map { weights[$0] } }
    fixedNames = columns.names
    fixedColumns = columns.columns
    fixedTermOfColumn = columns.terms
    fixedTerms = columns.termNames
    let interacts = formula.fixed.terms.contains { term in
      term.count > 1 && term.contains { if case .factor = variables.values[$0]! { true } else { false } }
    }
    sumCoded = interacts && formula.fixed.hasIntercept ? try DesignColumns(formula.fixed, variables.values, count: n, sumToZero: true) : nil
    self.terms = terms
    rows = variables.rows
    droppedRows = variables.dropped
  }

  /// The first column that the columns before it determine: its effects could not be told from theirs.
  private static func firstDependent(_ columns: [[Double]]) -> Int? {
    if columns.count < 2 { return nil }
    let kept = FixedBasis(names: columns.indices.map(String.init), columns: columns, weights: nil).kept
    return columns.indices.first { !kept.contains($0) }
  }

  private static func grouping(_ random: RandomPart, _ variables: FrameVariables) -> (GroupingFactor, [String]) {
    var factor: GroupingFactor?
    var labels: [String] = []
    for variable in random.group {
      guard case .factor(let codes, let names) = variables.values[variable]! else { preconditionFailure("groups are factors") }
      let next = GroupingFactor(variable.name, codes: codes, levels: names.count)
      guard let outer = factor else {
        factor = next
        labels = names
        continue
      }
      let crossed = outer.crossed(with: next)
      var both = [String](repeating: "", count: crossed.levels)
      for (i, code) in crossed.codes.enumerated() where both[Int(code)].isEmpty {
        both[Int(code)] = labels[Int(outer.codes[i])] + ":" + names[Int(codes[i])]
      }
      factor = crossed
      labels = both
    }
    return (factor!, labels)
  }
}
