import Foundation
import Testing

@Suite struct RaschWideTests {
  static let scores = [[3, 2, 4], [1, 2, 2], [4, 3, 4], [2, 1, 3], [3, 3, 2], [1, 1, 2]]

  /// A wide table is the long one laid out otherwise.
  @Test func `a column a rater gives what a row a score gives`() throws {
    let scratch = try Scratch()
    var (long, wide) = ("unit,rater,score\n", "unit,甲,乙,丙\n")
    for (u, row) in Self.scores.enumerated() {
      wide += "U\(u)," + row.map(String.init).joined(separator: ",") + "\n"
      for (rater, score) in zip(["甲", "乙", "丙"], row) { long += "U\(u),\(rater),\(score)\n" }
    }
    let options = ["--quiet", "--format", "csv", "--table", "measures-rater"]
    let expected = try Program.run(["rasch", "-"] + options, input: long)
    #expect(expected.status == 0, "\(expected.errors)")
    let seen = try Program.run(["rasch", scratch.file("wide.csv", wide)] + options)
    #expect(seen.output == expected.output, "\(seen.errors)")
    let said = try Program.run(["rasch", "-", "--layout", "wide-raters"] + options, input: wide)
    #expect(said.output == expected.output, "\(said.errors)")
    let other = try Program.run(["rasch", "-", "--layout", "wide-raters", "--facets", "unit,room"], input: wide)
    #expect(other.status == 2 && other.errors.contains("room"))
  }
}
