/// Solves A x = b for a symmetric positive definite A known only by its products (Hestenes and Stiefel 1952), preconditioned.
public enum ConjugateGradients {
  /// What was found, and how near it is.
  public struct Solution: Sendable {
    public let x: [Double]
    public let steps: Int
    /// ‖b − A x‖ / ‖b‖ as the recurrence has it.
    public let relativeResidual: Double
  }

  /// - Parameters:
  ///   - b: the right-hand side.
  ///   - preconditioner: close to the inverse of A.
  ///   - tolerance: on the relative residual.
  ///   - limit: on the steps.
  ///   - product: x ↦ A x.
  /// - Throws: `LinearAlgebraError.iterationLimit`.
  public static func solve(
    _ b: [Double], preconditioner: JacobiPreconditioner, tolerance: Double = 1e-11, limit: Int = 2000, product: ([Double]) -> [Double]
  ) throws(LinearAlgebraError) -> Solution {
    precondition(b.count == preconditioner.count, "the preconditioner does not fit the right-hand side")
    let n = b.count
    var x = [Double](repeating: 0, count: n)
    let norm = dot(b, b).squareRoot()
    if norm == 0 { return Solution(x: x, steps: 0, relativeResidual: 0) }
    var r = b
    var z = preconditioner.applied(to: r)
    var p = z
    var rho = dot(r, z)
    var residual = 1.0
    for step in 1...limit {
      let q = product(p)
      let alpha = rho / dot(p, q)
      for i in 0..<n {
        x[i] += alpha * p[i]
        r[i] -= alpha * q[i]
      }
      residual = dot(r, r).squareRoot() / norm
      if residual <= tolerance { return Solution(x: x, steps: step, relativeResidual: residual) }
      z = preconditioner.applied(to: r)
      let next = dot(r, z)
      let beta = next / rho
      rho = next
      for i in 0..<n { p[i] = z[i] + beta * p[i] }
    }
    throw .iterationLimit(steps: limit, relativeResidual: residual)
  }
}
