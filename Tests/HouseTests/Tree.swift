import Foundation

/// The files of the package, as they are on disk beside this test.
enum Tree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct File: Sendable {
    /// Relative to the root.
    var path: String
    var text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  /// Text files under a folder, by path; hidden folders and what is built are left out.
  static func files(under folder: String, suffixes: [String] = [".swift"]) -> [File] {
    let base = root.appendingPathComponent(folder)
    guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
    var files: [File] = []
    for case let name as String in walker where suffixes.contains(where: name.hasSuffix) {
      if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
      guard let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8) else { continue }
      files.append(File(path: folder + "/" + name, text: text))
    }
    return files.sorted { $0.path < $1.path }
  }

  static func file(_ path: String) throws -> File {
    File(path: path, text: try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
  }

  /// The source without comments and string literals, so that what is left is code.
  static func code(of source: String) -> String {
    var code = ""
    var rest = source[...]
    while let character = rest.first {
      if rest.hasPrefix("//") {
        rest = rest[(rest.firstIndex(where: \.isNewline) ?? rest.endIndex)...]
      } else if rest.hasPrefix("/*") {
        rest = rest.range(of: "*/").map { rest[$0.upperBound...] } ?? ""
      } else if rest.hasPrefix("\"\"\"") {
        let body = rest.dropFirst(3)
        rest = body.range(of: "\"\"\"").map { body[$0.upperBound...] } ?? ""
      } else if character == "\"" {
        rest = rest.dropFirst()
        while let inner = rest.first, inner != "\"", !inner.isNewline { rest = rest.dropFirst(inner == "\\" ? 2 : 1) }
        rest = rest.dropFirst()
      } else {
        code.append(character)
        rest = rest.dropFirst()
      }
    }
    return code
  }
}
