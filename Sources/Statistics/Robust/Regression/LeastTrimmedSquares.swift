import Foundation
import LinearAlgebra
import Parallel

/// Least trimmed squares (Rousseeuw 1984): the regression whose h smallest squared residuals have the smallest sum, then least squares on all
/// observations within Φ⁻¹(0.9875) scales of it (reweighting). It shows outliers most plainly; `MMRegression` estimates better.
///
/// h is `MinimumCovarianceDeterminant.subsetSize` of n and the number of coefficients p. The raw scale is √(Σ_h r²/h) · c · k: c makes it consistent at
/// the normal, k corrects for small samples (Pison, Van Aelst and Willems 2002). Elemental starts take two concentration steps each (Rousseeuw and Van Driessen
/// 2006), on a sample when there are many observations; the best ten are followed to their end. Breakdown (n − h + 1)/n; regression, scale and affine equivariant as far as the starts are;
/// the order of observations plays no part. Cost of a step: n p and h p²/2 multiplications.
public struct LeastTrimmedSquares: Sendable {
  public struct Options: Sendable {
    public var intercept = true
    /// From ½ (greatest resistance) to 1 (least squares).
    public var share = 0.5
    /// Elemental starts, when not all (up to 20 000) are tried.
    public var subsets = 1000
    public var seed: UInt64 = 1

    public init() {}
  }

  /// Of the reweighted fit; the intercept first, if there is one.
  public let coefficients: [Double]
  public let rawCoefficients: [Double]
  /// Σ of the h smallest squared residuals of the raw fit.
  public let objective: Double
  /// The h observations, ascending.
  public let subset: [Int]
  public let rawScale: Double
  /// √(Σ w r²/(Σw − 1)) with both corrections; 0 for an exact fit.
  public let scale: Double
  /// Of the reweighted fit.
  public let residuals: [Double]
  /// Whether an observation takes part in the reweighted fit.
  public let weights: [Bool]
  /// Whether h observations lie on the regression exactly.
  public let isExactFit: Bool

  /// Residuals in units of `scale`; for an exact fit 0 on it and ±∞ off it.
  public var standardizedResiduals: [Double] {
    isExactFit ? residuals.indices.map { weights[$0] ? 0 : (residuals[$0] < 0 ? -.infinity : .infinity) } : residuals.map { $0 / scale }
  }

  /// Observations with |standardised residual| beyond the cut, ascending.
  public func outliers(beyond cut: Double = 2.5) -> [Int] {
    let z = standardizedResiduals
    return z.indices.filter { abs(z[$0]) > cut }
  }

  /// - Throws: `RobustEstimateError`: `notFinite` (the column after the last is y), `tooFewObservations`, `dependentColumns`, `degenerate`.
  public init(_ x: Matrix, _ y: [Double], options: Options = Options()) throws {
    let design = try RegressionDesign(x, y, intercept: options.intercept)
    let (n, p) = (design.count, design.columns)
    let h = MinimumCovarianceDeterminant.subsetSize(share: options.share, count: n, dimension: p)
    guard h > p else { throw RobustEstimateError.tooFewObservations(count: n, needed: p + 2) }
    let sample = design.sample(seed: options.seed)
    let part = max(p + 1, Int((Double(h) / Double(n) * Double(sample.count)).rounded()))
    let elemental = ElementalFits(sample, subsets: options.subsets, exhaustiveLimit: 20_000, seed: options.seed)
    let candidates = elemental.best(
      10, value: { (found: TrimmedFit) in found.objective }, improve: { start, _ in TrimmedFit.concentrated(start, sample, part, limit: 2) }
    )
    let ends = parallelMap(candidates.count) { TrimmedFit.concentrated(candidates[$0].gamma, design, h, limit: 1000) }
    var best: TrimmedFit?
    for end in ends.compactMap({ $0 }) where best.map({ end.objective < $0.objective }) ?? true { best = end }
    guard let best else { throw RobustEstimateError.degenerate(rank: 0, needed: p) }
    rawCoefficients = design.coefficients(best.gamma)
    objective = best.objective
    subset = best.rows.map { design.order[Int($0)] }.sorted()
    let magnitude = y.reduce(0) { max($0, abs($1)) }
    let core = (best.objective / Double(h)).squareRoot()
    let raw = design.residuals(best.gamma)
    isExactFit = core <= 1e-12 * magnitude
    if isExactFit {
      coefficients = rawCoefficients
      (rawScale, scale) = (0, 0)
      residuals = design.restored(raw)
      weights = residuals.map { abs($0) <= 1e-9 * magnitude }
      return
    }
    let correction = Correction(share: options.share, count: n, slopes: options.intercept ? p - 1 : p, intercept: options.intercept)
    rawScale = core * Correction.consistency(share: Double(h) / Double(n)) * correction.raw
    let reach = Normal.quantile(0.9875) * rawScale
    let inside = raw.map { abs($0) <= reach }
    guard let gamma = design.fit(weights: inside.map { $0 ? 1 : 0 }) else { throw RobustEstimateError.degenerate(rank: p - 1, needed: p) }
    coefficients = design.coefficients(gamma)
    let final = design.residuals(gamma)
    var sum = 0.0
    for i in final.indices where inside[i] { sum += final[i] * final[i] }
    let count = inside.count { $0 }
    let consistency = Correction.consistency(share: Double(count) / Double(n))
    scale = (sum / Double(max(1, count - 1))).squareRoot() * consistency * (count == n ? 1 : correction.reweighted)
    residuals = design.restored(final)
    weights = design.restored(inside)
  }
}

