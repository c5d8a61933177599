import Foundation
import Testing

@Suite struct AgreementCommandTests {
  static let table = "Datasets/published/krippendorff-2011.csv"

  /// Krippendorff (2011): .743, .815, .849, .797.
  @Test(arguments: [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
  func `alpha is the published one on every scale`(scale: String, published: Double) throws {
    let ending = try Program.run([
      "agreement", Self.table, "--scale", scale, "--coefficients", "alpha", "--format", "csv", "--bootstrap", "50",
    ])
    #expect(ending.status == 0 && ending.errors.isEmpty)
    let fields = ending.output.split(whereSeparator: \.isNewline)[1].split(separator: ",")
    let numbers = fields.compactMap { Double($0) }
    #expect(abs(numbers[0] - published) < 5e-4)
  }

  @Test func `the report is JSON with a fixed schema`() throws {
    let ending = try Program.run(["agreement", Self.table, "--format", "json", "--bootstrap", "50"])
    let report = try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect(report["schema"] as? String == "plumbline.agreement/1")
    let again = try Program.run(["agreement", Self.table, "--format", "json", "--bootstrap", "50", "--threads", "1"])
    #expect(again.output == ending.output)
  }

  @Test func `both languages have every word`() throws {
    let ending = try Program.run(["agreement", Self.table, "--lang", "zh-Hans", "--bootstrap", "50"])
    #expect(ending.output.contains("考评员评分一致性") && ending.output.contains("哪位考评员拉低了一致性"))
    #expect(!ending.output.contains("Which rater") && !ending.output.contains("units"))
  }

  @Test func `custom weights come from a file`() throws {
    let scratch = try Scratch()
    let rows = (0..<5).map { i in (0..<5).map { j in String(1 - Double(abs(i - j)) / 4) }.joined(separator: ",") }
    let weights = try scratch.file("weights.csv", rows.joined(separator: "\n") + "\n")
    func table(_ weights: String) throws -> [Substring] {
      let ending = try Program.run(
        ["agreement", Self.table, "--scale", "ordinal", "--weights", weights, "--coefficients", "gwet,fleiss", "--format", "csv"])
      #expect(ending.status == 0)
      return ending.output.split(whereSeparator: \.isNewline).dropFirst().map { $0.drop { !$0.isNumber || $0 == "2" }.drop { $0 != "," } }
    }
    let (own, linear) = (try table(weights), try table("linear"))
    #expect(own.count == 2 && linear.count == 2)
    for (a, b) in zip(own, linear) {
      #expect(a.split(separator: ",").compactMap { Double($0) } == b.split(separator: ",").compactMap { Double($0) })
    }
    let broken = try scratch.file("broken.csv", "1,x\n0,1\n")
    let ending = try Program.run(["agreement", Self.table, "--weights", broken])
    #expect(ending.status == 2 && ending.errors.contains("broken.csv:1") && ending.errors.contains("“x”"))
  }

  @Test func `everything wrong with a command is told at once`() throws {
    let ending = try Program.run([
      "agreement", Self.table, "--scale", "cubic", "--weights", "heavy", "--decide", "raters=9..2", "--goal", "2", "--coefficients",
      "alpha,omega",
    ])
    #expect(ending.status == 2 && ending.output.isEmpty)
    for word in ["cubic", "heavy", "raters=9..2", "--goal 2", "omega"] { #expect(ending.errors.contains(word)) }
    let expert = try Program.run(["agreement", Self.table, "--expert", "nobody"])
    #expect(expert.status == 2 && expert.errors.contains("nobody"))
    let single = try Program.run(["agreement", "-"], input: "unit,rater,score\nA,1,1\nB,2,2\n")
    #expect(single.status == 2 && single.errors.contains("two raters"))
  }
}
