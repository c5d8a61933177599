import Detection
import Reporting
import Wording

/// What to print, where, and when to call it a failure: values made of `OutputArguments`.
struct OutputRequest {
  var format: ReportFormat
  var path: String?
  /// The least level that makes the exit code 1; nil: none does.
  var failOn: Level?
  var display: DisplayRequest

  init(_ typed: OutputArguments, _ surroundings: Surroundings, _ problems: inout Problems) {
    if let format = typed.format, ReportFormat(rawValue: format) == nil, ["sarif", "html", "xlsx"].contains(format) {
      self.format = .table
      problems.add(
        "--format \(format) is not in this version; \(ReportFormat.list("and")) are.",
        zh: "--format \(format)：本版本尚不支持；可用 \(ReportFormat.allCases.map(\.rawValue).joined(separator: "、"))。")
    } else {
      format = problems.choice(typed.format, option: "--format", default: .table)
    }
    path = typed.output
    if path == "" { problems.add("--output needs a path.", zh: "--output 需要路径。") }
    failOn = problems.choice(
      typed.failOn, option: "--fail-on", default: .warning, ["error": .error, "warning": .warning, "note": .note, "never": nil])
    display = DisplayRequest(typed.display, surroundings, toFile: typed.output != nil, &problems)
  }

  /// Prints the report, or puts it in its file, and tells how the program should end.
  func deliver(_ report: ScreenReport, _ console: Console) throws -> ExitStatus {
    try OutputFile.deliver(
      format.reporter(language: display.language, width: display.width, colour: display.colour).text(of: report), to: path, console,
      language: display.language)
    guard let failOn else { return .nothing }
    return report.findings.contains { $0.level >= failOn } ? .found : .nothing
  }
}

extension ReportFormat {
  /// `table, json, jsonl or csv`.
  static func list(_ conjunction: String) -> String {
    let names = allCases.map(\.rawValue)
    return "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(names.last ?? "")"
  }
}
