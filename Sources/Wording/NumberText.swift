/// Numbers as text that does not depend on where the program runs: a point for decimals, no grouping, `-` for negatives.
public enum NumberText {
  /// The shortest decimal that reads back as the same double: `3`, `0.1`, `1e-08`, `-2.5`. Whole numbers have no point.
  /// NaN and infinities are `NaN`, `Infinity` and `-Infinity`; whoever writes JSON must not pass them.
  public static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : (value < 0 ? "-Infinity" : "Infinity") }
    if value == 0 { return "0" }
    if abs(value) < 1e15, value == value.rounded() { return String(Int64(value)) }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `value` with exactly `decimals` digits behind the point (at most 15), rounded half away from zero on the shortest decimal of the value, so that 0.145
  /// becomes 0.15 as a person expects. No negative zero. Values of 10¹⁵ and above, and those that are not finite, as `shortest`.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return shortest(value) }
    let decimals = min(max(decimals, 0), 15)
    var (digits, point) = decimal(abs(value))
    let kept = point + decimals
    if kept < 0 {
      digits = []
    } else if kept < digits.count {
      let up = digits[kept] >= 5
      digits.removeLast(digits.count - kept)
      if up {
        var i = kept - 1
        while i >= 0, digits[i] == 9 {
          digits[i] = 0
          i -= 1
        }
        if i >= 0 {
          digits[i] += 1
        } else {
          digits.insert(1, at: 0)
          point += 1
        }
      }
    }
    // Digit k stands for 10^(point - 1 - k).
    func digit(_ k: Int) -> String { k >= 0 && k < digits.count ? String(digits[k]) : "0" }
    var text = point <= 0 ? "0" : (0..<point).map(digit).joined()
    if decimals > 0 { text += "." + (0..<decimals).map { digit(point + $0) }.joined() }
    let isZero = digits.allSatisfy { $0 == 0 }
    return value < 0 && !isZero ? "-" + text : text
  }

  /// At most `digits` significant digits, without trailing zeros: for effects and estimates, which mean no more than that.
  public static func significant(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return shortest(value) }
    let places = digits - decimal(abs(value)).point
    if places > 15 || abs(value) >= 1e15 { return scientific(value, digits: digits) }
    var text = fixed(value, decimals: max(0, places))
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text
  }

  /// A probability as papers print it: `0.031`, `2.4e-07`; two significant digits, exponents below 0.001.
  public static func probability(_ value: Double) -> String {
    value.isFinite && value > 0 && value < 0.001 ? scientific(value, digits: 2) : significant(value, digits: 2)
  }

  private static func scientific(_ value: Double, digits count: Int) -> String {
    var (digits, point) = decimal(abs(value))
    if digits.count > count {
      let up = digits[count] >= 5
      digits.removeLast(digits.count - count)
      if up {
        var i = count - 1
        while i >= 0, digits[i] == 9 {
          digits[i] = 0
          i -= 1
        }
        if i >= 0 {
          digits[i] += 1
        } else {
          digits = [1]
          point += 1
        }
      }
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    let exponent = point - 1
    let mantissa = String(digits[0]) + (digits.count > 1 ? "." + digits.dropFirst().map(String.init).joined() : "")
    let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return (value < 0 ? "-" : "") + mantissa + (exponent < 0 ? "e-" : "e+") + power
  }

  /// The digits of the shortest decimal, first one not zero (none for zero), and how many of them stand before the point.
  private static func decimal(_ value: Double) -> (digits: [Int], point: Int) {
    var digits: [Int] = []
    var point = 0
    var seenPoint = false
    var exponent = 0
    let text = value.description
    for (offset, character) in text.enumerated() {
      if let digit = character.wholeNumberValue {
        digits.append(digit)
        if !seenPoint { point += 1 }
      } else if character == "." {
        seenPoint = true
      } else {
        exponent = Int(text.dropFirst(offset + 1)) ?? 0
        break
      }
    }
    point += exponent
    while digits.first == 0 {
      digits.removeFirst()
      point -= 1
    }
    while digits.last == 0 { digits.removeLast() }
    return (digits, digits.isEmpty ? 0 : point)
  }
}
