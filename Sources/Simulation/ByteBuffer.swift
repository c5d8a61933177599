/// Text as bytes, built without a string for every field.
struct ByteBuffer {
  private(set) var bytes: [UInt8] = []

  static let comma = UInt8(ascii: ",")
  static let newline = UInt8(ascii: "\n")

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ value: Int) {
    var rest = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var divisor: UInt = 1
    while rest / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }

  /// `value` with at most `decimals` (0 … 6) decimals, zeros at the end left out. Scores are whole numbers of steps, so they print exactly.
  mutating func append(_ value: Double, decimals: Int) {
    var power = 1
    for _ in 0..<decimals { power *= 10 }
    let scaled = Int((value.magnitude * Double(power)).rounded())
    if value < 0 && scaled > 0 { bytes.append(UInt8(ascii: "-")) }
    append(scaled / power)
    var rest = scaled % power
    guard rest > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    while rest > 0 {
      power /= 10
      bytes.append(UInt8(ascii: "0") + UInt8(rest / power))
      rest %= power
    }
  }

  /// A field of a CSV file: quoted when it holds a comma, a quote, a line break, or a space at either end (RFC 4180).
  mutating func append(field: String) { bytes.append(contentsOf: ByteBuffer.field(field)) }

  static func field(_ text: String) -> [UInt8] {
    let plain = Array(text.utf8)
    let special = plain.contains { $0 == comma || $0 == newline || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\"") }
    guard special || plain.first == UInt8(ascii: " ") || plain.last == UInt8(ascii: " ") else { return plain }
    let quote = UInt8(ascii: "\"")
    return [quote] + plain.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }
}
