import Foundation
import LinearAlgebra

/// MM-regression (Yohai 1987): resistant as an S-estimate and efficient as least squares.
///
/// The S-estimate (`SRegression`) gives a start and the scale s; then Σ ρ(rᵢ(β)/s) is minimised from there by reweighting, ρ the bisquare
/// with c = 4.685061 (95 % efficiency at the normal). s stays fixed. Breakdown ½ (against outliers in responses and in explanatory variables); regression, scale and
/// affine equivariant up to which elemental subsets are tried, exactly so when all are. The order of observations plays no part.
///
/// Standard errors follow Croux, Dhaene and Hoorelbeke (2003), which holds for skewed and unequal errors.
///
/// Cost: a reweighting step takes n p²/2 multiplications; `subsets` steps for the starts, or n over p when these are up to 20 000.
public struct MMRegression: Sendable {
  public struct Options: Sendable {
    /// Put a column of ones first.
    public var intercept = true
    /// Elemental starts, when not all are tried.
    public var subsets = 500
    public var seed: UInt64 = 1
    /// c of the S-estimate; 1.54764 has breakdown ½.
    public var initialTuning = 1.54764
    /// c of the M-estimate; 4.685061 has efficiency 95 %, 3.443689 85 %.
    public var tuning = 4.685061

    public init() {}
  }

  /// The intercept first, if there is one.
  public let coefficients: [Double]
  /// p × p; NaN for an exact fit.
  public let covariance: Matrix
  /// s of the S-estimate; 0 for an exact fit.
  public let scale: Double
  public let residuals: [Double]
  /// (1 − (r/(c s))²)², 0 beyond c: what an observation counts in the fit. For an exact fit 1 on it and 0 off it.
  public let weights: [Double]
  /// Coefficients of the S-estimate.
  public let initialCoefficients: [Double]
  /// Whether more than half of the observations lie on the regression exactly.
  public let isExactFit: Bool
  /// n − p.
  public let degreesOfFreedom: Int
  public let effort: (starts: Int, iterations: Int)

  /// Square roots of the diagonal of `covariance`, a coefficient each.
  public var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// Observations of almost no weight, ascending: an outlier at the normal has weight below 0.1 with probability 2·10⁻⁴.
  public func outliers(below weight: Double = 0.1) -> [Int] { weights.indices.filter { weights[$0] < weight } }

  /// - Parameters:
  ///   - x: explanatory variables in columns; no column of ones when `options.intercept`.
  ///   - y: responses.
  /// - Throws: `RobustEstimateError`: `notFinite` (the column after the last is y), `tooFewObservations`, `dependentColumns`, `degenerate`, `iterationLimit`.
  public init(_ x: Matrix, _ y: [Double], options: Options = Options()) throws {
    let design = try RegressionDesign(x, y, intercept: options.intercept)
    let start = try SRegression(design, rho: Bisquare(c: options.initialTuning), subsets: options.subsets, seed: options.seed)
    degreesOfFreedom = design.count - design.columns
    initialCoefficients = design.coefficients(start.gamma)
    scale = start.scale
    isExactFit = !(start.scale > 0)
    if isExactFit {
      let magnitude = y.reduce(0) { max($0, abs($1)) }
      coefficients = initialCoefficients
      residuals = design.restored(start.residuals)
      weights = residuals.map { abs($0) <= 1e-9 * magnitude ? 1 : 0 }
      covariance = Matrix(
        rows: design.columns, columns: design.columns, elements: [Double](repeating: .nan, count: design.columns * design.columns))
      effort = (start.starts, start.iterations)
      return
    }
    let rho = Bisquare(c: options.tuning)
    var gamma = start.gamma
    var r = start.residuals
    var steps = 0
    while true {
      guard let next = design.fit(weights: rho.weights(r, scale: start.scale)) else {
        throw RobustEstimateError.degenerate(rank: design.columns - 1, needed: design.columns)
      }
      steps += 1
      var (change, size) = (0.0, 0.0)
      for j in next.indices {
        change += (next[j] - gamma[j]) * (next[j] - gamma[j])
        size += next[j] * next[j]
      }
      gamma = next
      r = design.residuals(next)
      if change <= 1e-24 * size { break }
      if steps == 5000 { throw RobustEstimateError.iterationLimit(steps: steps) }
    }
    coefficients = design.coefficients(gamma)
    residuals = design.restored(r)
    let s = start.scale
    weights = residuals.map { rho.weight($0 / s) }
    covariance = MMRegression.covariance(design, initial: start, rho: rho, chi: Bisquare(c: options.initialTuning), residuals: r)
    effort = (start.starts, start.iterations + steps)
  }

  /// The covariance of β under few assumptions, from the stacked estimating equations of (β, s, β₀) (Croux, Dhaene and Hoorelbeke 2003).
  ///
  /// With t = r/s, t₀ = r₀/s, A = s (Σψ′(t) xx')⁻¹ and a = A Σψ′(t) t x / mean(χ′(t₀) t₀):
  /// A Σψ²xx' A − (a b' A + A b a')/n + (mean χ(t₀)² − ¼) a a'/n, b = Σ ψ(t)(χ(t₀) − ½) x.
  private static func covariance(
    _ design: RegressionDesign, initial: SRegression, rho: Bisquare, chi: Bisquare, residuals: [Double]
  ) -> Matrix {
    let (n, p) = (design.count, design.columns)
    let s = initial.scale
    let t = residuals.map { $0 / s }
    let t0 = initial.residuals.map { $0 / s }
    var mean = (slope: 0.0, square: 0.0)
    for u in t0 {
      mean.slope += chi.rhoPrime(u) * u / Double(n)
      mean.square += (chi.rho(u) * chi.rho(u) - 0.25) / Double(n)
    }
    let slopes = t.map { rho.psiPrime($0) }
    guard let factor = try? Cholesky(design.normalEquations(weights: slopes).matrix) else {
      return Matrix(rows: p, columns: p, elements: [Double](repeating: .nan, count: p * p))
    }
    func solve(_ b: [Double]) -> [Double] { factor.solve(b).map { $0 * s } }
    func sum(_ w: (Int) -> Double) -> [Double] {
      var result = [Double](repeating: 0, count: p)
      for i in 0..<n { for j in 0..<p { result[j] += w(i) * design.u[i, j] } }
      return result
    }
    let a = solve(sum { slopes[$0] * t[$0] }).map { $0 / mean.slope }
    let ab = solve(sum { t[$0] * rho.weight(t[$0]) * (chi.rho(t0[$0]) - 0.5) })
    let middle = design.normalEquations(weights: t.map { $0 * rho.weight($0) * $0 * rho.weight($0) }).matrix
    let half = factor.solve(middle).scaled(by: s)
    var gamma = factor.solve(half.transposed).scaled(by: s)
    for j in 0..<p {
      for k in 0..<p { gamma[j, k] += (mean.square * a[j] * a[k] - a[j] * ab[k] - ab[j] * a[k]) / Double(n) }
    }
    return design.back.multiplied(by: gamma).multiplied(by: design.back, otherTransposed: true)
  }
}
