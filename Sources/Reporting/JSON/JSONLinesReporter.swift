public import Detection
public import Wording

/// One finding a line, each the object that `findings` of the JSON report holds. No findings, no lines.
public struct JSONLinesReporter: Reporter {
  public var language: Language

  public init(language: Language = .en) { self.language = language }

  public func text(of report: ScreenReport) -> String {
    var lines = ""
    for finding in report.findings {
      var writer = JSONWriter(pretty: false)
      FindingJSON(language: language).write(finding, to: &writer)
      lines += writer.text + "\n"
    }
    return lines
  }
}
