public import Analysis
public import Wording

/// One table of an analysis as CSV, its header the ids that do not change.
public struct AnalysisCSVReporter: Sendable {
  public var language: Language

  public init(language: Language = .en) { self.language = language }

  public func text(of table: AnalysisTable) -> String {
    var writer = CSVWriter()
    for column in table.columns { writer.cell(column.id) }
    writer.endRecord()
    for row in table.rows {
      for value in row {
        switch value {
        case .name(let name): writer.cell(name)
        case .words(let words): writer.cell(words(language))
        case .count(let n): writer.cell(Double(n), digits: 15)
        case .number(let x): writer.cell(x, digits: AnalysisJSONReporter.digits)
        case .none: writer.cell(nil, digits: 1)
        }
      }
      writer.endRecord()
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
