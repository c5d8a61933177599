import Testing
import Wording

@testable import Reporting

@Suite struct TableReporterTests {
  static let titles: @Sendable (String) -> Text? = {
    $0 == "own-group-favouritism" ? Text("Own-group favouritism", zh: "偏袒本单位") : nil
  }

  @Test func `the page in English`() {
    let expected = """
      Read 12,345 scores from scores.csv: 60 raters, 70 units, 25 criteria, 12 teams,
      1,200 score sheets. 14 blank scores left out.
      Found 1 error, 0 warnings, 1 note. Of the errors and warnings that rest on
      probability, no more than 5% are expected to be false alarms. Of 200 honest
      campaigns simulated on this design, 3.5% had any.
      A finding is a reason to look, never a verdict on a person. An error changes a
      rank, award or deduction, or breaks a rule of the campaign; a warning changes
      none; a note makes no claim.

      1.  ERROR  Own-group favouritism  own-group-favouritism
          R17 gave County A 91.2 where the other raters' scores lead one to expect
          85.0.
          Effect   +6.2 points (95% interval 4.8 to 7.5)
          Chance   less than 1 in 1,000,000 by ordinary variation alone, which does
                   not say why (p = 1e-8, q = 3e-6)
          Changes  if corrected, rank of County A from 3 to 9; award or deduction of
                   County A
          May be   R17 may have seen evidence that the others did not.
          Check    Compare the score sheets with the ledgers.
          Lines    12–13 of scores.csv

      2.  NOTE  score-off-scale
          =HYPERLINK("x") gave \\u{1B}[2J甲县 120, above 100.
          Changes  no rank, award or deduction
          Lines    7 of scores.csv

      Cannot be judged
      - team-severity: every unit is seen by one team only

      Looked for and not found
      - rater-severity: 60 tested; a difference of 2.1 points would have been found
        with 80% probability

      """
    let reporter = TableReporter(language: .en, width: 80, colour: false, title: Self.titles)
    #expect(reporter.text(of: SampleReport.report) == expected)
  }

  @Test func `the page in Chinese`() {
    let expected = """
      从 scores.csv 读入评分 12,345 个：考评员 60 名、被考评单位 70 个、指标 25 项、考
      评组 12 个、评分表 1,200 张。另有 14 个得分空缺，未计入。
      发现严重疑点 1 个、一般疑点 0 个、提示 1 条。其中依据概率作出的严重、一般疑点，
      误报比例预期不超过 5%。按本次考评的设计模拟了 200 次公正评分的考评活动，出现误报
      的占 3.5%。
      疑点只是需要核查的理由，不是对任何人的结论。“严重”会改变名次或奖惩，或者违反考评
      规则；“一般”不改变名次和奖惩；“提示”仅供参考，不作判断。

      1.  严重  偏袒本单位  own-group-favouritism
          考评员 R17 给 County A 评 91.2 分，而按其他考评员的评分预期为 85.0 分。
          幅度      +6.2 分（95% 区间 4.8 至 7.5）
          偶然性    仅凭正常评分波动出现的可能：不到百万分之一，原因须另行核查（p =
                    1e-8, q = 3e-6）
          影响      如予更正，名次 County A 第 3 名 → 第 9 名；奖惩 County A
          可能原因  R17 可能掌握其他考评员未见的材料。
          建议核查  将评分表与台帐核对。
          行号      12–13（scores.csv）
      """
    let reporter = TableReporter(language: .zhHans, width: 80, colour: false, title: Self.titles)
    #expect(reporter.text(of: SampleReport.report).hasPrefix(expected))
  }

  @Test func `what no mark can reach is not offered as found`() {
    var report = SampleReport.report
    report.rules = report.rules.map { outcome in
      var outcome = outcome
      outcome.findings = 0
      outcome.minimumDetectableEffect = outcome.minimumDetectableEffect?.within(2)
      return outcome
    }
    let text = TableReporter(width: 120, title: Self.titles).text(of: report).replacing("\n  ", with: " ")
    #expect(
      text.contains("60 tested; not even a difference as wide as the whole range of marks would have been found with 80% probability"))
  }

  @Test func `no line is wider than the terminal`() {
    for language in Language.allCases {
      for width in [40, 60, 100] {
        let text = TableReporter(language: language, width: width, title: Self.titles).text(of: SampleReport.report)
        for line in text.split(separator: "\n") where !line.contains("own-group-favouritism") {
          #expect(DisplayWidth.of(line) <= width)
        }
      }
    }
  }

  @Test func `colour adds nothing but colour`() {
    let plain = TableReporter(colour: false, title: Self.titles).text(of: SampleReport.report)
    let coloured = TableReporter(colour: true, title: Self.titles).text(of: SampleReport.report)
    #expect(coloured != plain)
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func `what is not shown is counted`() {
    var report = SampleReport.report
    report.findings = Array(repeating: SampleReport.finding, count: 5)
    let text = TableReporter(limit: 2, title: Self.titles).text(of: report)
    #expect(text.contains("3 more findings are not shown here"))
    #expect(text.contains("Found 5 errors"))
  }
}
