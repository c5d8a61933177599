import CampaignFile
import Scores
import Testing

private func problems(_ text: String) -> [CampaignProblem] {
  do {
    _ = try CampaignReader.parse(text)
    return []
  } catch {
    return error.problems
  }
}

@Suite struct CampaignReaderTests {
  @Test func readsEveryKey() throws {
    let campaign = try CampaignReader.parse(
      """
      name: 目标考评
      columns: {rater: 考评员, unit-group: 3}
      scale: {min: 0, max: 100, step: 0.5}
      criteria:
        党的建设: {max: 15, full: 12, weight: 2}
        2026:
      result: {criteria: sum, raters: {trim: [1, 2]}}
      awards:
        - {name: exemplary, top: 5, category: county}
        - {name: last, bottom: 1}
        - {name: pass, at_least: 60.5}
        - {name: deduction, below: 60}
      roster:
        - {rater: A01, team: Team 1, group: Finance}
        - rater: A02
      panel_size: 5
      complete_sheets: true
      error_budget: 0.01
      """)
    var expected = Campaign()
    expected.name = "目标考评"
    expected.columns = ["rater": "考评员", "unit_group": "3"]
    expected.scale = Scale(minimum: 0, maximum: 100, step: 0.5)
    expected.criteria = [
      "党的建设": CriterionSettings(scale: Scale(minimum: 0, maximum: 15, step: 0.5), fullMarks: 12, weight: 2), "2026": CriterionSettings(),
    ]
    expected.result = ResultRule(overCriteria: .sum, overRaters: .trimmed(low: 1, high: 2))
    expected.awards = [
      AwardLine(name: "exemplary", reach: .top(5), category: "county"), AwardLine(name: "last", reach: .bottom(1)),
      AwardLine(name: "pass", reach: .atLeast(60.5)), AwardLine(name: "deduction", reach: .below(60)),
    ]
    expected.roster = [Rater(name: "A01", group: "Finance", team: "Team 1"), Rater(name: "A02")]
    expected.panelSize = 5
    expected.completeSheets = true
    expected.errorBudget = 0.01
    #expect(campaign == expected)
  }

  @Test func nothingLaidDownIsTheDefault() throws {
    #expect(try CampaignReader.parse("") == Campaign())
    #expect(try CampaignReader.parse("# only a comment\nscale:\n") == Campaign())
    #expect(try CampaignReader.parse("result: {raters: median}").result.overRaters == .median)
  }

  @Test func unknownKeysAreErrorsWithASuggestion() {
    let found = problems("nmae: x\nscale: {min: 0, maximum: 5}\nzebra: 1\ncolumns: {ratr: a}\n")
    #expect(found.map(\.line) == [1, 2, 3, 4])
    #expect(found[0].message.en == "unknown key “nmae” in the file" && found[0].remedy.en == "Did you mean “name”?")
    #expect(found[0].remedy.zh == "是否应为“name”？")
    #expect(found[2].remedy.en.hasPrefix("Known keys: name, columns"))
    #expect(found[3].remedy.en == "Did you mean “rater”?")
  }

  @Test(
    arguments: [
      ("scale: [1, 2]", 1), ("scale: {min: five}", 1), ("scale: {min: 5, max: 5}", 1), ("scale: {min: 0, max: 1, step: 0.3}", 1),
      ("scale: {step: 0}", 1), ("scale: {min: .nan}", 1), ("scale: {min: \"0\"}", 1), ("panel_size: 0", 1), ("panel_size: 2.5", 1),
      ("complete_sheets: maybe", 1), ("error_budget: 1", 1), ("result: {criteria: product}", 1), ("result: {raters: {trim: [1]}}", 1),
      ("result: {raters: {trim: [1, -1]}}", 1), ("result: {raters: mode}", 1), ("awards:\n  - {name: a}", 2), ("awards:\n  - {top: 1}", 2),
      ("awards:\n  - {name: a, top: 1, below: 3}", 2), ("awards: 5", 1), ("awards:\n  - {name: a, top: 1}\n  - {name: a, below: 3}", 3),
      ("roster:\n  - {team: x}", 2),
      ("roster:\n  - {rater: a}\n  - {rater: a}", 3), ("criteria:\n  a: {weight: -1}", 2), ("criteria:\n  a: {weight: 0}", 2),
      ("name: [a]", 1), ("a: 1\n b: 2", 2), ("name: a\nname: b", nil), ("- a\n- b", 1),
    ] as [(String, Int?)])
  func mistakesAreFoundWithTheirLine(_ text: String, _ line: Int?) {
    let found = problems(text)
    #expect(found.count == 1)
    if let line { #expect(found.first?.line == line) }
  }

  @Test func allProblemsAreReportedAtOnce() {
    let text = "panel_size: many\nscale: {min: 3, max: 1}\nawards:\n  - {name: a}\nerror_budget: 7\n"
    #expect(problems(text).map(\.line) == [1, 2, 4, 5])
    let error = CampaignFileError(source: "c.yml", problems: problems("panel_size: many"))
    #expect(error.description(in: .en) == "c.yml: line 1: “panel_size” is not a number: “many”. Write digits with a decimal point.")
    #expect(error.description(in: .zhHans) == "c.yml：第 1 行：“panel_size”不是数字：“many”。请用数字和小数点书写。")
  }

  @Test func `an award may stand once in every category`() throws {
    let campaign = try CampaignReader.parse(
      "awards:\n  - {name: a, top: 1, category: x}\n  - {name: a, top: 1, category: y}\n  - {name: a, top: 1}")
    #expect(campaign.awards.count == 3)
  }

  @Test(arguments: ["a: 1\n b: 2", "awards: [1, 2", "name: \"a", "scale: {min: 1", "\tname: a", "name: @a", "a:\n  - b\n  c: d"])
  func `what is no YAML is said in Chinese too`(_ text: String) {
    let message = problems(text).first?.message.zh ?? ""
    // Latin letters are left only in the word itself.
    #expect(message.contains("YAML") && !message.replacing("YAML", with: "").contains { $0.isLetter && $0.isASCII }, "\(message)")
  }

  @Test func aFileThatIsNotThere() {
    #expect(throws: CampaignFileError.self) { try CampaignReader.read(path: "/no/such/campaign.yml") }
  }
}
