import Foundation
import Testing

@Suite struct RaschCommandTests {
  private let guilford = "Datasets/published/guilford-1954.csv"

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `a published table as JSON`() throws {
    let ending = try Program.run(["rasch", guilford, "--format", "json", "--bias", "rater:unit"])
    #expect(ending.status == 0 && ending.errors.isEmpty)
    let report = try json(ending.output)
    #expect(report["schema"] as? String == "plumbline.rasch/1")
    let raters = try #require(report["measures-rater"] as? [[String: Any]])
    #expect(raters.map { $0["rater"] as? String } == ["Brahe", "Avogadro", "Cavendish"])
    let bias = try #require(report["bias-rater-unit"] as? [[String: Any]])
    #expect(bias.count == 21 && bias[0]["unit"] as? String == "Edward")
    let size = try #require(bias[0]["size"] as? Double)
    #expect(abs(size + 1.30) < 0.005)
  }

  @Test func `the number of threads and the order of rows change nothing`() throws {
    let scratch = try Scratch()
    let text = try String(contentsOf: Program.root.appendingPathComponent(guilford), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    let reversed = try scratch.file("reversed.csv", ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n")
    for method in ["jml", "mml"] {
      let one = try Program.run(["rasch", guilford, "--method", method, "--format", "csv", "--table", "measures-unit", "--threads", "1"])
      let two = try Program.run(["rasch", reversed, "--method", method, "--format", "csv", "--table", "measures-unit", "--threads", "2"])
      #expect(one.status == 0 && one.output == two.output && one.output.hasPrefix("unit,count,average,fairAverage,measure,"))
    }
  }

  /// Held at what was estimated, the rest comes out as before.
  @Test func `anchors of elements and thresholds`() throws {
    let scratch = try Scratch()
    let free = try json(Program.run(["rasch", guilford, "--format", "json"]).output)
    var anchors = "facet,element,measure\n"
    for row in try #require(free["measures-rater"] as? [[String: Any]]) {
      anchors += "rater,\(row["rater"]!),\(row["measure"]!)\n"
    }
    for row in try #require(free["categories"] as? [[String: Any]]) {
      if let threshold = row["threshold"] as? Double { anchors += "threshold,\(row["score"]!),\(threshold)\n" }
    }
    anchors += "rater,Somebody else,1.5\n"
    let ending = try Program.run(["rasch", guilford, "--format", "json", "--anchor", try scratch.file("anchors.csv", anchors)])
    #expect(ending.status == 0)
    let held = try json(ending.output)
    let (a, b) = (free["measures-unit"] as? [[String: Any]], held["measures-unit"] as? [[String: Any]])
    for (x, y) in zip(try #require(a), try #require(b)) {
      let difference = try #require(x["measure"] as? Double) - #require(y["measure"] as? Double)
      #expect(abs(difference) < 1e-8)
    }
    let raters = try #require(held["measures-rater"] as? [[String: Any]])
    #expect(raters.allSatisfy { $0["status"] as? String == "anchored" })
  }

  @Test(arguments: [
    ("threshold,inf,0.5", "not inf"), ("threshold,nan,0.5", "not nan"), ("threshold,1e300,0.5", "not 1e300"),
    ("threshold,2.6,0.5", "not 2.6"),
    ("threshold,5,1.5\nthreshold,5,9", "a second time"),
  ])
  func `a threshold is held once, at a score`(rows: String, says: String) throws {
    let scratch = try Scratch()
    let ending = try Program.run(["rasch", guilford, "--anchor", try scratch.file("anchors.csv", "facet,element,measure\n\(rows)\n")])
    #expect(ending.status == 2 && ending.errors.contains(says), "\(ending.errors)")
  }

  @Test func `columns by name, a fourth facet, and its interaction`() throws {
    let scratch = try Scratch()
    var text = "Marker,Pupil,Day,Mark\n"
    for r in 0..<4 {
      for u in 0..<8 { for d in 0..<3 { text += "m\(r),p\(u),\(d),\((r * 5 + u * 3 + d * 7 + r * u * d + u * u) % 4)\n" } }
    }
    let marks = try scratch.file("marks.csv", text)
    let ending = try Program.run([
      "rasch", marks, "--rater", "Marker", "--unit", "Pupil", "--score", "Mark", "--facets", "rater,unit,Day", "--bias", "rater:Day",
      "--format", "json",
    ])
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try json(ending.output)
    #expect((report["measures-Day"] as? [[String: Any]])?.count == 3 && (report["bias-rater-Day"] as? [[String: Any]])?.count == 12)
  }

  @Test func `what is wrong is said, with what to do`() throws {
    let scratch = try Scratch()
    let decimals = try scratch.file("decimals.csv", "rater,unit,score\nA,x,71.5\nB,x,70\nA,y,60\n")
    let cases: [([String], String)] = [
      (["rasch", decimals], "line 2: the score 71.5 is not one of a few whole numbers"),
      (["rasch", "Datasets/sample-campaign/scores.csv", "--round-to", "1"], "more than 30 categories"),
      (["rasch", guilford, "--model", "graded"], "say one of rating-scale, partial-credit, rater-scales"),
      (["rasch", guilford, "--bias", "rater"], "name two facets"),
      (["rasch", guilford, "--by", "team"], "the facets are rater, unit, criterion"),
      (["rasch", guilford, "--facets", "rater,unit,colour"], "no column is the facet colour"),
      (["rasch", guilford, "--method", "mml", "--bias-correction"], "--bias-correction is for --method jml"),
      (["rasch", guilford, "--format", "csv", "--table", "nothing"], "the tables are measures-rater"),
    ]
    for (arguments, words) in cases {
      let ending = try Program.run(arguments)
      #expect(ending.status == 2 && ending.output.isEmpty)
      #expect(ending.errors.contains(words), "\(arguments): \(ending.errors)")
    }
  }

  @Test func `scores of a hundred in steps of ten`() throws {
    let ending = try Program.run([
      "rasch", "Datasets/sample-campaign/scores.csv", "--round-to", "10", "--format", "csv", "--table", "measures-rater",
    ])
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.split(whereSeparator: \.isNewline).count == 66)
  }
}
