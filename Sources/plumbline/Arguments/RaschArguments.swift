import ArgumentParser

/// What was typed about a Rasch model. Words only; `RaschRequest` makes values of them.
struct RaschArguments: ParsableArguments {
  @Argument(
    help: help(
      "The table of scores: CSV or TSV, one row a score, with a column for each facet and one for the score, or a wide table; - is standard input.",
      zh: "评分表格：CSV 或 TSV，一行一个评分，每个侧面一列，得分一列，也可以是宽表；- 表示标准输入。", "scores"),
    completion: .file(extensions: ["csv", "tsv", "txt"]))
  var scores: String
  @Option(
    help: help(
      "The facets, separated by commas: rater, unit, criterion or any column by its header. By default rater, unit and, where there is one, criterion.",
      zh: "各侧面，用逗号分隔：rater、unit、criterion 或任一列的表头；默认为考评员、被考评单位及（如有）指标。", "list"))
  var facets: String?
  @OptionGroup var columns: ScoreColumnArguments
  @OptionGroup var layout: LayoutArguments
  @Option(
    help: help(
      "Group scores to multiples of this step: with 10, 73 counts as 70. Otherwise scores must be whole numbers.",
      zh: "按此步长归并得分：步长 10 时，73 计为 70；不写则得分须为整数。", "step"))
  var roundTo: String?

  @Option(
    help: help(
      "rating-scale (one set of thresholds, the default), partial-credit (one for each criterion) or rater-scales (one for each rater).",
      zh: "rating-scale（共用一套阈值，默认）、partial-credit（每项指标一套）或 rater-scales（每名考评员一套）。", "model"),
    completion: .list(["rating-scale", "partial-credit", "rater-scales"]))
  var model: String?
  @Option(help: help("The facet whose levels each have thresholds of their own.", zh: "由哪一侧面各自设阈值。", "facet"))
  var by: String?
  @Option(
    help: help(
      "jml (joint maximum likelihood, as FACETS, the default) or mml (marginal: units from a normal distribution, as ConQuest and TAM).",
      zh: "jml（联合极大似然，同 FACETS，默认）或 mml（边际极大似然：单位来自正态分布，同 ConQuest、TAM）。", "method"),
    completion: .list(["jml", "mml"]))
  var method: String?
  @Flag(
    help: help(
      "With jml: units with few scores stretch all measures; multiply them by (L − 1)/L, where L is the mean number of scores of a unit.",
      zh: "用于 jml：每个单位评分较少时，各度量值会被拉大；将其乘以 (L − 1)/L 校正，L 为每个单位的平均评分数。"))
  var biasCorrection = false
  @Option(help: help("The facet whose mean is not set to zero; the units by default.", zh: "均值不取零的侧面；默认为被考评单位。", "facet"))
  var uncentred: String?
  @Option(
    help: help(
      "A CSV file with columns facet, element, measure: values to hold fixed. Facet “threshold” fixes thresholds, its element being the score.",
      zh: "CSV 文件，列为 facet、element、measure：需固定的数值。facet 写 threshold 表示固定阈值，element 为分值。", "file"),
    completion: .file(extensions: ["csv", "tsv"]))
  var anchor: String?
  @Option(
    help: help(
      "Steps of the scale by which a total of only lowest or only highest scores is moved inwards; the default is 0.3. A step is 1 point, or what --round-to says.",
      zh: "全为最低分或全为最高分的总分向内移动多少级；默认 0.3。一级为 1 分，用了 --round-to 时为其步长。", "steps"))
  var extreme: String?

  @Option(help: help("Interaction of two facets, as rater:unit; may be repeated.", zh: "两个侧面的交互作用，如 rater:unit；可重复。", "facet:facet"))
  var bias: [String] = []
  @Option(help: help("List scores whose |z| is at least this; 2 by default.", zh: "列出 |z| 不小于此值的得分；默认 2。", "z"))
  var unexpected: String?
}
