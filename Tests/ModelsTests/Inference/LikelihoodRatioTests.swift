import Foundation
import Models
import Testing

/// `anova` of lme4 1.1-31 fits by maximum likelihood (bobyqa to 1e-10), R 4.2.
@Suite struct LikelihoodRatioTests {
  func compare(_ a: String, _ b: String, _ method: EstimationMethod = .ml) throws -> LikelihoodRatioTest {
    let comparison = try PublishedTables.fit(a, "sleepstudy", method).compared(with: PublishedTables.fit(b, "sleepstudy", method))
    guard case .nested(let test) = comparison else { throw MixedModelError.unknownName("not nested") }
    return test
  }

  @Test func aSlopeWithItsCorrelation() throws {
    let test = try compare("reaction ~ days + (days | subject)", "reaction ~ days + (1 | subject)")
    #expect(abs(test.statistic - 42.139298542) < 1e-7)
    #expect(test.degreesOfFreedom == 2 && test.extraVariances == 1)
    #expect(relativeError(test.pValue, 7.07241254719e-10) < 1e-6)
    // Half of χ²(1) and half of χ²(2): pchisq(42.139298542, 1, lower = FALSE) is 8.5255e-11.
    #expect(relativeError(test.mixturePValue!, 0.5 * (7.07241254719e-10 + 8.5255e-11)) < 1e-3)
    #expect(abs(test.smaller.aic - 1802.07864301) < 1e-7 && abs(test.larger.bic - 1783.09708557) < 1e-7)
  }

  @Test func aFixedEffectIsTestedByMaximumLikelihoodAlways() throws {
    let test = try compare("reaction ~ 1 + (days | subject)", "reaction ~ days + (days | subject)", .reml)
    #expect(test.method == .ml)
    #expect(abs(test.statistic - 23.5365374979) < 1e-7)
    #expect(relativeError(test.pValue, 1.22563995719e-6) < 1e-6)
    #expect(test.mixturePValue == nil)
  }

  @Test func aCorrelationAloneIsInside() throws {
    let test = try compare("reaction ~ days + (days || subject)", "reaction ~ days + (days | subject)")
    #expect(abs(test.statistic - 0.0639106766853) < 1e-7)
    #expect(test.extraVariances == 0 && test.mixturePValue == nil)
    #expect(relativeError(test.pValue, 0.800418431977) < 1e-6)
  }

  /// Against least squares, which is a model without random terms.
  @Test func oneVarianceAgainstNone() throws {
    let one = try PublishedTables.fit("score ~ 1 + (1 | unit)", "dyestuff", .ml)
    let none = try PublishedTables.fit("score ~ 1", "dyestuff", .ml)
    guard case .nested(let test) = try one.compared(with: none) else { throw MixedModelError.unknownName("not nested") }
    #expect(test.degreesOfFreedom == 1)
    #expect(relativeError(test.mixturePValue!, test.pValue / 2) < 1e-12)
    // n log(2π e RSS / n) with RSS = 5 · 11271.5 + 24 · 2451.25.
    #expect(relativeError(test.smaller.deviance, 30 * (1 + log(2 * Double.pi * 115187.5 / 30))) < 1e-12)
  }

  @Test func notNestedAndNotTheSameData() throws {
    let a = try PublishedTables.fit("diameter ~ 1 + (1 | plate)", "penicillin")
    let b = try PublishedTables.fit("diameter ~ 1 + (1 | sample)", "penicillin")
    guard case .notNested(.reml, _, _) = try a.compared(with: b) else { throw MixedModelError.unknownName("nested") }
    let other = try PublishedTables.fit("score ~ 1 + (1 | unit)", "dyestuff")
    #expect(throws: InferenceError.differentData) { try a.compared(with: other) }
  }

  /// The restricted likelihood of hours exceeds that of days by log 24, which says nothing about the subjects.
  @Test func restrictedLikelihoodsInOtherUnitsDoNotCompare() throws {
    var frame = try PublishedTables.frame("sleepstudy")
    guard case .numbers(let days)? = frame.columns["days"] else { throw MixedModelError.unknownName("days") }
    frame.add("hours", days.map { 24 * $0 })
    let small = try LinearMixedModel(ModelDesign(ModelFormula("reaction ~ hours + (1 | subject)"), frame)).fit()
    let large = try LinearMixedModel(ModelDesign(ModelFormula("reaction ~ days + (days | subject)"), frame)).fit()
    guard case .nested(let test) = try small.compared(with: large) else { throw MixedModelError.unknownName("not nested") }
    #expect(test.method == .ml)
    #expect(abs(test.statistic - 42.139298542) < 1e-7)
  }
}
