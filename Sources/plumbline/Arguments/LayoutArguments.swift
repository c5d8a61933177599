import ArgumentParser

/// What was typed about how scores lie in their table.
struct LayoutArguments: ParsableArguments {
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
}
