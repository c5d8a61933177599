import Analysis
import Reporting
import Scores
import Wording

/// How the table of an analysis is read and what is printed of it: values made of `AnalysisArguments`.
struct AnalysisRequest {
  enum Format { case table, json, csv }

  var reading: ScoreReadingOptions
  var threads: Int
  var format: Format
  var table: String?
  var path: String?
  var display: DisplayRequest

  init(_ typed: AnalysisArguments, _ surroundings: Surroundings, _ problems: inout Problems) {
    threads = Threads.number(typed.threads, processors: surroundings.processors, &problems)
    reading = ScoreReadingOptions()
    reading.threads = threads
    typed.text.apply(to: &reading, &problems)
    format = problems.choice(typed.format, option: "--format", default: .table, ["table": .table, "json": .json, "csv": .csv])
    table = typed.table
    if table != nil, format != .csv { problems.add("--table goes with --format csv.", zh: "--table 须与 --format csv 同用。") }
    path = typed.output
    if path == "" { problems.add("--output needs a path.", zh: "--output 需要路径。") }
    display = DisplayRequest(typed.display, surroundings, toFile: typed.output != nil, &problems)
  }

  /// Prints the report, or puts it in its file.
  func deliver(_ report: AnalysisReport, _ console: Console) throws {
    var report = report
    report.version = Version.number
    try OutputFile.deliver(text(of: report), to: path, console, language: display.language)
  }

  private func text(of report: AnalysisReport) throws -> String {
    switch format {
    case .table: return AnalysisTextReporter(language: display.language, width: display.width, colour: display.colour).text(of: report)
    case .json: return AnalysisJSONReporter(language: display.language).text(of: report)
    case .csv:
      let tables = report.tables
      guard let chosen = table.map({ id in tables.first { $0.id == id } }) ?? tables.first else {
        let ids = tables.map(\.id)
        throw UsageError(
          problems: [
            Text(
              "plumbline: --table \(table ?? ""): the tables are \(ids.joined(separator: ", ")).",
              zh: "plumbline：--table \(table ?? "")：可用的表有 \(ids.joined(separator: "、"))。")
          ], language: display.language)
      }
      return AnalysisCSVReporter(language: display.language).text(of: chosen)
    }
  }
}
