import Foundation
import Testing

@Suite struct ModelCommandTests {
  @Test func `a formula is fitted and printed for programs`() throws {
    let ending = try Program.run([
      "model", "Datasets/published/models/sleepstudy.csv", "--formula", "reaction ~ days + (days|subject)", "--format", "json", "--quiet",
    ])
    #expect(ending.status == 0)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect(report["schema"] as? String == "plumbline.model/1")
    let model = try #require(report["model"] as? [String: Any])
    // lme4 1.1-31.
    #expect(abs((model["deviance"] as? Double ?? 0) - 1743.6282719585) < 1e-7)
    #expect((report["random-effects"] as? [[String: Any]])?.count == 3)
  }

  @Test func `a table of scores gets a model, and the output says which`() throws {
    let scratch = try Scratch()
    let scores = try scratch.file("scores.csv", smallScores)
    let ending = try Program.run(["model", scores, "--quiet"])
    #expect(ending.status == 0)
    // However the lines are broken.
    let words = ending.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("this one was chosen: score ~ criterion + (1 | unit) + (1 | rater)"))
  }

  /// Names of levels that are longer than a line are broken or cut, and no figure is lost for them.
  @Test func `very long names fit into 80 columns`() throws {
    let scratch = try Scratch()
    let long = String(repeating: "Department of a very long name ", count: 5)
    // Departments ten points apart, so that each has an effect of its own.
    var text = "rater,unit,score\n"
    for r in 1...4 { for u in 1...6 { text += "R\(r),\(long)\(u),\(40 + 10 * u + r * u * u % 5)\n" } }
    let arguments = ["model", try scratch.file("scores.csv", text), "--quiet", "--effects", "unit"]
    let page = try Program.run(arguments).output
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let shown = page.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let csv = try Program.run(arguments + ["--format", "csv", "--table", "effects-unit"]).output
    let rows = csv.split(whereSeparator: \.isNewline).dropFirst()
    #expect(rows.count == 6)
    for row in rows {
      let value = try #require(row.split(separator: ",").compactMap { Double($0) }.first)
      #expect(row.hasPrefix(long) && shown.contains { abs($0 - value) < 0.006 }, "\(row)")
    }
  }

  /// Beyond 1,500 raters the likelihood is estimated unless it is asked for exactly; a likelihood-ratio test wants it exactly.
  @Test func `very many raters are compared exactly when asked to`() throws {
    let scratch = try Scratch()
    var text = "rater,unit,score\n"
    for u in 0..<3200 {
      for k in 0..<2 {
        text += "R\((u * (k + 1) + 7 * k) % 1600),U\(u),\(50 + u * 37 % 11 + (u * (k + 1) + 7 * k) % 1600 % 5 + u * k % 3)\n"
      }
    }
    let arguments = [
      "model", try scratch.file("scores.csv", text), "--formula", "score ~ 1 + (1|unit) + (1|rater)", "--compare", "score ~ 1 + (1|unit)",
      "--intervals",
      "none", "--format", "json", "--quiet",
    ]
    let refused = try Program.run(arguments)
    #expect(refused.status == 2 && refused.errors.contains("--exact"), "\(refused.errors)")
    let exact = try Program.run(arguments + ["--exact"])
    #expect(exact.status == 0)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(exact.output.utf8)) as? [String: Any])
    #expect((report["fixed-effects"] as? [[String: Any]])?.first?["df"] is Double)
    let names = try #require(report["random-effects"] as? [[String: Any]]).map { $0["levels"] as? Int }
    #expect(names == [3200, 1600, nil])
  }

  @Test(
    arguments: [
      (["--formula", "reaction ~ days + (days|subject"], "--formula: "), (["--formula", "reaction ~ day + (1|subject)"], "day"),
      (["--formula", "reaction ~ (1|days:subject)"], "days:subject"), (["--method", "gls"], "--method gls: say one of reml, ml."),
      (["--seed", "7"], "--intervals bootstrap"), (["--level", "95"], "--level 95: say a number between 0 and 1."),
      (["--formula", "reaction ~ (1|subject)", "--effects", "days"], "--effects days"),
    ] as [([String], String)])
  func `what is wrong ends with 2 and says so`(arguments: [String], says: String) throws {
    let ending = try Program.run(["model", "Datasets/published/models/sleepstudy.csv"] + arguments)
    #expect(ending.status == 2 && ending.output.isEmpty)
    #expect(ending.errors.contains(says), "\(ending.errors)")
  }
}
