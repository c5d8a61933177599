extension ConjugateGradients {
  public struct BlockSolution: Sendable {
    public let x: VectorBlock
    /// Steps until the last lane was done.
    public let steps: Int
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
    var steps = 0
    while true {
      let running = residual .> goal
      if !any(running) { return BlockSolution(x: x, steps: steps) }
      if steps >= limit {
        let worst = (residual / b.dots(b)).replacing(with: 0, where: .!running).max()
        throw .iterationLimit(steps: limit, relativeResidual: worst.squareRoot())
      }
      let q = product(p)
      let alpha = (rho / p.dots(q)).replacing(with: 0, where: .!running)
      x.add(p, scaledBy: alpha)
      r.add(q, scaledBy: -alpha)
      z = r
      z.scaleElements(by: inverse)
      let next = r.dots(z)
      let beta = (next / rho).replacing(with: 0, where: .!running)
      rho = next
      residual = r.dots(r)
      p.scale(by: beta)
      p.add(z, scaledBy: SIMD8(repeating: 1))
      steps += 1
    }
  }
}

extension LanczosQuadrature {
  /// `form` for up to eight probes at once. Memory `8 · steps · n`.
  ///
  /// - Parameter tolerance: two steps that change no form by more than this share of |z|² end it before `steps` are done.
  public static func forms(
    _ z: VectorBlock, probes: Int, steps: Int, tolerance: Double = 0, function: (Double) -> Double, product: (VectorBlock) -> VectorBlock
  ) throws(LinearAlgebraError) -> [Double] {
    let norms = z.dots(z).squareRoot()
    let one = SIMD8<Double>(repeating: 1)
    var first = z
    first.scale(by: (one / norms).replacing(with: 0, where: norms .== 0))
    var basis = [first]
    var alphas: [SIMD8<Double>] = []
    var betas: [SIMD8<Double>] = []
    var last: [Double]?
    let count = min(steps, z.count)
    for step in 0..<count {
      var w = product(basis[step])
      alphas.append(w.dots(basis[step]))
      if step == count - 1 { break }
      if tolerance > 0, step % 2 == 1 {
        let values = try quadratures(alphas, betas, lanes: probes, function)
        if let last, zip(values, last).allSatisfy({ abs($0 - $1) <= tolerance }) { break }
        last = values
      }
      for _ in 0..<2 { for v in basis { w.add(v, scaledBy: -w.dots(v)) } }
      let beta = w.dots(w).squareRoot()
      betas.append(beta)
      // A lane whose space is exhausted goes on with zeros, which add nothing.
      let done = beta .< 1e-12 * alphas[0].replacing(with: -alphas[0], where: alphas[0] .< 0)
      if all(done) { break }
      w.scale(by: (one / beta).replacing(with: 0, where: done))
      basis.append(w)
    }
    return try quadratures(alphas, betas, lanes: probes, function).enumerated().map { $1 * norms[$0] * norms[$0] }
  }

  /// Gauss quadrature of a function from the recurrence coefficients of each lane, for probes of length 1.
  private static func quadratures(
    _ alphas: [SIMD8<Double>], _ betas: [SIMD8<Double>], lanes: Int, _ function: (Double) -> Double
  ) throws(LinearAlgebraError) -> [Double] {
    var results: [Double] = []
    for lane in 0..<lanes {
      let scale = abs(alphas[0][lane])
      let used = betas.prefix(alphas.count - 1).firstIndex { $0[lane] < 1e-12 * scale }.map { $0 + 1 } ?? alphas.count
      var t = Matrix(rows: used, columns: used)
      for i in 0..<used {
        t[i, i] = alphas[i][lane]
        if i < used - 1 { t[i + 1, i] = betas[i][lane] }
      }
      let eigen = try SymmetricEigen(t)
      var sum = 0.0
      for (j, value) in eigen.values.enumerated() { sum += eigen.vectors![0, j] * eigen.vectors![0, j] * function(value) }
      results.append(sum)
    }
    return results
  }
}
