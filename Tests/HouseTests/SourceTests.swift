import Foundation
import Testing

/// Rules of the house that the compiler does not know.
@Suite struct SourceTests {
  static let everywhere = ["Sources", "Tests", "Benchmarks"]

  @Test func `unsafe code is written under Sources/LinearAlgebra only`() throws {
    // In a string, so that this file is searched like any other.
    let word = try Regex("\\b(unsafe|withUnsafe\\w*|Unsafe\\w*Pointer|unsafeBitCast)\\b")
    var inside = 0
    for folder in Self.everywhere {
      for file in Tree.files(under: folder) {
        let code = Tree.code(of: file.text)
        // The regular expression is slow and nearly no file needs it.
        let uses = code.contains("nsafe") ? code.matches(of: word).count : 0
        if file.path.hasPrefix("Sources/LinearAlgebra/") {
          inside += uses
        } else {
          #expect(uses == 0, "\(file.path)")
        }
      }
    }
    #expect(inside > 0, "the search finds what it looks for where it is allowed")
  }

  @Test func `each foreign package is imported by exactly one target`() {
    let foreign = ["ArgumentParser", "Crypto", "Yams", "COpenBLAS", "CSystem"]
    var importers: [String: Set<String>] = [:]
    for file in Tree.files(under: "Sources") {
      let target = String(file.path.split(separator: "/")[1])
      for match in file.text.matches(
        of:
          /(?m)^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:struct\s+|enum\s+|class\s+|func\s+)?(\w+)/
      ) {
        importers[String(match.1), default: []].insert(target)
      }
    }
    for name in foreign { #expect(importers[name]?.count == 1, "\(name): \(importers[name] ?? [])") }
    #expect(importers["ArgumentParser"] == ["plumbline"])
    #expect(importers["COpenBLAS"] == ["LinearAlgebra"])
    for file in Tree.files(under: "Sources") where !file.path.hasPrefix("Sources/plumbline/") {
      #expect(!file.text.contains("import ArgumentParser"), "\(file.path)")
    }
  }

  @Test func `no file is long`() {
    for folder in Self.everywhere {
      for file in Tree.files(under: folder) {
        #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines; divide it by subject")
      }
    }
  }

  @Test func `nothing names the machine it was written on`() {
    let places = ["/" + "home/", "/" + "root/", "/" + "Users/", "/" + "tmp/trees", "/" + "work/"]
    for folder in Self.everywhere + ["Notebooks-md", "Datasets"] {
      for file in Tree.files(under: folder, suffixes: [".swift", ".md", ".py", ".yml", ".sh"]) {
        for place in places { #expect(!file.text.contains(place), "\(file.path) holds \(place)") }
      }
    }
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", ".ci/run", "Package.swift"] {
      guard let file = try? Tree.file(path) else {
        Issue.record("\(path) is missing")
        continue
      }
      for place in places { #expect(!file.text.contains(place), "\(path) holds \(place)") }
    }
  }

  @Test func `the manifest has no unsafe flags`() throws {
    #expect(!(try Tree.file("Package.swift").text.contains("unsafe" + "Flags")))
  }
}
