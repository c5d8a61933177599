import Analysis
import Scores
import Testing

/// Which formula a table of scores gets when none is typed.
@Suite struct DefaultModelTests {
  private typealias Cell = (rater: String, unit: String, criterion: String)

  private func choice(_ cells: [Cell]) throws -> DefaultModel {
    let lines = cells.enumerated().map { i, cell in "\(cell.rater),\(cell.unit),\(cell.criterion),\(i * 7 % 23)\n" }
    return try DefaultModel(
      ScoreReader.read(.bytes(Array(("rater,unit,criterion,score\n" + lines.joined()).utf8), name: "scores.csv")).table)
  }

  private func cells(units: Int, raters: Int, criteria: Int, rater: (_ unit: Int, _ rater: Int) -> String = { "R\($1)" }) -> [Cell] {
    (0..<units).flatMap { u in
      (0..<raters).flatMap { r in (0..<criteria).map { c in (rater: rater(u, r), unit: "U\(u)", criterion: "c\(c)") } }
    }
  }

  @Test func `one score a rater and unit: their interaction is the residual`() throws {
    let chosen = try choice(cells(units: 6, raters: 4, criteria: 1))
    #expect(chosen.formula.text == "score ~ 1 + (1 | unit) + (1 | rater)")
    #expect(chosen.explanation.en.hasSuffix("from another term: unit:rater.") && chosen.explanation.zh.hasSuffix("unit:rater。"))
  }

  @Test func `complete sheets on several criteria: every interaction of two`() throws {
    let chosen = try choice(cells(units: 6, raters: 5, criteria: 3))
    #expect(
      chosen.formula.text
        == "score ~ criterion + (1 | unit) + (1 | rater) + (1 | unit:criterion) + (1 | rater:criterion) + (1 | unit:rater)")
    #expect(chosen.explanation.en == "No formula was given; this one was chosen: \(chosen.formula.text).")
  }

  @Test func `raters of one unit each: what is the same grouping twice stands once`() throws {
    let chosen = try choice(cells(units: 6, raters: 3, criteria: 3) { "R\($0)\($1)" })
    #expect(chosen.formula.text == "score ~ criterion + (1 | unit) + (1 | rater) + (1 | unit:criterion)")
    #expect(chosen.explanation.en.contains("rater:criterion, unit:rater."))
  }

  /// A twentieth of the scores must be left to tell a term from the residual by.
  @Test(arguments: [(19, true), (20, false)]) func `one score given again`(_ pairs: Int, _ isIn: Bool) throws {
    let all = Array(cells(units: 5, raters: 4, criteria: 1).prefix(pairs))
    let chosen = try choice(all + [all[0]])
    #expect(chosen.formula.text == "score ~ 1 + (1 | unit) + (1 | rater)" + (isIn ? " + (1 | unit:rater)" : ""))
  }

  @Test func `units of the same name in other rounds are units of their own`() throws {
    let text = "rater,unit,round,score\n" + (0..<24).map { "R\($0 % 4),U\($0 / 8),\($0 / 4 % 2),\($0 * 7 % 23)\n" }.joined()
    let chosen = try DefaultModel(ScoreReader.read(.bytes(Array(text.utf8), name: "scores.csv")).table)
    guard case .factor(_, let labels) = chosen.frame.columns["unit"] else {
      Issue.record("units are names")
      return
    }
    #expect(labels == ["U0 0", "U0 1", "U1 0", "U1 1", "U2 0", "U2 1"])
  }

  @Test func `one unit or one rater is refused`() throws {
    let oneUnit = try ScoreReader.read(.bytes(Array("rater,unit,score\nA,u,1\nB,u,2\n".utf8), name: "scores.csv")).table
    let problem = #expect(throws: ModelProblem.self) { try DefaultModel(oneUnit) }
    #expect(problem?.text.en == "a model needs at least two units and two raters; there are 1 and 2.")
    #expect(throws: ModelProblem.self) { try choice(cells(units: 6, raters: 1, criteria: 2)) }
  }
}
