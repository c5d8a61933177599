import Detection
import Scores
import Testing

@Suite struct SimilarNamesTests {
  @Test func `raters, units and criteria written in two ways`() throws {
    var sample = SmallCampaign()
    sample.cross(["R07", "R10", "R70"], ["County A", "County B"])
    sample.add("R7", "County C", "A", 80)
    sample.add("ｒ０７", "County C", "A", 81)
    sample.add("R10", "county a", "A", 70)
    sample.add("R10", "County C", "a", 71)
    let claims = try sample.claims(of: "similar-names")
    #expect(claims.map(\.level) == [.warning, .warning, .warning])
    #expect(claims.map(\.subjects.raters) == [["R07", "R7", "ｒ０７"], [], []])
    #expect(claims.map(\.subjects.units) == [[], ["County A", "county a"], []])
    #expect(claims.map(\.subjects.criteria) == [[], [], ["A", "a"]])
    #expect(claims[0].message.en.contains("R07 (2), R7 (1) and ｒ０７ (1) (sheets) differ only in how they are written"))
    #expect(claims[0].message.zh.contains("仅写法不同") && claims[1].message.zh.contains("分别排名"))
    #expect(claims[0].scores.count == 6)
  }

  @Test func `units scored by both are named, since two raters may have like names`() throws {
    var sample = SmallCampaign()
    sample.cross(["R7", "R07"], ["County A", "County B"])
    let claims = try sample.claims(of: "similar-names")
    #expect(claims.count == 1 && claims[0].message.en.contains("but County A and County B have scores by each of them"))
  }

  @Test func `numbers that differ are different`() throws {
    var sample = SmallCampaign()
    sample.cross(["R1", "R10", "R100", "R1.05", "R1.5"], ["Unit 1-01", "Unit 10-1", "Unit 0", "Unit 00a"])
    #expect(try sample.claims(of: "similar-names").isEmpty)
  }
}
