internal import Foundation
internal import Wording

/// Figures as sentences use them: no more digits than are meant.
enum Figures {
  /// Points with one decimal from 10 up, two below, three below 0.1; without a sign.
  static func points(_ x: Double) -> String {
    let size = abs(x)
    let digits = size >= 10 ? 1 : size >= 0.095 ? 2 : 3
    return String(format: "%.\(digits)f", size)
  }

  /// A mark as it might have been written, to two decimals at most.
  static func mark(_ x: Double) -> String {
    let text = String(format: "%.2f", x)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }

  /// `1.2 to 3.4`: the interval in the words of each language.
  static func interval(_ low: Double, _ high: Double) -> Text {
    let size = max(abs(low), abs(high))
    let digits = size >= 10 ? 1 : size >= 0.095 ? 2 : 3
    let bounds = (String(format: "%.\(digits)f", low), String(format: "%.\(digits)f", high))
    return Text("\(bounds.0) to \(bounds.1)", zh: "\(bounds.0) 至 \(bounds.1)")
  }

  /// Where marks are cut off, the difference that shows is smaller than the one that is compared: a clause that tells the latter.
  static func uncut(_ x: Double) -> Text {
    Text(
      " allowing for marks cut off at the ends of the scale, the difference is \(points(x)) points;",
      zh: "考虑到部分评分受分值上下限限制，实际差异约为 \(points(x)) 分；")
  }

  /// What is expected of a mark that was not given: one decimal from 10 up, two below; with its sign.
  static func expected(_ x: Double) -> String { String(format: abs(x) >= 10 ? "%.1f" : "%.2f", x) }

  /// How many times, or an expected count; `0` for what rounds to it.
  static func times(_ x: Double) -> String { x < 0.05 ? "0" : String(format: x >= 10 ? "%.0f" : "%.1f", x) }

  /// A ratio to what is usual, to two decimals.
  static func ratio(_ x: Double) -> String { String(format: "%.2f", x) }

  static func percent(_ share: Double) -> String { String(format: "%.0f%%", 100 * share) }
}
