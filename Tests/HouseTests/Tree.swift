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

  /// The source without comments, string literals and names in backticks, so that what is left is code. Bytes, because it is all of them.
  static func code(of source: String) -> String {
    let bytes = Array(source.utf8)
    var code: [UInt8] = []
    var i = 0
    func starts(with text: StaticString, at i: Int) -> Bool {
      let wanted = Array("\(text)".utf8)
      return i + wanted.count <= bytes.count && bytes[i..<i + wanted.count].elementsEqual(wanted)
    }
    func skip(to end: StaticString) {
      while i < bytes.count && !starts(with: end, at: i) { i += 1 }
      i += "\(end)".utf8.count
    }
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "/") where starts(with: "//", at: i): skip(to: "\n")
      case UInt8(ascii: "/") where starts(with: "/*", at: i): skip(to: "*/")
      case UInt8(ascii: "`"):
        i += 1
        skip(to: "`")
      case UInt8(ascii: "\"") where starts(with: "\"\"\"", at: i):
        i += 3
        skip(to: "\"\"\"")
      case UInt8(ascii: "\""):
        i += 1
        while i < bytes.count, bytes[i] != UInt8(ascii: "\""), bytes[i] != UInt8(ascii: "\n") {
          i += bytes[i] == UInt8(ascii: "\\") ? 2 : 1
        }
        i += 1
      default:
        code.append(bytes[i])
        i += 1
        continue
      }
      // What was cut out separates what stands on its sides.
      code.append(UInt8(ascii: " "))
    }
    return String(decoding: code, as: UTF8.self)
  }
}
