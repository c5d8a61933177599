import Models
import Testing

@Suite struct ModelFormulaTests {
  @Test(arguments: [
    ("y ~ x1 + x2 + x1:x2 + (1|g)", "y ~ x1 + x2 + x1:x2 + (1 | g)"),
    ("y ~ x1*x2 + (1|g)", "y ~ x1 + x2 + x1:x2 + (1 | g)"),
    ("y~a*b*c", "y ~ a + b + c + a:b + a:c + b:c + a:b:c"),
    ("y ~ a/b", "y ~ a + a:b"),
    ("y ~ (a + b):c", "y ~ a:c + b:c"),
    ("y ~ a*b - a:b", "y ~ a + b"),
    ("y ~ 0 + x + (x|g)", "y ~ 0 + x + (x | g)"),
    ("y ~ x - 1", "y ~ 0 + x"),
    ("y ~ 1", "y ~ 1"),
    ("y ~ x + (x||g)", "y ~ x + (1 | g) + (0 + x | g)"),
    ("y ~ (1|g/h)", "y ~ 1 + (1 | g) + (1 | g:h)"),
    ("y ~ (0+x|g:h)", "y ~ 1 + (0 + x | g:h)"),
    ("y ~ (1 + x | g)", "y ~ 1 + (x | g)"),
    ("y ~ (-1 + x | g)", "y ~ 1 + (0 + x | g)"),
    ("log(y) ~ factor(x) + same(a, b) + (1|g)", "log(y) ~ factor(x) + same(a, b) + (1 | g)"),
    ("得分 ～ 指标 ＋ （1｜单位） + (1|考评员)", "得分 ~ 指标 + (1 | 单位) + (1 | 考评员)"),
    ("`my score` ~ x", "my score ~ x"),
    ("y ~ x + x + (1|g)", "y ~ x + (1 | g)"),
  ])
  func isWrittenOut(_ text: String, _ expected: String) throws { #expect(try ModelFormula(text).text == expected) }

  @Test(arguments: [
    ("score", FormulaError.Reason.noResponse, 5), ("~ x", .noResponse, 0), ("y ~", .unfinished, 3), ("y ~ x +", .unfinished, 7),
    ("y ~ x + (1|g", .notClosed("("), 8), ("y ~ 2 + x", .number("2"), 4), ("y ~ poly(x)", .unknownFunction("poly"), 4),
    ("y ~ x | g", .barOutside, 6), ("y ~ (1|g+h)", .group, 7), ("y ~ (0|g)", .emptyTerm, 4), ("y ~ x ? z", .unexpected("?"), 6),
    ("y ~ x - (1|g)", .subtraction, 8), ("y ~ y + x", .responseOnBothSides, 4), ("y ~ (1|y)", .responseOnBothSides, 4),
    ("y ~ (y|g)", .responseOnBothSides, 4),
    ("y ~ same(a)", .arguments(function: "same", expected: 2), 4),
    ("y ~ x x", .unexpected("x"), 6), ("y ~ `x", .notClosed("`"), 4), ("y ~ (1|1)", .group, 7),
  ])
  func errorsHaveAPlace(_ text: String, _ reason: FormulaError.Reason, _ position: Int) {
    #expect(throws: FormulaError(reason, position: position, formula: text)) { try ModelFormula(text) }
  }

  @Test func columnsThatItNeeds() throws {
    #expect(try ModelFormula("y ~ x*z + same(a, b) + (x | g:h)").columns == ["y", "x", "z", "a", "b", "g", "h"])
  }

  @Test func `formulas that are too large are refused at once`() {
    let deep = "y ~ " + String(repeating: "(", count: 20_000) + "x" + String(repeating: ")", count: 20_000)
    let long = "y ~ " + (0..<18).map { "x\($0)" }.joined(separator: "*")
    for text in [deep, long] {
      do throws(FormulaError) {
        _ = try ModelFormula(text)
        Issue.record("read")
      } catch { #expect(error.reason == .tooLarge) }
    }
  }
}
