import ArgumentParser
import Detection
import Reporting

struct RulesCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rules",
      abstract: say("Lists the rules, or explains one.", zh: "列出全部规则，或说明其中一条。"),
      discussion: say(
        """
        Examples:
          plumbline rules
          plumbline rules rater-severity --lang zh-Hans
        """,
        zh: """
          示例：
            plumbline rules
            plumbline rules rater-severity --lang zh-Hans
          """))
  }

  @Argument(help: help("The rule to explain.", zh: "要说明的规则。", "rule"), completion: .list(RuleNames.all))
  var id: String?
  @OptionGroup var display: DisplayArguments

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let display = DisplayRequest(display, console.surroundings, &problems)
    if let id { problems.add(RuleNames.problem(id, option: nil)) }
    try problems.refuse(in: display.language)
    let manual = RuleManual(language: display.language, width: display.width, colour: display.colour)
    if let id, let rule = RuleRegistry.rule(id) {
      console.print(manual.page(rule.card))
    } else {
      console.print(manual.list(RuleRegistry.all.map { $0.card }))
    }
    return .nothing
  }
}
