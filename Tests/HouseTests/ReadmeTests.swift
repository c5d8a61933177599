import Foundation
import Testing

/// What the documents tell a reader to type must exist.
@Suite struct ReadmeTests {
  static let documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]

  private func commands(in text: String, _ program: String) -> [[String]] {
    text.split(separator: "\n").compactMap { line in
      let words = line.trimmingCharacters(in: .whitespaces).drop { $0 == "$" || $0 == " " || $0 == "`" || $0 == "|" }
      guard words.hasPrefix(program + " ") else { return nil }
      return words.split(separator: " ").map { $0.trimmingCharacters(in: ["`", "|"]) }
    }
  }

  @Test func `make targets exist`() throws {
    let makefile = try Tree.file("Makefile").text
    var checked = 0
    for document in Self.documents {
      for words in commands(in: try Tree.file(document).text, "make") {
        let target = words[1]
        #expect(makefile.contains("\n\(target):"), "\(document): make \(target)")
        checked += 1
      }
    }
    #expect(checked >= 2)
  }

  @Test func `subcommands and options exist`() throws {
    let sources = Tree.files(under: "Sources/plumbline").map(\.text).joined()
    var checked = 0
    for document in Self.documents {
      for words in commands(in: try Tree.file(document).text, "plumbline") {
        if words[1].hasPrefix("-") { continue }
        #expect(sources.contains("commandName: \"\(words[1])\""), "\(document): plumbline \(words[1])")
        for word in words where word.hasPrefix("--") {
          let name = word.dropFirst(2).prefix { $0 != "=" }
          let parts = name.split(separator: "-").map(String.init)
          let variable = parts[0] + parts.dropFirst().map(\.capitalized).joined()
          #expect(sources.contains("var \(variable)"), "\(document): \(word)")
          checked += 1
        }
        checked += 1
      }
    }
    #expect(checked >= 3)
  }

  @Test func `links within the repository lead somewhere`() throws {
    for document in Self.documents {
      for match in try Tree.file(document).text.matches(of: /\]\(([^)#]+)[^)]*\)/) where !match.1.contains("://") {
        let target = Tree.root.appendingPathComponent(String(match.1)).path
        #expect(FileManager.default.fileExists(atPath: target), "\(document): \(match.1)")
      }
    }
  }

  @Test func `the table of modules is the list of folders`() throws {
    let text = try Tree.file("ARCHITECTURE.md").text
    let table = try #require(text.range(of: "| module | what it holds |"))
    let rows = text[table.upperBound...].split(separator: "\n").prefix { $0.hasPrefix("|") }
    let named = rows.flatMap { row in row.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.1) } }
    let folders = try FileManager.default.contentsOfDirectory(atPath: Tree.root.appendingPathComponent("Sources").path)
    // Modules of the system have no Swift in them.
    #expect(named.sorted() == folders.filter { !["COpenBLAS", "CSystem"].contains($0) }.sorted())
    for folder in folders { #expect(text.contains(folder), "\(folder)") }
  }

  /// Paths in the text, and names of types and files in backticks.
  @Test func `what the documents name exists`() throws {
    let sources = Tree.files(under: "Sources") + Tree.files(under: "Tests")
    let code = sources.map { Tree.code(of: $0.text) }.joined()
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
      let text = try Tree.file(document).text
      for match in text.matches(of: /`((?:Sources|Tests|Benchmarks|Datasets)\/[\w\/.-]*)/) {
        let path = Tree.root.appendingPathComponent(String(match.1)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(document): \(match.1)")
      }
      for match in text.matches(of: /`([A-Z][a-z]+[A-Z]\w+)`/) {
        let exists = code.contains(match.1)
        #expect(exists, "\(document): \(match.1)")
      }
    }
  }
}
