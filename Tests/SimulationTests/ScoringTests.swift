import Foundation
import Simulation
import Testing

@Suite struct ScoringTests {
  /// A crossed plan without limits in reach: 400 raters in 40 teams, 2,000 units, 6 criteria, 60,000 scores.
  static let wide: CampaignPlan = {
    var plan = CampaignPlan(
      raters: 400, units: 2_000, criteria: 6, teamSize: 10, groups: 8, design: .crossed(ratersPerUnit: 5))
    plan.mean = 50
    plan.spread = ComponentSpread(
      unit: 6, rater: 3, team: 2, criterion: 2, raterCriterion: 2, unitCriterion: 3, sheet: 1.5, noise: 4)
    return plan
  }()

  @Test func componentsAreRecoveredWithinSamplingError() throws {
    let found = Moments(try Simulator.run(Self.wide, seed: 11))
    // Four standard errors of a sample variance of n effects, σ²·sqrt(2/n), plus what other components add to each estimate.
    func within(_ estimate: Double, _ truth: Double, spread: Double? = nil, effects n: Double, slack: Double = 0) -> Bool {
      let error = 4 * (spread ?? truth) * (2 / n).squareRoot() + slack
      return abs(estimate - truth) < error
    }
    #expect(within(found.unit, 36, effects: 2_000))
    #expect(within(found.rater, 9, effects: 360))
    #expect(within(found.team, 4, spread: 4.9, effects: 39))
    #expect(within(found.raterCriterion, 4, effects: 2_000))
    #expect(within(found.unitCriterion, 9, effects: 10_000))
    #expect(within(found.sheet, 2.25, spread: 4.92, effects: 8_000))
    // Rounding to half points adds 0.25/12 = 0.02.
    #expect(within(found.noise, 16.02, effects: 40_000, slack: 0.1))
  }

  @Test func studentNoiseHasItsTailAndItsVariance() throws {
    var plan = Self.wide
    plan.spread = ComponentSpread(unit: 0, rater: 0, criterion: 0, noise: 4)
    func tail(_ plan: CampaignPlan) throws -> (variance: Double, beyond: Double) {
      let e = try Simulator.run(plan, seed: 5).scores.map { ($0 - 50) / 4 }
      let n = Double(e.count)
      return (e.reduce(0) { $0 + $1 * $1 } / n, Double(e.count { abs($0) > 4 }) / n)
    }
    let normal = try tail(plan)
    plan.noise.tailDegreesOfFreedom = 5
    let student = try tail(plan)
    #expect(abs(normal.variance - 1) < 0.03)
    #expect(abs(student.variance - 1) < 0.1)
    // P(|T| > 4 sd) for t on 5 degrees of freedom scaled to variance 1: 0.003573 (scipy 1.16 stats.t.sf); normal 6.3e-5.
    #expect(abs(student.beyond - 0.003573) < 4 * (0.003573 / 60_000).squareRoot())
    #expect(normal.beyond < 4e-4)
  }

  @Test func noiseFollowsTheLevelAndKeepsItsMeanSquare() throws {
    var plan = Self.wide
    plan.spread = ComponentSpread(unit: 6, rater: 0, criterion: 0, noise: 4)
    plan.noise.levelSlope = 0.4
    let campaign = try Simulator.run(plan, seed: 3)
    var low = (sum: 0.0, n: 0.0)
    var high = (sum: 0.0, n: 0.0)
    var all = 0.0
    for s in 0..<campaign.sheetCount {
      let effect = campaign.units[Int(campaign.sheetUnit[s])].effect
      for cell in campaign.sheetStart[s]..<campaign.sheetStart[s + 1] {
        let square = (campaign.scores[cell] - 50 - effect) * (campaign.scores[cell] - 50 - effect)
        all += square
        if effect < -3 { low = (low.sum + square, low.n + 1) }
        if effect > 3 { high = (high.sum + square, high.n + 1) }
      }
    }
    // Units below −½ sd and above +½ sd are 2.28 sd apart on average; the ratio of variances is about exp(2·0.4·2.28).
    #expect(low.sum / low.n > 4 * high.sum / high.n)
    #expect(abs(all / Double(campaign.scores.count) - 16) < 1.6)
  }

  @Test func ordinalScoresFollowTheRatingScaleModel() throws {
    var plan = CampaignPlan(
      raters: 100, units: 2_000, criteria: 5, teamSize: 5, groups: 4, variant: .ordinal, design: .crossed(ratersPerUnit: 5))
    plan.spread = ComponentSpread(unit: 0, rater: 0, criterion: 0)
    let campaign = try Simulator.run(plan, seed: 2)
    // At expectation 0: P(k) ∝ exp(−Σ thresholds) with thresholds −2.5, −1.5, −0.5, 0.5, 1.5, 2.5.
    let weights = [0, 2.5, 4, 4.5, 4, 2.5, 0].map { exp($0) }
    let total = weights.reduce(0, +)
    let n = Double(campaign.scores.count)
    for (k, weight) in weights.enumerated() {
      let p = weight / total
      let share = Double(campaign.scores.count { $0 == Double(k + 1) }) / n
      #expect(abs(share - p) < 4.5 * (p * (1 - p) / n).squareRoot())
    }
  }

  @Test func effectsScaleWithTheFullMark() throws {
    var plan = Preset.fullMarks.plan.honest
    plan.units = 1_000
    plan.spread.criterion = 0
    let campaign = try Simulator.run(plan, seed: 4)
    var sum = [Double](repeating: 0, count: campaign.criteria.count)
    var squares = sum
    for s in 0..<campaign.sheetCount {
      for cell in campaign.sheetStart[s]..<campaign.sheetStart[s + 1] {
        let c = cell - campaign.sheetStart[s]
        let share = campaign.scores[cell] / Double(campaign.criteria[c].scale.maximum)
        sum[c] += share
        squares[c] += share * share
      }
    }
    let n = Double(campaign.sheetCount)
    for c in campaign.criteria.indices {
      let mean = sum[c] / n
      #expect(abs(mean - 0.60) < 0.02)
      // sqrt(8² + 3.5² + 1.5² + 4² + 4²) = 10.5 points of 100, and 0.25 more where the step is a thirtieth of the full mark.
      #expect(abs((squares[c] / n - mean * mean).squareRoot() - 0.105) < 0.01)
    }
  }

  @Test(arguments: Preset.allCases.filter { $0 != .large && $0 != .medium })
  func scoresAreOnTheStepsOfTheirScale(preset: Preset) throws {
    let campaign = try Simulator.run(preset.plan, seed: 8)
    #expect(campaign.scores.allSatisfy { $0.isFinite })
    for s in 0..<campaign.sheetCount {
      for cell in campaign.sheetStart[s]..<campaign.sheetStart[s + 1] {
        let scale = campaign.criteria[Int(campaign.sheetFirstCriterion[s]) + cell - campaign.sheetStart[s]].scale
        let score = campaign.scores[cell]
        #expect(score >= Double(scale.minimum) && score <= Double(scale.maximum))
        #expect((score * Double(scale.perPoint)).rounded() / Double(scale.perPoint) == score)
      }
    }
  }

  @Test func theCeilingHoldsForEveryScore() throws {
    var plan = Preset.small.plan
    plan.noise.ceiling = 0.75
    let campaign = try Simulator.run(plan, seed: 1)
    #expect(campaign.scores.max() == 75)
  }
}
