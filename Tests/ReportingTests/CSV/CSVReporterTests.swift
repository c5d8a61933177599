import Detection
import Testing
import Wording

@testable import Reporting

/// A reader after RFC 4180, written apart from the writer.
func recordsOfCSV(_ text: String) -> [[String]] {
  var records: [[String]] = []
  var record: [String] = []
  var cell = ""
  var quoted = false
  var scalars = Array(text.unicodeScalars)[...]
  while let scalar = scalars.popFirst() {
    if quoted {
      if scalar != "\"" {
        cell.unicodeScalars.append(scalar)
      } else if scalars.first == "\"" {
        scalars.removeFirst()
        cell += "\""
      } else {
        quoted = false
      }
      continue
    }
    switch scalar {
    case "\"": quoted = true
    case ",":
      record.append(cell)
      cell = ""
    case "\r" where scalars.first == "\n":
      scalars.removeFirst()
      records.append(record + [cell])
      record = []
      cell = ""
    default: cell.unicodeScalars.append(scalar)
    }
  }
  return records
}

@Suite struct CSVReporterTests {
  @Test func `one record a finding, as wide as the header`() {
    let records = recordsOfCSV(CSVReporter().text(of: SampleReport.report))
    #expect(records.count == 3)
    #expect(records[0] == CSVReporter.header)
    #expect(records.allSatisfy { $0.count == CSVReporter.header.count })
    let fields = Dictionary(uniqueKeysWithValues: zip(records[0], records[1]))
    #expect(fields["effect"] == "6.2" && fields["effect_low"] == "4.81235" && fields["p_value"] == "1e-8")
    #expect(fields["rank_changes"] == "County A 3→9" && fields["rows"] == "12|13")
    #expect(fields["evidence"]?.contains("\"note\":\"a \\\"b\\\"\"") == true)
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "=\"a,b\"", " =1", "\u{A0}=1"])
  func `no name begins a formula`(name: String) {
    var csv = CSVWriter()
    csv.cell(name)
    csv.cell("plain")
    csv.endRecord()
    let cells = recordsOfCSV(String(decoding: csv.bytes, as: UTF8.self))
    #expect(cells == [["'" + name, "plain"]])
  }

  @Test(arguments: [
    ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\u{9B}b", "a\\u{9B}b"), ("\u{202E}gnp", "\\u{202E}gnp"), ("\u{FEFF}=1", "\\u{FEFF}=1"),
    ("a\nb\u{7}", "a\nb\\u{7}"), ("财政局", "财政局"), ("👨‍👩‍👧", "👨‍👩‍👧"),
  ])
  func `no name drives a terminal`(name: String, cell: String) {
    var csv = CSVWriter()
    csv.cell(name)
    csv.endRecord()
    #expect(recordsOfCSV(String(decoding: csv.bytes, as: UTF8.self)) == [[cell]])
  }

  @Test func `negative numbers are numbers`() {
    var csv = CSVWriter()
    csv.cell(-6.25)
    csv.cell(Double.nan)
    csv.endRecord()
    #expect(String(decoding: csv.bytes, as: UTF8.self) == "-6.25,\r\n")
  }

  @Test func `quotes and breaks are kept`() {
    var csv = CSVWriter()
    csv.cell("a \"b\", c\nd")
    csv.endRecord()
    #expect(recordsOfCSV(String(decoding: csv.bytes, as: UTF8.self)) == [["a \"b\", c\nd"]])
  }
}
