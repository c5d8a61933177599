import Foundation
import Testing

@Suite struct ModelWeightsTests {
  @Test func `scores without a residual say so`() throws {
    let ending = try Program.run(
      ["model", "-", "--formula", "score ~ 1 + (1|unit)"], input: "unit,rater,score\nA,x,1\nA,y,1\nB,x,3\nB,y,3\nC,x,2\nC,y,2\n")
    #expect(ending.status == 2 && ending.errors.contains("no residual variance"), "\(ending.errors)\(ending.output)")
  }

  static let table =
    "u,w,y\n"
    + [
      ("a", 1, 3.1), ("a", 2, 2.7), ("a", 4, 3.6), ("b", 1, 5.2), ("b", 3, 4.4), ("b", 2, 4.9), ("c", 2, 1.8), ("c", 1, 2.9), ("c", 4, 2.2),
      ("d", 3, 4.1), ("d", 1, 3.3), ("d", 2, 4.6),
    ].map { "\($0.0),\($0.1),\($0.2)\n" }.joined()

  func variances() throws -> (unit: Double, residual: Double) {
    let ending = try Program.run(
      [
        "model", "-", "--formula", "y ~ 1 + (1|u)", "--weights", "w", "--tests", "none", "--intervals", "none", "--quiet", "--format",
        "csv",
      ],
      input: Self.table)
    try #require(ending.status == 0, "\(ending.errors)")
    func variance(_ start: String) throws -> Double {
      let line = try #require(ending.output.split(whereSeparator: \.isNewline).first { $0.hasPrefix(start) }, "\(ending.output)")
      // group, effect, levels, variance.
      return try #require(Double(line.split(separator: ",", omittingEmptySubsequences: false)[3]))
    }
    return (try variance("u,"), try variance("Residual"))
  }

  /// lme4 1.1.31 under R 4.2.2: lmer(y ~ 1 + (1 | u), weights = w), variances of VarCorr.
  @Test func lme4PriorWeights() throws {
    let (unit, residual) = try variances()
    #expect(abs(unit - 1.13044762) < 1e-6 && abs(residual - 0.45693234) < 1e-6, "\(unit) \(residual)")
  }

  @Test func `a column of names is no weight`() throws {
    let ending = try Program.run(["model", "-", "--formula", "y ~ 1 + (1|u)", "--weights", "u"], input: Self.table)
    #expect(ending.status == 2 && ending.errors.contains("--weights u"))
  }
}
