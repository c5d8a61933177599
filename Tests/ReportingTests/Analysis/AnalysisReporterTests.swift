import Analysis
import Scores
import Testing
import Wording

@testable import Reporting

@Suite struct AnalysisReporterTests {
  static var report: AnalysisReport {
    let table = AnalysisTable(
      id: "severities", title: Text("Severities", zh: "宽严度"),
      columns: [
        AnalysisTable.Column("rater", Text("Rater", zh: "考评员")), AnalysisTable.Column("value", Text("Value", zh: "数值"), .fixed(2)),
        AnalysisTable.Column("p", Text("p", zh: "p"), .probability), AnalysisTable.Column("n", Text("Scores", zh: "评分数")),
      ],
      rows: [
        [.name("=A\u{1B}[31m"), .number(1.005), .number(0), .count(1200)], [.name("甲一"), .number(-0.5), .number(0.031), .none],
        [.name("B"), .number(.nan), .number(1e-7), .count(3)],
      ], note: Text("A note.", zh: "说明。"), shownRows: 2)
    var report = AnalysisReport(
      schema: "plumbline.test/1", title: Text("A test", zh: "测试"),
      parts: [
        .facts(
          AnalysisFacts(
            id: "fit", title: Text("Fit", zh: "拟合"),
            facts: [
              AnalysisFacts.Fact("criterion", Text("Criterion", zh: "判据"), .number(237_721.768774505), .fixed(4)),
              AnalysisFacts.Fact("method", Text("Method", zh: "方法"), .words(Text("REML", zh: "限制性最大似然"))),
            ])), .table(table), .remarks([Text("Mind this.", zh: "请注意。")]),
        .picture(AnalysisPicture(id: "map", title: Text("Map", zh: "图"), lines: [Text("a|b", zh: "甲|乙")])),
      ])
    report.version = "0"
    report.inputs = [Input(name: "scores.csv", sha256: "00")]
    report.options = [("method", "reml")]
    return report
  }

  @Test func `the page lines up and shows no escape sequences`() {
    let page = AnalysisTextReporter(width: 60).text(of: Self.report)
    #expect(
      page == """
        A test

        Fit
          Criterion  237721.7688
          Method     REML

        Severities
          Rater         Value         p  Scores
          =A\\u{1B}[31m   1.01  < 1e-300   1,200
          甲一          -0.50     0.031       –
          … and 1 more
        A note.

        Mind this.

        Map
        a|b

        """)
  }

  @Test func `words that do not fit go on below`() {
    let long = "a name of many words that no column of this page is wide enough to hold"
    let table = AnalysisTable(
      id: "t", title: Text("T", zh: "表"),
      columns: [AnalysisTable.Column("n", Text("name", zh: "名")), AnalysisTable.Column("x", Text("x", zh: "数"))],
      rows: [[.name(long), .number(12)]])
    let page = AnalysisTextReporter(width: 40).text(
      of: AnalysisReport(schema: "s", title: Text("A", zh: "甲"), parts: [.table(table)]))
    let lines = page.split(separator: "\n").map(String.init)
    #expect(lines.dropFirst(3).first == "  a name of many words that no        12")
    #expect(lines.allSatisfy { $0.count <= 40 })
    let words = lines.dropFirst(4).joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words == "column of this page is wide enough to hold")
  }

  @Test func `the page in Chinese`() {
    let page = AnalysisTextReporter(language: .zhHans, width: 60).text(of: Self.report)
    #expect(page.contains("  考评员         数值         p  评分数\n") && page.contains("……另有 1 行") && page.contains("甲|乙"))
  }

  @Test func `JSON keeps twelve digits and every row`() {
    let json = AnalysisJSONReporter().text(of: Self.report)
    #expect(json.contains("\"criterion\": 237721.768775"))
    #expect(json.contains("{\"rater\": \"B\", \"value\": null, \"p\": 1e-7, \"n\": 3}"))
    #expect(json.contains("\\u001b[31m") && json.contains("\"options\": {\n    \"method\": \"reml\"\n  }"))
  }

  @Test func `CSV can start no formula`() {
    let csv = AnalysisCSVReporter().text(of: Self.report.tables[0])
    #expect(csv == "rater,value,p,n\r\n'=A\\u{1B}[31m,1.005,0,1200\r\n甲一,-0.5,0.031,\r\nB,,1e-7,3\r\n")
  }

  /// Long headers of numbers go on below, then names are broken, then gaps narrow: nothing is lost, and no line is wider than the page.
  @Test(arguments: [Language.en, .zhHans]) func `a table of many columns fits the page`(language: Language) {
    let numbers = ["Observed", "Expected", "95% of differences from", "to", "Size", "SE", "t", "df", "p", "q"]
    let table = AnalysisTable(
      id: "wide", title: Text("Wide", zh: "宽表"),
      columns: [AnalysisTable.Column("rater", Text("Rater", zh: "考评员")), AnalysisTable.Column("unit", Text("Unit", zh: "被考评单位"))]
        + numbers.map { AnalysisTable.Column($0, Text($0, zh: "计 \($0)"), .fixed(2)) },
      rows: [[.name("A rater with a long name"), .name("Department of Roads")] + numbers.indices.map { .number(-10.25 - Double($0)) }])
    let report = AnalysisReport(schema: "plumbline.test/1", title: Text("A test", zh: "测试"), parts: [.table(table)])
    let wide = AnalysisTextReporter(language: language, width: 300).text(of: report)
    #expect(wide.split(separator: "\n").count == 4)
    for width in [118, 108] {
      let page = AnalysisTextReporter(language: language, width: width).text(of: report)
      for line in page.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width, "\(line)") }
      #expect(page.filter { !$0.isWhitespace }.sorted() == wide.filter { !$0.isWhitespace }.sorted())
      for value in numbers.indices { #expect(page.contains(" \(-10.25 - Double(value))")) }
    }
  }
}
