import Detection
import Scores
import Testing

@Suite struct UnrosteredRaterTests {
  @Test func `who is not on the roster is an error, with a hint at a like name`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2", "R 3"], ["County A", "County B"])
    #expect(try !sample.isEvaluated("unrostered-rater"))
    sample.campaign.roster = [Rater(name: "R1"), Rater(name: "R2"), Rater(name: "R 3")]
    #expect(try sample.claims(of: "unrostered-rater").isEmpty)
    sample.campaign.roster = [Rater(name: "R1"), Rater(name: "Ｒ３")]
    let claims = try sample.claims(of: "unrostered-rater")
    #expect(claims.map(\.level) == [.error, .error])
    #expect(claims.map(\.subjects.raters) == [["R 3"], ["R2"]])
    #expect(claims[0].message.en.contains("Ｒ３"))
    #expect(!claims[1].message.en.contains("spelling"))
    #expect(claims[1].count("sheets") == 2 && claims[1].scores.count == 4)
  }

  @Test func `who is on the roster and gave no score is a note, unless the name is only written in another way`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R 2"], ["County A", "County B"])
    sample.campaign.roster = ["R1", "R2", "R3", "R4"].map { Rater(name: $0) }
    let claims = try sample.claims(of: "missing-sheet")
    #expect(claims.map(\.level) == [.note] && claims[0].subjects.raters == ["R3", "R4"])
    sample.campaign.completeSheets = false
    #expect(try sample.claims(of: "missing-sheet").count == 1)
  }
}
