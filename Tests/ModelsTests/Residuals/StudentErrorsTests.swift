import Foundation
import Models
import Statistics
import Testing

@Suite struct StudentErrorsTests {
  /// With nothing shared the bound is the likelihood itself: no intercept, and a factor whose variance is estimated as zero.
  @Test func equalsTheStudentLikelihoodWhenNothingIsShared() throws {
    var stream = RandomStream(seed: 3)
    // Pairs of opposite sign have a negative intraclass correlation, so that the factor's variance is zero.
    let y = (0..<300).flatMap { _ -> [Double] in
      let size = exp(0.9 * abs(stream.normal()))
      return [size, -size]
    }
    let pairs = GroupingFactor("pair", codes: y.indices.map { Int32($0 / 2) }, levels: y.count / 2)
    let fit = try HeteroscedasticModel(response: y, intercept: false, factors: [pairs], residual: .studentT(degreesOfFreedom: nil)).fit()
    #expect(fit.fit.components[0].variance == 0)
    func likelihood(_ sigma: Double, _ nu: Double) -> Double {
      let t = StudentT(degreesOfFreedom: nu)
      return y.reduce(0) { $0 + t.logDensity($1 / sigma) - log(sigma) }
    }
    let best = Brent.minimum(in: -1...3) { logNu in
      Brent.minimum(in: -1...2) { -likelihood(exp($0), exp(logNu)) }.value
    }
    #expect(abs(fit.studentT!.criterion - 2 * best.value) < 1e-5)
    #expect(relativeError(fit.studentT!.degreesOfFreedom, exp(best.place)) < 1e-2)
  }

  /// A bound, and a close one: brute-force integration over the intercept and each unit's effect (nested trapezoidal sums).
  @Test(arguments: [3.0, 8]) func boundsTheIntegratedLikelihoodFromBelow(_ nu: Double) throws {
    let y: [[Double]] = [
      [61, 63, 62, 60.5, 62.5], [55, 54, 56.5, 55.5, 55], [70, 69, 71.5, 58, 70.5], [64, 66, 65, 64.5, 65.5], [59, 60, 58.5, 61, 59.5],
    ]
    let units = GroupingFactor("unit", codes: y.indices.flatMap { u in y[u].map { _ in Int32(u) } }, levels: y.count)
    let fit = try HeteroscedasticModel(response: y.flatMap { $0 }, factors: [units], residual: .studentT(degreesOfFreedom: nu)).fit()
    let (unitVariance, variance) = (fit.fit.components[0].variance, fit.fit.residualVariance)
    let t = StudentT(degreesOfFreedom: nu)
    let (sd, sigma) = (unitVariance.squareRoot(), variance.squareRoot())
    let step = 0.02
    // log ∫ Π t(y − m) N(m − β) dm over the unit's mean m, for β on a grid; then the integral over β.
    let means = (0..<2000).map { 45 + step * Double($0) }
    let densities = y.map { scores in
      means.map { m in scores.reduce(0) { $0 + t.logDensity(($1 - m) / sigma) - log(sigma) } }
    }
    let betas = (0..<400).map { 42 + 0.1 * Double($0) }
    let joint = betas.map { beta in
      densities.reduce(0.0) { sum, density in
        let terms = zip(means, density).map { $1 + Normal.logDensity(($0 - beta) / sd) - log(sd) }
        let top = terms.max()!
        return sum + top + log(terms.reduce(0) { $0 + exp($1 - top) } * step)
      }
    }
    let top = joint.max()!
    let exact = top + log(joint.reduce(0) { $0 + exp($1 - top) } * 0.1)
    let bound = -0.5 * fit.studentT!.criterion
    #expect(bound <= exact + 1e-3)
    // 25 observations share six unknowns: the gap that independence of effects and precisions leaves.
    #expect(exact - bound < 1)
    // The score of 58 in a panel of 70s is what the weights find.
    #expect(fit.studentT!.robustness.indices.min { fit.studentT!.robustness[$0] < fit.studentT!.robustness[$1] } == 13)
    #expect(fit.studentT!.robustness[13] < 0.2)
  }

  /// Normal errors: degrees of freedom go up, and nothing is lost beside the normal fit.
  @Test func normalErrorsKeepTheNormalFit() throws {
    let c = SmallCampaign(count: 300, unitCount: 30, raterCount: 7)
    let fit = try HeteroscedasticModel(
      response: c.y, weights: c.weights, fixed: [FixedColumn("covariate", c.covariate)], factors: [c.units, c.raters],
      residual: .studentT(degreesOfFreedom: .infinity)
    ).fit()
    #expect(abs(fit.studentT!.criterion - fit.common.criterion) < 1e-6)
    #expect(fit.likelihoodRatio!.pValue > 0.4)
    #expect(fit.studentT!.robustness.allSatisfy { $0 == 1 })
  }

  /// t with 4 degrees of freedom is recognised, and its scale.
  @Test func recoversSimulatedTails() throws {
    let scores = CrossedScores(units: 300, raters: 25, seed: 21) { _, stream in
      let gamma =
        (0..<4).reduce(0.0) { sum, _ in
          let z = stream.normal()
          return sum + z * z
        } / 4
      return 1.5 * stream.normal() / gamma.squareRoot()
    }
    let fit = try HeteroscedasticModel(
      response: scores.y, factors: scores.factors, residual: .studentT(degreesOfFreedom: nil)
    ).fit()
    #expect(abs(log(fit.studentT!.degreesOfFreedom / 4)) < 0.35)
    #expect(abs(fit.fit.residualVariance.squareRoot() / 1.5 - 1) < 0.1)
    #expect(fit.likelihoodRatio!.pValue < 1e-10)
    #expect(fit.account.iterations < 200)
  }
}
