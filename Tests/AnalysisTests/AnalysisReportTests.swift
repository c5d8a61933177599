import Analysis
import Testing
import Wording

@Suite struct AnalysisReportTests {
  @Test func tablesAreFoundAmongTheParts() {
    let table = AnalysisTable(
      id: "t", title: Text("T", zh: "表"), columns: [AnalysisTable.Column("n", Text("n", zh: "数"))], rows: [[.count(1)]])
    let report = AnalysisReport(
      schema: "plumbline.test/1", title: Text("Test", zh: "测试"), parts: [.remarks([Text("a", zh: "甲")]), .table(table)])
    #expect(report.tables.map(\.id) == ["t"])
    #expect(AnalysisValue.optional(nil) == .none && AnalysisValue.optional(2) == .number(2))
  }
}
