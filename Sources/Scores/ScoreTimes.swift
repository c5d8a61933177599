public import Wording

/// When scores were given, as far as the file says: one value a score, in the order of the table.
public struct ScoreTimes: Sendable, Equatable {
  /// What the cells of the column are; one column holds one kind.
  public enum Kind: Sendable, Equatable {
    /// Plain numbers, such as 1, 2, 3: only their order is meant.
    case number
    /// Dates without a time of day.
    case day
    /// Dates with a time of day.
    case moment

    var term: Text {
      switch self {
      case .number: Text("a number", zh: "数字")
      case .day: Text("a date", zh: "日期")
      case .moment: Text("a date with the time of day", zh: "日期和时刻")
      }
    }
  }

  public var kind: Kind
  /// The number, or seconds since the beginning of 1970 by the clock of the file; nan where the cell is blank.
  public var values: [Double]

  public init(kind: Kind, values: [Double]) {
    self.kind = kind
    self.values = values
  }

  /// A value as a reader writes it: `17`, `2026-03-05`, `2026-03-05 14:30`.
  public func text(_ value: Double) -> String {
    if kind == .number {
      return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
    let seconds = Int(value.rounded(.down))
    let date = CivilDate(day: Int((value / 86_400).rounded(.down)))
    let day = "\(date.year)-\(ScoreTimes.twoDigits(date.month))-\(ScoreTimes.twoDigits(date.day))"
    if kind == .day { return day }
    let minutes = (seconds - CivilDate.number(date.year, date.month, date.day) * 86_400) / 60
    return "\(day) \(ScoreTimes.twoDigits(minutes / 60)):\(ScoreTimes.twoDigits(minutes % 60))"
  }

  private static func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
}

/// A column that was recognised as one of times and holds cells that are none: nothing of it is used.
public struct UnreadTimes: Sendable, Equatable {
  /// The first of these cells.
  public var first: ScoreProblem
  /// How many there are.
  public var count: Int
  /// The column from which the order of scoring is taken in its place, if there is one.
  public var instead: ScoreProblem.Column?

  /// What was not used, why, and what to do about it.
  public var note: Text {
    var text = Text(
      "times are not used: \(first.place.en): \(first.message.en)\(count > 1 ? " (the first of \(count) such cells)" : ""). \(first.remedy.en)",
      zh: "未使用时间列：\(first.place.zh)：\(first.message.zh)\(count > 1 ? "（此类单元格共 \(count) 个）" : "")。\(first.remedy.zh)")
    if let instead {
      text.en += " The order of scoring is taken from \(instead.place.en)."
      text.zh += "评分先后改按\(instead.place.zh)确定。"
    }
    return text
  }
}

/// Days of the Gregorian calendar.
struct CivilDate: Equatable {
  var year: Int
  var month: Int
  var day: Int

  /// The date `day` days after 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
  init(day number: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * ofYear + 2) / 153
    day = ofYear - (153 * fromMarch + 2) / 5 + 1
    month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days from 1970-01-01 to a date.
  static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
  }

  static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard year >= 1000, (1...12).contains(month), day >= 1 else { return false }
    return CivilDate(day: number(year, month, day)) == CivilDate(year, month, day)
  }

  private init(_ year: Int, _ month: Int, _ day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }
}
