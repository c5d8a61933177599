import ArgumentParser
import Detection

struct CheckCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "check",
      abstract: say(
        "Reads a table of scores and checks the design only: what can be judged at all, and what is missing or off the scale.",
        zh: "只读入评分并检查考评安排：哪些可以判断、哪些不能，以及缺失和超出分值范围的评分。"),
      discussion: say(
        """
        No scores are compared and no one is tested; it is quick, and can be run before a campaign is over.

        Example:
          plumbline check scores.csv --campaign campaign.yml
        """,
        zh: """
          不比较评分高低，不检验任何人；速度快，考评尚未结束时也可运行。

          示例：
            plumbline check scores.csv --campaign campaign.yml
          """))
  }

  @OptionGroup(title: say("Input", zh: "输入")) var input: InputArguments
  @OptionGroup(title: say("Output", zh: "输出")) var output: OutputArguments
  @Option(help: help("Threads to use; no result depends on it.", zh: "线程数；结果与之无关。", "number"))
  var threads: String?

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let output = OutputRequest(output, console.surroundings, &problems)
    let threads = Threads.number(threads, processors: console.surroundings.processors, &problems)
    let input = InputRequest(input, threads: threads, &problems)
    problems.add(Paths.problem(reads: [self.input.scores, self.input.campaign], writes: [("--output", output.path)]))
    try problems.refuse(in: output.display.language)

    var options = Screen.Options()
    options.threads = threads
    let cards = RuleRegistry.all.map { $0.card }
    options.only = cards.filter { $0.kind == .fact }.map(\.id)
    // An empty list would mean all rules.
    if options.only.isEmpty { options.except = cards.map(\.id) }
    return try Screening(input: input, output: output, options: options).run(console)
  }
}
