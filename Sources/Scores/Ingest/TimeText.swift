/// Reading dates, times and places in an order.
enum TimeText {
  /// What is read: its kind and its value as in `ScoreTimes`.
  struct Reading: Equatable, Sendable {
    var kind: ScoreTimes.Kind
    var value: Double
  }

  /// The time in `text[start ..< end]`, or nil when the text is anything else.
  ///
  /// Accepted: a decimal number; year-month-day with `-`, `/` or `.` between them; behind it, after a blank or `T`, hours:minutes[:seconds[.fraction]] and
  /// an offset from UTC (`Z`, `+08:00`), which is taken off. Not accepted: days or months first, two-digit years, a time of day alone, 12-hour
  /// clocks: none of them says which moment is meant.
  static func parse(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, point: UInt8) -> Reading? {
    if let number = Decimal.parse(text, start, end, point: point) { return Reading(kind: .number, value: number) }
    var i = start
    guard let year = digits(text, &i, end, 4...4), i < end else { return nil }
    let separator = text[i]
    guard separator == 0x2D || separator == 0x2F || separator == 0x2E else { return nil }
    i += 1
    guard let month = digits(text, &i, end, 1...2), i < end, text[i] == separator else { return nil }
    i += 1
    guard let day = digits(text, &i, end, 1...2), CivilDate.isDate(year, month, day) else { return nil }
    let midnight = Double(CivilDate.number(year, month, day)) * 86_400
    if i == end { return Reading(kind: .day, value: midnight) }
    guard text[i] == 0x20 || text[i] | 0x20 == 0x74 else { return nil }
    while i < end, text[i] == 0x20 || text[i] | 0x20 == 0x74 { i += 1 }
    guard let seconds = timeOfDay(text, &i, end) else { return nil }
    return Reading(kind: .moment, value: midnight + seconds)
  }

  /// The time in a text of any characters: Chinese dates such as 2026年3月5日 14:30 and full-width digits too.
  static func parse(_ text: String, point: UInt8) -> Reading? {
    var plain: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "年", "月": plain.append(0x2D)
      case "日", "号", "\u{3000}", "\u{A0}": plain.append(0x20)
      case "时", "点", "分": plain.append(0x3A)
      case "秒": break
      default:
        let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
        guard value < 0x80 else { return nil }
        plain.append(UInt8(value))
      }
    }
    // What stood for a colon or a blank at the end separates nothing.
    while let last = plain.last, last == 0x20 || last == 0x3A { plain.removeLast() }
    let hour = plain.lastIndex(of: 0x20).map { plain[($0 + 1)...] }
    // 14时: full hours.
    if text.contains("时") || text.contains("点"), let hour, !hour.contains(0x3A) { plain += Array(":00".utf8) }
    return parse(plain.span, 0, plain.count, point: point)
  }

  /// Seconds since midnight, the offset from UTC taken off.
  private static func timeOfDay(_ text: borrowing Span<UInt8>, _ i: inout Int, _ end: Int) -> Double? {
    guard let hour = digits(text, &i, end, 1...2), hour < 24, i < end, text[i] == 0x3A else { return nil }
    i += 1
    guard let minute = digits(text, &i, end, 2...2), minute < 60 else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    if i < end, text[i] == 0x3A {
      i += 1
      guard let second = digits(text, &i, end, 2...2), second < 60 else { return nil }
      seconds += Double(second)
      if i < end, text[i] == 0x2E {
        i += 1
        var unit = 0.1
        while i < end, text[i] &- 0x30 < 10 {
          seconds += unit * Double(text[i] - 0x30)
          unit *= 0.1
          i += 1
        }
      }
    }
    guard i < end else { return seconds }
    if text[i] | 0x20 == 0x7A { return i + 1 == end ? seconds : nil }
    guard text[i] == 0x2B || text[i] == 0x2D else { return nil }
    let sign = text[i] == 0x2B ? -60.0 : 60.0
    i += 1
    guard let hours = digits(text, &i, end, 2...2), hours < 24 else { return nil }
    if i < end, text[i] == 0x3A { i += 1 }
    guard let minutes = i == end ? 0 : digits(text, &i, end, 2...2), minutes < 60, i == end else { return nil }
    return seconds + sign * Double(60 * hours + minutes)
  }

  /// As many digits as are allowed, if there are enough.
  private static func digits(_ text: borrowing Span<UInt8>, _ i: inout Int, _ end: Int, _ allowed: ClosedRange<Int>) -> Int? {
    var value = 0
    var count = 0
    while i < end, text[i] &- 0x30 < 10, count < allowed.upperBound {
      value = 10 * value + Int(text[i] - 0x30)
      count += 1
      i += 1
    }
    return allowed.contains(count) ? value : nil
  }
}
