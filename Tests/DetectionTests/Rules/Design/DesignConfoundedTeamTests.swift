import Detection
import Scores
import Testing

@Suite struct DesignConfoundedTeamTests {
  private var nested: SmallCampaign {
    var sample = SmallCampaign()
    for (team, members) in [("Team 1", ["R1", "R2"]), ("Team 2", ["R3", "R4"])] {
      for rater in members { sample.teams[rater] = team }
    }
    sample.cross(["R1", "R2"], ["County A", "County B"])
    sample.cross(["R3", "R4"], ["County C", "County D"])
    return sample
  }

  @Test func `teams with units of their own are named, with scores that would link them`() throws {
    let claims = try nested.claims(of: "design-confounded-team")
    let claim = try #require(claims.first)
    #expect(claims.count == 1 && claim.level == .note)
    #expect(claim.subjects.teams == ["Team 1", "Team 2"])
    #expect(claim.count("unlinkedTeams") == 2)
    #expect(claim.message.en.contains("R1 for County C"))
    #expect(claim.message.en.contains("look the same"))
  }

  @Test func `following the suggestion ends it`() throws {
    var sample = nested
    sample.add("R1", "County C", 70)
    #expect(try sample.claims(of: "design-confounded-team").isEmpty)
  }

  @Test func `departments that score everyone on a criterion of their own are a weak link`() throws {
    var sample = nested
    sample.cross(["Audit"], ["County A", "County B", "County C", "County D"], ["Record"])
    let claim = try #require(try sample.claims(of: "design-confounded-team").first)
    #expect(claim.count("unlinkedTeams") == 0)
    #expect(claim.subjects.raters == ["Audit"])
    #expect(claim.message.en.contains("on other criteria"))
    #expect(claim.evidence.contains(Evidence("linkOnSameCriteria", .flag(false))))
    sample.cross(["Central"], ["County A", "County B", "County C", "County D"], ["A", "B"])
    let linked = try #require(try sample.claims(of: "design-confounded-team").first)
    #expect(linked.evidence.contains(Evidence("linkOnSameCriteria", .flag(true))))
  }

  @Test func `without teams, or with one, there is nothing to evaluate`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2"], ["County A", "County B"])
    #expect(try !sample.isEvaluated("design-confounded-team"))
    sample.teams = ["R1": "Team 1", "R2": "Team 1"]
    #expect(try !sample.isEvaluated("design-confounded-team"))
  }
}
