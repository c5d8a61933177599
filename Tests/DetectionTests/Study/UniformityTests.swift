import Scores
import Testing

@testable import Detection

@Suite struct UniformityTests {
  /// Twelve raters, twenty units, six criteria, everything 80 but for one mark of 79: a point that looks like a miracle beside a spread of nothing.
  @Test func `one mark that differs from all others accuses nobody`() throws {
    let table = ScreenTests.grid(12, 20, 6) { r, u, k in r == 3 && u == 7 && k == 2 ? 79 : 80 }.table
    let report = try ScreenTests.run(table).report
    #expect(!report.findings.contains { $0.level == .error || $0.level == .warning })
    let severity = try #require(report.rules.first { $0.id == "rater-severity" })
    guard case .notEvaluated(let reason) = severity.status else {
      Issue.record("\(severity.status)")
      return
    }
    #expect(reason.en.contains("agree exactly 99% of the time"))
  }

  /// Cells of three and of two marks: by hand 1 of 3 pairs equal, then 1 of 1.
  @Test func `equal pairs of a cell are counted`() throws {
    var records = Records()
    for (rater, score) in [("A", 5.0), ("B", 5.0), ("C", 6.0)] { records.add(rater, "U", "K", score) }
    for (rater, score) in [("A", 5.0), ("C", 5.0)] { records.add(rater, "U", "L", score) }
    let (layout, scores) = Layout.make(of: records.table, without: [])
    #expect(Uniformity(layout, scores).share == 0.5)
  }
}
