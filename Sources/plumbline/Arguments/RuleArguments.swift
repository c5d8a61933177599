import ArgumentParser

/// What was typed about which rules run and how strict they are.
struct RuleArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: help(
      "The share of false findings the report may hold, between 0 and 1. The default is the campaign file's, or 0.05.",
      zh: "报告中允许的误报比例，介于 0 与 1 之间；默认用考评规则文件的规定，没有则为 0.05。", "share"))
  var fdr: String?
  @Option(
    parsing: .unconditional,
    help: help(
      "Seed of the simulated honest campaigns; the same seed gives the same output to the byte. The default is 1.",
      zh: "模拟所用的随机种子；种子相同则输出逐字节相同。默认 1。", "number"))
  var seed: String?
  @Option(
    help: help("Run only this rule; may be repeated.", zh: "只运行这条规则；可重复。", "rule"), completion: .list(RuleNames.all))
  var only: [String] = []
  @Option(help: help("Do not run this rule; may be repeated.", zh: "不运行这条规则；可重复。", "rule"), completion: .list(RuleNames.all))
  var except: [String] = []
}
