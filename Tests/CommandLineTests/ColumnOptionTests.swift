import Foundation
import Testing

/// The options that name columns are the same for every command that reads scores.
@Suite struct ColumnOptionTests {
  private func file(_ scratch: Scratch) throws -> String {
    try scratch.file("marks.csv", smallScores.replacing("rater,unit,criterion,score", with: "Marker,Pupil,Task,Mark"))
  }
  private let named = ["--rater", "Marker", "--unit", "Pupil", "--criterion", "Task", "--score", "Mark"]

  @Test(arguments: ["screen", "check", "agreement", "rasch"])
  func `columns by name`(_ command: String) throws {
    let scratch = try Scratch()
    let plain = try scratch.file("scores.csv", smallScores)
    let rest = ["--format", "json"] + (command == "rasch" ? ["--round-to", "10"] : command == "agreement" ? ["--bootstrap", "0"] : [])
    func result(_ path: String, _ options: [String]) throws -> [String: Any] {
      let ending = try Program.run([command, path] + options + rest)
      #expect(ending.status < 2, "\(ending.errors)")
      return try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    }
    var (recognised, given) = (try result(plain, []), try result(try file(scratch), named))
    for key in ["inputs", "options"] {
      recognised[key] = nil
      given[key] = nil
    }
    #expect(NSDictionary(dictionary: recognised) == NSDictionary(dictionary: given))
  }

  @Test(arguments: ["screen", "check", "agreement", "rasch"])
  func `a column without a name is refused`(_ command: String) throws {
    let scratch = try Scratch()
    let ending = try Program.run([command, try file(scratch), "--rater", ""])
    #expect(ending.status == 2 && ending.errors.contains("the rater column has an empty name."), "\(ending.errors)")
  }

  @Test func `a column named twice is refused unless both agree`() throws {
    let scratch = try Scratch()
    let path = try file(scratch)
    let twice = try Program.run(["check", path] + named + ["--column", "rater=Pupil"])
    #expect(twice.status == 2 && twice.errors.contains("the rater column is named twice: “Marker” and “Pupil”."), "\(twice.errors)")
    #expect(try Program.run(["check", path] + named + ["--column", "rater=Marker"]).status < 2)
  }

  /// `--rater` tells of the scores, not of the file of anchors, which has other columns.
  @Test func `a file of anchors beside named columns`() throws {
    let scratch = try Scratch()
    let anchors = try scratch.file("anchors.csv", "facet,element,measure\nrater,R1,0.5\n")
    let ending = try Program.run(
      ["rasch", try file(scratch)] + named + ["--round-to", "10", "--anchor", anchors, "--format", "csv", "--table", "measures-rater"])
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(
      ending.output.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("R1,") && $0.contains("anchored") }, "\(ending.output)")
  }
}
