import Foundation
import Testing

/// Runs the built program as a user would.
struct Program {
  struct Ending {
    var status: Int32
    var output: String
    var errors: String
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The program beside the running test bundle: the one that was built with it.
  static let executable: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("plumbline")
      let kind = try? FileManager.default.attributesOfItem(atPath: candidate.path)[.type] as? FileAttributeType
      if kind == .typeRegular { return candidate }
      folder.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: "/nowhere/plumbline")
  }()

  /// Runs with an English locale and no colour unless the environment given says otherwise.
  static func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:], folder: URL = root
  ) throws -> Ending {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    let scratch = try Scratch()
    let outputPath = scratch.path("stdout")
    let errorPath = scratch.path("stderr")
    let inputPath = scratch.path("stdin")
    try Data((input ?? "").utf8).write(to: inputPath)
    try Data().write(to: outputPath)
    try Data().write(to: errorPath)
    process.standardInput = try FileHandle(forReadingFrom: inputPath)
    process.standardOutput = try FileHandle(forWritingTo: outputPath)
    process.standardError = try FileHandle(forWritingTo: errorPath)
    try process.run()
    process.waitUntilExit()
    return Ending(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: outputPath), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorPath), as: UTF8.self))
  }
}

/// A folder of its own that is removed in the end.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("plumbline-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: path(name))
    return path(name).path
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }
}

/// Twelve raters' scores of six units on two criteria, with nothing odd about them but their values' arbitrary digits.
let smallScores: String = {
  var text = "rater,unit,criterion,score\n"
  for r in 1...12 {
    for u in 1...6 { for c in 1...2 { text += "R\(r),County \(u),c\(c),\(60 + (r * 7 + u * 13 + c * 5 + r * u * 3) % 31)\n" } }
  }
  return text
}()
