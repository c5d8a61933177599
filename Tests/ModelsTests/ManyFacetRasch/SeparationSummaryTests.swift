import Testing

@testable import Models

@Suite struct SeparationSummaryTests {
  /// Table 7 of the FACETS example of AP essays (32 essays, 3 criteria, 12 readers) gives, from measures' SD .19 (population) and .20 (sample) and RMSE .08: true
  /// SD .17/.18, separation 2.17/2.28, strata 3.22/3.38, reliability .82/.84. The SDs are printed with two digits; values within their rounding must exist
  /// that give all printed digits at once.
  @Test func apEssaysReaders() {
    var matches = 0
    for step in 0...200 {
      for fine in 0...200 {
        let error = 0.075 + 0.01 * Double(step) / 200
        let sample = 0.195 + 0.01 * Double(fine) / 200
        let population = sample * (11.0 / 12.0).squareRoot()
        let p = SeparationSummary.Spread(deviation: population, error: error)
        let s = SeparationSummary.Spread(deviation: sample, error: error)
        let printed = [
          (population, 0.19, 0.005), (error, 0.08, 0.005), (p.trueDeviation, 0.17, 0.005), (s.trueDeviation, 0.18, 0.005),
          (p.separation, 2.17, 0.005), (s.separation, 2.28, 0.005), (p.strata, 3.22, 0.005), (s.strata, 3.38, 0.005),
          (p.reliability, 0.82, 0.005), (s.reliability, 0.84, 0.005),
        ]
        if printed.allSatisfy({ isClose($0.0, $0.1, $0.2) }) { matches += 1 }
      }
    }
    #expect(matches > 0)
  }

  /// Strata and reliability follow from the printed separation.
  @Test(arguments: [(2.17, 3.22, 0.82), (2.28, 3.38, 0.84)]) func apEssaysFromSeparation(
    _ g: Double, _ strata: Double, _ reliability: Double
  ) {
    // An error of one makes the separation √(SD² − 1).
    let spread = SeparationSummary.Spread(deviation: (1 + g * g).squareRoot(), error: 1)
    #expect(isClose(spread.separation, g, 1e-12) && isClose(spread.strata, strata, 0.01) && isClose(spread.reliability, reliability, 0.005))
  }

  /// Guilford's judges: separation .66, fixed chi-square 4.3 on 2 degrees of freedom (survey of the field, V1).
  @Test func guilford1954Judges() throws {
    let summary = try RaschExample(RaschExample.guilford).model.fit().separation(of: 0)!
    #expect(isClose(summary.population.separation, 0.66, 0.005))
    #expect(isClose(summary.fixed.value, 4.3, 0.05) && summary.fixed.degreesOfFreedom == 2 && summary.fixed.pValue > 0.1)
  }

  @Test func origin() {
    let errors = [0.1, 0.2, 0.3, 0.2]
    let a = SeparationSummary(measures: [0.1, 0.5, -0.4, 1.2], standardErrors: errors)!
    let b = SeparationSummary(measures: [5.1, 5.5, 4.6, 6.2], standardErrors: errors)!
    #expect(isClose(a.fixed.value, b.fixed.value, 1e-9) && isClose(a.random!.value, b.random!.value, 1e-9))
    #expect(SeparationSummary(measures: [1], standardErrors: [0.1]) == nil)
  }
}
