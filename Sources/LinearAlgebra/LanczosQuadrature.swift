/// `z' f(A) z` from the recurrence of conjugate gradients, without a product of its own (Golub and Meurant 2010, Matrices, Moments and Quadrature,
/// chapter 7; for log-determinants Ubaru, Chen and Saad 2017, SIAM J. Matrix Anal. Appl. 38, 1075–1099).
///
/// Solving A x = b, the coefficients are those of the Lanczos process that begins with b. In exact arithmetic the tridiagonal matrix T of k steps has
///
///     T[j,j] = 1/α[j] + β[j−1]/α[j−1]        T[j,j+1] = √β[j] / α[j]
///
/// and |b|² e₁' f(T) e₁ is the Gauss quadrature of b' f(A) b: its error is the square of the solution's. With a preconditioner E E', A stands for
/// E' A E and b for E' b.
public struct LanczosQuadrature: Sendable {
  private let alphas: [Double]
  private let betas: [Double]
  /// |b|².
  public let squaredLength: Double

  init(alphas: [Double], betas: [Double], squaredLength: Double) {
    self.alphas = alphas
    self.betas = betas
    self.squaredLength = squaredLength
  }

  /// b'Ab, exact.
  public var rayleigh: Double { alphas.isEmpty ? 0 : squaredLength / alphas[0] }

  /// b' f(A) b.
  /// - Throws: `LinearAlgebraError` when the eigenvalues of T are not found.
  public func form(_ function: (Double) -> Double) throws(LinearAlgebraError) -> Double {
    let k = alphas.count
    if k == 0 { return 0 }
    var t = Matrix(rows: k, columns: k)
    for j in 0..<k {
      t[j, j] = 1 / alphas[j] + (j > 0 ? betas[j - 1] / alphas[j - 1] : 0)
      if j < k - 1 { t[j + 1, j] = betas[j].squareRoot() / alphas[j] }
    }
    let eigen = try SymmetricEigen(t)
    var sum = 0.0
    for (j, value) in eigen.values.enumerated() { sum += eigen.vectors![0, j] * eigen.vectors![0, j] * function(value) }
    return sum * squaredLength
  }
}
