import Detection
import Scores
import Wording

/// A report with one of everything, for the reporters to print.
enum SampleReport {
  static let finding = Finding(
    id: "0f1e2d3c", rule: "own-group-favouritism", level: .error,
    subjects: Subjects(raters: ["R17"], units: ["County A"], groups: ["Finance"]),
    effect: Effect(value: 6.2, low: 4.8123456789, high: 7.5, unit: "points"), pValue: 1e-8, qValue: 3e-6,
    evidence: [
      Evidence("observed", .number(91.23456789)), Evidence("sheets", .count(12)), Evidence("note", .text("a \"b\"")),
      Evidence("exact", .flag(true)),
      Evidence("strata", .numbers([0.5, .nan])), Evidence("names", .texts(["x", "y"])), Evidence("nothing", .texts([])),
    ],
    impact: Impact(rankChanges: [.init(unit: "County A", from: 3, to: 9)], awards: ["County A"]),
    message: Text(
      "R17 gave County A 91.2 where the other raters' scores lead one to expect 85.0.",
      zh: "考评员 R17 给 County A 评 91.2 分，而按其他考评员的评分预期为 85.0 分。"),
    explanations: [Text("R17 may have seen evidence that the others did not.", zh: "R17 可能掌握其他考评员未见的材料。")],
    checks: [Text("Compare the score sheets with the ledgers.", zh: "将评分表与台帐核对。")], rows: [12, 13])

  static let hostile = Finding(
    id: "ffff", rule: "score-off-scale", level: .note, subjects: Subjects(raters: ["=HYPERLINK(\"x\")"], units: ["\u{1B}[2J甲县"]),
    effect: Effect(value: .nan, low: -.infinity, high: 1, unit: "points"), pValue: .nan,
    message: Text("=HYPERLINK(\"x\") gave \u{1B}[2J甲县 120, above 100.", zh: "=HYPERLINK(\"x\") 给 \u{1B}[2J甲县 评 120 分，超过 100 分。"), rows: [7])

  static let report = ScreenReport(
    version: "0.1.0", inputs: [Input(name: "scores.csv", sha256: "ab12")],
    options: [Evidence("fdr", .number(0.05)), Evidence("seed", .count(1))],
    campaign: CampaignSize(scores: 12345, raters: 60, units: 70, criteria: 25, teams: 12, sheets: 1200, missing: 14),
    rules: [
      RuleOutcome(
        id: "own-group-favouritism", status: .evaluated, tested: 60, findings: 1,
        minimumDetectableEffect: .init(value: 2.1, unit: "points")),
      RuleOutcome(
        id: "rater-severity", status: .evaluated, tested: 60, findings: 0,
        minimumDetectableEffect: .init(value: 2.0987654321, unit: "points")),
      RuleOutcome(
        id: "team-severity",
        status: .notEvaluated(reason: Text("every unit is seen by one team only", zh: "每个被考评单位只由一个考评组评分"))),
    ],
    findings: [finding, hostile],
    honestPart: HonestPartSummary(
      components: [.init(name: "unit", standardDeviation: 4.5)], account: [Evidence("method", .text("REML"))],
      severities: [Severity(rater: "R17", value: 1.5, standardError: nil)],
      fairScores: [FairScore(unit: "County A", round: nil, result: 91.2, fairScore: 85, standardError: 0.8)]),
    calibration: CalibrationSummary(campaigns: 200, errorBudget: 0.05, falseAlarmShare: 0.035))
}
