import Testing

@testable import Models

/// Up to the dense limit everything is exact; beyond, the likelihood is estimated, and what needs it exact is refused.
@Suite struct DenseLimitTests {
  let design: ModelDesign

  init() throws {
    // Ninety raters, each of them at six of 180 units; effects and noise from a linear congruence.
    var state = 4711
    func draw() -> Double {
      state = 16807 * state % 2_147_483_647
      return Double(state) / 2_147_483_647 - 0.5
    }
    let units = (0..<180).map { _ in 12 * draw() }
    let raters = (0..<90).map { _ in 6 * draw() }
    var (unit, rater, criterion, y): ([String], [String], [String], [Double]) = ([], [], [], [])
    for u in 0..<180 {
      for k in 0..<3 {
        let r = (u * (k + 1) + 31 * k) % 90
        unit.append("U\(u)")
        rater.append("R\(r)")
        criterion.append("K\(k)")
        y.append(50 + units[u] + raters[r] + 5 * draw())
      }
    }
    var frame = ModelFrame()
    frame.add("unit", labels: unit)
    frame.add("rater", labels: rater)
    frame.add("criterion", labels: criterion)
    frame.add("y", y)
    design = try ModelDesign(ModelFormula("y ~ criterion + (1 | unit) + (1 | rater)"), frame)
  }

  @Test func estimatesAgreeOnBothSidesOfTheLimit() throws {
    let exact = try LinearMixedModel(design).fit()
    let estimated = try LinearMixedModel(design, denseLimit: 20).fit()
    #expect(exact.model.isExact && !estimated.model.isExact)
    #expect(exact.account.criterionError == 0)
    #expect(estimated.account.criterionError > 0)
    #expect(abs(estimated.criterion - exact.criterion) < 4 * estimated.account.criterionError)
    let error = estimated.account.monteCarloError
    #expect(error > 0 && error < 0.02)
    for (a, b) in zip(estimated.terms, exact.terms) { #expect(relativeError(a.covariance[0, 0], b.covariance[0, 0]) < 4 * error) }
    #expect(relativeError(estimated.residualVariance, exact.residualVariance) < 4 * error)
  }

  @Test func whatNeedsTheExactLikelihoodIsRefused() throws {
    let estimated = try LinearMixedModel(design, denseLimit: 20).fit()
    #expect(throws: InferenceError.notExact) { try estimated.profileIntervals() }
    #expect(throws: InferenceError.notExact) { try estimated.fixedEffectTests(.satterthwaite) }
    #expect(throws: InferenceError.notExact) { try estimated.compared(with: estimated) }
  }

  /// A model for another response, as in a bootstrap, is as exact as the first.
  @Test func theLimitStaysWithTheModel() throws {
    let model = try LinearMixedModel(design, denseLimit: 20)
    #expect(try !model.with(response: design.response).isExact)
  }
}
