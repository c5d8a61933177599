import Scores
import Simulation
import Testing

@testable import Detection

@Suite struct TeamSeverityTests {
  /// Marks cut where about half of them lie.
  static func cut(_ planted: [PlantedAnomaly] = [], seed: UInt64) throws -> (study: Study, campaign: SimulatedCampaign) {
    let simulated = try Simulated.campaign(planted, seed: seed) { $0.magnitudes.shift = 16 }
    var campaign = Simulated.declared
    campaign.scale = Scale(minimum: 0, maximum: 55, step: 0.5)
    let records = Records(simulated.table()).changed { $0.score = min($0.score, 55) }
    return (try Study(table: records.table, campaign: campaign), simulated)
  }

  @Test(arguments: [3, 4] as [UInt64]) func `a severe team below a ceiling is found, and both differences are told`(seed: UInt64) throws {
    let (study, simulated) = try Self.cut([.init(.teamSevere, .number(1))], seed: seed)
    let tests = try #require(ClaimTests(TeamSeverity.self, study))
    let first = try #require(tests.first)
    let team = try #require(simulated.truth.first?.group)
    #expect(tests.family.subjects(first).teams == [team])
    #expect(tests.family.pValues[first] < 0.005 && tests.family.statistics[first] < -3)
    let claim = tests.family.claim(first)
    #expect(claim.message.en.contains("cut off at the ends of the scale") && claim.message.zh.contains("分值上下限"))
    // What shows is less than what was planted; the other marks could not rise above the ceiling.
    let effect = try #require(claim.effect)
    #expect((-18 ... -4).contains(effect.value), "\(effect)")
    let censored = try #require(study.censored)
    let number = try #require(study.teams.firstIndex(of: team))
    let value = try #require(TeamEffect.all(study, TeamEffect.Sheets(censored))?[number]).value
    #expect((-22 ... -11).contains(value) && value < effect.value, "\(value)")
  }

  @Test func `honest teams below a ceiling are no finding`() throws {
    var below = 0
    var tests = 0
    for seed in 1...15 as ClosedRange<UInt64> {
      let family = try #require(ClaimTests(TeamSeverity.self, try Self.cut(seed: seed).study)).family
      tests += family.total
      below += family.pValues.count { $0 < 0.02 }
    }
    // 2.4 of 120 are expected.
    #expect(tests == 120 && below <= 6, "\(below)")
  }

  @Test func `away from the ends the difference that shows is the one that is compared`() throws {
    let study = try Study(table: Simulated.campaign([.init(.teamSevere, .number(1))], seed: 3).table(), campaign: Simulated.declared)
    let tests = try #require(ClaimTests(TeamSeverity.self, study))
    let claim = tests.family.claim(try #require(tests.first))
    #expect(!claim.message.en.contains("cut off") && claim.message.zh.contains("），不能用组员"))
  }
}
