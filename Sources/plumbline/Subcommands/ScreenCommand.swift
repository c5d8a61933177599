import ArgumentParser
import Detection
import Foundation
import Reporting
import Scores

struct ScreenCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "screen",
      abstract: say("Screens a table of scores and lists what should be looked at, most urgent first.", zh: "检查评分表格，列出应当核查的疑点，最紧要的在前。"),
      discussion: say(
        """
        Only rater, unit and score are needed; columns are recognised by English and Chinese headers.

        Examples:
          plumbline screen scores.csv
          plumbline screen marks.csv --rater Judge --unit Skater --result sum
          plumbline screen scores.csv --only rater-severity --tests tests.csv
          zcat scores.csv.gz | plumbline screen - --format json --output found.json

        Exit code: 0 nothing at or above --fail-on, 1 something, 2 the input or the command is wrong.
        """,
        zh: """
          只需考评员、被考评单位、得分三列；中英文表头自动识别。

          示例：
            plumbline screen scores.csv
            plumbline screen 评分.csv --rater 姓名 --unit 单位 --result sum
            plumbline screen scores.csv --only rater-severity --tests tests.csv
            zcat scores.csv.gz | plumbline screen - --format json --output found.json

          退出码：0 没有达到 --fail-on（默认 warning）的疑点；1 有；2 输入或命令有误。
          """))
  }

  @OptionGroup(title: say("Input", zh: "输入")) var input: InputArguments
  @OptionGroup(title: say("Rules", zh: "规则")) var rules: RuleArguments
  @OptionGroup(title: say("Output", zh: "输出")) var output: OutputArguments
  @Option(
    help: help(
      "Also write every test of every rule to this CSV file, findings or not.", zh: "另将每条规则的全部检验结果写入此 CSV 文件，不论是否成为疑点。", "path"),
    completion: .file())
  var tests: String?
  @Option(help: help("Threads to use; no result depends on it. The default is one a processor.", zh: "线程数；结果与之无关；默认每个处理器一个。", "number"))
  var threads: String?

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let output = OutputRequest(output, console.surroundings, &problems)
    let rules = RuleRequest(rules, &problems)
    let threads = Threads.number(threads, processors: console.surroundings.processors, &problems)
    let input = InputRequest(input, threads: threads, &problems)
    problems.add(Paths.problem(reads: [self.input.scores, self.input.campaign], writes: [("--output", output.path), ("--tests", tests)]))
    try problems.refuse(in: output.display.language)

    var options = Screen.Options()
    options.seed = rules.seed
    options.only = rules.only
    options.except = rules.except
    options.threads = threads
    return try Screening(input: input, output: output, options: options, errorBudget: rules.errorBudget, tests: tests).run(console)
  }
}
