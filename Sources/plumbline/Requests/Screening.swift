import Detection
import Foundation
import Reporting
import Scores
import Wording

/// Reads, screens and prints: what `screen` and `check` do with what was asked.
struct Screening {
  var input: InputRequest
  var output: OutputRequest
  var options: Screen.Options
  /// Nil: what the campaign file says.
  var errorBudget: Double?
  var tests: String?

  func run(_ console: Console) throws -> ExitStatus {
    let display = output.display
    // Opened first: what cannot be written should be known before the work is done.
    let testsFile = try tests.map { try OutputFile(path: $0, language: display.language) }
    let progress = Progress(console: console, quiet: display.quiet)
    defer { progress.finish() }

    progress.stage(display.language == .en ? "reading the scores" : "读入评分", 0)
    let language = display.language
    let read = try ReadCampaign(input, display: display, printsNotes: output.format != .table, console, progress: progress)
    var options = options
    options.errorBudget = errorBudget ?? read.campaign.errorBudget
    var result = try Screen.run(
      read.table, campaign: read.campaign, options: options, inputs: read.inputs, missing: read.missing,
      progress: { progress.stage($0.words(language), $1) })
    result.report.options += input.record
    result.report.remarks = read.notes + result.report.remarks
    if let testsFile {
      try TestsCSV.write(result.tests) { try testsFile.write($0) }
      try testsFile.commit()
    }
    progress.finish()
    return try output.deliver(result.report, console)
  }
}

extension Screen.Stage {
  /// What is being done, for someone who waits.
  fileprivate func words(_ language: Language) -> String {
    switch self {
    case .fitting: Text("working out what merit and severity explain", zh: "推算实绩与宽严度所能解释的部分")(language)
    case .examining: Text("running the rules", zh: "逐条运行规则")(language)
    case .calibrating: Text("simulating honest campaigns", zh: "模拟公正评分的考评活动")(language)
    case .weighing: Text("weighing what was found", zh: "衡量疑点的影响")(language)
    }
  }
}
