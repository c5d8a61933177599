/// What is written where a score should be, when it is not plainly a number.
enum ScoreText: Sendable, Equatable {
  case missing
  case number(Double)
  case notANumber
  case notFinite
  case decimalComma
  case decimalPoint

  /// Words for "no score was given". NaN is none of them: it comes from a computation, not from a person.
  static let missingMarkers: Set<String> = [
    "", "na", "n/a", "#n/a", "n.a.", "null", "none", "nil", "-", "--", "---", "–", "—", "——", "/", ".", "..", "…", "?", "absent", "abs",
    "missing", "no score",
    "not scored", "not rated", "abstain", "abstained", "recused", "withdrawn", "dns", "dnf", "缺考", "缺席", "缺", "缺评", "缺失", "未评", "未评分",
    "未打分", "未考", "未考评",
    "未参加", "无", "无分", "空", "弃权", "弃考", "回避", "请假", "免考", "免评", "不适用", "不评", "未到", "未检查",
  ]

  init(_ text: String, point: UInt8) {
    var plain = ""
    for scalar in text.unicodeScalars {
      let value = scalar.value
      switch value {
      case 0xFF01...0xFF5E: plain.unicodeScalars.append(Unicode.Scalar(value - 0xFEE0) ?? scalar)
      case 0x3000, 0xA0, 0x202F: plain += " "
      case 0x2212: plain += "-"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    let words = plain.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).joined(separator: " ").lowercased()
    if ScoreText.missingMarkers.contains(words) {
      self = .missing
      return
    }
    let bytes = Array(words.utf8)
    if let value = Decimal.parse(bytes.span, 0, bytes.count, point: point) {
      self = .number(value)
      return
    }
    if point == 0x2E, bytes.count(where: { $0 == 0x2C }) == 1, Decimal.parse(bytes.span, 0, bytes.count, point: 0x2C) != nil {
      self = .decimalComma
      return
    }
    if point == 0x2C, bytes.count(where: { $0 == 0x2E }) == 1, Decimal.parse(bytes.span, 0, bytes.count, point: 0x2E) != nil {
      self = .decimalPoint
      return
    }
    let unsigned = words.drop { $0 == "+" || $0 == "-" }
    let overflow = !unsigned.isEmpty && Double(words).map { !($0.magnitude <= Decimal.largest) } == true
    self = overflow || ["nan", "inf", "infinity", "∞"].contains(String(unsigned)) ? .notFinite : .notANumber
  }

  /// Whether it is a number with its unit: `88分`, `88 %`.
  static func hasUnit(_ text: String, point: UInt8) -> Bool {
    for unit in ["分", "%", "％", "points", "pts"] where text.hasSuffix(unit) {
      if case .number = ScoreText(String(text.dropLast(unit.count)), point: point) { return true }
    }
    return false
  }
}
