public import Analysis
public import Wording

/// An analysis as one JSON object: facts are objects, tables are arrays of objects, keyed by the ids that do not change. Numbers carry twelve
/// significant digits; a figure that does not exist is `null`.
public struct AnalysisJSONReporter: Sendable {
  public var language: Language

  static let digits = 12

  public init(language: Language = .en) { self.language = language }

  public func text(of report: AnalysisReport) -> String {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", report.schema)
      writer.field("version", report.version)
      writer.inputs(report.inputs)
      writer.key("options")
      writer.object { writer in
        for option in report.options { writer.field(option.name, option.value) }
      }
      for part in report.parts { write(part, &writer) }
      let remarks = report.parts.flatMap { part in if case .remarks(let texts) = part { texts.map { $0(language) } } else { [String]() } }
      writer.strings("remarks", remarks)
    }
    return writer.text + "\n"
  }

  private func write(_ part: AnalysisReport.Part, _ writer: inout JSONWriter) {
    switch part {
    case .facts(let facts):
      writer.key(facts.id)
      writer.object { writer in
        for fact in facts.facts {
          writer.key(fact.id)
          value(fact.value, &writer)
        }
      }
    case .table(let table):
      writer.rows(table.id, table.rows) { writer, row in
        for (cell, column) in zip(row, table.columns) {
          writer.key(column.id)
          value(cell, &writer)
        }
      }
    case .remarks, .picture: break
    }
  }

  private func value(_ value: AnalysisValue, _ writer: inout JSONWriter) {
    switch value {
    case .name(let name): writer.string(name)
    case .words(let words): writer.string(words(language))
    case .count(let n): writer.integer(n)
    case .number(let x): writer.number(x, digits: Self.digits)
    case .none: writer.null()
    }
  }
}
