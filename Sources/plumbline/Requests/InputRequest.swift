import Detection
import Foundation
import Scores
import Wording

/// What to read and how: values made of `InputArguments`.
struct InputRequest {
  var source: ScoreSource
  var campaignPath: String?
  var reading: ScoreReadingOptions
  /// Overrides how the criteria of a sheet make its result.
  var overCriteria: ResultRule.OverCriteria?
  /// What was typed of all this, for the report; in a fixed order.
  var record: [Evidence] = []

  init(_ typed: InputArguments, threads: Int, _ problems: inout Problems) {
    source = typed.scores == "-" ? .standardInput : .file(typed.scores)
    campaignPath = typed.campaign
    reading = ScoreReadingOptions()
    reading.threads = threads
    if typed.reports != nil {
      problems.add("--reports: no rule of this version reads reports; leave it out.", zh: "--reports：本版本还没有使用报表的规则，请去掉此选项。")
    }
    columns(typed, &problems)
    reading.layout = problems.choice(
      typed.layout, option: "--layout", default: nil, ["long": .long, "wide-raters": .wideRaters, "wide-criteria": .wideCriteria])
    reading.separator = Self.separator(typed.delimiter, &problems)
    reading.encoding = Self.encoding(typed.encoding, &problems)
    reading.decimalComma = typed.decimalComma
    overCriteria = problems.choice(typed.result, option: "--result", default: nil, ["mean": .mean, "sum": .sum])
    for (key, value) in [
      ("layout", typed.layout), ("delimiter", typed.delimiter), ("encoding", typed.encoding),
    ] {
      if let value { record.append(Evidence(key, .text(value))) }
    }
    if let comma = typed.decimalComma { record.append(Evidence("decimalComma", .flag(comma))) }
  }

  private mutating func columns(_ typed: InputArguments, _ problems: inout Problems) {
    let named: [(ColumnRole, String?)] = [
      (.rater, typed.rater), (.unit, typed.unit), (.criterion, typed.criterion), (.score, typed.score), (.team, typed.team),
      (.raterGroup, typed.raterGroup), (.unitGroup, typed.unitGroup), (.round, typed.round), (.category, typed.category),
    ]
    for case (let role, let column?) in named { name(role, column, &problems) }
    for pair in typed.column {
      guard let equals = pair.firstIndex(of: "=") else {
        problems.add("--column \(pair): write it as role=column.", zh: "--column \(pair)：请写成 角色=列。")
        continue
      }
      guard let role = ColumnRole(written: String(pair[..<equals])) else {
        let roles = ColumnRole.allCases.map(\.rawValue)
        problems.add(
          "--column \(pair): there is no role “\(pair[..<equals])”; the roles are \(roles.joined(separator: ", ")).",
          zh: "--column \(pair)：没有“\(pair[..<equals])”这一角色；可用的有 \(roles.joined(separator: "、"))。")
        continue
      }
      name(role, String(pair[pair.index(after: equals)...]), &problems)
    }
    let across = typed.scoreColumns.flatMap { $0.split(separator: ",").map(String.init) }
    if !across.isEmpty {
      reading.scoreColumns = across
      record.append(Evidence("scoreColumns", .texts(across)))
    }
  }

  private mutating func name(_ role: ColumnRole, _ column: String, _ problems: inout Problems) {
    if column.isEmpty {
      problems.add("the \(role.rawValue) column has an empty name.", zh: "\(role.rawValue) 列名为空。")
    } else if let other = reading.columns[role], other != column {
      problems.add(
        "the \(role.rawValue) column is named twice: “\(other)” and “\(column)”.", zh: "\(role.rawValue) 列指定了两次：“\(other)”和“\(column)”。")
    } else if reading.columns[role] == nil {
      reading.columns[role] = column
      record.append(Evidence("column:\(role.rawValue)", .text(column)))
    }
  }

  static func separator(_ typed: String?, _ problems: inout Problems) -> Character? {
    guard let typed else { return nil }
    let names: [String: Character] = ["comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "bar": "|", "pipe": "|"]
    if let character = names[typed] { return character }
    if typed.count == 1, let character = typed.first, character.isASCII, !character.isLetter, !character.isNumber, character != "\"",
      !character.isNewline
    {
      return character
    }
    problems.add(
      "--delimiter \(typed): say comma, tab, semicolon, bar or a single punctuation character.",
      zh: "--delimiter \(typed)：可写 comma、tab、semicolon、bar 或单个标点字符。")
    return nil
  }

  static func encoding(_ typed: String?, _ problems: inout Problems) -> TextEncoding? {
    switch typed?.lowercased() {
    case nil: return nil
    case "utf-8", "utf8": return .utf8
    case "utf-16le": return .utf16LittleEndian
    case "utf-16be": return .utf16BigEndian
    // Which of the two is told by the byte order mark or by the text itself.
    case "utf-16", "utf16": return nil
    case "gb18030", "gbk", "gb2312", "cp936": return .gb18030
    case let other?:
      problems.add(
        "--encoding \(other): say utf-8, utf-16, utf-16le, utf-16be or gb18030.",
        zh: "--encoding \(other)：可用 utf-8、utf-16、utf-16le、utf-16be 或 gb18030。")
      return nil
    }
  }
}
