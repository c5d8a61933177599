import ArgumentParser

/// What was typed about how a table is written in its file.
struct TextArguments: ParsableArguments {
  @Option(
    help: help(
      "The separator: comma, tab, semicolon, bar or a single character. Seen from the header otherwise.",
      zh: "分隔符：comma、tab、semicolon、bar 或单个字符；不写则按表头判断。", "name"))
  var delimiter: String?
  @Option(help: help("The encoding: utf-8, utf-16, gb18030. Seen from the file otherwise.", zh: "编码：utf-8、utf-16、gb18030；不写则自动识别。", "name"))
  var encoding: String?
  @Flag(
    inversion: .prefixedNo,
    help: help("Numbers have a decimal comma (assumed where the separator is a semicolon).", zh: "小数点写作逗号（分隔符为分号时默认如此）。"))
  var decimalComma: Bool?
}
