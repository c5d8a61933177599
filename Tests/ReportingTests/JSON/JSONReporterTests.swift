import Detection
import Foundation
import Testing
import Wording

@testable import Reporting

@Suite struct JSONReporterTests {
  private func parsed(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `field names are the contract's and their order is fixed`() throws {
    let text = JSONReporter().text(of: SampleReport.report)
    let object = try parsed(text)
    let keys = ["schema", "version", "inputs", "options", "campaign", "rules", "findings", "calibration", "honestPart", "remarks"]
    #expect(Set(object.keys) == Set(keys))
    var from = text.startIndex
    for key in keys {
      let range = try #require(text.range(of: "\n  \"\(key)\": ", range: from..<text.endIndex))
      from = range.upperBound
    }
    #expect(object["schema"] as? String == "plumbline.findings/1")
    let campaign = try #require(object["campaign"] as? [String: Int])
    #expect(
      campaign == ["scores": 12345, "raters": 60, "units": 70, "criteria": 25, "teams": 12, "sheets": 1200, "missing": 14])
    let rules = try #require(object["rules"] as? [[String: Any]])
    #expect(rules.map { $0["status"] as? String } == ["evaluated", "evaluated", "not-evaluated"])
    #expect(rules[2]["reason"] as? String == "every unit is seen by one team only")
    #expect(rules[0]["reason"] is NSNull)
    let detectable = try #require(rules[1]["minimumDetectableEffect"] as? [String: Any])
    #expect(detectable["value"] as? Double == 2.09877)
    #expect(detectable["exceedsScale"] as? Bool == false)
  }

  @Test func `a finding has the contract's fields`() throws {
    let object = try parsed(JSONReporter(language: .zhHans).text(of: SampleReport.report))
    let findings = try #require(object["findings"] as? [[String: Any]])
    let finding = findings[0]
    #expect(
      Set(finding.keys) == [
        "id", "rule", "level", "subjects", "effect", "pValue", "qValue", "evidence", "impact", "message", "explanations", "checks", "rows",
      ])
    #expect(finding["message"] as? String == SampleReport.finding.message.zh)
    #expect(finding["pValue"] as? Double == 1e-8)
    #expect((finding["effect"] as? [String: Any])?["low"] as? Double == 4.81235)
    let impact = try #require(finding["impact"] as? [String: Any])
    #expect((impact["rankChanges"] as? [[String: Any]])?.first?["to"] as? Int == 9)
    let evidence = try #require(finding["evidence"] as? [String: Any])
    #expect(evidence["observed"] as? Double == 91.2346)
    #expect(evidence["exact"] as? Bool == true)
    #expect((evidence["strata"] as? [Any])?[1] is NSNull)
    #expect(finding["rows"] as? [Int] == [12, 13])
  }

  @Test func `names survive the round trip and reach no terminal`() throws {
    let text = JSONReporter().text(of: SampleReport.report)
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    let findings = try #require(try parsed(text)["findings"] as? [[String: Any]])
    let subjects = try #require(findings[1]["subjects"] as? [String: [String]])
    #expect(subjects["units"] == ["\u{1B}[2J甲县"])
    #expect(subjects["raters"] == ["=HYPERLINK(\"x\")"])
  }

  @Test func `what is not a number is null`() throws {
    let text = JSONReporter().text(of: SampleReport.report)
    #expect(!text.contains(/: -?(nan|inf)/) && !text.contains(/[\[,] ?-?(nan|inf)/))
    let findings = try #require(try parsed(text)["findings"] as? [[String: Any]])
    #expect(findings[1]["pValue"] is NSNull)
    #expect((findings[1]["effect"] as? [String: Any])?["value"] is NSNull)
  }

  @Test func `an empty report is still an object`() throws {
    let empty = ScreenReport(
      version: "0", inputs: [], options: [], campaign: CampaignSize(scores: 0, raters: 0, units: 0, criteria: 0, teams: 0, sheets: 0),
      rules: [],
      findings: [])
    let object = try parsed(JSONReporter().text(of: empty))
    #expect((object["findings"] as? [Any])?.isEmpty == true)
    #expect(object["honestPart"] is NSNull)
  }
}
