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
    reading.name(Self.columns(typed, &problems), &problems)
    reading.lay(typed.layout, &problems)
    typed.text.apply(to: &reading, &problems)
    overCriteria = problems.choice(typed.result, option: "--result", default: nil, ["mean": .mean, "sum": .sum])
    note(typed)
  }

  private mutating func note(_ typed: InputArguments) {
    for role in ColumnRole.allCases {
      if let column = reading.columns[role] { record.append(Evidence("column:\(role.rawValue)", .text(column))) }
    }
    if let across = reading.scoreColumns { record.append(Evidence("scoreColumns", .texts(across))) }
    for (key, value) in [
      ("layout", typed.layout.layout), ("delimiter", typed.text.delimiter), ("encoding", typed.text.encoding),
    ] {
      if let value { record.append(Evidence(key, .text(value))) }
    }
    if let comma = typed.text.decimalComma { record.append(Evidence("decimalComma", .flag(comma))) }
  }

  /// Every column that was named, by an option of its own or with `--column`.
  private static func columns(_ typed: InputArguments, _ problems: inout Problems) -> [(ColumnRole, String?)] {
    var named =
      typed.columns.named + [
        (.team, typed.team), (.raterGroup, typed.raterGroup), (.unitGroup, typed.unitGroup), (.round, typed.round),
        (.category, typed.category),
      ]
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
      named.append((role, String(pair[pair.index(after: equals)...])))
    }
    return named
  }
}
