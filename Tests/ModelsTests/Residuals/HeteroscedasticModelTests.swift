import Foundation
import LinearAlgebra
import Models
import Statistics
import Testing

@Suite struct HeteroscedasticModelTests {
  static let campaign = SmallCampaign(count: 240, unitCount: 30, raterCount: 7)

  static func model(_ residual: ResidualModel, y: [Double]? = nil) throws -> HeteroscedasticModel {
    try HeteroscedasticModel(
      response: y ?? campaign.y, weights: campaign.weights, fixed: [FixedColumn("covariate", campaign.covariate)],
      factors: [campaign.units, campaign.raters], residual: residual)
  }

  /// glmmTMB 1.1.5, `score ~ criterion + (1|unit) + (1|rater), dispformula = ~0 + rater, REML = TRUE` on workload T (clean, seed 1). nlme
  /// 3.1-162 with `varIdent(form = ~1|rater)` and blocked random effects gives 6250.2474637 and the same ratios to 7 digits.
  @Test(.enabled(if: SharedData.isPresent, "needs the data beside the package")) func raterVariancesAgreeWithGlmmTMB() throws {
    let data = try SharedData.columns("peers/data/T_cont_clean_s1.csv")
    let rater = factor("rater", data["rater"]!)
    let fit = try HeteroscedasticModel(
      response: data["score"]!.map { Double($0)! }, fixed: FixedColumn.treatment(factor("criterion", data["criterion"]!)),
      factors: [factor("unit", data["unit"]!), rater], residual: .byLevel(rater)
    ).fit()
    #expect(abs(fit.common.criterion - 6267.90205327) < 1e-6)
    #expect(abs(fit.fit.criterion - 6250.24746334) < 1e-6)
    #expect(relativeError(fit.fit.component("unit")!.variance, 108.20954259993) < 1e-4)
    #expect(relativeError(fit.fit.component("rater")!.variance, 9.32962978178) < 1e-4)
    let expected = [
      3.49023755096, 3.70502737752, 3.50078647599, 3.78355957843, 3.12153516042, 3.42819696592, 3.68343998934, 3.32875682367, 3.31715430307,
      3.52830049723, 3.30634027039, 3.53065194361, 3.41392420331, 3.42039584775, 3.12976586079, 3.64975707469, 3.29638921686, 3.67676566038,
      3.63395033905, 3.06495456377,
    ]
    for (coefficient, value) in zip(fit.coefficients, expected) {
      #expect(abs(coefficient.estimate - value) < 2e-5)
      // glmmTMB's standard errors come from the observed information: 0.2084 to 0.2169. Ours leave out the terms between observations.
      #expect(abs(coefficient.standardError / 0.2127 - 1) < 0.06)
    }
    let test = fit.likelihoodRatio!
    #expect(test.degreesOfFreedom == 19)
    #expect(abs(test.statistic - (6267.90205327 - 6250.24746334)) < 2e-6)
  }

  /// glmmTMB 1.1.5, the same model with `dispformula = ~x`, x the number of the criterion less 3.5.
  @Test(.enabled(if: SharedData.isPresent, "needs the data beside the package")) func logLinearVarianceAgreesWithGlmmTMB() throws {
    let data = try SharedData.columns("peers/data/T_cont_clean_s1.csv")
    let criterion = factor("criterion", data["criterion"]!)
    let fit = try HeteroscedasticModel(
      response: data["score"]!.map { Double($0)! }, fixed: FixedColumn.treatment(criterion),
      factors: [factor("unit", data["unit"]!), factor("rater", data["rater"]!)],
      residual: .logLinear([FixedColumn("x", criterion.codes.map { Double($0) - 2.5 })])
    ).fit()
    #expect(abs(fit.fit.criterion - 6264.0395643) < 1e-6)
    #expect(abs(fit.coefficients[0].estimate + 0.0590376224165) < 1e-6)
    #expect(relativeError(fit.coefficients[0].standardError, 0.0300180032877) < 1e-3)
    #expect(abs(log(fit.fit.residualVariance) - 3.4665631897095) < 1e-5)
    // Score, Wald and likelihood ratio tests agree to first order.
    #expect(relativeError(fit.score!.statistic, fit.likelihoodRatio!.statistic) < 0.15)
  }

