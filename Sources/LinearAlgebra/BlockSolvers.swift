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
    _ b: VectorBlock, diagonal: [Double], tolerance: Double = 1e-11, limit: Int = 2000, product: (VectorBlock) -> VectorBlock
  ) throws(LinearAlgebraError) -> BlockSolution {
    precondition(b.count == diagonal.count, "the preconditioner does not fit the right-hand side")
    let inverse = diagonal.map { 1 / $0 }
    var x = VectorBlock(count: b.count)
    var r = b
    var z = b
    z.scaleElements(by: inverse)
    var p = z
    var rho = r.dots(z)
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
      x.add(p, scaledBy: alpha)
      r.add(q, scaledBy: -alpha)
      z = r
      z.scaleElements(by: inverse)
      let next = r.dots(z)
      let beta = (next / rho).replacing(with: 0, where: .!running)
      betas.append(beta)
      rho = next
      residual = r.dots(r)
      p.scale(by: beta)
      p.add(z, scaledBy: SIMD8(repeating: 1))
    }
  }
}
