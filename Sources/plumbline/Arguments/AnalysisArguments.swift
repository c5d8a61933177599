import ArgumentParser

/// What was typed about the table of an analysis and what to print of it.
struct AnalysisArguments: ParsableArguments {
  @OptionGroup var text: TextArguments
  @Option(
    help: help(
      "table (everything, for people), json (everything, for programs) or csv (one table).",
      zh: "table（全部结果，便于阅读）、json（全部结果，供程序读取）或 csv（一张表）。",
      "format"),
    completion: .list(["table", "json", "csv"]))
  var format: String?
  @Option(
    help: help(
      "The table to write with --format csv; a wrong name lists those there are.", zh: "--format csv 时写出哪一张表；写错会列出可用的表名。", "id"))
  var table: String?
  @Option(
    help: help("Write the result there instead of to standard output.", zh: "将结果写入文件，而不是标准输出。", "path"), completion: .file())
  var output: String?
  @Option(parsing: .unconditional, help: help("Threads to use; no result depends on it.", zh: "线程数；结果与之无关。", "number"))
  var threads: String?
  @OptionGroup var display: DisplayArguments
}
