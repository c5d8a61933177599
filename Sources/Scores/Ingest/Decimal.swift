/// Reading decimal numbers exactly.
enum Decimal {
  /// Nobody scores beyond this: one such number among ordinary scores would swallow their last digits in every sum.
  static let largest = 1e12

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// The double nearest to the decimal number in `text[start ..< end]`, or nil when the text is anything else.
  ///
  /// Accepted: `[+-] digits [point digits] [e [+-] digits]` with digits on at least one side of the point. Not accepted: NaN, infinities,
  /// hexadecimal, thousands separators, anything before or behind, and numbers beyond `largest`. Up to 15 significant digits
  /// without an exponent are one exact division of exact operands, hence correctly rounded (Clinger, "How to read floating point numbers
  /// accurately", PLDI 1990); the rest goes through the standard library's correctly rounded conversion. A negative zero becomes zero.
  @inline(__always)
  static func parse(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, point: UInt8) -> Double? {
    var i = start
    var negative = false
    if i < end, text[i] == 0x2D || text[i] == 0x2B {
      negative = text[i] == 0x2D
      i &+= 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var seenPoint = false
    if end &- i > 16 { return parseLong(text, start, end, point: point) }
    while i < end {
      let digit = text[i] &- 0x30
      if digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digits &+= 1
        if seenPoint { fraction &+= 1 }
      } else if text[i] == point && !seenPoint {
        seenPoint = true
      } else {
        return parseLong(text, start, end, point: point)
      }
      i &+= 1
    }
    if digits == 0 { return nil }
    if digits > 15 || digits &- fraction > 12 { return parseLong(text, start, end, point: point) }
    let magnitude = fraction == 0 ? Double(mantissa) : Double(mantissa) / powersOfTen[fraction]
    return negative && magnitude != 0 ? -magnitude : magnitude
  }

  @inline(never)
  private static func parseLong(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, point: UInt8) -> Double? {
    // Longer than any number a person means; the limit keeps the cost of a hostile field bounded.
    guard start < end, end - start <= 400 else { return nil }
    var ascii: [UInt8] = []
    var digits = 0
    var exponent = false
    var points = 0
    for i in start..<end {
      let b = text[i]
      switch b {
      case 0x30...0x39: digits += 1
      case point:
        if exponent || points > 0 { return nil }
        points += 1
      case 0x2B, 0x2D:
        if let last = ascii.last, last != 0x65 { return nil }
      case 0x65, 0x45:
        if exponent || digits == 0 { return nil }
        exponent = true
        digits = 0
      default: return nil
      }
      ascii.append(b == point ? 0x2E : (b == 0x45 ? 0x65 : b))
    }
    guard digits > 0 else { return nil }
    // "5." and ".5" are numbers to people and to spreadsheets.
    if ascii.last == 0x2E { ascii.append(0x30) }
    var string = String(decoding: ascii, as: UTF8.self)
    if let dot = string.firstIndex(of: "."), dot == string.startIndex || !string[string.index(before: dot)].isNumber {
      string.insert("0", at: dot)
    }
    string = string.replacing(".e", with: ".0e")
    guard let value = Double(string), value.magnitude <= largest else { return nil }
    return value == 0 ? 0 : value
  }
}
