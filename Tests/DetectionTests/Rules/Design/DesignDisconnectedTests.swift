import Detection
import Scores
import Testing

@Suite struct DesignDisconnectedTests {
  @Test func `two halves that share nobody are two parts, and one score joins them`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R2", "R3"], ["County A", "County B"])
    sample.cross(["R4", "R5"], ["County C", "County D"])
    let claims = try sample.claims(of: "design-disconnected")
    let claim = try #require(claims.first)
    #expect(claims.count == 1)
    #expect(claim.level == .note)
    #expect(claim.count("parts") == 2)
    #expect(claim.count("extraScoresNeeded") == 1)
    #expect(claim.subjects.raters == ["R4", "R5"])
    #expect(claim.subjects.units == ["County C", "County D"])
    #expect(claim.message.en.contains("R1 for County C"))
    #expect(claim.message.zh.contains("R1加评County C"))
    // Doing what was suggested is enough.
    sample.add("R1", "County C", 70)
    #expect(try sample.claims(of: "design-disconnected").isEmpty)
  }

  @Test func `one rater or one unit is one part`() throws {
    var rater = SmallCampaign()
    rater.cross(["R1"], ["County A", "County B"])
    #expect(try rater.claims(of: "design-disconnected").isEmpty)
    var unit = SmallCampaign()
    unit.cross((0..<200).map { "R\($0)" }, ["County A"], ["A"])
    #expect(try unit.claims(of: "design-disconnected").isEmpty)
  }

  @Test func `many parts are one finding of bounded length`() throws {
    var sample = SmallCampaign()
    for i in 0..<300 { sample.add("R\(i)", "County \(i)", 70) }
    let claims = try sample.claims(of: "design-disconnected")
    #expect(claims.count == 1)
    #expect(claims[0].count("parts") == 300)
    #expect(claims[0].subjects.units.count == 20)
    #expect(claims[0].message.en.count < 1000)
  }
}
