/// A finite number as `±0.d₁d₂d₃… × 10^point` with no leading and no trailing zero digits; zero has no digits.
struct DecimalDigits: Equatable {
  var negative: Bool
  var digits: [UInt8]
  var point: Int

  init?(_ x: Double) {
    guard x.isFinite else { return nil }
    negative = x < 0
    digits = []
    point = 0
    var afterPoint = false
    var exponent = 0
    var exponentSign = 1
    var inExponent = false
    for byte in abs(x).description.utf8 {
      switch byte {
      case UInt8(ascii: "."): afterPoint = true
      case UInt8(ascii: "e"): inExponent = true
      case UInt8(ascii: "-"): exponentSign = -1
      case UInt8(ascii: "+"): break
      default:
        let digit = byte - UInt8(ascii: "0")
        if inExponent {
          exponent = exponent * 10 + Int(digit)
        } else {
          if digits.isEmpty && digit == 0 {
            if afterPoint { point -= 1 }
            continue
          }
          digits.append(digit)
          if !afterPoint { point += 1 }
        }
      }
    }
    point += exponentSign * exponent
    trim()
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty {
      negative = false
      point = 0
    }
  }

  /// Rounded to at most `count` significant digits.
  func rounded(toDigits count: Int) -> DecimalDigits { keeping(count) }

  /// Rounded to a multiple of `10^exponent`.
  func rounded(toExponent exponent: Int) -> DecimalDigits { keeping(point - exponent) }

  private func keeping(_ count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.trim()
      return result
    }
    let up = digits[count] >= 5
    result.digits.removeSubrange(count...)
    if up {
      var i = count - 1
      while i >= 0 && result.digits[i] == 9 {
        result.digits[i] = 0
        i -= 1
      }
      if i >= 0 {
        result.digits[i] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.point += 1
      }
    }
    result.trim()
    return result
  }

  var text: String {
    guard !digits.isEmpty else { return "0" }
    if point < -4 || point > 15 {
      var s = negative ? "-" : ""
      s += Self.string(digits[..<1])
      if digits.count > 1 { s += "." + Self.string(digits[1...]) }
      return s + "e\(point - 1)"
    }
    return fixedText(places: max(0, digits.count - point))
  }

  /// All integer digits and exactly `places` more; digits beyond `places` must have been rounded away.
  func fixedText(places: Int) -> String {
    var s = negative ? "-" : ""
    if point <= 0 {
      s += "0"
    } else {
      s += Self.string(digits.prefix(point))
      if digits.count < point { s += String(repeating: "0", count: point - digits.count) }
    }
    guard places > 0 else { return s }
    var fraction = String(repeating: "0", count: min(places, max(0, -point)))
    if point < digits.count { fraction += Self.string(digits[max(0, point)...]) }
    if fraction.utf8.count < places { fraction += String(repeating: "0", count: places - fraction.utf8.count) }
    return s + "." + fraction
  }

  private static func string(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }
}
