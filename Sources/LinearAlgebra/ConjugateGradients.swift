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
    if norm == 0 { return Solution(x: x, steps: 0, relativeResidual: 0) }
    var r = b
    var z = r
    for i in 0..<n { z[i] /= diagonal[i] }
    var p = z
    var rho = dot(r, z)
    var residual = 1.0
    for step in 1...limit {
      let q = product(p)
      let alpha = rho / dot(p, q)
      for i in 0..<n {
        x[i] += alpha * p[i]
        r[i] -= alpha * q[i]
        z[i] = r[i] / diagonal[i]
      }
      residual = dot(r, r).squareRoot() / norm
      if residual <= tolerance { return Solution(x: x, steps: step, relativeResidual: residual) }
      let next = dot(r, z)
      let beta = next / rho
      rho = next
      for i in 0..<n { p[i] = z[i] + beta * p[i] }
    }
    throw .iterationLimit(steps: limit, relativeResidual: residual)
  }
}

/// tr f(A) for one probe vector, by Lanczos quadrature (Ubaru, Chen and Saad 2017, SIAM J. Matrix Anal. Appl. 38, 1075–1099).
public enum LanczosQuadrature {
  /// Estimates z' f(A) z for A symmetric, known by its products. With z of independent signs its expectation is tr f(A).
  ///
  /// The basis is reorthogonalised in full, so memory is `steps · n`.
  public static func form(
    _ z: [Double], steps: Int, function: (Double) -> Double, product: ([Double]) -> [Double]
  ) throws(LinearAlgebraError) -> Double {
    let norm = dot(z, z).squareRoot()
    var basis = [z.map { $0 / norm }]
    var alphas: [Double] = []
    var betas: [Double] = []
    for step in 0..<min(steps, z.count) {
      var w = product(basis[step])
      alphas.append(dot(w, basis[step]))
      for _ in 0..<2 {
        for v in basis {
          let overlap = dot(w, v)
          for i in w.indices { w[i] -= overlap * v[i] }
        }
      }
      let beta = dot(w, w).squareRoot()
      if beta < 1e-12 * abs(alphas[0]) || step == min(steps, z.count) - 1 { break }
      betas.append(beta)
      basis.append(w.map { $0 / beta })
    }
    var t = Matrix(rows: alphas.count, columns: alphas.count)
    for (i, alpha) in alphas.enumerated() {
      t[i, i] = alpha
      if i < alphas.count - 1 { t[i + 1, i] = betas[i] }
    }
    let eigen = try SymmetricEigen(t)
    var sum = 0.0
    for (j, value) in eigen.values.enumerated() { sum += eigen.vectors![0, j] * eigen.vectors![0, j] * function(value) }
    return sum * norm * norm
  }
}