  /// At the estimate the criterion of dense matrices falls in no direction of a level's variance, all else held.
  @Test func raterVariancesAreStationary() throws {
    let c = Self.campaign
    let fit = try Self.model(.byLevel(c.raters)).fit()
    let components = fit.fit.components.map(\.variance)
    func criterion(_ level: Int, _ change: Double) throws -> Double {
      let weights = fit.weights.indices.map { fit.weights[$0] * (Int(c.raters.codes[$0]) == level ? exp(-change) : 1) }
      return try DenseReference(
        y: c.y, weights: weights, x: [[Double](repeating: 1, count: c.y.count), c.covariate], factors: [c.units, c.raters],
        components: components, reml: true
      ).criterion
    }
    #expect(abs(try criterion(0, 0) - fit.fit.criterion) < 1e-8)
    for level in 0..<c.raters.levels {
      let slope = (try criterion(level, 1e-3) - criterion(level, -1e-3)) / 2e-3
      let curvature = (try criterion(level, 1e-2) + criterion(level, -1e-2) - 2 * criterion(level, 0)) / 1e-4
      #expect(abs(slope) < 1e-3)
      #expect(curvature > 0)
      // The expected information is half the expected curvature of the criterion.
      #expect(relativeError(fit.coefficients[level].standardError, (2 / curvature).squareRoot()) < 0.2)
    }
  }

