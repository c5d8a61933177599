import Detection
import Scores
import Testing

@Suite struct PanelTooSmallTests {
  @Test func `units with fewer than three raters are one note`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2", "R3"], ["County A", "County B"])
    #expect(try sample.claims(of: "panel-too-small").isEmpty)
    sample.cross(["R1", "R2"], ["County C"])
    sample.cross(["R1"], ["County D"])
    let claims = try sample.claims(of: "panel-too-small")
    let claim = try #require(claims.first)
    #expect(claims.count == 1 && claim.level == .note)
    #expect(claim.subjects.units == ["County D", "County C"])
    #expect(claim.count("units") == 2 && claim.count("unitsWithOneRater") == 1)
    #expect(claim.scores.count == 6)
  }

  @Test func `a declared size is a rule of the campaign`() throws {
    var sample = SmallCampaign()
    sample.campaign.panelSize = 2
    sample.cross(["R1", "R2"], ["County A", "County B"])
    // Two suffice here, though two cannot outvote each other.
    #expect(try sample.claims(of: "panel-too-small").allSatisfy { $0.level == .note })
    sample.campaign.panelSize = 3
    let claim = try #require(try sample.claims(of: "panel-too-small").first)
    #expect(claim.level == .error && claim.count("units") == 2 && claim.count("expectedRaters") == 3)
  }

  @Test func `a trimmed mean that leaves nothing of a unit is told`() throws {
    var sample = SmallCampaign()
    sample.campaign.result.overRaters = .trimmed(low: 1, high: 2)
    sample.cross(["R1", "R2", "R3", "R4"], ["County A", "County B"])
    #expect(try sample.claims(of: "panel-too-small").isEmpty)
    sample.cross(["R1", "R2", "R3"], ["County C"])
    let claim = try #require(try sample.claims(of: "panel-too-small").first)
    #expect(claim.level == .error && claim.subjects.units == ["County C"] && claim.count("droppedSheets") == 3)
  }

  @Test func `departments do not fill a panel, and their own criterion is a note`() throws {
    var sample = SmallCampaign()
    sample.campaign.panelSize = 3
    let units = ["County A", "County B", "County C", "County D"]
    sample.cross(["R1", "R2", "R3"], units, ["A", "B", "C"])
    sample.cross(["Audit"], units, ["Record"])
    let claims = try sample.claims(of: "panel-too-small")
    #expect(claims.map(\.level) == [.note])
    #expect(claims[0].subjects.criteria == ["Record"] && claims[0].count("cellsWithOneRater") == 4)
    // Three sheets, of which one is the department's.
    sample.cross(["R1", "R2"], ["County E"], ["A", "B", "C"])
    sample.cross(["Audit"], ["County E"], ["Record"])
    let short = try #require(try sample.claims(of: "panel-too-small").first)
    #expect(short.level == .error && short.subjects.units == ["County E"])
  }
}
