extension ConjugateGradients {
  public struct BlockSolution: Sendable {
    public let x: VectorBlock
    /// Steps until the last lane was done.
    public let steps: Int
    private let alphas: [SIMD8<Double>]
    private let betas: [SIMD8<Double>]
    private let squaredLengths: SIMD8<Double>

    init(x: VectorBlock, alphas: [SIMD8<Double>], betas: [SIMD8<Double>], squaredLengths: SIMD8<Double>) {
      self.x = x
      steps = alphas.count
      self.alphas = alphas
      self.betas = betas
      self.squaredLengths = squaredLengths
    }

    /// What the recurrence of one right-hand side says about the matrix.
    public func quadrature(lane k: Int) -> LanczosQuadrature {
      // A lane that is done has steps of length 0.
      let used = alphas.firstIndex { $0[k] == 0 } ?? alphas.count
      return LanczosQuadrature(
        alphas: alphas.prefix(used).map { $0[k] }, betas: betas.prefix(max(used - 1, 0)).map { $0[k] }, squaredLength: squaredLengths[k])
    }
  }

  /// Solves A x = b for up to eight right-hand sides at once, each by its own recurrence; a lane that is done stands still.
  ///
  /// - Parameters: as for `solve`, with one product for the whole block.
  /// - Throws: `LinearAlgebraError.iterationLimit`.
  public static func solve(
    _ b: VectorBlock, preconditioner: JacobiPreconditioner, tolerance: Double = 1e-11, limit: Int = 2000,
    product: (VectorBlock) -> VectorBlock
  ) throws(LinearAlgebraError) -> BlockSolution {
    precondition(b.count == preconditioner.count, "the preconditioner does not fit the right-hand side")
    var x = VectorBlock(count: b.count, vectors: b.lanes)
    var r = b
    var p = preconditioner.applied(to: b)
    var rho = r.dots(p)
    let goal = b.dots(b) * (tolerance * tolerance)
    var residual = b.dots(b)
    let lengths = rho
    var alphas: [SIMD8<Double>] = []
    var betas: [SIMD8<Double>] = []
    while true {
      let running = residual .> goal
      if !any(running) { return BlockSolution(x: x, alphas: alphas, betas: betas, squaredLengths: lengths) }
      if alphas.count >= limit {
        let worst = (residual / b.dots(b)).replacing(with: 0, where: .!running).max()
        throw .iterationLimit(steps: limit, relativeResidual: worst.squareRoot())
      }
      let q = product(p)
      let alpha = (rho / p.dots(q)).replacing(with: 0, where: .!running)
      alphas.append(alpha)
      x.combine(adding: p, times: alpha)
      r.combine(adding: q, times: -alpha)
      let z = preconditioner.applied(to: r)
      let next = r.dots(z)
      let beta = (next / rho).replacing(with: 0, where: .!running)
      betas.append(beta)
      rho = next
      residual = r.dots(r)
      p.combine(scaledBy: beta, adding: z, times: SIMD8(repeating: 1))
    }
  }
}
