/// A numerical failure of the data, as opposed to a mistake of the caller (which traps).
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// The leading minor of this order (counted from 1) is not positive: the matrix has no Cholesky factor.
  case notPositiveDefinite(order: Int)
  /// The eigenvalue iteration left this many off-diagonal elements that did not vanish.
  case eigenvaluesDidNotConverge(remaining: Int)
  /// The iterative solver used up its steps; the residual is relative to the right-hand side.
  case iterationLimit(steps: Int, relativeResidual: Double)
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite: its leading minor of order \(order) is not positive"
    case .eigenvaluesDidNotConverge(let remaining):
      "the eigenvalue iteration did not converge: \(remaining) off-diagonal elements remain"
    case .iterationLimit(let steps, let residual):
      "conjugate gradients did not converge in \(steps) steps: relative residual \(residual)"
    }
  }
}
