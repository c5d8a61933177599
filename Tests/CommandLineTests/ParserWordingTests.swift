import Foundation
import Testing

@Suite struct ParserWordingTests {
  private static let chinese = ["LANG": "zh_CN.UTF-8"]

  /// What the parser finds wrong, said in Chinese; the names that were typed are kept.
  @Test(
    arguments: [
      (["screen"], "错误：缺少参数 <scores>。"), (["screen", "--lagn", "x"], "错误：没有 --lagn 这个选项，是否想写 --lang？"),
      (["screen", "-x", "f"], "错误：没有 -x 这个选项。"), (["screen", "a", "b"], "错误：多余的参数：b。"),
      (["screen", "a", "b", "c"], "错误：有 2 个多余的参数：b、c。"), (["rasch", "x", "--by"], "错误：--by <facet> 后面缺少取值。"),
      (["rasch", "x", "--quiet=3"], "错误：选项 --quiet 不带取值，不能写 3。"), (["frobnicate"], "错误：多余的参数：frobnicate。"),
      (["screen", "/nonexistent/s.csv"], "/nonexistent/s.csv：无法读取文件：文件或文件夹不存在。"),
      (["agreement", "x", "--weights", "/nonexistent/w.csv"], "/nonexistent/w.csv：文件或文件夹不存在"),
    ] as [([String], String)])
  func mistakes(arguments: [String], says: String) throws {
    let ending = try Program.run(arguments, environment: Self.chinese)
    #expect(ending.status == 2 && ending.errors.hasPrefix(says), "\(ending.errors)")
    for word in ["Error", "Usage", "Unknown", "Missing", "more information"] { #expect(!ending.errors.contains(word)) }
  }

  /// No heading is left in English, no line is wider than the terminal, and nothing of the text is lost in breaking it anew.
  @Test(arguments: ["", "screen", "check", "rules", "simulate", "model", "rasch", "agreement"])
  func help(command: String) throws {
    let arguments = (command.isEmpty ? [] : [command]) + ["--help"]
    let ending = try Program.run(arguments, environment: Self.chinese.merging(["COLUMNS": "80"]) { $1 })
    #expect(ending.status == 0 && ending.output.contains("\n用法：plumbline") && ending.output.contains("\n选项：\n"))
    for word in ["OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS:", "SUBCOMMANDS", "Show ", "for detailed help"] {
      #expect(!ending.output.contains(word))
    }
    // A Chinese character takes two columns.
    for line in ending.output.split(separator: "\n") {
      let columns = line.reduce(0) { $0 + ($1.unicodeScalars.first!.value >= 0x2E80 ? 2 : 1) }
      #expect(columns <= 80, "\(line)")
    }
    let wide = try Program.run(arguments, environment: Self.chinese.merging(["COLUMNS": "100000"]) { $1 })
    func letters(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    #expect(letters(ending.output) == letters(wide.output))
  }

  /// Scripts for the shell and the version are the same in every language but for what help says.
  @Test func scriptsAreLeftAlone() throws {
    let version = try Program.run(["--version"], environment: Self.chinese.merging(["COLUMNS": "40"]) { $1 })
    #expect(version.output == (try Program.run(["--version"]).output))
    let script = try Program.run(["--generate-completion-script", "bash"], environment: Self.chinese)
    #expect(script.output == (try Program.run(["--generate-completion-script", "bash"]).output))
  }
}
