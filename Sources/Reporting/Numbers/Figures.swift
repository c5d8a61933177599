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

  /// The effect with its sign and interval. Two significant digits of the interval's half width are shown, and never more than three of the
  /// effect: more would claim a precision that is not there.
  ///
  /// Counts are told as counts, and shares in percentage points. A ratio has no sign: what it says is how many times the usual, or how much of it.
  static func effect(_ effect: Effect, _ language: Language) -> String {
    let value = effect.value
    switch effect.unit {
    case "share": return interval(effect, scale: 100, " percentage points", zh: " 个百分点", language)
    case "ratio" where value < 1:
      return interval(effect, scale: 100, signed: false, mark: "%", "% of the usual", zh: "%", before: "为通常水平的 ", language)
    case "ratio": return interval(effect, signed: false, " times the usual", zh: " 倍", before: "为通常水平的 ", language)
    case "points": return interval(effect, " points", zh: " 分", language)
    default:
      guard let noun = counted[effect.unit], value == value.rounded(), abs(value) < 1e15 else {
        return interval(effect, effect.unit.isEmpty ? "" : " " + effect.unit, zh: effect.unit.isEmpty ? "" : " " + effect.unit, language)
      }
      let number = count(Int(value))
      return language == .en ? "\(number) \(value == 1 ? noun.one : noun.many)" : "\(number) \(noun.zh)"
    }
  }

  /// Whether effects in this unit are plain counts.
  static func isCount(_ unit: String) -> Bool { counted[unit] != nil }

  /// The smallest effect that would have been found, to two significant digits.
  static func detectable(_ value: Double, unit: String) -> Text {
    func number(_ x: Double) -> String { fixed(x, NumberText.places(for: x, digits: 2)) }
    switch unit {
    case "points": return Text("a difference of \(number(value)) points", zh: "若相差 \(number(value)) 分")
    case "share":
      return Text("an excess of \(number(value * 100)) percentage points", zh: "若高出 \(number(value * 100)) 个百分点")
    case "ratio" where value < 1:
      return Text("a spread of \(number(value * 100))% of the usual", zh: "若差异幅度小到通常水平的 \(number(value * 100))%")
    case "ratio": return Text("a spread of \(number(value)) times the usual", zh: "若离散程度达到通常水平的 \(number(value)) 倍")
    default: return Text("an effect of \(number(value)) \(unit)", zh: "若达到 \(number(value)) \(unit)")
    }
  }

  /// Units of effects that count things: one of them, many of them, and their measure word and name in Chinese.
  private static let counted: [String: (one: String, many: String, zh: String)] = [
    "scores": ("score", "scores", "个得分"), "sheets": ("sheet", "sheets", "张评分表"), "units": ("unit", "units", "个单位"),
    "raters": ("rater", "raters", "名考评员"), "teams": ("team", "teams", "个考评组"), "parts": ("part", "parts", "个部分"),
    "criteria": ("criterion", "criteria", "项指标"), "groups of criteria": ("group of criteria", "groups of criteria", "组指标"),
    "cells": ("result on a single criterion", "results on single criteria", "项单位指标得分"),
  ]

  /// A value with its unit and its interval; `scale` is what all three are multiplied by, `mark` what stands behind the bounds.
  private static func interval(
    _ effect: Effect, scale: Double = 1, signed isSigned: Bool = true, mark: String = "", _ unit: String, zh: String, before: String = "",
    _ language: Language
  ) -> String {
    let write = isSigned ? signed : fixed
    let value = effect.value * scale
    func told(_ number: String) -> String { language == .en ? number + unit : before + number + zh }
    guard let low = effect.low.map({ $0 * scale }), let high = effect.high.map({ $0 * scale }), low.isFinite, high.isFinite else {
      return told(write(value, NumberText.places(for: value, digits: 3)))
    }
    let halfWidth = (high - low) / 2
    let largest = max(abs(value), max(abs(low), abs(high)))
    let places = min(NumberText.places(for: halfWidth > 0 ? halfWidth : value, digits: 2), NumberText.places(for: largest, digits: 3))
    let range = (fixed(low, places) + mark, fixed(high, places) + mark)
    return switch language {
    case .en: "\(told(write(value, places))) (95% interval \(range.0) to \(range.1))"
    case .zhHans: "\(told(write(value, places)))（95% 区间 \(range.0) 至 \(range.1)）"
    }
  }

  /// `1 in 3,200`, to two significant digits, and no finer than one in a million, beyond which no model is to be believed.
  static func chance(_ p: Double, _ language: Language) -> String {
    guard p.isFinite, p > 0, p >= 1e-6 else {
      return language == .en ? "less than 1 in 1,000,000" : "不到百万分之一"
    }
    let times = 1 / p
    if times < 1.5 { return language == .en ? "almost always" : "几乎总会" }
    var scale = 1.0
    while times / scale >= 99.5 { scale *= 10 }
    let rounded = Int((times / scale).rounded() * scale)
    return language == .en ? "1 in \(count(rounded))" : "\(count(rounded)) 次中约 1 次"
  }

  static func probability(_ p: Double) -> String { NumberText.significant(p, digits: 2) ?? "–" }

  static func percent(_ share: Double) -> String { (NumberText.significant(share * 100, digits: 3) ?? "–") + "%" }

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

  private static func signed(_ x: Double, _ places: Int) -> String {
    let text = fixed(x, places)
    return x > 0 ? "+" + text : text
  }

  private static func fixed(_ x: Double, _ places: Int) -> String { NumberText.fixed(x, places: places) ?? "–" }
}
