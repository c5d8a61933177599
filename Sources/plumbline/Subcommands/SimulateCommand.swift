import ArgumentParser
import Foundation
import Reporting
import Simulation
import Wording

struct SimulateCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "simulate",
      abstract: say(
        "Writes a simulated campaign, honest or with planted faults, and the truth about it.",
        zh: "生成模拟的考评活动：公正评分的，或植入了问题的，并附真实情况。"),
      discussion: say(
        """
        The folder gets scores.csv, campaign.yml, truth.csv (what was planted) and the true effects of raters, units and criteria.

        Examples:
          plumbline simulate --out practice
          plumbline simulate --out honest --preset small --honest --seed 7
          plumbline simulate --out planted --preset small --plant severe=2 --plant owngroup=3
        """,
        zh: """
          文件夹中有 scores.csv、campaign.yml、truth.csv（植入了什么），以及考评员、单位、指标的真实效应。

          示例：
            plumbline simulate --out practice
            plumbline simulate --out honest --preset small --honest --seed 7
            plumbline simulate --out planted --preset small --plant severe=2 --plant owngroup=3
          """))
  }

  @OptionGroup var simulation: SimulationArguments
  @OptionGroup var display: DisplayArguments

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let display = DisplayRequest(display, console.surroundings, &problems)
    let request = SimulationRequest(simulation, &problems)
    try problems.refuse(in: display.language)

    let progress = Progress(console: console, quiet: display.quiet)
    defer { progress.finish() }
    progress.stage(display.language == .en ? "simulating" : "生成模拟数据", 0)
    let campaign: SimulatedCampaign
    do {
      campaign = try Simulator.run(request.plan, seed: request.seed)
    } catch {
      throw UsageError(problems: [Text("plumbline: \(error.message.en)", zh: "plumbline：\(error.message.zh)")], language: display.language)
    }
    progress.stage(display.language == .en ? "writing the files" : "写入文件", 0.5)
    let written: [URL]
    do {
      written = try Interrupts.waiting { isInterrupted in
        try campaign.write(to: URL(fileURLWithPath: request.folder), isCancelled: isInterrupted)
      }
    } catch {
      let reason = SystemErrorText.reason(of: error)
      throw OutputError(
        message: Text("cannot write to \(request.folder): \(reason.en)", zh: "无法写入 \(request.folder)：\(reason.zh)"),
        language: display.language)
    }
    progress.finish()
    let counts = (campaign.scores.count, campaign.raters.count, campaign.units.count, campaign.criteria.count, campaign.truth.count)
    let names = written.map(\.lastPathComponent)
    let folder = VisibleText.of(request.folder)
    console.print(
      Text(
        "\(folder): \(counts.0) scores of \(counts.2) units by \(counts.1) raters on \(counts.3) criteria; faults planted: \(counts.4) "
          + "(\(names.joined(separator: ", ")))\n",
        zh: "\(folder)：考评员 \(counts.1) 名、被考评单位 \(counts.2) 个、指标 \(counts.3) 项、评分 \(counts.0) 个，植入问题 \(counts.4) 处"
          + "（\(names.joined(separator: "、"))）\n")(display.language))
    return .nothing
  }
}
