import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct TeamUnitFavouritismTests {
  /// Teams of three; each unit is seen by `teams` of them, every team with every other in turn.
  static func campaign(teams: Int, seed: UInt64 = 11) -> Records {
    var records = Records()
    var random = RandomStream(seed: seed)
    let severity = (0..<36).map { _ in 2.5 * random.normal() }
    for u in 0..<72 {
      let merit = 65 + 6 * random.normal()
      for i in 0..<teams {
        let t = (u + i * (1 + u / 12)) % 12
        for m in 0..<3 {
          let level = merit + severity[3 * t + m] + 2 * random.normal()
          for k in 0..<4 {
            records.rows.append(
              .init(
                rater: Rater(name: "R\(100 + 3 * t + m)", team: "Team \(10 + t)"), unit: Unit(name: "Unit \(100 + u)"),
                criterion: "Criterion \(k)", score: ((level + 3 * random.normal()) * 2).rounded() / 2))
          }
        }
      }
    }
    return records
  }

  static func tests(_ records: Records) throws -> ClaimTests {
    try #require(ClaimTests(TeamUnitFavouritism.self, try Study(table: records.table, campaign: Simulated.declared)))
  }

  static func lifted(_ records: Records, _ unit: String, _ points: Double, by rater: @escaping (Rater) -> Bool) -> Records {
    records.changed { if $0.unit.name == unit && rater($0.rater) { $0.score = min(100, $0.score + points) } }
  }

  static func named(_ tests: ClaimTests) -> [[String]] {
    tests.family.pValues.indices.filter { tests.family.pValues[$0] <= tests.bar }.map {
      tests.family.subjects($0).teams + tests.family.subjects($0).units
    }
  }

  @Test func `a team of three lifts a unit that six others saw`() throws {
    let records = Self.campaign(teams: 3)
    #expect(Self.named(try Self.tests(records)) == [])
    let tests = try Self.tests(Self.lifted(records, "Unit 105", 14) { $0.team == "Team 15" })
    #expect(Self.named(tests) == [["Team 15", "Unit 105"]])
    let claim = tests.family.claim(try #require(tests.first))
    let effect = try #require(claim.effect)
    #expect(effect.low! < 14 && 14 < effect.high! && effect.value > 0, "\(effect)")
    #expect(claim.subjects.raters == ["R115", "R116", "R117"] && claim.corrections.count == 3 && claim.scores.count == 12)
    #expect(claim.message.en.contains("Team 15 (3 raters) gave Unit 105") && claim.message.en.contains("6 other raters"))
    #expect(claim.explanations.isEmpty)
  }

  @Test func `of two equal teams both are named, and nothing is corrected`() throws {
    let tests = try Self.tests(Self.lifted(Self.campaign(teams: 2), "Unit 105", 16) { $0.team == "Team 15" })
    let named = Self.named(tests)
    #expect(named.count == 1 && named[0].count == 3 && Set(named[0]).isSuperset(of: ["Team 15", "Unit 105"]))
    let claim = tests.family.claim(try #require(tests.first))
    #expect(claim.subjects.raters.count == 6 && claim.corrections.isEmpty)
    #expect(claim.message.en.contains("do not say which of the two is off") && claim.message.zh.contains("无法判断是哪一组"))
  }

  @Test(arguments: [2, 3]) func `exchanged sheets of two units say so`(teams: Int) throws {
    let records = Self.campaign(teams: teams)
    // The strongest and the weakest unit of the team.
    let rows = records.rows.filter { $0.rater.team == "Team 15" }
    let means = Dictionary(grouping: rows, by: \.unit.name).mapValues { $0.reduce(0) { $0 + $1.score } / Double($0.count) }
    let weak = try #require(means.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key)
    let strong = try #require(means.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key)
    var exchanged = records
    exchanged.rows = records.rows.map { row in
      guard row.rater.team == "Team 15", [weak, strong].contains(row.unit.name) else { return row }
      var row = row
      row.unit = Unit(name: row.unit.name == weak ? strong : weak)
      return row
    }
    let tests = try Self.tests(exchanged)
    let named = Self.named(tests)
    #expect(Set(named.flatMap { $0.filter { $0.hasPrefix("Unit") } }) == [weak, strong], "\(named)")
    for i in tests.family.pValues.indices where tests.family.pValues[i] <= tests.bar {
      let claim = tests.family.claim(i)
      let other = claim.subjects.units == [weak] ? strong : weak
      #expect(claim.explanations.count == 1 && claim.explanations[0].en.contains("On \(other), Team 15 is off"))
      #expect(claim.explanations[0].zh.contains("可能录反"))
    }
  }

  @Test func `one member makes no team`() throws {
    let tests = try Self.tests(Self.lifted(Self.campaign(teams: 3), "Unit 105", 30) { $0.name == "R115" })
    #expect(Self.named(tests) == [])
  }

  @Test func `honest teams are no finding, also where they agree on every unit`() throws {
    var found = 0
    for seed in UInt64(1)...20 {
      var records = Self.campaign(teams: seed % 2 == 0 ? 2 : 3, seed: seed)
      if seed > 10 {
        // What a team makes of a unit in common, with the spread of a rater's own.
        var random = RandomStream(seed: 100 + seed)
        var opinion: [String: Double] = [:]
        for row in records.rows where opinion["\(row.rater.team!) \(row.unit.name)"] == nil {
          opinion["\(row.rater.team!) \(row.unit.name)"] = 2.5 * random.normal()
        }
        records = records.changed { $0.score += opinion["\($0.rater.team!) \($0.unit.name)"]! }
      }
      found += Self.named(try Self.tests(records)).count
    }
    #expect(found == 0, "\(found)")
  }

  @Test func `order and names of raters do not matter, nor the unit of measurement`() throws {
    let records = Self.lifted(Self.campaign(teams: 3), "Unit 105", 8) { $0.team == "Team 15" }
    let base = try Self.tests(records).bySubject()
    var mirrored = records
    mirrored.rows.reverse()
    #expect(try Self.tests(mirrored).bySubject() == base)
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 100, maximum: 400, step: 1.5)
    let rescaled = try #require(
      ClaimTests(TeamUnitFavouritism.self, try Study(table: records.changed { $0.score = 100 + 3 * $0.score }.table, campaign: campaign)))
    let other = rescaled.bySubject()
    #expect(base.count > 150)
    for (subject, values) in base {
      let scaled = try #require(other[subject])
      #expect(agree(values[0], scaled[0], 1e-6) && agree(values[1], scaled[1], 1e-6) && agree(3 * values[2], scaled[2], 1e-6))
    }
  }

  @Test func `without teams, and where teams see their own units alone, nothing is judged`() throws {
    let records = Self.campaign(teams: 1)
    for sample in [records, records.changed { $0.rater.team = nil }] {
      guard case .notEvaluated = TeamUnitFavouritism().examine(try Study(table: sample.table, campaign: Simulated.declared)) else {
        Issue.record("evaluated")
        continue
      }
    }
  }
}
