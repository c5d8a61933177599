import ArgumentParser
import Scores

/// The columns that every table of scores has.
struct ScoreColumnArguments: ParsableArguments {
  @Option(help: help("The column that names the rater: its header, or its number from 1.", zh: "考评员所在列：表头或列号（从 1 起）。", "column"))
  var rater: String?
  @Option(help: help("The column that names the unit that is scored.", zh: "被考评单位所在列。", "column"))
  var unit: String?
  @Option(help: help("The column that names the criterion.", zh: "指标所在列。", "column"))
  var criterion: String?
  @Option(help: help("The column that holds the score.", zh: "得分所在列。", "column"))
  var score: String?

  /// In the order in which a report names them.
  var named: [(ColumnRole, String?)] { [(.rater, rater), (.unit, unit), (.criterion, criterion), (.score, score)] }
}
