import Simulation
import Statistics
import Testing

@Suite struct CampaignPlanTests {
  /// A small plan with everything drawn at random, sensible or not.
  static func anyPlan(_ random: inout RandomStream) -> CampaignPlan {
    let variants: [CampaignPlan.Variant] = [.continuous, .ordinal, .fullMarks([5, 10, 15, 100]), .fullMarks([1])]
    let design: CampaignPlan.Design =
      random.bernoulli(0.5)
      ? .crossed(ratersPerUnit: 1 + random.below(6)) : .nested(departments: random.below(4), leaderCrossUnits: random.below(4))
    var plan = CampaignPlan(
      raters: 1 + random.below(14), units: 1 + random.below(14), criteria: 1 + random.below(4), teamSize: 1 + random.below(6),
      groups: 1 + random.below(3), variant: variants[random.below(4)], design: design)
    for anomaly in Anomaly.allCases where random.bernoulli(0.15) {
      plan.planted.append(
        PlantedAnomaly(anomaly, random.bernoulli(0.5) ? .number(random.below(3)) : .share(0.3 * random.uniform(), atLeast: random.below(2)))
      )
    }
    plan.naming = random.bernoulli(0.5) ? .assessment : .numbered
    plan.strength = [0.5, 1, 3][random.below(3)]
    plan.noise.missingSheetShare = [0, 0.3][random.below(2)]
    plan.noise.ceiling = [1, 0.1, 0.8][random.below(3)]
    plan.auditShare = [0, 0.5][random.below(2)]
    return plan
  }

  @Test func everyPlanIsSimulatedWholeOrRefused() {
    var random = RandomStream(seed: 77)
    var made = 0
    for seed in 0..<1_500 {
      let plan = Self.anyPlan(&random)
      // Refusals are typed: anything else would not compile, and a trap would end the test.
      guard let campaign = try? Simulator.run(plan, seed: UInt64(seed)) else { continue }
      made += 1
      #expect(campaign.scores.allSatisfy { $0.isFinite })
      #expect(campaign.table().count == campaign.scores.count)
      for plant in plan.planted {
        guard case .number(let wanted) = plant.amount, plant.anomaly != .clique, plant.anomaly != .exchange else { continue }
        let planted = campaign.truth.count { $0.anomaly == plant.anomaly }
        // In a nested design with hardly a rater to spare, the last own-group favourer may find none.
        if plant.anomaly == .owngroup, planted < wanted, case .nested = plan.design { continue }
        #expect(planted == (plant.anomaly == .falseReport && campaign.reports.isEmpty ? 0 : wanted))
      }
      for file in campaign.files { #expect(campaign.bytes(of: file).last == UInt8(ascii: "\n")) }
    }
    #expect(made > 500)
  }
}
