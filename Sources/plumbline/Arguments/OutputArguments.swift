import ArgumentParser
import Reporting

/// What was typed about what to print and where.
struct OutputArguments: ParsableArguments {
  @Option(
    help: help(
      "\(ReportFormat.list("or")). It decides only what is printed.",
      zh:
        "\(ReportFormat.allCases.map(\.rawValue).dropLast().joined(separator: "、")) 或 \(ReportFormat.allCases.last?.rawValue ?? "")；只决定输出形式。",
      "format"),
    completion: .list(ReportFormat.allCases.map(\.rawValue)))
  var format: String?
  @Option(
    help: help("Write the report there instead of to standard output.", zh: "将报告写入文件，而不是标准输出。", "path"), completion: .file())
  var output: String?
  @Option(
    help: help(
      "The least level that makes the exit code 1: error, warning, note or never. The default is warning.",
      zh: "达到哪一级疑点时退出码为 1：error（严重）、warning（一般）、note（提示）或 never（从不）；默认 warning。", "level"),
    completion: .list(["error", "warning", "note", "never"]))
  var failOn: String?
  @OptionGroup var display: DisplayArguments
}

/// How anything is shown.
struct DisplayArguments: ParsableArguments {
  @Option(
    help: help("Language of the output: en or zh-Hans. The default is that of the locale.", zh: "输出语言：en 或 zh-Hans；默认按系统语言。", "language"),
    completion: .list(["en", "zh-Hans"]))
  var lang: String?
  @Option(
    help: help(
      "auto, always or never. auto is on a terminal, unless NO_COLOR is set.", zh: "颜色：auto、always 或 never；auto 只在终端上用颜色，且遵从 NO_COLOR。",
      "when"),
    completion: .list(["auto", "always", "never"]))
  var color: String?
  @Flag(help: help("No progress and no remarks on standard error; errors are still told.", zh: "标准错误上不显示进度和说明；错误仍会显示。"))
  var quiet = false
}
