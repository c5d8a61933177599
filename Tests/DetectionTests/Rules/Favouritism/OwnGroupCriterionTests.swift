import Scores
import Simulation
import Testing

@testable import Detection

@Suite struct OwnGroupCriterionTests {
  /// Thirty sheets a rater, about six of them of the own group.
  static let honest = Result {
    Records(
      try Simulated.campaign(seed: 7) {
        $0.units = 240
        $0.spread.criterion = 4
      }.table())
  }

  static func tests(_ records: Records, _ campaign: Campaign = Simulated.declared) throws -> ClaimTests {
    try #require(ClaimTests(OwnGroupCriterion.self, try Study(table: records.table, campaign: campaign)))
  }

  /// `points` added to what `rater` gives units of the own group on the criteria.
  static func favoured(_ records: Records, _ rater: String, _ criteria: [String], _ points: Double) -> Records {
    records.changed {
      guard $0.rater.name == rater, $0.unit.group == $0.rater.group, criteria.contains($0.criterion) else { return }
      $0.score = min(100, max(0, $0.score + points))
    }
  }

  static func named(_ tests: ClaimTests) -> Set<[String]> {
    Set(
      tests.family.pValues.indices.filter { tests.family.pValues[$0] <= tests.bar }.map {
        tests.family.subjects($0).raters + tests.family.subjects($0).criteria
      })
  }

  @Test func `own units favoured on one criterion`() throws {
    let records = Self.favoured(try Self.honest.get(), "R11", ["Criterion 3"], 15)
    let tests = try Self.tests(records)
    #expect(Self.named(tests) == [["R11", "Criterion 3"]])
    let claim = tests.family.claim(try #require(tests.first))
    let effect = try #require(claim.effect)
    #expect(effect.low! < 15 && 15 < effect.high!, "\(effect)")
    let own = records.rows.filter { $0.rater.name == "R11" && $0.unit.group == $0.rater.group && $0.criterion == "Criterion 3" }
    #expect(claim.count("ownSheets") == own.count && claim.scores.count == own.count)
    #expect(claim.subjects.groups == [try #require(own[0].rater.group)])
    #expect(claim.corrections.allSatisfy { abs($0.points - effect.value / 8) < 1e-9 })
    #expect(claim.message.en.contains("Criterion 3, R11 marks \(own.count) units of the own group") && claim.message.zh.contains("偏高"))
    // On the mean of a sheet it is an eighth.
    let sheets = try #require(
      ClaimTests(OwnGroupFavouritism.self, try Study(table: records.table, campaign: Simulated.declared)))
    #expect(sheets.family.pValues.indices.allSatisfy { sheets.family.pValues[$0] > sheets.bar })
  }

  @Test func `an honest campaign, and favours on all criteria, a criterion marked high for all, or marks taken off own units`() throws {
    let honest = try Self.honest.get()
    #expect(Self.named(try Self.tests(honest)) == [])
    let all = (1...8).map { "Criterion \($0)" }
    #expect(Self.named(try Self.tests(Self.favoured(honest, "R11", all, 15))) == [])
    #expect(Self.named(try Self.tests(Self.favoured(honest, "R11", ["Criterion 3"], -15))) == [])
    let everywhere = honest.changed { if $0.rater.name == "R11" && $0.criterion == "Criterion 3" { $0.score = min(100, $0.score + 15) } }
    #expect(Self.named(try Self.tests(everywhere)) == [])
  }

  @Test func `what all raters do for their own is nobody's`() throws {
    let records = try Self.honest.get().changed {
      if $0.unit.group == $0.rater.group && $0.criterion == "Criterion 3" { $0.score = min(100, $0.score + 12) }
    }
    #expect(Self.named(try Self.tests(records)) == [])
  }

  /// A severe rater's marks rise to full marks with everybody's where own units do well on two criteria.
  @Test func `an end of the scale is no favour`() throws {
    let records = try Self.honest.get().changed {
      let isStrong = $0.unit.group == "G2" && ["Criterion 2", "Criterion 6"].contains($0.criterion)
      $0.score = min(100, $0.score + (isStrong ? 50 : 0) - ($0.rater.name == "R05" ? 12 : 0))
    }
    #expect(Self.named(try Self.tests(records)) == [])
  }

  @Test func `order and names of raters do not matter, nor the unit of measurement`() throws {
    let records = Self.favoured(try Self.honest.get(), "R11", ["Criterion 3"], 8)
    let base = try Self.tests(records).bySubject()
    let shuffled = try { () throws -> [String: [Double]] in
      var mirrored = records
      mirrored.rows.reverse()
      return try Self.tests(mirrored).bySubject()
    }()
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 100, maximum: 400, step: 1.5)
    let rescaled = try Self.tests(records.changed { $0.score = 100 + 3 * $0.score }, campaign).bySubject()
    #expect(base.count > 30)
    for (subject, values) in base {
      #expect(shuffled[subject] == values)
      let other = try #require(rescaled[subject])
      #expect(agree(values[0], other[0], 1e-6) && agree(values[1], other[1], 1e-6) && agree(3 * values[2], other[2], 1e-6))
    }
  }

  @Test func `too few own units, and no groups at all, are said to be so`() throws {
    let few = Records(try Simulated.campaign(seed: 7) { $0.units = 30 }.table())
    let none = few.changed { ($0.rater.group, $0.unit.group) = (nil, nil) }
    for (records, text) in [(few, "2 units of their own group"), (none, "rater_group and unit_group")] {
      guard case .notEvaluated(let reason) = OwnGroupCriterion().examine(try Study(table: records.table, campaign: Simulated.declared))
      else {
        Issue.record("evaluated")
        continue
      }
      #expect(reason.en.contains(text), "\(reason.en)")
    }
  }
}
