import Foundation
import Testing

@testable import Statistics

@Suite struct OneWayAnovaTests {
  /// NIST Statistical Reference Datasets, analysis of variance: certified values to 15 digits.
  @Test(.enabled(if: CertifiedData.isPresent, CertifiedData.absence)) func certifiedByNIST() throws {
    let published = try CertifiedData.published("nist_anova")
    let samples = try CertifiedData.samples("nist_anova")
    #expect(published.count == 11 && samples.count == 11)
    for (name, certified) in published {
      let sample = try #require(samples[name])
      let anova = try #require(OneWayAnova(sample.values, groups: sample.groups))
      #expect(Double(anova.betweenDegreesOfFreedom) == certified["df_between"])
      #expect(Double(anova.withinDegreesOfFreedom) == certified["df_within"])
      let pairs = [
        ("ss_between", anova.betweenSumOfSquares), ("ss_within", anova.withinSumOfSquares), ("ms_between", anova.betweenMeanSquare),
        ("ms_within", anova.withinMeanSquare), ("F", anova.f), ("r_squared", anova.rSquared),
        ("residual_sd", anova.residualStandardDeviation),
      ]
      for (statistic, value) in pairs {
        // NIST rounds the certified values of AtmWtAg to 14 digits of the F.
        #expect(logRelativeError(value, try #require(certified[statistic])) > 13.5, "\(name) \(statistic): \(value)")
      }
    }
  }

  /// R 4.2.2: anova(lm(weight ~ group, PlantGrowth)) (Dobson 1983).
  @Test func plantGrowthInR() throws {
    let weight = [
      4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14, 4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69, 6.31, 5.12,
      5.54, 5.50, 5.37,
      5.29, 4.92, 6.15, 5.80, 5.26,
    ]
    let anova = try #require(OneWayAnova(weight, groups: (0..<30).map { $0 / 10 }))
    #expect(relativeError(anova.f, 4.846087862380136) < 1e-14 && relativeError(anova.pValue, 0.01590995832562292) < 1e-13)
    // Names of groups, gaps among their codes and an affine change of scale do not matter.
    let renamed = try #require(OneWayAnova(weight.map { 100 * $0 + 3 }, groups: (0..<30).map { [7, 2, 5][$0 / 10] }))
    #expect(relativeError(renamed.f, anova.f) < 1e-13)
  }

  @Test func degenerate() throws {
    #expect(OneWayAnova([1, 2, 3], groups: [0, 0, 0]) == nil && OneWayAnova([1, 2], groups: [0, 1]) == nil)
    #expect(OneWayAnova([2, 2, 2, 2], groups: [0, 0, 1, 1]) == nil && OneWayAnova([], groups: []) == nil)
    #expect(OneWayAnova([2, .nan, 2, 2], groups: [0, 0, 1, 1]) == nil)
    let certain = try #require(OneWayAnova([1.1, 1.1, 3.3, 3.3, 3.3], groups: [0, 0, 1, 1, 1]))
    #expect(certain.f == .infinity && certain.pValue == 0 && certain.rSquared == 1)
    #expect(try #require(OneWayAnova([1, 2, 1, 2], groups: [0, 0, 1, 1])).pValue == 1)
  }
}
