import Simulation
import Testing

@Suite struct AllocationTests {
  @Test(arguments: [Preset.small, .medium])
  func crossedPanelsAreFullAndLoadsNearEqual(preset: Preset) throws {
    let campaign = try Simulator.run(preset.plan, seed: 1)
    var load = [Int](repeating: 0, count: campaign.raters.count)
    var panels = [Set<UInt32>](repeating: [], count: campaign.units.count)
    for s in 0..<campaign.sheetCount {
      load[Int(campaign.sheetRater[s])] += 1
      panels[Int(campaign.sheetUnit[s])].insert(campaign.sheetRater[s])
    }
    #expect(panels.allSatisfy { $0.count == 5 })
    #expect((load.max() ?? 0) - (load.min() ?? 0) <= 2)
  }

  @Test func theWholePoolCanSitOnEveryPanel() throws {
    let plan = CampaignPlan(raters: 4, units: 9, criteria: 2, teamSize: 2, groups: 1, design: .crossed(ratersPerUnit: 4))
    let campaign = try Simulator.run(plan, seed: 1)
    #expect(Set(zip(campaign.sheetRater, campaign.sheetUnit).map { "\($0) \($1)" }).count == 36)
  }

  @Test func nestedUnitsSeeOneTeamApartFromLeadersAndDepartments() throws {
    let plan = Preset.nested.plan
    let campaign = try Simulator.run(plan, seed: 3)
    var teams = [Set<String>](repeating: [], count: campaign.units.count)
    var members = [Int](repeating: 0, count: campaign.units.count)
    var indicators = [Set<UInt32>](repeating: [], count: campaign.units.count)
    var crossed: [Int: Int] = [:]
    let leaders = Set(stride(from: 0, to: plan.raters, by: plan.teamSize))
    var home = [String: [String: Int]]()
    for s in 0..<campaign.sheetCount {
      let rater = Int(campaign.sheetRater[s])
      let unit = Int(campaign.sheetUnit[s])
      let count = campaign.sheetStart[s + 1] - campaign.sheetStart[s]
      if let team = campaign.raters[rater].team {
        #expect(campaign.sheetFirstCriterion[s] == 0 && count == plan.criteria)
        if !leaders.contains(rater) { teams[unit].insert(team) }
        home[campaign.units[unit].name, default: [:]][team, default: 0] += 1
        members[unit] += 1
      } else {
        #expect(count == 1 && Int(campaign.sheetFirstCriterion[s]) == plan.criteria + rater - plan.raters)
        indicators[unit].insert(campaign.sheetFirstCriterion[s])
      }
    }
    #expect(teams.allSatisfy { $0.count == 1 })
    #expect(indicators.allSatisfy { $0.count == 6 })
    // Two units of every team are also scored by the leader of the team before.
    for (unit, count) in members.enumerated() where count == 6 {
      let visitors = home[campaign.units[unit].name] ?? [:]
      #expect(visitors.values.sorted() == [1, 5])
      crossed[unit] = 1
    }
    #expect(crossed.count == 24 && members.allSatisfy { $0 == 5 || $0 == 6 })
  }

  @Test func missingSheetsAreMissingButNoUnitIsLost() throws {
    var plan = Preset.small.plan.honest
    plan.noise.missingSheetShare = 0.1
    let campaign = try Simulator.run(plan, seed: 1)
    #expect(abs(Double(campaign.sheetCount) - 540) < 4 * (600 * 0.1 * 0.9).squareRoot())
    plan.noise.missingSheetShare = 0.99
    #expect(Set(try Simulator.run(plan, seed: 1).sheetUnit).count == 120)
  }
}
