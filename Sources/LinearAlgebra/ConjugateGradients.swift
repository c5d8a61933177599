/// Solves A x = b for a symmetric positive definite A known only by its products (Hestenes and Stiefel 1952), preconditioned.
public enum ConjugateGradients {
  public struct Solution: Sendable {
    public let x: [Double]
    public let steps: Int
    /// ‖b − A x‖ / ‖b‖ as the recurrence has it.
    public let relativeResidual: Double
    public let quadrature: LanczosQuadrature
  }

  /// - Parameters:
  ///   - b: the right-hand side.
  ///   - diagonal: the preconditioner, a positive diagonal close to that of A.
  ///   - tolerance: on the relative residual.
  ///   - limit: on the steps.
  ///   - product: x ↦ A x.
  /// - Throws: `LinearAlgebraError.iterationLimit`.
  public static func solve(
    _ b: [Double], diagonal: [Double], tolerance: Double = 1e-11, limit: Int = 2000, product: ([Double]) -> [Double]
  ) throws(LinearAlgebraError) -> Solution {
    precondition(b.count == diagonal.count, "the preconditioner does not fit the right-hand side")
    let n = b.count
    var x = [Double](repeating: 0, count: n)
    let norm = dot(b, b).squareRoot()
    var alphas: [Double] = []
    var betas: [Double] = []
    if norm == 0 {
      return Solution(x: x, steps: 0, relativeResidual: 0, quadrature: LanczosQuadrature(alphas: [], betas: [], squaredLength: 0))
    }
    var r = b
    var z = r
    for i in 0..<n { z[i] /= diagonal[i] }
    var p = z
    var rho = dot(r, z)
    let length = rho
    var residual = 1.0
    for step in 1...limit {
      let q = product(p)
      let alpha = rho / dot(p, q)
      alphas.append(alpha)
      for i in 0..<n {
        x[i] += alpha * p[i]
        r[i] -= alpha * q[i]
        z[i] = r[i] / diagonal[i]
      }
      residual = dot(r, r).squareRoot() / norm
      if residual <= tolerance {
        return Solution(
          x: x, steps: step, relativeResidual: residual,
          quadrature: LanczosQuadrature(alphas: alphas, betas: betas, squaredLength: length))
      }
      let next = dot(r, z)
      let beta = next / rho
      betas.append(beta)
      rho = next
      for i in 0..<n { p[i] = z[i] + beta * p[i] }
    }
    throw .iterationLimit(steps: limit, relativeResidual: residual)
  }
}
