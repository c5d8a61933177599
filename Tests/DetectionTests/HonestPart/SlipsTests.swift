import Scores
import Testing

@testable import Detection

@Suite struct SlipsTests {
  /// One mark of an honest campaign entered as 0.
  static func slipped() throws -> (study: Study, rater: String, unit: String) {
    var records = Records(try Simulated.campaign().table())
    records.rows[100].score = 0
    let row = records.rows[100]
    return (try Study(table: records.table, campaign: Simulated.declared), row.rater.name, row.unit.name)
  }

  @Test func `one slip is one finding`() throws {
    let (study, rater, unit) = try Self.slipped()
    let scores = try #require(ClaimTests(ScoreOutlier.self, study))
    let slip = try #require(scores.first)
    #expect(scores.family.subjects(slip).raters == [rater] && scores.family.subjects(slip).units == [unit])
    #expect(scores.family.pValues[slip] < scores.bar)
    let sheets = try #require(ClaimTests(RaterUnitFavouritism.self, study))
    let sheet = try #require(sheets.family.pValues.indices.first { sheets.family.subjects($0) == Subjects(raters: [rater], units: [unit]) })
    #expect(sheets.family.pValues[sheet] > 0.01, "\(sheets.family.pValues[sheet])")
  }

  @Test func `the sheet's level is what its other scores show`() throws {
    let (study, rater, unit) = try Self.slipped()
    let fit = try #require(study.fit)
    let slips = Slips(study, fit)
    let own = try #require(
      (0..<study.layout.sheetCount).first { study.rater(ofSheet: $0).name == rater && study.unit(ofSheet: $0).name == unit })
    // Eight scores a sheet; about 55 points short on one of them.
    #expect((4...9).contains(slips.shrink(-20, sheet: own) + 20))
    #expect(slips.shrink(-1, sheet: own) == 0)
    #expect(slips.shrink(20, sheet: own) == 20)
    let others = (0..<study.layout.sheetCount).filter { study.unit(ofSheet: $0).name != unit }
    #expect(others.allSatisfy { slips.shrink(3, sheet: $0) == 3 && slips.shrink(-3, sheet: $0) == -3 })
  }

  @Test func `a sheet raised on all criteria keeps its residual`() throws {
    var records = Records(try Simulated.campaign().table())
    let (rater, unit) = (records.rows[100].rater.name, records.rows[100].unit.name)
    for i in records.rows.indices where records.rows[i].rater.name == rater && records.rows[i].unit.name == unit {
      records.rows[i].score += 20
    }
    let study = try Study(table: records.table, campaign: Simulated.declared)
    let slips = Slips(study, try #require(study.fit))
    #expect((0..<study.layout.sheetCount).allSatisfy { slips.shrink(15, sheet: $0) == 15 })
  }
}
