import Detection
import Wording

/// Numbers as a reader wants them: grouped thousands, no digit beyond what the interval supports.
enum Figures {
  /// `203,254`.
  static func count(_ n: Int) -> String {
    let digits = String(n.magnitude)
    var grouped = ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return n < 0 ? "-" + grouped : grouped
  }

  /// The effect with its sign and interval. Two significant digits of the interval's half width are shown (three of the effect when it has
  /// no interval): more would claim a precision that is not there.
  ///
  /// Shares are told in per cent. A ratio has no sign: what it says is how many times.
  static func effect(_ effect: Effect, _ language: Language) -> String {
    if effect.unit == "share" {
      return self.effect(
        Effect(value: effect.value * 100, low: effect.low.map { $0 * 100 }, high: effect.high.map { $0 * 100 }, unit: "%"), language)
    }
    let write = effect.unit == "ratio" ? fixed : signed
    let unit = self.unit(effect.unit, language)
    guard let low = effect.low, let high = effect.high, low.isFinite, high.isFinite else {
      return "\(write(effect.value, places(for: effect.value, digits: 3)))\(unit)"
    }
    let halfWidth = (high - low) / 2
    let places = places(for: halfWidth > 0 ? halfWidth : effect.value, digits: 2)
    let value = write(effect.value, places)
    let mark = effect.unit == "%" ? "%" : ""
    let range = (fixed(low, places) + mark, fixed(high, places) + mark)
    return switch language {
    case .en: "\(value)\(unit) (95% interval \(range.0) to \(range.1))"
    case .zhHans: "\(value)\(unit)（95% 区间 \(range.0) 至 \(range.1)）"
    }
  }

  /// A magnitude to three significant digits with its unit.
  static func magnitude(_ value: Double, unit: String, _ language: Language) -> String {
    unit == "share"
      ? magnitude(value * 100, unit: "%", language) : fixed(value, places(for: value, digits: 3)) + self.unit(unit, language)
  }

  /// `1 in 3,200`, and no finer than one in a million, beyond which no model is to be believed.
  static func chance(_ p: Double, _ language: Language) -> String {
    guard p.isFinite, p > 0, p >= 1e-6 else {
      return language == .en ? "less than 1 in 1,000,000" : "不到百万分之一"
    }
    let times = 1 / p
    if times < 1.5 { return language == .en ? "almost always" : "几乎总会" }
    let scale: Double = times >= 1000 ? 100 : times >= 100 ? 10 : 1
    let rounded = Int((times / scale).rounded() * scale)
    return language == .en ? "1 in \(count(rounded))" : "\(count(rounded)) 次中约 1 次"
  }

  static func probability(_ p: Double) -> String { Significant.text(p, digits: 2) ?? "–" }

  static func percent(_ share: Double) -> String { (Significant.text(share * 100, digits: 3) ?? "–") + "%" }

  /// Lines of the file as runs, `12, 14–19`, at most `limit` runs.
  static func rows(_ rows: [Int], limit: Int, _ language: Language) -> String {
    var runs: [ClosedRange<Int>] = []
    for row in rows.sorted() {
      if let last = runs.last, row == last.upperBound || row == last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...row
      } else {
        runs.append(row...row)
      }
    }
    let shown = runs.prefix(limit)
    let text = shown.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
      .joined(separator: language == .en ? ", " : "、")
    let hidden = runs.dropFirst(limit).reduce(0) { $0 + $1.count }
    guard hidden > 0 else { return text }
    return language == .en ? "\(text) and \(count(hidden)) more" : "\(text)，另有 \(count(hidden)) 行"
  }

  private static func unit(_ unit: String, _ language: Language) -> String {
    switch (unit, language) {
    case ("points", .en): " points"
    case ("points", .zhHans): " 分"
    case ("scores", .zhHans): " 个评分"
    case ("%", _): "%"
    case ("ratio", .zhHans): " 倍"
    case ("ratio", .en): " times"
    case ("", _): ""
    default: " " + unit
    }
  }

  private static func signed(_ x: Double, _ places: Int) -> String {
    let text = fixed(x, places)
    return x > 0 ? "+" + text : text
  }

  private static func fixed(_ x: Double, _ places: Int) -> String { Significant.fixed(x, places: places) ?? "–" }

  /// Decimal places that show `digits` significant digits of `x`.
  private static func places(for x: Double, digits: Int) -> Int {
    guard let decimal = Significant.Decimal(x), !decimal.digits.isEmpty else { return 1 }
    return min(8, max(0, digits - decimal.point))
  }
}
