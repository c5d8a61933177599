import Detection
import Scores
import Wording

/// Writes JSON (RFC 8259) in the order in which it is told, so that the same report is the same bytes.
///
/// Text is escaped beyond what JSON demands: DEL, the C1 controls, line separators and bidirectional controls are written as `\u001b`, so
/// that the output can be shown in a terminal or pasted into a page without a name taking over. Numbers carry six significant digits;
/// NaN and infinities, which JSON does not have, become `null`.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  /// Line breaks and indentation, or everything on one line.
  private let pretty: Bool
  private var depth = 0
  private var needsComma = false
  private var flat = 0

  init(pretty: Bool) { self.pretty = pretty }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func object(_ fields: (inout JSONWriter) -> Void) { container("{", "}", fields) }

  /// An array with every element on its own line.
  mutating func array<T>(_ elements: [T], _ write: (inout JSONWriter, T) -> Void) {
    guard !elements.isEmpty else { return inline("[]") }
    container("[", "]") { writer in
      for element in elements {
        writer.next()
        write(&writer, element)
      }
    }
  }

  /// Whatever `body` writes stays on one line: for lists of names and numbers.
  mutating func onOneLine(_ body: (inout JSONWriter) -> Void) {
    flat += 1
    body(&self)
    flat -= 1
  }

  /// A field that holds an array of objects, each on its own line.
  mutating func rows<T>(_ name: String, _ elements: [T], _ fields: (inout JSONWriter, T) -> Void) {
    key(name)
    array(elements) { writer, element in writer.onOneLine { $0.object { fields(&$0, element) } } }
  }

  mutating func key(_ name: String) {
    next()
    string(name)
    append(pretty ? ": " : ":")
    needsComma = false
  }

  mutating func field(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  mutating func field(_ name: String, _ value: Int) {
    key(name)
    inline("\(value)")
  }

  mutating func field(_ name: String, _ value: Double?) {
    key(name)
    number(value)
  }

  mutating func field(_ name: String, _ value: Bool) {
    key(name)
    inline(value ? "true" : "false")
  }

  mutating func inputs(_ inputs: [Input]) {
    rows("inputs", inputs) { json, input in
      json.field("name", input.name)
      json.field("sha256", input.sha256)
    }
  }

  mutating func strings(_ name: String, _ values: [String]) {
    key(name)
    onOneLine { $0.array(values) { $0.string($1) } }
  }

  mutating func evidence(_ name: String, _ evidence: [Evidence]) {
    key(name)
    object { $0.members(of: evidence) }
  }

  mutating func members(of evidence: [Evidence]) {
    for item in evidence {
      key(item.key)
      value(item.value)
    }
  }

  mutating func null() { inline("null") }

  mutating func number(_ value: Double?, digits: Int = 6) {
    inline(value.flatMap { NumberText.significant($0, digits: digits) } ?? "null")
  }

  mutating func integer(_ value: Int) { inline("\(value)") }

  mutating func string(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      default:
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || Self.reorders(scalar.value) {
          let hex = String(scalar.value, radix: 16)
          append("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex)
        } else {
          bytes.append(contentsOf: scalar.utf8)
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  private static func reorders(_ value: UInt32) -> Bool {
    value == 0x2028 || value == 0x2029 || value == 0x200E || value == 0x200F || (0x202A...0x202E).contains(value)
      || (0x2066...0x2069).contains(value)
  }

  private mutating func value(_ value: Evidence.Value) {
    switch value {
    case .number(let x): number(x)
    case .count(let n): integer(n)
    case .text(let s): string(s)
    case .flag(let b): inline(b ? "true" : "false")
    case .numbers(let xs): onOneLine { $0.array(xs) { $0.number($1) } }
    case .texts(let ss): onOneLine { $0.array(ss) { $0.string($1) } }
    }
  }

  private mutating func inline(_ text: String) {
    append(text)
    needsComma = true
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Separates from the element before, if any, and begins the next one's line.
  private mutating func next() {
    if needsComma { append(",") }
    if pretty && flat == 0 {
      append("\n")
      append(String(repeating: "  ", count: depth))
    } else if needsComma && pretty {
      append(" ")
    }
    needsComma = false
  }

  private mutating func container(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
    append(open)
    depth += 1
    needsComma = false
    let start = bytes.count
    body(&self)
    depth -= 1
    if pretty && flat == 0 && bytes.count > start {
      append("\n")
      append(String(repeating: "  ", count: depth))
    }
    append(close)
    needsComma = true
  }
}