/// A fit and the h observations nearest to it.
private struct TrimmedFit: Sendable {
  let gamma: [Double]
  let rows: [Int32]
  let objective: Double

  /// Least squares on the h observations nearest to the fit before, until nothing changes; nil when these do not determine a fit.
  static func concentrated(_ start: [Double], _ design: RegressionDesign, _ h: Int, limit: Int) -> TrimmedFit? {
    var current = TrimmedFit(start, design, h)
    for _ in 0..<limit where current.objective > 0 {
      var weights = [Double](repeating: 0, count: design.count)
      for i in current.rows { weights[Int(i)] = 1 }
      guard let gamma = design.fit(weights: weights) else { return nil }
      let next = TrimmedFit(gamma, design, h)
      if !(next.objective < current.objective) { break }
      current = next
    }
    return current
  }

  private init(_ gamma: [Double], _ design: RegressionDesign, _ h: Int) {
    self.gamma = gamma
    let squares = design.residuals(gamma).map { $0 * $0 }
    rows = Concentration.smallest(h, of: squares)
    objective = rows.reduce(0) { $0 + squares[Int($1)] }
  }
}

/// Factors of the raw and of the reweighted scale.
private struct Correction {
  let raw: Double
  let reweighted: Double

  /// 1/√(1 − 2 q φ(q)/share), q = Φ⁻¹((1 + share)/2): the central `share` of a normal sample has too small a root mean square.
  static func consistency(share: Double) -> Double { CovarianceCorrections.consistency(share: share, dimension: 1).squareRoot() }

  init(share: Double, count n: Int, slopes p: Int, intercept: Bool) {
    if p == 0 {
      // A location: the univariate MCD, whose factors are for variances.
      raw = CovarianceCorrections.smallSample(share: share, dimension: 1, count: n).squareRoot()
      reweighted = CovarianceCorrections.smallSampleReweighted(share: share, dimension: 1, count: n).squareRoot()
      return
    }
    let curves: (raw: FiniteSampleCurve, reweighted: FiniteSampleCurve)
    switch (p, intercept) {
    case (1, true):
      curves = (
        FiniteSampleCurve(half: (0.630869217886906, 0.650789250442946), sevenEighths: (0.565065391014791, 1.03044199012509)),
        FiniteSampleCurve(half: (1.58609654199605, 1.46340162526468), sevenEighths: (0.391653958727332, 1.03167487483316))
      )
    case (1, false):
      curves = (
        FiniteSampleCurve(half: (-0.0181777452315321, 0.697629772271099), sevenEighths: (-0.310122738776431, 1.06241615923172)),
        FiniteSampleCurve(half: (0.6329852387657, 1.40361879788014), sevenEighths: (-0.642240988645469, 0.926325452943084))
      )
    case (_, true):
      curves = (
        FiniteSampleCurve(
          dimension: p, half: ((3, 0.746945886714663, 0.56264937192689), (5, 0.535478048924724, 0.543323462033445)),
          sevenEighths: ((3, 0.458580153984614, 1.12236071104403), (5, 0.267178168108996, 1.1022478781154))),
        FiniteSampleCurve(
          dimension: p, half: ((3, 0.773365715932083, 2.02013996406346), (5, 0.337571678986723, 2.02037467454833)),
          sevenEighths: ((3, 0.474174840843602, 1.39681715704956), (5, 0.276640353112907, 1.42543242287677)))
      )
    case (_, false):
      curves = (
        FiniteSampleCurve(
          dimension: p, half: ((3, 0.487338281979106, 0.405511279418594), (5, 0.340762058011, 0.37972360544988)),
          sevenEighths: ((3, 0.251778730491252, 0.883966931611758), (5, 0.146660023184295, 0.86292940340761))),
        FiniteSampleCurve(
          dimension: p, half: ((3, 0.417574780492848, 1.83958876341367), (5, 0.175753709374146, 1.8313809497999)),
          sevenEighths: ((3, 0.267522855927958, 1.17559984533974), (5, 0.161200683014406, 1.21675019853961)))
      )
    }
    raw = curves.raw.factor(share: share, count: n)
    reweighted = curves.reweighted.factor(share: share, count: n)
  }
}