  @Test func anAffineChangeOfScaleChangesTheVariancesOnly() throws {
    let c = Self.campaign
    let fit = try Self.model(.byLevel(c.raters)).fit()
    let moved = try Self.model(.byLevel(c.raters), y: c.y.map { 3 * $0 - 40 }).fit()
    for (a, b) in zip(fit.coefficients, moved.coefficients) { #expect(abs(a.estimate + log(9) - b.estimate) < 1e-5) }
    #expect(abs(fit.likelihoodRatio!.statistic - moved.likelihoodRatio!.statistic) < 1e-6)
  }

  /// Scores in millions or in millionths of a point: the same dependence on the expected score, in other units.
  @Test(arguments: [1e10, 1e-8]) func theUnitOfTheScoresDoesNotMatter(factor: Double) throws {
    let fit = try Self.model(.ofExpectation(degree: 2)).fit()
    let moved = try Self.model(.ofExpectation(degree: 2), y: Self.campaign.y.map { factor * $0 }).fit()
    #expect(abs(fit.likelihoodRatio!.statistic - moved.likelihoodRatio!.statistic) < 1e-4)
    #expect(abs(fit.score!.statistic - moved.score!.statistic) < 1e-4)
    for (a, (b, unit)) in zip(fit.coefficients, zip(moved.coefficients, [factor, factor * factor])) {
      #expect(abs(a.estimate - b.estimate * unit) < 1e-2 * a.standardError)
      #expect(relativeError(b.standardError * unit, a.standardError) < 1e-2)
    }
  }

  /// Three raters of six scores, on which full steps of the shrunken variances go to and fro. The values are those at which a naive
  /// search over dense matrices (numpy 2.4.6, scipy 1.17.1) stands still.
  @Test func shrinkageSettlesWithFewScores() throws {
    let rows: [(rater: Int32, unit: Int32, x: Double, score: Double)] = [
      (2, 5, 1.749, 51), (1, 0, -1.673, 50), (1, 4, -0.48, 52), (2, 3, -0.909, 54), (0, 4, -0.698, 49), (2, 0, -0.85, 52),
      (1, 3, -0.246, 53), (2, 4, 0.665, 52), (0, 1, 0.929, 46), (2, 2, 0.691, 53), (0, 3, 0.587, 51), (2, 1, -0.794, 49),
      (1, 2, -1.764, 52), (0, 0, 1.118, 49), (0, 5, -2.459, 49), (0, 2, -1.662, 51), (1, 5, 1.238, 50), (1, 1, 1.14, 46),
    ]
    let raters = GroupingFactor("rater", codes: rows.map(\.rater), levels: 3)
    let fit = try HeteroscedasticModel(
      response: rows.map(\.score), fixed: [FixedColumn("x", rows.map(\.x))],
      factors: [GroupingFactor("unit", codes: rows.map(\.unit), levels: 6), raters], residual: .shrunkenByLevel(raters)
    ).fit()
    #expect(abs(fit.spread! - 2.117958703) < 1e-4)
    #expect(abs(fit.fit.component("unit")!.variance.squareRoot() - 1.74027966) < 1e-5)
    #expect(abs(fit.fit.component("rater")!.variance.squareRoot() - 1.38369781) < 1e-5)
    let logs = fit.coefficients.map(\.estimate)
    #expect(abs(logs[1] - logs[0] - 2.16184043) < 1e-4 && abs(logs[1] - logs[2] - 3.28666647) < 1e-4, "\(logs)")
  }

  /// Rater 3 is made three times as noisy: it is found, and shrinkage pulls the others together, less the noisy one.
  @Test func anErraticRaterIsFoundAndShrinkageKeepsTheOrder() throws {
    let c = Self.campaign
    var stream = RandomStream(seed: 11)
    let y = c.y.indices.map { c.y[$0] + (c.raters.codes[$0] == 3 ? 5 * stream.normal() : 0) }
    let free = try Self.model(.byLevel(c.raters), y: y).fit()
    let shrunken = try Self.model(.shrunkenByLevel(c.raters), y: y).fit()
    #expect(free.likelihoodRatio!.pValue < 1e-6)
    #expect(free.levelDeviations.indices.max { free.levelDeviations[$0].sigma < free.levelDeviations[$1].sigma } == 3)
    let spread = shrunken.spread!
    #expect(spread > 0.3 && spread < 3)
    func range(_ fit: HeteroscedasticFit) -> Double { fit.coefficients.map(\.estimate).max()! - fit.coefficients.map(\.estimate).min()! }
    #expect(range(shrunken) < range(free))
    #expect(shrunken.coefficients[3].estimate > shrunken.coefficients.enumerated().filter { $0.offset != 3 }.map(\.element.estimate).max()!)
  }

  /// The fixed point: with the final expectations as a known column the same coefficient comes out; and the truth is near.
  @Test func levelDependentNoiseIsAFixedPointNearTheTruth() throws {
    let scores = CrossedScores(units: 200, raters: 20, seed: 5) { expected, stream in exp(0.5 * (0.8 - 0.12 * expected)) * stream.normal() }
    let (y, factors) = (scores.y, scores.factors)
    let fit = try HeteroscedasticModel(response: y, factors: factors, residual: .ofExpectation(degree: 1)).fit()
    #expect(abs(fit.coefficients[0].estimate + 0.12) < 4 * fit.coefficients[0].standardError)
    #expect(fit.score!.pValue < 1e-10 && fit.likelihoodRatio!.pValue < 1e-10)
    let model = try CrossedModel(response: y, weights: fit.weights, factors: factors)
    let again = try HeteroscedasticModel(
      response: y, factors: factors, residual: .logLinear([FixedColumn("m", model.fittedValues(fit.fit))])
    ).fit()
    #expect(abs(again.coefficients[0].estimate - fit.coefficients[0].estimate) < 1e-5)
    let bent = try HeteroscedasticModel(response: y, factors: factors, residual: .ofExpectation(degree: 2)).fit()
    #expect(bent.fit.criterion <= fit.fit.criterion + 1e-2 && bent.coefficients.count == 2)
  }

  @Test func orderOfObservationsDoesNotMatter() throws {
    let c = Self.campaign
    let order = c.y.indices.reversed()
    func turned(_ f: GroupingFactor) -> GroupingFactor { GroupingFactor(f.name, codes: order.map { f.codes[$0] }, levels: f.levels) }
    let fit = try Self.model(.byLevel(c.raters)).fit()
    let other = try HeteroscedasticModel(
      response: order.map { c.y[$0] }, weights: order.map { c.weights[$0] },
      fixed: [FixedColumn("covariate", order.map { c.covariate[$0] })],
      factors: [turned(c.units), turned(c.raters)], residual: .byLevel(turned(c.raters))
    ).fit()
    for (a, b) in zip(fit.coefficients, other.coefficients) { #expect(abs(a.estimate - b.estimate) < 1e-7) }
  }
}
