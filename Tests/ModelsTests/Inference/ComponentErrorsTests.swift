import Models
import Testing

@Suite struct ComponentErrorsTests {
  /// Balanced one-way by REML: MSB and MSE are independent, and the information gives their textbook variances, 2 MS² / degrees (Searle, Casella and
  /// McCulloch 1992, section 3.5). MSB = 11271.5 with 5, MSE = 2451.25 with 24 degrees of freedom.
  @Test func balancedOneWay() throws {
    let estimates = try PublishedTables.fit("score ~ 1 + (1 | unit)", "dyestuff").componentEstimates()
    let (msb, mse) = (11271.5, 2451.25)
    let between = (2 * msb * msb / 5 + 2 * mse * mse / 24).squareRoot() / 5
    let within = (2 * mse * mse / 24).squareRoot()
    #expect(relativeError(estimates[0].varianceError!, between) < 1e-6)
    #expect(relativeError(estimates[1].varianceError!, within) < 1e-6)
    #expect(relativeError(estimates[0].standardError!, between / (2 * 1764.05.squareRoot())) < 1e-6)
  }

  /// A change of unit of a slope's covariate changes its deviation's error and not the correlation's.
  @Test func scales() throws {
    let plain = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy").componentEstimates()
    var frame = try PublishedTables.frame("sleepstudy")
    guard case .numbers(let days) = frame.columns["days"]! else { return }
    frame.add("days", days.map { $0 * 24 })
    let hours = try LinearMixedModel(ModelDesign(ModelFormula("reaction ~ days + (days | subject)"), frame)).fit().componentEstimates()
    #expect(relativeError(hours[2].standardError! * 24, plain[2].standardError!) < 1e-6)
    #expect(relativeError(hours[1].standardError!, plain[1].standardError!) < 1e-6)
  }

  @Test func atTheBoundaryThereIsNone() throws {
    let fit = try CrossedSlopes().fit("y ~ x * criterion + (x || rater) + (1 | unit/criterion)")
    let estimates = try fit.componentEstimates()
    #expect(estimates[3].estimate == 0 && estimates[3].standardError == nil)
    #expect(estimates[2].standardError! > 0)
  }
}
