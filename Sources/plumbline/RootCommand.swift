import ArgumentParser
import LinearAlgebra

struct RootCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "plumbline",
      abstract: say(
        "Screens the scores of an assessment campaign for arbitrary scoring, bias, favouritism and collusion.",
        zh: "准绳：检查考评活动的评分，发现随意评分、宽严失当、偏袒和串通的疑点。"),
      discussion: say(
        """
        A finding is a reason to look, never a verdict on a person.

        Examples:
          plumbline screen scores.csv              what should be rechecked
          plumbline screen scores.csv --campaign campaign.yml --format json
          plumbline check scores.csv               what can be judged at all
          plumbline rules rater-severity           what one rule looks for
          plumbline agreement scores.csv           how far raters agree, and who pulls it down
          plumbline model scores.csv               what the differences come from (mixed model)
          plumbline rasch marks.csv                marks on a short scale (many-facet Rasch)

        Exit code: 0 nothing at or above --fail-on, 1 something, 2 the input or the command is wrong.
        """,
        zh: """
          疑点是需要核查的理由，不是对个人的结论。

          示例：
            plumbline screen scores.csv              哪些评分应当复核
            plumbline screen scores.csv --campaign campaign.yml --format json
            plumbline check scores.csv               本次考评能判断什么
            plumbline rules rater-severity           某条规则查什么
            plumbline agreement scores.csv           考评员之间一致程度如何，谁拉低了一致性
            plumbline model scores.csv               得分差异来自哪里（混合模型）
            plumbline rasch marks.csv                等级评分（多面 Rasch 模型）

          退出码：0 没有达到 --fail-on 的疑点；1 有；2 输入或命令有误。
          """),
      version: Version.text,
      subcommands: [
        ScreenCommand.self, CheckCommand.self, RulesCommand.self, SimulateCommand.self, ModelCommand.self, RaschCommand.self,
        AgreementCommand.self,
      ])
  }
}
