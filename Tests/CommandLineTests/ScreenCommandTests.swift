import Foundation
import Testing

@Suite struct ScreenCommandTests {
  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: ["screen", "check"]) func `a table is read and reported`(command: String) throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let ending = try Program.run([command, scores, "--format", "json", "--fail-on", "never"])
    #expect(ending.status == 0)
    let report = try json(ending.output)
    #expect(report["schema"] as? String == "plumbline.findings/1")
    let campaign = try #require(report["campaign"] as? [String: Int])
    #expect(campaign["scores"] == 144 && campaign["raters"] == 12 && campaign["units"] == 6 && campaign["criteria"] == 2)
  }

  @Test func `standard input gives what the file gives`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let file = try json(Program.run(["check", scores, "--format", "json", "--fail-on", "never"]).output)
    let piped = try json(Program.run(["check", "-", "--format", "json", "--fail-on", "never"], input: smallScores).output)
    #expect((file["campaign"] as? [String: Int]) == (piped["campaign"] as? [String: Int]))
    let sums = [file, piped].map { (($0["inputs"] as? [[String: String]])?.first)?["sha256"] }
    #expect(sums[0] == sums[1])
    #expect(sums[0]?.count == 64)
  }

  @Test func `the number of threads changes nothing`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let one = try Program.run(["screen", scores, "--format", "json", "--threads", "1"])
    let two = try Program.run(["screen", scores, "--format", "json", "--threads", "2"])
    #expect(one.output == two.output && one.status == two.status)
    #expect(!one.output.isEmpty)
  }

  @Test func `a report goes to its file, whole, and to nowhere else`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let printed = try Program.run(["screen", scores, "--format", "json", "--fail-on", "never"])
    // Over an existing file as well as to a new one.
    let old = try scratch.file("old.json", "old")
    for path in [old, scratch.path("new.json").path] {
      let ending = try Program.run([
        "screen", scores, "--format", "json", "--fail-on", "never", "--output", path, "--tests", scratch.path("tests.csv").path,
      ])
      #expect(ending.status == 0)
      #expect(ending.output.isEmpty)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == printed.output)
    }
    #expect(scratch.names == ["new.json", "old.json", "scores.csv", "tests.csv"])
    #expect(
      try String(contentsOf: scratch.path("tests.csv"), encoding: .utf8).hasPrefix("rule,raters,units,teams,criteria,groups,statistic,"))
  }

  @Test func `a file that cannot be written is no half-written file`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    for path in [scratch.folder.path, scratch.path("nowhere/findings.json").path] {
      let ending = try Program.run(["screen", scores, "--output", path])
      #expect(ending.status == 2)
      #expect(ending.errors.contains("cannot write"))
    }
    #expect(scratch.names == ["scores.csv"])
  }

  @Test func `bad input: every problem with its place, and exit code 2`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("bad.csv", "rater,unit,score\nR1,County A,12\nR1,County B,inf\n,County A,3\nR2,County A,12x\n")
    let ending = try Program.run(["screen", scores])
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty)
    for place in ["line 3", "line 4", "line 5"] { #expect(ending.errors.contains(place)) }
  }

  /// Names of the campaign file that match nothing would be passed over: no award line drawn, a weight not applied.
  @Test func `awards and criteria that the scores do not have are refused`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file(
      "scores.csv", "rater,unit,category,criterion,score\nA,U,County,K,5\nB,U,County,K,6\nA,V,County,L,5\nB,V,County,L,7\n")
    func check(_ campaign: String) throws -> Program.Ending {
      try Program.run(["check", scores, "--campaign", try scratch.file("campaign.yml", campaign), "--fail-on", "never"])
    }
    let award = try check("awards:\n  - {name: exemplary, top: 1, category: Countys}\n")
    #expect(award.status == 2 && award.errors.contains("“Countys”") && award.errors.contains("County"))
    let criterion = try check("criteria:\n  K: {weight: 2}\n  LL: {weight: 1}\n")
    #expect(criterion.status == 2 && criterion.errors.contains("LL") && criterion.errors.contains("not named here: L"))
    // A criterion that is not scored yet is no mistake.
    #expect(try check("criteria:\n  K: {weight: 2}\n  L: {weight: 1}\n  M: {weight: 1}\n").status == 0)
    #expect(try check("awards:\n  - {name: exemplary, top: 1, category: County}\n").status == 0)
  }

  @Test func `the campaign file is read, named and hashed, and its problems are told`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores.replacingOccurrences(of: "rater,unit", with: "Z1,unit"))
    let good = try scratch.file("campaign.yml", "columns: {rater: Z1}\nerror_budget: 0.1\n")
    let ending = try Program.run(["check", scores, "--campaign", good, "--format", "json", "--fail-on", "never"])
    #expect(ending.status == 0)
    let inputs = try #require(try json(ending.output)["inputs"] as? [[String: String]])
    #expect(inputs.map { $0["name"] } == [scores, good])
    // sha256sum of the same bytes.
    #expect(inputs[1]["sha256"] == "7d4ed3c10dcdaed77860b8876f77695d14d50399fb27e9e3cd77baba1c9463cf")
    let bad = try scratch.file("bad.yml", "scale: {min: 0, maxx: 100}\npanel_size: many\n")
    let refused = try Program.run(["check", scores, "--campaign", bad])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("line 1") && refused.errors.contains("line 2"))
  }

  @Test func `a thousand problems are shown, every one`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("bad.csv", "rater,unit,score\n" + (1...1000).map { "R1,County \($0),x\n" }.joined())
    let ending = try Program.run(["screen", scores])
    #expect(ending.status == 2)
    let lines = ending.errors.split(separator: "\n")
    #expect(lines.count == 1000)
    #expect(lines.last?.contains("bad.csv: line 1001,") == true)
  }

  @Test func `no name drives the terminal`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores.replacingOccurrences(of: "County 1", with: "\u{1B}[2JCounty 1"))
    let bad = try scratch.file("bad.csv", "rater,unit,score\nR1,A,\u{1B}[31mx\n")
    for arguments in [["screen", scores], ["screen", scores, "--format", "json"], ["check", bad]] {
      let ending = try Program.run(arguments)
      #expect(!ending.output.contains("\u{1B}") && !ending.errors.contains("\u{1B}"))
    }
  }

  @Test func `colour only when asked for or on a terminal`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    #expect(!(try Program.run(["screen", scores]).output.contains("\u{1B}[")))
    #expect(try Program.run(["rules", "--color", "always"]).output.contains("\u{1B}["))
  }

  @Test func `the language follows the locale and the option`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let chinese = try Program.run(["screen", scores], environment: ["LC_ALL": "zh_CN.UTF-8"]).output
    // A line may end anywhere in Chinese.
    #expect(chinese.filter { !$0.isWhitespace }.contains("读入评分144个"))
    let english = try Program.run(["screen", scores, "--lang", "en"], environment: ["LC_ALL": "zh_CN.UTF-8"]).output
    #expect(english.contains("Read 144 scores"))
  }
}
