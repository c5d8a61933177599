import Simulation
import Testing
import Wording

@Suite struct SimulatorTests {
  @Test(arguments: [Preset.small, .nested, .case])
  func theSeedDecidesEverything(preset: Preset) throws {
    let first = try Simulator.run(preset.plan, seed: 7)
    let again = try Simulator.run(preset.plan, seed: 7)
    let other = try Simulator.run(preset.plan, seed: 8)
    for file in first.files { #expect(first.bytes(of: file) == again.bytes(of: file)) }
    #expect(first.scores != other.scores)
    #expect(first.truth == again.truth)
  }

  @Test(arguments: [(Preset.small, 6_000), (.medium, 200_000), (.large, 2_000_000), (.case, 6_120)])
  func presetsHaveTheirSizes(preset: Preset, scores: Int) throws {
    #expect(try Simulator.run(preset.plan, seed: 1).scores.count == scores)
  }

  @Test func honestPlansPlantNothing() throws {
    let campaign = try Simulator.run(Preset.medium.plan.honest, seed: 1)
    #expect(campaign.truth.isEmpty)
    #expect(campaign.raters.allSatisfy { $0.label == "clean" })
  }

  @Test func theCaseHoldsOneOfEachInTeamsOfTheirOwn() throws {
    let campaign = try Simulator.run(Preset.case.plan, seed: 2026)
    #expect(
      campaign.truth.map(\.anomaly.rawValue).sorted() == ["copier", "data_entry", "favour_pair", "owngroup", "severe", "straightline"])
    let teams = campaign.truth.compactMap { $0.rater.flatMap { campaign.raters[$0].team } }
    #expect(Set(teams).count == 6)
    #expect(Set(campaign.units.compactMap(\.category)) == ["Counties and districts", "Departments"])
    #expect(campaign.reports.count == 72 * 5 * 4)
    // Honest reports differ from what was verified by clerical slips only.
    #expect(campaign.reports.allSatisfy { abs($0.reported - $0.verified) < 0.015 * $0.target })
  }

  @Test func falseReportsAreRaised() throws {
    let campaign = try Simulator.run(Preset.nested.plan, seed: 5)
    let liars = Set(campaign.truth.filter { $0.anomaly == .falseReport }.compactMap(\.unit))
    #expect(liars.count == 3)
    for report in campaign.reports where liars.contains(report.unit) {
      #expect(report.reported >= report.verified && report.reported >= report.target)
    }
  }

  @Test func theTableHoldsEveryScoreInCanonicalOrder() throws {
    var plan = Preset.nested.plan
    plan.noise.missingSheetShare = 0.2
    let campaign = try Simulator.run(plan, seed: 2)
    let table = campaign.table()
    #expect(table.count == campaign.scores.count)
    #expect(table.units.map(\.name) == table.units.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    var expected: [String: Double] = [:]
    for s in 0..<campaign.sheetCount {
      for cell in campaign.sheetStart[s]..<campaign.sheetStart[s + 1] {
        let c = Int(campaign.sheetFirstCriterion[s]) + cell - campaign.sheetStart[s]
        let key = [
          campaign.units[Int(campaign.sheetUnit[s])].name, campaign.raters[Int(campaign.sheetRater[s])].name, campaign.criteria[c].name,
        ]
        expected[key.joined(separator: "|")] = campaign.scores[cell]
      }
    }
    for u in table.units.indices {
      var last: (UInt32, UInt32)?
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        let place = (table.rater[i], table.criterion[i])
        if let last { #expect(last < place) }
        last = place
        let key = [table.units[u].name, table.raters[Int(table.rater[i])].name, table.criteria[Int(table.criterion[i])]]
        #expect(expected.removeValue(forKey: key.joined(separator: "|")) == table.score[i])
      }
    }
    #expect(expected.isEmpty)
  }

  @Test func impossiblePlansSayWhy() {
    func problem(_ change: (inout CampaignPlan) -> Void) -> PlanProblem? {
      var plan = Preset.small.plan
      change(&plan)
      do {
        _ = try Simulator.run(plan, seed: 1)
        return nil
      } catch {
        return error
      }
    }
    #expect(problem { $0.raters = 0 } == .notPositive(Text("the number of raters", zh: "考评员人数"), 0))
    #expect(problem { $0.design = .crossed(ratersPerUnit: 61) } == .panelLargerThanRaters(panel: 61, raters: 60))
    #expect(problem { $0.planted = [.init(.severe, .number(61))] } == .tooFewRatersToPlant(needed: 61, available: 60))
    #expect(problem { $0.planted = [.init(.falseReport, .number(1))] } == .needsNestedDesign(.falseReport))
    #expect(problem { $0.planted = [.init(.favourPair, .number(10_000))] } == .tooFewToPlant(.favourPair, asked: 10_000, found: 600))
    #expect(problem { $0.noise.tailDegreesOfFreedom = 2 } != nil)
    #expect(problem { $0.spread.unit = .nan } != nil)
    #expect(problem { $0.strength = 0 } != nil)
    #expect(problem { $0.units = .max } != nil)
    #expect(problem { $0.mean = 101 }?.message.zh == "平均分须在 0 至 100 之间，不能是 101")
    #expect(problem { $0.spread.sheet = .infinity } != nil)
    #expect(problem { $0.planted = [.init(.random, .share(.infinity, atLeast: 0))] } != nil)
    #expect(problem { $0.variant = .fullMarks([]) } == .notPositive(Text("a full mark", zh: "满分"), 0))
    #expect(
      problem {
        $0.design = .nested(departments: 2, leaderCrossUnits: 1)
        $0.units = 9
      } == .fewerUnitsThanTeams(units: 9, teams: 10))
  }
}
