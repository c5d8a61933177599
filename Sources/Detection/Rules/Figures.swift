internal import Foundation

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

  static func interval(_ low: Double, _ high: Double) -> String {
    let size = max(abs(low), abs(high))
    let digits = size >= 10 ? 1 : size >= 0.095 ? 2 : 3
    return String(format: "%.\(digits)f … %.\(digits)f", low, high)
  }

  static func times(_ x: Double) -> String { String(format: x >= 10 ? "%.0f" : "%.1f", x) }

  static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
}
