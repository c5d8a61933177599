/// Why a robust estimate of many variables cannot be had.
public enum RobustEstimateError: Error, Equatable, Sendable {
  /// The estimate needs more observations than there are.
  case tooFewObservations(count: Int, needed: Int)
  /// No variable at all.
  case noVariables
  /// A value is missing or infinite; indices from 0.
  case notFinite(row: Int, column: Int)
  /// More than half of the values of this variable (from 0) are equal, so it has no robust scale.
  case noScale(column: Int)
  /// The columns of a design are linearly dependent: fewer independent ones than columns.
  case dependentColumns(rank: Int, columns: Int)
  /// The observations vary in fewer directions than are needed.
  case degenerate(rank: Int, needed: Int)
  /// There are more elemental subsets than can be searched one by one.
  case tooManySubsets(limit: Int)
  /// LAPACK's eigenvalue or singular value iteration did not converge.
  case decomposition
  /// An iteration used up its steps.
  case iterationLimit(steps: Int)
}

extension RobustEstimateError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFewObservations(let count, let needed):
      "\(count) observations are too few, at least \(needed) are needed: use fewer variables, or a regularised estimate"
    case .noVariables: "there is no variable to estimate anything of"
    case .notFinite(let row, let column):
      "observation \(row + 1), variable \(column + 1) is missing or infinite: drop the observation or fill the value in"
    case .noScale(let column):
      "variable \(column + 1) has no robust scale, since more than half of its values are equal: leave it out"
    case .dependentColumns(let rank, let columns):
      "only \(rank) of the \(columns) columns of the design are linearly independent: drop the others"
    case .degenerate(let rank, let needed):
      "the observations vary in \(rank) directions only, \(needed) are needed"
    case .tooManySubsets(let limit): "there are more than \(limit) subsets: search random ones instead"
    case .decomposition: "an eigenvalue iteration did not converge: look for values of extreme size"
    case .iterationLimit(let steps): "no convergence in \(steps) steps: look for values of extreme size"
    }
  }
}
