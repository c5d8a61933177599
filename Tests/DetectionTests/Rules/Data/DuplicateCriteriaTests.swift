import Detection
import Scores
import Testing

@Suite struct DuplicateCriteriaTests {
  private let raters = ["R1", "R2", "R3"]
  private let units = (0..<10).map { "County \($0)" }

  @Test func `a pasted column is an error, however the raters lie`() throws {
    var sample = SmallCampaign()
    sample.cross(raters, units, ["A", "B", "C"])
    #expect(try sample.claims(of: "duplicate-criteria").isEmpty)
    let copied = sample.records.filter { $0.criterion == "A" }
    sample.records.removeAll { $0.criterion == "C" }
    for record in copied { sample.add(record.rater, record.unit, "C", record.score) }
    let claims = try sample.claims(of: "duplicate-criteria")
    #expect(claims.map(\.level) == [.error])
    #expect(claims[0].subjects.criteria == ["A", "C"] && claims[0].count("sheets") == 30)
    // One score that differs is one judgement.
    sample.records[sample.records.count - 1].score += 1
    #expect(try sample.claims(of: "duplicate-criteria").isEmpty)
  }

  @Test func `one value throughout is no copy, and few sheets say nothing`() throws {
    var equal = SmallCampaign()
    for rater in raters { for unit in units { for criterion in ["A", "B"] { equal.add(rater, unit, criterion, 90) } } }
    #expect(try equal.claims(of: "duplicate-criteria").isEmpty)
    var few = SmallCampaign()
    few.cross(raters, ["County A"], ["A", "B"])
    #expect(try !few.isEvaluated("duplicate-criteria"))
  }
}
