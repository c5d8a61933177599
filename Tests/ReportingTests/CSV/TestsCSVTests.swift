import Testing
import Wording

@testable import Detection
@testable import Reporting

@Suite struct TestsCSVTests {
  private func family(_ n: Int) -> TestFamily {
    TestFamily(
      statistics: (0..<n).map { Double($0) / 3 }, pValues: (0..<n).map { 1 / Double($0 + 1) }, effects: (0..<n).map { -Double($0) },
      subjects: { Subjects(raters: ["R\($0)"], units: ["=A", "B"]) },
      claim: { _ in Claim(level: .warning, subjects: Subjects(), message: Text("", zh: "")) })
  }

  @Test func `every test has its record`() {
    var text = ""
    let tests = [Screen.RuleTests(rule: "rater-severity", family: family(3), calibrated: [1, 0.75, 0.5], qValues: [1, 0.9, 0.8])]
    TestsCSV.write(tests) { text += String(decoding: $0, as: UTF8.self) }
    let records = recordsOfCSV(text)
    #expect(records[0] == TestsCSV.header)
    #expect(records.count == 4)
    #expect(records[2] == ["rater-severity", "R1", "'=A|B", "", "", "", "0.333333", "-1", "0.5", "0.75", "0.9"])
  }

  @Test func `many tests come in small pieces`() {
    var pieces: [Int] = []
    let tests = [Screen.RuleTests(rule: "score-outlier", family: family(100_000), calibrated: [], qValues: [])]
    TestsCSV.write(tests) { pieces.append($0.count) }
    #expect(pieces.count > 10)
    #expect(pieces.allSatisfy { $0 <= (1 << 18) + 4096 })
  }
}
