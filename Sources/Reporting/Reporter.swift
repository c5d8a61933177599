public import Detection
public import Wording

/// Turns a report into the text of one format. A reporter decides how findings look, never which there are.
public protocol Reporter: Sendable {
  func text(of report: ScreenReport) -> String
}

/// The formats there are. A new one is a file with its reporter, and a case here.
public enum ReportFormat: String, Sendable, CaseIterable {
  case table, json, jsonl, csv

  /// - Parameters:
  ///   - width: columns of the page, for those that have pages.
  ///   - colour: whether escape sequences may be used.
  public func reporter(language: Language, width: Int, colour: Bool) -> any Reporter {
    switch self {
    case .table: TableReporter(language: language, width: width, colour: colour)
    case .json: JSONReporter(language: language)
    case .jsonl: JSONLinesReporter(language: language)
    case .csv: CSVReporter(language: language)
    }
  }
}
