import Analysis
import ArgumentParser
import Foundation
import Models
import Scores
import Wording

struct AgreementCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "agreement",
      abstract: say(
        "How far raters agree, who pulls agreement down, and how many raters would be needed.", zh: "考评员评分是否一致，谁拉低了一致性，需要多少名考评员。"),
      discussion: say(
        """
        Intraclass correlations, Krippendorff's α, Gwet's AC1 and AC2, kappas, Kendall's W and others, with intervals; the influence of each rater and unit; a generalizability and a decision study; indicators of each rater.

        Examples:
          plumbline agreement scores.csv
          plumbline agreement scores.csv --scale ordinal --weights linear --by criterion
          plumbline agreement diagnoses.csv --labels
          plumbline agreement scores.csv --decide raters=2..10 --goal 0.9
          plumbline agreement scores.csv --expert "Chief marker" --retest --format json
        """,
        zh: """
          组内相关系数、Krippendorff α、Gwet AC1/AC2、各种 κ、Kendall W 等及其区间；每名考评员和每个单位的影响；概化研究与决策研究；各考评员的评分指标。

          示例：
            plumbline agreement scores.csv
            plumbline agreement scores.csv --scale ordinal --weights linear --by criterion
            plumbline agreement 等级.csv --order 不合格,合格,优秀
            plumbline agreement scores.csv --decide raters=2..10 --goal 0.9
            plumbline agreement scores.csv --expert 组长 --retest --format json
          """))
  }

  @Argument(
    help: help("The table of scores: long or wide CSV or TSV; - is standard input.", zh: "评分表格：长表或宽表，CSV 或 TSV；- 表示标准输入。", "scores"),
    completion: .file(extensions: ["csv", "tsv", "txt"]))
  var scores: String
  @OptionGroup(title: say("Columns", zh: "列")) var table: AgreementColumnArguments
  @OptionGroup(title: say("Agreement", zh: "一致性")) var agreement: AgreementArguments
  @OptionGroup(title: say("Reading and output", zh: "读入与输出")) var analysis: AnalysisArguments

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    var request = AnalysisRequest(analysis, console.surroundings, &problems)
    request.reading.name(table.columns.named + [(.round, table.round)], &problems)
    request.reading.lay(table.layout, &problems)
    let agreement = AgreementRequest(self.agreement, threads: request.threads, &problems)
    problems.add(Paths.problem(reads: [scores, agreement.weightsPath], writes: [("--output", request.path)]))
    let language = request.display.language
    try problems.refuse(in: language)
    var options = agreement.options
    if let path = agreement.weightsPath { options.customWeights = try AgreementRequest.weights(at: path, language) }
    (request.reading.labels, request.reading.labelOrder) = (agreement.labels, agreement.order)
    let (reading, input) = try AnalysisReading.scores(of: scores, request, console) { agreement.labels ? nil : Self.hint($0) }
    options.labels = reading.labels
    var report: AnalysisReport
    do {
      report = try AgreementAnalysis.report(reading.table, options)
    } catch {
      throw InputError(lines: [explanation(error)(language)])
    }
    report.inputs = [input]
    try request.deliver(report, console)
    return .nothing
  }

  /// Whether what is wrong might be that scores are names.
  private static func hint(_ error: ScoreReadingError) -> Text? {
    let mayBeNames = error.problems.contains { problem in
      switch problem.kind {
      case .notANumber, .notNumericColumn, .ambiguousLayout, .missingColumn(.score, _), .missingColumn(.rater, _): true
      default: false
      }
    }
    if !mayBeNames { return nil }
    return Text(
      "plumbline: if scores are names, such as A, B, C, say --labels, or --order A,B,C where they go from low to high.",
      zh: "plumbline：若得分是类别名称（如 A、B、C），请加 --labels；类别有高低之分的，请用 --order 由低到高写明。")
  }

  private func explanation(_ error: AgreementError) -> Text {
    switch error {
    case .nothingToCompare:
      Text("\(scores): no unit was scored by two raters, so nothing can be compared.", zh: "\(scores)：没有单位由两名考评员评过，无从比较。")
    case .unknownName(let name):
      Text("--expert \(name): no rater of that name is in \(scores).", zh: "--expert \(name)：\(scores) 中没有这名考评员。")
    default: Text("\(scores): the scores cannot be compared (\(error)).", zh: "\(scores)：评分无法比较（\(error)）。")
    }
  }
}
