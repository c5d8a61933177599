internal import Foundation
internal import LinearAlgebra

/// Kenward and Roger's (1997, Biometrics 53, 983–997) adjusted covariance and scaled F, in the linear parametrisation `V = Σ γ[i] G[i]` of variances,
/// covariances and σ² (Halekoh and Højsgaard 2014, J. Stat. Softw. 59(9)).
///
/// With Φ = Cov(β̂), A[i] = X'V⁻¹G[i]V⁻¹X and Q[i, j] = X'V⁻¹G[i]V⁻¹G[j]V⁻¹X:
///
///     I[i, j] = tr(V⁻¹G[i]V⁻¹G[j]) − 2 tr(ΦQ[i, j]) + tr(ΦA[i]ΦA[j])       W = 2 I⁻¹
///     Φ_A = Φ + 2Φ (Σ W[i, j] (Q[i, j] − A[i]ΦA[j])) Φ
///
/// All of it by REML. The products are formed over the q random effects instead of the n observations; what concerns σ² follows
/// from `Σ γ[i] G[i] = V`. Cost q³ once and (parameters) q² p; memory two q × q matrices.
struct KenwardRoger: ContrastTester {
  /// More random effects than this are refused.
  static let effectLimit = 3000

  private let estimates: [Double]
  private let covariance: Matrix
  let adjusted: Matrix
  private let a: [Matrix]
  private let w: Matrix

  init(_ fit: LinearMixedFit) throws(InferenceError) {
    let count = fit.model.design.terms.reduce(0) { $0 + $1.effects }
    if count > Self.effectLimit { throw .tooManyEffects(count: count, limit: Self.effectLimit) }
    let reml: LinearMixedFit
    do { reml = try fit.refitted(.reml).wellConditioned().fit } catch { throw .fit(error) }
    let products = try VarianceProducts(reml)
    let m = products.a.count
    let basis = fit.model.basis
    var phi = reml.coefficientCovariance
    // In the orthogonal basis, which loses no digits.
    let triangle = basis.triangle
    phi = triangle.multiplied(by: phi).multiplied(by: triangle, otherTransposed: true)
    var information = Matrix(rows: m, columns: m)
    let scaled = products.a.map { phi.multiplied(by: $0) }
    for j in 0..<m {
      for i in 0..<m {
        information[i, j] =
          products.traces[i, j] - 2 * trace(phi, products.q[i][j]) + trace(scaled[i], scaled[j])
      }
    }
    let scale = (0..<m).map { 1 / max(information[$0, $0], 1e-300).squareRoot() }
    information.scaleRowsAndColumns(by: scale)
    var w: Matrix
    do throws(LinearAlgebraError) { w = try Cholesky(information).inverse() } catch { throw .singularInformation }
    w.scaleRowsAndColumns(by: scale.map { $0 * 2.0.squareRoot() })
    let p = basis.count
    var u = [Double](repeating: 0, count: p * p)
    for i in 0..<m {
      for j in 0..<m {
        let correction = products.a[i].multiplied(by: scaled[j])
        for e in u.indices { u[e] += w[i, j] * (products.q[i][j].elements[e] - correction.elements[e]) }
      }
    }
    let change = phi.multiplied(by: Matrix(rows: p, columns: p, elements: u)).multiplied(by: phi)
    let adjusted = Matrix(rows: p, columns: p, elements: zip(phi.elements, change.elements).map { $0 + 2 * $1 })
    let back = basis.inverseTriangle
    estimates = reml.coefficients.map(\.estimate)
    covariance = reml.coefficientCovariance
    self.adjusted = back.multiplied(by: adjusted).multiplied(by: back, otherTransposed: true)
    // A[i] belongs to X'…X, which transforms the other way.
    a = products.a.map { triangle.multiplied(by: $0, transposed: true).multiplied(by: triangle) }
    self.w = w
  }

  func coefficientTest(_ name: String, _ contrast: [Double]) throws(InferenceError) -> CoefficientTest {
    let (_, degrees, scaling) = try moments([contrast])
    let estimate = dot(contrast, estimates)
    let error = dot(contrast, adjusted.multiplied(by: contrast)).squareRoot()
    let t = estimate / error
    let p = twoSidedT(t * scaling.squareRoot(), degrees)
    return CoefficientTest(name: name, estimate: estimate, standardError: error, degreesOfFreedom: degrees, t: t, pValue: p)
  }

  func termTest(_ name: String, _ contrasts: [[Double]]) throws(InferenceError) -> TermTest {
    let (q, degrees, scaling) = try moments(contrasts)
    let l = Matrix(rowArrays: contrasts)
    let effect = l.multiplied(by: estimates)
    let solved: [Double]
    do throws(LinearAlgebraError) {
      solved = try Cholesky(l.multiplied(by: adjusted).multiplied(by: l, otherTransposed: true)).solve(effect)
    } catch { throw .singularInformation }
    let f = scaling * dot(effect, solved) / Double(q)
    return TermTest(name: name, numerator: q, denominator: degrees, f: f, pValue: upperF(f, q, degrees))
  }

  /// Denominator degrees of freedom and the factor of F, by matching its mean and variance (Kenward and Roger 1997, section 2.3).
  private func moments(_ contrasts: [[Double]]) throws(InferenceError) -> (Int, Double, Double) {
    let q = Double(contrasts.count)
    let l = Matrix(rowArrays: contrasts)
    let variance = l.multiplied(by: covariance).multiplied(by: l, otherTransposed: true)
    let inverse: Matrix
    do throws(LinearAlgebraError) { inverse = try Cholesky(variance).inverse() } catch { throw .singularInformation }
    let theta = l.multiplied(by: inverse, transposed: true).multiplied(by: l)
    let parts = a.map { theta.multiplied(by: covariance).multiplied(by: $0).multiplied(by: covariance) }
    let traces = parts.map { $0.diagonal.reduce(0, +) }
    var a1 = 0.0
    var a2 = 0.0
    for i in a.indices {
      for j in a.indices {
        a1 += w[i, j] * traces[i] * traces[j]
        a2 += w[i, j] * trace(parts[i], parts[j])
      }
    }
    let b = (a1 + 6 * a2) / (2 * q)
    let g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    let d = 3 * q + 2 * (1 - g)
    let (c1, c2, c3) = (g / d, (q - g) / d, (q + 2 - g) / d)
    // In balanced designs numerator and denominator vanish together; the limit of their ratio is 1.
    func ratio(_ x: Double, _ y: Double) -> Double { abs(x) < 1e-14 && abs(y) < 1e-14 ? 1 : x / y }
    let v0 = abs(1 + c1 * b) < 1e-10 ? 0 : 1 + c1 * b
    let v1 = 1 - c2 * b
    let v2 = 1 - c3 * b
    let share = ratio(1 - a2 / q, v1)
    let rho = share * share * v0 / v2 / q
    let degrees = 4 + (q + 2) / (q * rho - 1)
    let scaling = abs(degrees - 2) < 1e-2 ? 1 : degrees * (1 - a2 / q) / (degrees - 2)
    return (contrasts.count, degrees, scaling)
  }
}

/// tr(A B).
func trace(_ a: Matrix, _ b: Matrix) -> Double {
  var sum = 0.0
  for j in 0..<a.columns { for i in 0..<a.rows { sum += a[i, j] * b[j, i] } }
  return sum
}
