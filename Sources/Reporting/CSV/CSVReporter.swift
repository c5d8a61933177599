public import Detection
public import Wording

/// The findings as a flat table for a spreadsheet, one a record.
///
/// The columns are named the same in every language, for programs; sentences are in the chosen one. Several names or sentences in a cell are
/// joined by `|`; `evidence` is a JSON object.
public struct CSVReporter: Reporter {
  public var language: Language

  public init(language: Language = .en) { self.language = language }

  static let header = [
    "id", "rule", "level", "raters", "units", "teams", "criteria", "groups", "effect", "effect_low", "effect_high", "effect_unit",
    "p_value",
    "q_value", "rank_changes", "awards", "message", "explanations", "checks", "rows", "evidence",
  ]

  public func text(of report: ScreenReport) -> String {
    var csv = CSVWriter()
    for name in Self.header { csv.cell(name) }
    csv.endRecord()
    for finding in report.findings {
      csv.cell(finding.id)
      csv.cell(finding.rule)
      csv.cell(finding.level.rawValue)
      csv.subjects(finding.subjects)
      csv.cell(finding.effect?.value)
      csv.cell(finding.effect?.low)
      csv.cell(finding.effect?.high)
      csv.cell(finding.effect?.unit ?? "")
      csv.cell(finding.pValue)
      csv.cell(finding.qValue)
      csv.cell(finding.impact.rankChanges.map { "\($0.unit) \($0.from)→\($0.to)" }.joined(separator: "|"))
      csv.cell(finding.impact.awards.joined(separator: "|"))
      csv.cell(finding.message(language))
      csv.cell(finding.explanations.map { $0(language) }.joined(separator: "|"))
      csv.cell(finding.checks.map { $0(language) }.joined(separator: "|"))
      csv.cell(finding.rows.map(String.init).joined(separator: "|"))
      csv.cell(evidence(finding.evidence))
      csv.endRecord()
    }
    return String(decoding: csv.bytes, as: UTF8.self)
  }

  private func evidence(_ evidence: [Evidence]) -> String {
    guard !evidence.isEmpty else { return "" }
    var json = JSONWriter(pretty: false)
    json.object { $0.members(of: evidence) }
    return json.text
  }
}

extension CSVWriter {
  /// The five columns of names.
  mutating func subjects(_ subjects: Subjects) {
    for names in [subjects.raters, subjects.units, subjects.teams, subjects.criteria, subjects.groups] {
      cell(names.count == 1 ? names[0] : names.joined(separator: "|"))
    }
  }
}
