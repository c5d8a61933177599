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

  @Test(arguments: [
    ["--formula", "reaction ~ days + (days|subject"], ["--formula", "reaction ~ day + (1|subject)"],
    ["--formula", "reaction ~ (1|days:subject)"],
    ["--method", "gls"], ["--seed", "7"], ["--level", "95"], ["--formula", "reaction ~ (1|subject)", "--effects", "days"],
  ])
  func `what is wrong ends with 2 and says so`(arguments: [String]) throws {
    let ending = try Program.run(["model", "Datasets/published/models/sleepstudy.csv"] + arguments)
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty && !ending.errors.isEmpty)
  }
}
