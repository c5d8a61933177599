import ArgumentParser
import Scores

/// Which columns of a table of scores are what, for commands that need no more of them.
struct ScoreColumnArguments: ParsableArguments {
  @Option(help: help("The column that names the rater: its header, or its number from 1.", zh: "考评员所在列：表头或列号（从 1 起）。", "column"))
  var rater: String?
  @Option(help: help("The column that names the unit that is scored.", zh: "被考评单位所在列。", "column"))
  var unit: String?
  @Option(help: help("The column that names the criterion.", zh: "指标所在列。", "column"))
  var criterion: String?
  @Option(help: help("The column that holds the score.", zh: "得分所在列。", "column"))
  var score: String?
  @Option(help: help("The column with the round.", zh: "轮次所在列。", "column"))
  var round: String?
  @Option(
    help: help(
      "How scores lie in the file: long, wide-raters (a column a rater) or wide-criteria (a column a criterion). Seen from the header otherwise.",
      zh: "表格形式：long（一行一个评分）、wide-raters（一列一名考评员）、wide-criteria（一列一项指标）；不写则按表头判断。", "layout"),
    completion: .list(["long", "wide-raters", "wide-criteria"]))
  var layout: String?
  @Option(
    help: help(
      "In a wide table, the columns that hold scores, separated by commas; may be repeated.", zh: "宽表中存放得分的各列，用逗号分隔；可重复。", "columns"))
  var scoreColumns: [String] = []

  func apply(to reading: inout ScoreReadingOptions, _ problems: inout Problems) {
    let named: [(ColumnRole, String?)] = [(.rater, rater), (.unit, unit), (.criterion, criterion), (.score, score), (.round, round)]
    for case (let role, let column?) in named {
      if column.isEmpty {
        problems.add("the \(role.rawValue) column has an empty name.", zh: "\(role.rawValue) 列名为空。")
      } else {
        reading.columns[role] = column
      }
    }
    reading.layout = problems.choice(
      layout, option: "--layout", default: nil, ["long": .long, "wide-raters": .wideRaters, "wide-criteria": .wideCriteria])
    let across = scoreColumns.flatMap { $0.split(separator: ",").map(String.init) }
    if !across.isEmpty { reading.scoreColumns = across }
  }
}
