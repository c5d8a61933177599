import Detection
import Scores
import Testing

@Suite struct MissingSheetTests {
  private let units = ["County A", "County B", "County C", "County D"]
  private var sample: SmallCampaign {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2", "R3"], units, ["A", "B", "C"])
    return sample
  }

  @Test func `complete sheets raise nothing`() throws {
    #expect(try sample.claims(of: "missing-sheet").isEmpty)
  }

  @Test func `a gap is a note, and an error where complete sheets are laid down`() throws {
    var gap = sample
    gap.records.removeAll { $0.rater == "R2" && $0.unit == "County C" && $0.criterion == "B" }
    let claims = try gap.claims(of: "missing-sheet")
    #expect(claims.map(\.level) == [.note])
    #expect(claims[0].subjects == Subjects(raters: ["R2"], units: ["County C"], criteria: ["B"]))
    #expect(claims[0].count("missingScores") == 1 && claims[0].scores.count == 2)
    gap.campaign.completeSheets = true
    #expect(try gap.claims(of: "missing-sheet").map(\.level) == [.error])
    gap.campaign.completeSheets = false
    #expect(try !gap.isEvaluated("missing-sheet"))
  }

  @Test func `a criterion that a rater never scored is missing too`() throws {
    var gap = sample
    gap.records.removeAll { $0.rater == "R2" && $0.criterion == "B" }
    let claim = try #require(try gap.claims(of: "missing-sheet").first)
    #expect(claim.count("sheets") == 4 && claim.count("missingScores") == 4)
  }

  @Test func `a department's own criterion leaves no gap on either side`() throws {
    var departments = sample
    departments.campaign.completeSheets = true
    departments.cross(["Audit"], units, ["Record: audit"])
    departments.cross(["Finance"], units, ["Record: finance"])
    departments.teams = ["Audit": "Departments", "Finance": "Departments"]
    #expect(try departments.claims(of: "missing-sheet").isEmpty)
  }

  @Test func `a criterion that one of three scored is not asked of the others unless sheets must be complete`() throws {
    var extra = sample
    extra.add("R1", "County A", "D", 70)
    #expect(try extra.claims(of: "missing-sheet").isEmpty)
    extra.campaign.completeSheets = true
    #expect(try extra.claims(of: "missing-sheet").flatMap(\.subjects.raters) == ["R2", "R3"])
  }

  @Test func `a panel below the size laid down names who is absent`() throws {
    var short = sample
    short.campaign.panelSize = 3
    short.teams = ["R1": "Team 1", "R2": "Team 1", "R3": "Team 1"]
    #expect(try short.claims(of: "missing-sheet").isEmpty)
    short.records.removeAll { $0.rater == "R3" && $0.unit == "County B" }
    let claims = try short.claims(of: "missing-sheet")
    #expect(claims.map(\.level) == [.error])
    #expect(claims[0].subjects == Subjects(raters: ["R3"], units: ["County B"], teams: ["Team 1"]))
  }

  @Test func `gaps of many raters are capped, and the rest counted`() throws {
    var many = SmallCampaign()
    many.cross((0..<50).map { "R\($0)" }, ["County A", "County B"], ["A", "B", "C"])
    many.records.removeAll { record in
      (10..<40).contains(Int(record.rater.dropFirst()) ?? 0) && record.unit == (record.rater.last == "1" ? "County A" : "County B")
        && record.criterion == (Int(record.rater.dropFirst()) ?? 0 < 25 ? "A" : "B")
    }
    let claims = try many.claims(of: "missing-sheet")
    #expect(claims.count == 21)
    #expect(claims[20].count("raters") == 10 && claims[20].count("missingScores") == 10)
  }
}
