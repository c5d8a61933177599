import Foundation
import LinearAlgebra

/// The Tracy–Widom distributions: the largest eigenvalue of a large random symmetric (β = 1), Hermitian (β = 2) or quaternion (β = 4)
/// matrix, centred and scaled. The largest eigenvalue of a sample covariance matrix of n rows and p columns of noise follows β = 1
/// (Johnstone 2001).
///
/// Fredholm determinants by Gauss–Legendre quadrature (Bornemann 2010): with (V_s g)(x) = ∫₀^∞ ½ Ai(s + (x + y)/2) g(y) dy and F± = det(I
/// ∓ V_s), F₁ = F₊, F₂ = F₊F₋ and F₄ = ½(F₊ + F₋) (Ferrari and Spohn 2005). F₄ is in this scale, with mean −3.2624; Tracy and Widom's
/// (1996) is F₄(√2 s), with mean −2.3069. The logs of the determinants are sums over eigenvalues, so the upper tail is computed as
/// itself: relative error about 1e-13 (for β = 4, where the leading orders cancel, 1e-15 e^(1.2√s)). The lower tail has absolute error
/// below 1e-14; where it is under 1e-10 the asymptotic series (Baik, Buckingham and DiFranco 2008) has fewer errors, within about 1 %.
/// One eigenvalue problem of order 80 a value, about a millisecond.
public struct TracyWidom: ContinuousDistribution, Hashable {
  /// Which ensemble.
  public enum Symmetry: Int, Sendable, Hashable, CaseIterable {
    case orthogonal = 1
    case unitary = 2
    case symplectic = 4
  }

  public let symmetry: Symmetry

  public init(_ symmetry: Symmetry = .orthogonal) { self.symmetry = symmetry }

  public func logDensity(_ s: Double) -> Double {
    if s.isNaN { return .nan }
    if s > TracyWidom.largest || s == -.infinity { return -.infinity }
    if s < asymptoticStart {
      // The slope of the asymptotic series.
      let h = 1e-4 * abs(s)
      let slope = (asymptotic(s + h) - asymptotic(s - h)) / (2 * h)
      return asymptotic(s) + log(slope)
    }
    let (mean, half, meanSlope, halfSlope) = determinants(s, slopes: true)
    switch symmetry {
    case .orthogonal: return mean + half + log(meanSlope + halfSlope)
    case .unitary: return 2 * mean + log(2 * meanSlope)
    case .symplectic: return mean + log(meanSlope * cosh(half) + halfSlope * sinh(half))
    }
  }

  public func lowerTail(_ s: Double) -> Double { exp(logLowerTail(s)) }
  public func upperTail(_ s: Double) -> Double { exp(logUpperTail(s)) }

  public func logLowerTail(_ s: Double) -> Double {
    if s.isNaN { return .nan }
    if s > TracyWidom.largest { return 0 }
    if s < asymptoticStart { return asymptotic(s) }
    let (mean, half, _, _) = determinants(s, slopes: false)
    switch symmetry {
    case .orthogonal: return mean + half
    case .unitary: return 2 * mean
    case .symplectic: return log1p(TracyWidom.symplecticLessOne(mean, half))
    }
  }

  public func logUpperTail(_ s: Double) -> Double {
    if s.isNaN { return .nan }
    if s > TracyWidom.largest { return -.infinity }
    if s < asymptoticStart { return log1p(-exp(asymptotic(s))) }
    let (mean, half, _, _) = determinants(s, slopes: false)
    switch symmetry {
    case .orthogonal: return log(-expm1(mean + half))
    case .unitary: return log(-expm1(2 * mean))
    case .symplectic: return log(-TracyWidom.symplecticLessOne(mean, half))
    }
  }

