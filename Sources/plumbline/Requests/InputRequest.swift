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
    typed.text.apply(to: &reading, &problems)
    overCriteria = problems.choice(typed.result, option: "--result", default: nil, ["mean": .mean, "sum": .sum])
    for (key, value) in [
      ("layout", typed.layout), ("delimiter", typed.text.delimiter), ("encoding", typed.text.encoding),
    ] {
      if let value { record.append(Evidence(key, .text(value))) }
    }
    if let comma = typed.text.decimalComma { record.append(Evidence("decimalComma", .flag(comma))) }
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
}
