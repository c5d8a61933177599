import ArgumentParser

/// What was typed about a mixed model.
struct ModelArguments: ParsableArguments {
  @Option(
    help: help(
      "The model in the notation of R's lme4, as \"score ~ criterion + (1|unit) + (1|rater)\". Names are headers of the table.",
      zh: "模型公式，写法同 R 的 lme4，例如 \"score ~ criterion + (1|unit) + (1|rater)\"；其中的名称为表头。", "formula"))
  var formula: String?
  @Option(
    help: help(
      "reml (restricted maximum likelihood) or ml (maximum likelihood).", zh: "reml（限制极大似然）或 ml（极大似然）。", "method"),
    completion: .list(["reml", "ml"]))
  var method: String?
  @Option(
    help: help("A second formula to compare with: likelihood-ratio test, AIC, BIC.", zh: "用于比较的第二个公式：似然比检验、AIC、BIC。", "formula"))
  var compare: String?
  @Option(
    help: help(
      "wald (from standard errors; quick), profile (profile likelihood), bootstrap (parametric) or none.",
      zh: "wald（由标准误，快）、profile（剖面似然）、bootstrap（参数自助法）或 none。", "kind"),
    completion: .list(["wald", "profile", "bootstrap", "none"]))
  var intervals: String?
  @Option(
    help: help(
      "Degrees of freedom of tests: satterthwaite, kenward-roger (small data) or none.",
      zh: "检验的自由度：satterthwaite、kenward-roger（小样本）或 none。", "kind"),
    completion: .list(["satterthwaite", "kenward-roger", "none"]))
  var tests: String?
  @Option(
    help: help("List the predicted effects of this grouping factor; may be repeated.", zh: "列出该分组因子的效应预测；可重复。", "factor"))
  var effects: [String] = []
  @Option(
    help: help(
      "What the residual variance depends on: by:rater (who is erratic), shrunken:rater (with few scores each), level (the expected score), student-t (outliers count little). One variance when not given.",
      zh: "残差方差取决于什么：by:rater（谁的评分离散）、shrunken:rater（每人评分较少时）、level（期望得分）、student-t（降低离群值影响）；默认单一方差。", "structure"),
    completion: .list(["constant", "by:rater", "shrunken:rater", "level", "student-t"]))
  var residual: String?
  @Option(
    help: help(
      "The column of prior weights w, as weights= of lme4: the residual variance of a score is σ²/w. With --formula.",
      zh: "先验权重 w 所在列，同 lme4 的 weights=：得分的残差方差为 σ²/w；须与 --formula 同用。", "column"))
  var weights: String?
  @Flag(
    help: help(
      "Compute the likelihood exactly with very many raters as well (up to 10,000; slower), where random probes estimate it otherwise.",
      zh: "考评员很多时也精确计算似然（最多 10000 个，较慢）；不加则用随机探针近似估计。"))
  var exact = false
  @Option(help: help("The confidence level of intervals, 0.95 when not given.", zh: "区间的置信水平，默认 0.95。", "level"))
  var level: String?
  @Option(parsing: .unconditional, help: help("Bootstrap refits, 1000 when not given.", zh: "自助法重拟合次数，默认 1000。", "number"))
  var replicates: String?
  @Option(parsing: .unconditional, help: help("The seed of the bootstrap, 1 when not given.", zh: "自助法的随机种子，默认 1。", "number"))
  var seed: String?
}
