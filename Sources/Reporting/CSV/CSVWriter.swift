import Wording

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
  ///
  /// Control, bidirectional and invisible characters but tabs and line breaks are written out as `\u{…}`, as in `VisibleText`: a table is
  /// also looked at in a terminal, and what begins with an invisible character may begin a formula.
  mutating func cell(_ name: String) {
    let text = Self.visible(name)
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

  /// A cell that holds a number to six significant digits, or as many as are asked for; empty for `nil`, NaN and infinities.
  mutating func cell(_ number: Double?, digits: Int = 6) {
    separate()
    if let number, let text = NumberText.significant(number, digits: digits) { bytes.append(contentsOf: text.utf8) }
  }

  mutating func endRecord() {
    bytes.append(0x0D)
    bytes.append(0x0A)
    first = true
  }

  private mutating func separate() {
    if first { first = false } else { bytes.append(0x2C) }
  }

  private static func visible(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return text }
    let breaks: (Unicode.Scalar) -> Bool = { $0 == "\t" || $0 == "\n" || $0 == "\r" }
    guard text.unicodeScalars.contains(where: breaks) else { return VisibleText.of(text) }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let next = rest.firstIndex(where: breaks) {
      result.append(contentsOf: VisibleText.of(String(rest[..<next])).unicodeScalars)
      result.append(rest[next])
      rest = rest[rest.index(after: next)...]
    }
    result.append(contentsOf: VisibleText.of(String(rest)).unicodeScalars)
    return String(result)
  }

  static func startsFormula(_ text: String) -> Bool {
    // Spreadsheets may drop blanks in front.
    guard let scalar = text.unicodeScalars.first(where: { $0 != " " && $0 != "\u{A0}" && $0 != "\u{3000}" }) else { return false }
    return switch scalar {
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
    default: false
    }
  }
}
