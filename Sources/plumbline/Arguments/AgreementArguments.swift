import Analysis
import ArgumentParser

/// What was typed about an analysis of agreement.
struct AgreementArguments: ParsableArguments {
  @Option(
    help: help(
      "What the scores mean: nominal (names), ordinal (grades), interval (points), ratio (amounts) or circular. Seen from the scores otherwise.",
      zh: "得分的尺度：nominal（名义）、ordinal（等级）、interval（分数）、ratio（数量）或 circular（循环）；不写则按得分判断。", "scale"),
    completion: .list(["nominal", "ordinal", "interval", "ratio", "circular"]))
  var scale: String?
  @Flag(
    help: help(
      "Scores are names, such as diagnoses or pass and fail, in no order; numbers are names too then.",
      zh: "得分是类别名称（如诊断、合格/不合格），没有次序；此时数字也当作名称。"))
  var labels = false
  @Option(
    help: help(
      "All names that scores may be, from the lowest up, separated by commas; implies --labels.", zh: "得分的全部类别名称，由低到高，用逗号分隔；自动启用 --labels。",
      "names"))
  var order: String?
  @Option(parsing: .unconditional, help: help("After how much a circular scale begins again.", zh: "循环尺度的周期。", "number"))
  var period: String?
  @Option(
    help: help(
      "Weights of kappas and AC2: identity, linear, quadratic, ordinal, radical, ratio, circular, bipolar, or a CSV file with a row and a column a score, in ascending order.",
      zh: "κ 与 AC2 的权重：identity、linear、quadratic、ordinal、radical、ratio、circular、bipolar，或一个 CSV 文件（得分升序，每种得分一行一列）。", "weights"))
  var weights: String?
  @Option(
    help: help(
      "Coefficients, separated by commas, or all: \(CoefficientRegistry.all.map(\.id).joined(separator: ", ")). Those that fit the scale otherwise.",
      zh:
        "要计算的系数，用逗号分隔，或 all：\(CoefficientRegistry.all.map(\.id).joined(separator: "、"))；不写则按尺度选取。",
      "list"))
  var coefficients: String?
  @Option(help: help("criterion: each criterion by itself.", zh: "criterion：逐项指标计算。", "criterion"), completion: .list(["criterion"]))
  var by: String?
  @Option(
    help: help(
      "Numbers for the decision study, as raters=2..10 or raters=2..10,criteria=3..9.",
      zh: "推算用的人数（和指标数），如 raters=2..10 或 raters=2..10,criteria=3..9。", "ranges"))
  var decide: String?
  @Option(parsing: .unconditional, help: help("The dependability to be reached; the default is 0.8.", zh: "要达到的可靠性；默认 0.8。", "number"))
  var goal: String?
  @Option(
    help: help(
      "fixed: the criteria are the ones that matter (the default); random: they are a sample.", zh: "fixed：指标既定（默认）；random：指标视为抽样。", "how"),
    completion: .list(["fixed", "random"]))
  var criteria: String?
  @Option(help: help("The rater whose scores are the standard on the units that he or she scored.", zh: "专家：以其评分为标准的考评员。", "rater"))
  var expert: String?
  @Flag(
    help: help(
      "Self-consistency of raters who scored a unit twice, first and second by round, then time, then line of the file.",
      zh: "同一考评员两次评同一单位的前后评分一致性（重评信度）；先后依次按轮次、时间、文件行序确定。"))
  var retest = false
  @Option(
    parsing: .unconditional,
    help: help("Scores this near count as the same; the default is 5 % of full marks.", zh: "相差多少以内算一致；默认为满分的 5%。", "points"))
  var tolerance: String?
  @Option(parsing: .unconditional, help: help("Full marks; the default is the highest score.", zh: "满分；默认取最高得分。", "points"))
  var fullMarks: String?
  @Option(
    parsing: .unconditional,
    help: help(
      "From this difference on a third mark is called for; the default is 10 % of full marks.", zh: "相差多少及以上应当三评；默认为满分的 10%。", "points"))
  var thirdMark: String?
  @Option(parsing: .unconditional, help: help("Level of the intervals; the default is 0.95.", zh: "区间的置信水平；默认 0.95。", "number"))
  var level: String?
  @Option(
    parsing: .unconditional, help: help("Bootstrap resamples; 0 for none. The default is 1000.", zh: "自助法重抽次数；0 为不用；默认 1000。", "number"))
  var bootstrap: String?
  @Option(parsing: .unconditional, help: help("Seed of the bootstrap; the default is 1.", zh: "自助法随机种子；默认 1。", "number"))
  var seed: String?
}
