import Detection
import Scores
import Testing

@Suite struct ScoreOffScaleTests {
  @Test func `declared limits and steps are rules`() throws {
    var sample = SmallCampaign()
    sample.campaign.scale = Scale(minimum: 0, maximum: 100, step: 0.5)
    sample.cross(["R1", "R2", "R3"], ["County A", "County B"])
    #expect(try sample.claims(of: "score-off-scale").isEmpty)
    sample.add("R1", "County C", "A", 100.5)
    sample.add("R2", "County C", "A", 80.25)
    sample.add("R3", "County C", "A", 80.5)
    let claims = try sample.claims(of: "score-off-scale")
    #expect(claims.map(\.level) == [.error])
    #expect(claims[0].count("outside") == 1 && claims[0].count("offStep") == 1)
    #expect(claims[0].subjects.raters == ["R1", "R2"])
    #expect(Set(claims[0].scores.map { Int(sample.table.line[$0]) }) == [13, 14])
  }

  @Test func `steps count from the minimum and full marks are a limit`() throws {
    var sample = SmallCampaign()
    sample.campaign.criteria["A"] = CriterionSettings(scale: Scale(minimum: 1, step: 2), fullMarks: 9)
    for (i, score) in [1.0, 3, 9].enumerated() { sample.add("R\(i)", "County A", score) }
    #expect(try sample.claims(of: "score-off-scale").isEmpty)
    sample.add("R4", "County A", 4)
    sample.add("R5", "County A", 11)
    let claim = try #require(try sample.claims(of: "score-off-scale").first)
    #expect(claim.count("outside") == 1 && claim.count("offStep") == 1)
  }

  @Test func `without a scale a lone slip among many whole marks is a note`() throws {
    var sample = SmallCampaign()
    sample.cross((0..<30).map { "R\($0)" }, (0..<20).map { "County \($0)" }, ["A"])
    #expect(try sample.claims(of: "score-off-scale").isEmpty)
    sample.records[77].score = 73.4
    let step = try sample.claims(of: "score-off-scale")
    #expect(step.map(\.level) == [.note] && step[0].count("offStep") == 1)
    sample.records[77].score = 734
    let far = try sample.claims(of: "score-off-scale")
    #expect(far.map(\.level) == [.error] && far[0].count("outside") == 1 && far[0].count("leftOut") == 1)
    #expect(far[0].subjects.raters == ["R3"])
  }

  @Test(arguments: [(40.0, false), (8, false), (850, true), (-99, true)])
  func `a low mark where all the others are high is still a mark`(mark: Double, isImpossible: Bool) throws {
    var sample = SmallCampaign()
    for i in 0..<900 { sample.add("R\(i % 30)", "County \(i / 30)", Double(75 + i * 7919 % 26)) }
    sample.records[77].score = mark
    #expect(try sample.claims(of: "score-off-scale").map { $0.count("leftOut") } == (isImpossible ? [1] : []))
  }

  @Test func `what cannot be a score touches nothing else`() throws {
    var sample = SmallCampaign()
    sample.cross((0..<30).map { "R\($0)" }, (0..<20).map { "County \($0)" })
    let rater = sample.records[77].rater
    func named() throws -> [Finding] {
      try Screen.run(sample.table, campaign: sample.campaign, options: Screen.Options()).report.findings.filter {
        $0.subjects.raters.contains(rater)
      }
    }
    let before = try named()
    sample.records[77].score = 9999
    let after = try named()
    #expect(after.first?.rule == "score-off-scale")
    #expect(Set(after.dropFirst().map(\.id)) == Set(before.map(\.id)))
    #expect(try sample.claims(of: "missing-sheet").isEmpty)
    let study = try Study(table: sample.table, campaign: sample.campaign)
    #expect(study.scores.max() ?? 0 < 100 && study.scores.count == sample.records.count - 1)
  }

  @Test func `continuous scores, few scores and one value alone raise nothing`() throws {
    var continuous = SmallCampaign()
    for i in 0..<900 { continuous.add("R\(i % 30)", "County \(i / 30)", Double(i * 7919 % 9973) / 101.7) }
    #expect(try !continuous.isEvaluated("score-off-scale"))
    var few = SmallCampaign()
    few.cross(["R1", "R2", "R3"], ["County A"])
    #expect(try !few.isEvaluated("score-off-scale"))
    var equal = SmallCampaign()
    for i in 0..<900 { equal.add("R\(i % 30)", "County \(i / 30)", 90) }
    #expect(try equal.claims(of: "score-off-scale").isEmpty)
  }
}
