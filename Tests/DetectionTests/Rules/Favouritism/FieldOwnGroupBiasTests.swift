import Scores
import Testing

@testable import Detection

@Suite struct FieldOwnGroupBiasTests {
  static func pValue(_ records: Records) throws -> Double {
    let tests = try #require(ClaimTests(FieldOwnGroupBias.self, try Study(table: records.table, campaign: Simulated.declared)))
    return tests.family.pValues[0]
  }

  @Test func `one rater makes no field, many do`() throws {
    let honest = try OwnGroupCriterionTests.honest.get()
    let all = (1...8).map { "Criterion \($0)" }
    #expect(try Self.pValue(OwnGroupCriterionTests.favoured(honest, "R11", all, 25)) > 0.01)
    let many = honest.changed { if $0.unit.group == $0.rater.group { $0.score = min(100, $0.score + 3) } }
    #expect(try Self.pValue(many) < 1e-6)
  }
}
