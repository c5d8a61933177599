import Foundation
import Testing

@testable import Statistics

@Suite struct NoncentralTests {
  @Test(arguments: MPMath.noncentralChiSquared) func chiSquared(row: [Double]) {
    let d = NoncentralChiSquared(degreesOfFreedom: row[0], noncentrality: row[1])
    expectTails(d, at: row[2], lower: row[3], upper: row[4], 1e-13, "χ²(\(row[0]), \(row[1]))")
  }

  @Test(arguments: MPMath.noncentralBeta) func beta(row: [Double]) {
    let d = NoncentralBeta(row[0], row[1], noncentrality: row[2])
    expectTails(d, at: row[3], lower: row[4], upper: row[5], 1e-13, "beta \(row)")
    let f = NoncentralF(numerator: 2 * row[0], denominator: 2 * row[1], noncentrality: row[2])
    let ratio = row[1] / row[0] * row[3] / (1 - row[3])
    expectTails(f, at: ratio, lower: row[4], upper: row[5], 1e-12, "F \(row)")
  }

  @Test(arguments: MPMath.noncentralT) func studentT(row: [Double]) {
    let d = NoncentralT(degreesOfFreedom: row[0], noncentrality: row[1])
    expectTails(d, at: row[2], lower: row[3], upper: row[4], 1e-13, "t(\(row[0]), \(row[1]))")
  }

  @Test func withoutNoncentrality() {
    #expect(NoncentralChiSquared(degreesOfFreedom: 3, noncentrality: 0).upperTail(2) == ChiSquared(degreesOfFreedom: 3).upperTail(2))
    #expect(NoncentralT(degreesOfFreedom: 3, noncentrality: 0).upperTail(2) == StudentT(degreesOfFreedom: 3).upperTail(2))
    let f = NoncentralF(numerator: 3, denominator: 7, noncentrality: 0)
    #expect(relativeError(f.upperTail(2), FDistribution(numerator: 3, denominator: 7).upperTail(2)) < 1e-15)
    // A noncentrality too small to matter changes nothing: the quadrature and the mixture meet the closed forms.
    #expect(
      relativeError(NoncentralT(degreesOfFreedom: 3, noncentrality: 1e-300).upperTail(2), StudentT(degreesOfFreedom: 3).upperTail(2))
        < 1e-14)
  }

  /// T² of a noncentral t with ν degrees of freedom is noncentral F(1, ν, δ²).
  @Test func squareOfT() {
    let t = NoncentralT(degreesOfFreedom: 9, noncentrality: 1.5)
    let f = NoncentralF(numerator: 1, denominator: 9, noncentrality: 2.25)
    for x in [0.1, 1, 3, 20] { #expect(relativeError(t.upperTail(x) + t.lowerTail(-x), f.upperTail(x * x)) < 1e-13) }
  }

  @Test func densitiesAreSlopes() {
    expectDensity(NoncentralChiSquared(degreesOfFreedom: 3, noncentrality: 7), [0.5, 9, 30], "χ²")
    expectDensity(NoncentralBeta(2, 3, noncentrality: 7), [0.1, 0.6, 0.9], "beta")
    expectDensity(NoncentralF(numerator: 2, denominator: 11, noncentrality: 4), [0.2, 3, 12], "F")
    expectDensity(NoncentralT(degreesOfFreedom: 4, noncentrality: -2), [-6, -1, 0, 2], "t")
  }

  @Test func ends() {
    let chi = NoncentralChiSquared(degreesOfFreedom: 2, noncentrality: 3)
    #expect(chi.upperTail(0) == 1 && chi.lowerTail(.infinity) == 1 && chi.quantile(0) == 0 && chi.quantile(1) == .infinity)
    #expect(chi.quantile(.nan).isNaN && chi.upperTail(.nan).isNaN)
    #expect(relativeError(chi.density(0), 0.5 * exp(-1.5)) < 1e-14 && chi.density(-1) == 0)
    let t = NoncentralT(degreesOfFreedom: 2, noncentrality: 3)
    #expect(t.upperTail(-.infinity) == 1 && t.upperTail(.infinity) == 0 && t.quantile(0) == -.infinity && t.quantile(1) == .infinity)
    let f = NoncentralF(numerator: 2, denominator: 3, noncentrality: 1)
    #expect(f.upperTail(-1) == 1 && f.lowerTail(0) == 0 && f.upperTail(.infinity) == 0)
  }
}