  /// e^mean cosh(half) − 1.
  private static func symplecticLessOne(_ mean: Double, _ half: Double) -> Double {
    let root = sinh(0.5 * half)
    return expm1(mean) + 2 * exp(mean) * root * root
  }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    if !(logP <= 0) { return .nan }
    if logP == 0 { return lower ? .infinity : -.infinity }
    if logP == -.infinity { return lower ? -.infinity : .infinity }
    if logP > -0.6931471805599453 { return solve(logOneMinusExp(logP), lower: !lower) }
    return solveLogTail(target: logP, start: -1.5, step: 0.5, increasing: lower) { s in
      let tail = lower ? logLowerTail(s) : logUpperTail(s)
      let slope = exp(logDensity(s) - tail)
      return (tail, lower ? slope : -slope)
    }
  }

  /// Beyond this Ai is zero.
  private static let largest = 103.0
  /// Where F is about 1e-10: the determinant has some five digits left, the series two.
  private var asymptoticStart: Double {
    switch symmetry {
    case .orthogonal: -7.5
    case .unitary: -6.5
    case .symplectic: -10.5
    }
  }
  private static let rule = GaussLegendre(80)

  /// log F± = mean ± half, and the derivatives of both parts. With eigenvalues λ of V, mean = ½ Σ log(1 − λ²) and half = −Σ artanh λ; λ′
  /// = qᵀV′q.
  private func determinants(_ s: Double, slopes: Bool) -> (mean: Double, half: Double, meanSlope: Double, halfSlope: Double) {
    let rule = TracyWidom.rule
    let n = rule.nodes.count
    // Cut off where the kernel between s and the end, squared, is e^−45 of that at s: ⁴⁄₃ (c^1.5 − s^1.5) = 45 at c = (s + end)/2.
    let middle = pow(pow(max(s, 0), 1.5) + 34, 2.0 / 3)
    let length = 2 * (middle - s)
    let x = rule.nodes.map { $0 * length }
    let w = rule.weights.map { ($0 * length).squareRoot() }
    var kernel = [Double](repeating: 0, count: n * n)
    var derivative = kernel
    for j in 0..<n {
      for i in 0...j {
        let (value, slope) = Airy.valueAndSlope(s + 0.5 * (x[i] + x[j]))
        let weight = 0.5 * w[i] * w[j]
        kernel[i + j * n] = weight * value
        kernel[j + i * n] = weight * value
        derivative[i + j * n] = weight * slope
        derivative[j + i * n] = weight * slope
      }
    }
    guard let eigen = try? SymmetricEigen(Matrix(rows: n, columns: n, elements: kernel), vectors: slopes) else {
      return (.nan, .nan, .nan, .nan)
    }
    let turned = eigen.vectors.map { Matrix(rows: n, columns: n, elements: derivative).multiplied(by: $0) }
    var (mean, half, meanSlope, halfSlope) = (0.0, 0.0, 0.0, 0.0)
    for (k, value) in eigen.values.enumerated() {
      // The product, not the sum of two logs that cancel: λ² may be far below the rounding of λ.
      mean += 0.5 * log1p(-value * value)
      half += 0.5 * (log1p(-value) - log1p(value))
      guard let vectors = eigen.vectors, let turned else { continue }
      var form = 0.0
      for i in 0..<n { form += turned[i, k] * vectors[i, k] }
      let room = (1 - value) * (1 + value)
      meanSlope -= value * form / room
      halfSlope -= form / room
    }
    return (mean, half, meanSlope, halfSlope)
  }

  /// log F for s → −∞, with the constants of Baik, Buckingham and DiFranco (2008).
  private func asymptotic(_ s: Double) -> Double {
    let x = -s
    let zetaPrime = -0.16542114370045092921  // ζ′(−1)
    let square = x * x * x / 12 + 0.125 * log(x) - zetaPrime - log(2) / 24 - 3 / (64 * x * x * x)
    let root = x * x.squareRoot() / (3 * 2.0.squareRoot()) + 0.25 * log(2)
    switch symmetry {
    case .orthogonal: return -0.5 * square - root
    case .unitary: return -square
    case .symplectic: return -0.5 * square + root - log(2)
    }
  }
}
