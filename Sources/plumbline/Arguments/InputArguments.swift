import ArgumentParser

/// What was typed about the files to read. Words only; `InputRequest` makes values of them.
struct InputArguments: ParsableArguments {
  @Argument(
    help: help(
      "The table of scores: CSV or TSV, one row a score (rater, unit, score; where known criterion, team, rater_group, unit_group, category, round), or a wide table; - is standard input.",
      zh: "评分表格：CSV 或 TSV，一行一个评分（考评员、被考评单位、得分；如有：指标、考评组、考评员归属、单位归属、类别、轮次），也可以是宽表；- 表示标准输入。", "scores"),
    completion: .file(extensions: ["csv", "tsv", "txt"]))
  var scores: String

  @Option(
    help: help(
      "The rules of the campaign: scale, weights, awards, roster (campaign.yml).", zh: "考评活动的规则：分制、权重、奖惩线、考评员名册（campaign.yml）。", "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var campaign: String?

  @Option(help: .hidden, completion: .file())
  var reports: String?

  @OptionGroup var columns: ScoreColumnArguments
  @Option(help: help("The column that names the rater's team.", zh: "考评组所在列。", "column"))
  var team: String?
  @Option(help: help("The column with the rater's affiliation (home department, country).", zh: "考评员归属（派出单位）所在列。", "column"))
  var raterGroup: String?
  @Option(help: help("The column with the unit's affiliation.", zh: "被考评单位归属所在列。", "column"))
  var unitGroup: String?
  @Option(help: help("The column with the round.", zh: "轮次所在列。", "column"))
  var round: String?
  @Option(help: help("The column with the class within which units are ranked.", zh: "类别（分类排名）所在列。", "column"))
  var category: String?
  @Option(help: help("Any column by role, as rater_group=HOME; may be repeated.", zh: "按角色指定任意一列，如 rater_group=派出单位；可重复。", "role=column"))
  var column: [String] = []
  @OptionGroup var layout: LayoutArguments
  @OptionGroup var text: TextArguments
  @Option(
    help: help(
      "How the criteria of a sheet make its result: mean or sum. Beats the campaign file.", zh: "评分表各指标如何合成：mean（平均）或 sum（合计）；优先于考评规则文件。",
      "how"),
    completion: .list(["mean", "sum"]))
  var result: String?
}
