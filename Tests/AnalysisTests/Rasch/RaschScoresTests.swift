import Analysis
import Testing

@testable import Models

@Suite struct RaschScoresTests {
  @Test func wholeNumbersAreCategories() throws {
    let scores = try RaschScores([1, 3, -2], lines: [2, 3, 4], roundedTo: nil)
    #expect(scores.categories == [1, 3, -2] && scores.step == 1)
  }

  @Test func halvesNeedAStep() throws {
    #expect(throws: RaschScoresError(score: 71.5, line: 5)) { try RaschScores([70, 70.25, 71.5], lines: [9, 8, 5], roundedTo: nil) }
    #expect(try RaschScores([70, 70.25, 71.5], lines: [9, 8, 5], roundedTo: 0.5).categories == [140, 141, 143])
    #expect(RaschScoresError(score: 71.5, line: 5).message.en.contains("--round-to"))
  }

  @Test func everyErrorSaysWhatToDo() {
    let account = RaschAccount(
      steps: 100, evaluations: 1, lastStep: 1, maximumGradient: 1, solver: "Cholesky", freeParameters: 1, converged: false)
    let errors: [RaschError] = [
      .nothingToFit, .noVariation, .tooManyCategories(lowest: 0, highest: 100, limit: 30), .onlyExtremeScores,
      .anchoredUnitsInMarginalEstimation, .unitScalesInMarginalEstimation, .wrongNumberOfThresholds(given: 1, expected: 2), .noUnitVariance,
      .notConverged(account),
    ]
    for error in errors { #expect(error.message.en.hasSuffix(".") || error.message.en.hasSuffix("can.")) }
    #expect(errors[2].message.en.contains("plumbline model") && errors[2].message.zh.contains("plumbline model"))
  }
}
