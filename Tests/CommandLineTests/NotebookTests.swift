import Foundation
import Testing

/// Runs the commands in Notebooks-md and in the README and compares what they print with what the page says they print.
///
/// In a block that is fenced with three backticks and marked `console`, a line that begins with `$ ` is a command for `sh`; what follows up
/// to the next command or the end of the block is its output, both streams together but for progress. Commands run in the root of the package with the
/// program first on the PATH, and `$OUT` names a folder for files that is not tracked. `make notebooks` rewrites the pages instead.
/// The program is the one in the folder that PLUMBLINE_RELEASE names, where the make targets say so (a screen takes seconds in a release build and most of
/// a minute in a debug one), otherwise the one that was built with this test.
@Suite(.serialized) struct NotebookTests {
  static let folder = Program.root.appendingPathComponent("Notebooks-md")
  static let rewrites = ProcessInfo.processInfo.environment["PLUMBLINE_REWRITE_NOTEBOOKS"] != nil
  /// Relative to the root of the package.
  static let pages: [String] =
    ["README.md"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".md") }.sorted()
    .map { "Notebooks-md/" + $0 }
  static let programs: String = {
    guard let given = ProcessInfo.processInfo.environment["PLUMBLINE_RELEASE"] else {
      return Program.executable.deletingLastPathComponent().path
    }
    return URL(fileURLWithPath: given, relativeTo: Program.root).standardizedFileURL.path
  }()

  @Test(arguments: pages) func `a page says what its commands print`(page: String) throws {
    let url = Program.root.appendingPathComponent(page)
    let text = try String(contentsOf: url, encoding: .utf8)
    let scratch = try Scratch()
    let (rewritten, commands) = try Notebook.run(text) { try shell($0, scratch) }
    #expect(commands > 0, "\(page) has no command")
    if Self.rewrites {
      try Data(rewritten.utf8).write(to: url)
    } else if rewritten != text {
      let old = text.split(separator: "\n", omittingEmptySubsequences: false)
      let new = rewritten.split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
      let here = (line < old.count ? old[line] : "", line < new.count ? new[line] : "")
      Issue.record("\(page):\(line + 1): the page says “\(here.0)” and the command “\(here.1)”; run `make notebooks` if that is right")
    }
  }

  @Test func `there are pages, and a program to run`() {
    #expect(Self.pages.count > 1)
    #expect(FileManager.default.isExecutableFile(atPath: Self.programs + "/plumbline"))
  }

  @Test func `output is replaced and everything else kept`() throws {
    let page = "# A\n\n```console\n$ one\nold\n$ two\n```\n\n```\n$ not run\n```\n"
    let (text, count) = Notebook.run(page) { "<\($0)>\n" }
    #expect(text == "# A\n\n```console\n$ one\n<one>\n$ two\n<two>\n```\n\n```\n$ not run\n```\n")
    #expect(count == 2)
  }

  private func shell(_ command: String, _ scratch: Scratch) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = Program.root
    // OUT is a place for files that is not tracked, under a name that is the same on every machine.
    let out = ".build/notebooks"
    try FileManager.default.createDirectory(at: Program.root.appendingPathComponent(out), withIntermediateDirectories: true)
    process.environment = [
      "PATH": Self.programs + ":/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "100",
      "OUT": out,
    ]
    let output = scratch.path("notebook-output")
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    // Progress is told only when the machine is slow; such a line ends with an ellipsis.
    // CSV ends its lines with CR LF, which a page of Markdown does not show.
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
      .replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasSuffix(" …") }
      .joined(separator: "\n")
  }
}

/// A page of Markdown with commands in it.
enum Notebook {
  /// The page with every command's output put in anew, and the number of commands.
  static func run(_ page: String, _ shell: (String) throws -> String) rethrows -> (page: String, commands: Int) {
    var lines: [String] = []
    var commands = 0
    var inConsole = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        inConsole = !inConsole && line == "```console"
        lines.append(String(line))
      } else if inConsole && line.hasPrefix("$ ") {
        lines.append(String(line))
        commands += 1
        var output = try shell(String(line.dropFirst(2))).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if output.last == "" { output.removeLast() }
        lines += output
      } else if !inConsole {
        lines.append(String(line))
      }
    }
    return (lines.joined(separator: "\n"), commands)
  }
}
