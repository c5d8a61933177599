import Detection
import Scores
import Testing

@Suite struct DuplicateScoreTests {
  private var sample: SmallCampaign {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2", "R3"], ["County A", "County B"])
    return sample
  }

  @Test func `nothing twice, nothing found`() throws {
    #expect(try sample.claims(of: "duplicate-score").isEmpty)
  }

  @Test func `two different scores are an error with both rows`() throws {
    var twice = sample
    twice.add("R2", "County B", "A", 12)
    let claims = try twice.claims(of: "duplicate-score")
    let claim = try #require(claims.first)
    #expect(claims.count == 1 && claim.level == .error)
    #expect(claim.subjects == Subjects(raters: ["R2"], units: ["County B"], criteria: ["A"]))
    let lines = claim.scores.map { Int(twice.table.line[$0]) }
    #expect(lines.contains(13) && lines.count == 2)
  }

  @Test func `the same record thrice changes no result`() throws {
    var thrice = sample
    let record = thrice.records[0]
    thrice.records += [record, record]
    let claims = try thrice.claims(of: "duplicate-score")
    #expect(claims.map(\.level) == [.warning])
    #expect(claims[0].count("repeated") == 1 && claims[0].scores.count == 3)
  }

  @Test func `when most scores repeat a column is missing, not people at fault`() throws {
    var merged = SmallCampaign()
    for (i, record) in sample.records.enumerated() { merged.add(record.rater, record.unit, "score", Double(50 + i)) }
    let claims = try merged.claims(of: "duplicate-score")
    #expect(claims.count == 1 && claims[0].level == .error)
    #expect(claims[0].subjects == Subjects() && claims[0].message.en.contains("column"))
  }

  @Test func `many are capped, and the rest counted`() throws {
    var many = SmallCampaign()
    let units = (0..<60).map { "County \($0)" }
    many.cross(["R1", "R2"], units, ["A", "B", "C"])
    for unit in units { many.add("R1", unit, "A", 1) }
    let claims = try many.claims(of: "duplicate-score")
    #expect(claims.count == 21)
    #expect(claims[20].count("sheets") == 40)
  }
}
