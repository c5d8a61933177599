import Models
import Testing

@Suite struct ParametricBootstrapTests {
  /// The same seed gives the same bits; the intervals resemble the profile's, which answer nearly the same question by other means.
  @Test func intervalsAreReproducibleAndPlausible() throws {
    let fit = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy", .ml)
    let first = try fit.bootstrapIntervals(replicates: 150, seed: 5)
    #expect(first == (try fit.bootstrapIntervals(replicates: 150, seed: 5)))
    #expect(first != (try fit.bootstrapIntervals(replicates: 150, seed: 6)))
    #expect(first.failed == 0)
    let profile = try fit.profileIntervals()
    // Residual deviation and both coefficients: nearly unbiased, so that percentiles and profile agree.
    for k in [3, 4, 5] {
      #expect(first.intervals[k].parameter == profile[k].parameter)
      let width = profile[k].upper! - profile[k].lower!
      #expect(abs(first.intervals[k].lower! - profile[k].lower!) < 0.25 * width)
      #expect(abs(first.intervals[k].upper! - profile[k].upper!) < 0.25 * width)
    }
  }

  /// Refits of simulated responses are centred on the truth that they were drawn from: the mean of the residual variance has a known error.
  @Test func replicatesFollowTheFit() throws {
    let fit = try PublishedTables.fit("diameter ~ 1 + (1 | plate) + (1 | sample)", "penicillin")
    let intervals = try fit.bootstrapIntervals(replicates: 250, seed: 2).intervals
    // 115 residual degrees of freedom: χ² limits 87.2 and 146.6 on σ².
    let sigma = fit.residualStandardDeviation
    #expect(relativeError(intervals[2].lower!, sigma * (87.213 / 115).squareRoot()) < 0.03)
    #expect(relativeError(intervals[2].upper!, sigma * (146.571 / 115).squareRoot()) < 0.03)
  }
}
