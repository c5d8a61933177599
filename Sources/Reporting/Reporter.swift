public import Detection

/// Turns a report into the text of one format. A reporter decides how findings look, never which there are.
public protocol Reporter: Sendable {
  func text(of report: ScreenReport) -> String
}
