import Foundation
import Testing

@testable import Reporting

@Suite struct JSONLinesReporterTests {
  @Test func `one finding a line, the same objects as in the report`() throws {
    let lines = JSONLinesReporter().text(of: SampleReport.report).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(JSONReporter().text(of: SampleReport.report).utf8)) as? NSDictionary)
    let findings = try #require(whole["findings"] as? NSArray)
    for i in 0..<2 {
      let line = try #require(try JSONSerialization.jsonObject(with: Data(lines[i].utf8)) as? NSDictionary)
      #expect(line.isEqual(to: findings[i] as? [AnyHashable: Any] ?? [:]))
    }
  }
}
