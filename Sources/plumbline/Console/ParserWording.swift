import Reporting

/// The argument parser's own words, which it has in English only, in Chinese: headings, what is wrong with a command, where to read more.
///
/// Whatever is not recognised stays as it is. Lines are broken anew, because the parser breaks at spaces only and counts a Chinese character as one column.
enum ParserWording {
  /// - Parameter message: of the parser, its lines as long as they like.
  static func chinese(_ message: String, columns: Int) -> String {
    // The version and scripts for shells are nobody's prose.
    guard ["OVERVIEW: ", "USAGE: ", "Usage: ", "Error: "].contains(where: message.hasPrefix) else { return message }
    var isTable = false
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      let line = String(line)
      if let title = heading(line) {
        isTable = true
        return [title]
      }
      return broken(isTable ? entry(line) : sentence(line), isTable: isTable, columns: columns)
    }
    return lines.joined(separator: "\n")
  }

  /// Of a list of arguments; nil for any other line.
  private static func heading(_ line: String) -> String? {
    guard line.hasSuffix(":"), let first = line.first, first != " " else { return nil }
    switch line {
    case "ARGUMENTS:": return "参数："
    case "OPTIONS:": return "选项："
    case "SUBCOMMANDS:": return "子命令："
    default: return line.dropLast() + "："
    }
  }

  /// A line of a list.
  private static func entry(_ line: String) -> String {
    if let match = line.wholeMatch(of: #/  See '(.*) <subcommand>' for detailed help\./#) { return "  各子命令的用法：\(match.1) <子命令>" }
    for (en, zh) in [("Show the version.", "显示版本。"), ("Show help information.", "显示用法说明。")] where line.hasSuffix(en) {
      return line.dropLast(en.count) + zh
    }
    return line
  }

  private static func sentence(_ line: String) -> String {
    if let match = line.wholeMatch(of: #/OVERVIEW: (.*)/#) { return String(match.1) }
    if let match = line.wholeMatch(of: #/(?:USAGE|Usage): (.*)/#) {
      return "用法："
        + match.1.replacing("[<options>]", with: "[选项]").replacing("<options>", with: "<选项>").replacing("<subcommand>", with: "<子命令>")
    }
    if let match = line.wholeMatch(of: #/  See '(.*)' for more information\./#) { return "  详细用法：\(match.1)" }
    if let match = line.wholeMatch(of: #/Help:  (.*)/#) { return "说明：\(match.1)" }
    if let match = line.wholeMatch(of: #/Error: (.*)/#) { return "错误：" + mistake(String(match.1)) }
    if let match = line.wholeMatch(of: #/   or: (.*)/#) { return "  或者：" + mistake(String(match.1)) }
    return line
  }

  /// What is wrong with a command.
  private static func mistake(_ text: String) -> String {
    if let match = text.wholeMatch(of: #/Unknown option '(.*)'\. Did you mean '(.*)'\?/#) { return "没有 \(match.1) 这个选项，是否想写 \(match.2)？" }
    if let match = text.wholeMatch(of: #/Unknown option '(.*)'/#) { return "没有 \(match.1) 这个选项。" }
    if let match = text.wholeMatch(of: #/Missing value for '(.*)' in '(.*)'/#) { return "\(match.2) 中的 \(match.1) 后面缺少取值。" }
    if let match = text.wholeMatch(of: #/Missing value for '(.*)'/#) { return "\(match.1) 后面缺少取值。" }
    if let match = text.wholeMatch(of: #/Missing expected argument '(.*)'/#) { return "缺少参数 \(match.1)。" }
    if let match = text.wholeMatch(of: #/Missing one of: '(.*)'/#) { return "以下各项须写一项：\(list(match.1))。" }
    if let match = text.wholeMatch(of: #/Unexpected argument '(.*)'/#) { return "多余的参数：\(match.1)。" }
    if let match = text.wholeMatch(of: #/([0-9]+) unexpected arguments: '(.*)'/#) { return "有 \(match.1) 个多余的参数：\(list(match.2))。" }
    if let match = text.wholeMatch(of: #/The option '(.*)' does not take any value, but '(.*)' was specified\./#) {
      return "选项 \(match.1) 不带取值，不能写 \(match.2)。"
    }
    if let match = text.wholeMatch(of: #/The value '(.*)' is invalid for '(.*)'/#) { return "\(match.2) 的取值不能是 \(match.1)。" }
    if let match = text.wholeMatch(of: #/Value to be set with flag '(.*)' had already been set with flag '(.*)'/#) {
      return "\(match.1) 与 \(match.2) 只能写一个。"
    }
    if let match = text.wholeMatch(of: #/Invalid option: (.*)/#) { return "选项写法有误：\(match.1)。" }
    if text == "Missing required subcommand." { return "缺少子命令。" }
    return text
  }

  private static func list(_ quoted: Substring) -> String { String(quoted).replacing("', '", with: "、") }

  /// The parser's column of explanations, or the line's own indentation, goes on in the following lines.
  private static func broken(_ line: String, isTable: Bool, columns: Int) -> [String] {
    if DisplayWidth.of(line) <= columns { return [line] }
    let explanations = 26
    var indent = line.prefix { $0 == " " }.count
    var head = String(repeating: " ", count: indent)
    if isTable, indent < explanations, line.count > explanations, line.prefix(explanations).last == " " {
      head = String(line.prefix(explanations))
      indent = explanations
    }
    let rest = Wrapping.lines(String(line.dropFirst(indent)), width: columns - indent)
    return rest.enumerated().map { ($0 == 0 ? head : String(repeating: " ", count: indent)) + $1 }
  }
}
