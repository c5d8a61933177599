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
}
