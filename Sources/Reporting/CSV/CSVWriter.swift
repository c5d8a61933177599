/// Comma-separated values after RFC 4180: CRLF, quotes where they are needed, and no cell of text that a spreadsheet takes for a formula.
struct CSVWriter {
  private(set) var bytes: [UInt8] = []
  private var first = true

  init() {}

  /// What has been written since the last call.
  mutating func drain() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// A cell of text. One that begins with `=`, `+`, `-`, `@`, a full-width form of them, a tab or a line break is given an apostrophe in
  /// front, which spreadsheets read as "this is text" (OWASP, CSV injection).
  mutating func cell(_ text: String) {
    separate()
    let guarded = Self.startsFormula(text)
    let quoted = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    if quoted { bytes.append(0x22) }
    if guarded { bytes.append(UInt8(ascii: "'")) }
    if quoted {
      for byte in text.utf8 {
        if byte == 0x22 { bytes.append(0x22) }
        bytes.append(byte)
      }
      bytes.append(0x22)
    } else {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// A cell that holds a number to six significant digits; empty for `nil`, NaN and infinities.
  mutating func cell(_ number: Double?) {
    separate()
    if let number, let text = Significant.text(number, digits: 6) { bytes.append(contentsOf: text.utf8) }
  }

  mutating func endRecord() {
    bytes.append(0x0D)
    bytes.append(0x0A)
    first = true
  }

  private mutating func separate() {
    if first { first = false } else { bytes.append(0x2C) }
  }

  static func startsFormula(_ text: String) -> Bool {
    guard let scalar = text.unicodeScalars.first else { return false }
    return switch scalar {
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
    default: false
    }
  }
}
