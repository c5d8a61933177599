import Scores
import Testing

@testable import Detection

@Suite struct ScaleStepsTests {
  static func steps(_ scores: [Double], _ campaign: Campaign = Campaign()) -> ScaleSteps {
    var records = Records()
    for (i, score) in scores.enumerated() { records.add("R\(i % 3)", "County \(1000 + i / 3)", "A", score) }
    return ScaleSteps(table: records.table, campaign: campaign)
  }

  static let samples: [([Double], Double)] = [
    ([60, 65, 80, 95], 5.0), ([60, 61, 80], 1), ([1, 4, 7], 1), ([0, 20, 100], 20), ([60.5, 61, 72], 0.5), ([8.25, 8.5, 9], 0.25),
    ([0.1, 0.2, 0.3, 0.7], 0.1), ([9.85, 9.9, 10], 0.05), ([1.01, 1.02, 1.04], 0.01), ([200, 300, 700], 100), ([2.5, 7.5, 12.5], 5),
  ]

  @Test(arguments: samples) func `the widest step that all scores keep to`(scores: [Double], step: Double) {
    let found = Self.steps(scores)
    #expect(found.step == [step])
    #expect(found.minimum == [scores.min()!] && found.maximum == [scores.max()!])
  }

  @Test func `no common step`() {
    #expect(Self.steps([1.2345, 2.71828, 3.14159]).step == [0])
    #expect(Self.steps([7, 7, 7]).step == [0])
  }

  @Test func `what is declared is taken as it is`() {
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 0, maximum: 100, step: 0.5)
    let common = Self.steps([60, 65, 80], campaign)
    #expect(common.minimum == [0] && common.maximum == [100] && common.step == [0.5])
    campaign.criteria["A"] = CriterionSettings(scale: Scale(minimum: 10, maximum: 90, step: 10))
    let own = Self.steps([60, 65, 80], campaign)
    #expect(own.minimum == [10] && own.maximum == [90] && own.step == [10])
  }

  @Test func `marks are drawn to the nearest that can be given`() {
    let steps = Self.steps([0, 0.5, 10])
    #expect(steps.snap(3.26, criterion: 0) == 3.5 && steps.snap(3.24, criterion: 0) == 3)
    #expect(steps.snap(-4, criterion: 0) == 0 && steps.snap(40, criterion: 0) == 10)
  }
}
