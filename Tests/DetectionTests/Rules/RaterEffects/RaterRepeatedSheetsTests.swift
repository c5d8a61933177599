import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct RaterRepeatedSheetsTests {
  /// The claims on `records` that pass the bar, by rater.
  private static func found(_ records: Records, _ campaign: Campaign = Simulated.declared) throws -> [String: Claim] {
    let tests = try #require(ClaimTests(RaterRepeatedSheets.self, try Study(table: records.table, campaign: campaign)))
    return Dictionary(
      uniqueKeysWithValues: tests.family.pValues.indices.filter { tests.family.pValues[$0] <= tests.bar }.map {
        (tests.family.subjects($0).raters[0], tests.family.claim($0))
      })
  }

  /// An honest campaign in which R01 hands in `marks` for every unit, plus what `shift` says for the unit of that number.
  private static func repeated(_ marks: [Double], shift: (Int) -> Double = { _ in 0 }) throws -> Records {
    let records = Records(try Simulated.campaign(change: { $0.criteria = marks.count }).table())
    let criteria = Set(records.rows.map(\.criterion)).sorted()
    let units = Set(records.rows.map(\.unit.name)).sorted()
    return records.changed { row in
      guard row.rater.name == "R01" else { return }
      row.score = marks[criteria.firstIndex(of: row.criterion)!] + shift(units.firstIndex(of: row.unit.name)!)
    }
  }

  @Test func `one sheet for every unit is found, and counted`() throws {
    let claims = try Self.found(try Self.repeated([58, 67.5, 62, 49, 55]))
    let claim = try #require(claims["R01"])
    #expect(claims.count == 1)
    let sheets = try #require(claim.count("sheets"))
    #expect(claim.count("repeatedSheets") == sheets - 1)
    #expect(claim.scores.count == 5 * sheets)
  }

  @Test func `the same profile at different levels is found`() throws {
    let claims = try Self.found(try Self.repeated([58, 67.5, 62, 49, 55], shift: { Double($0 % 7) * 1.5 }))
    let claim = try #require(claims["R01"])
    #expect(claim.message.en.contains("but for a constant"), "\(claim.message.en)")
  }

  @Test func `one mark throughout is another rule's`() throws {
    #expect(try Self.found(try Self.repeated([60, 60, 60, 60, 60])).isEmpty)
  }

  /// Three criteria of seven marks: honest sheets repeat each other all the time.
  @Test(arguments: [3, 4]) func `repeats on a coarse scale are no surprise`(criteria: Int) throws {
    var declared = Campaign()
    declared.scale = Scale(minimum: 1, maximum: 7, step: 1)
    for seed in 1...4 {
      let campaign = try Simulated.campaign(seed: UInt64(seed)) {
        $0 = Preset.ordinal.plan.honest
        $0.criteria = criteria
      }
      #expect(try Self.found(Records(campaign.table()), declared).isEmpty)
    }
  }

  /// Where the same unit comes back in another round, its marks may.
  @Test func `the same marks in the next round are no repeats`() throws {
    var records = Records(try Simulated.campaign().table())
    for i in records.rows.indices { records.rows[i].unit.round = "first" }
    records.rows += records.rows.map { row in
      var again = row
      again.unit.round = "second"
      return again
    }
    #expect(try Self.found(records).isEmpty)
  }
}
