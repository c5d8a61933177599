import Models
import Testing

@Suite struct ModelDesignTests {
  func frame() -> ModelFrame {
    var frame = ModelFrame()
    frame.add("y", [1, 2, 3, 4, 5, 6, 7, 8, 9, .nan, 11, 12])
    frame.add("x", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0])
    frame.add("a", labels: ["q", "p", "r", "q", "p", "r", "q", "p", "r", "q", "p", ""])
    frame.add("b", labels: ["u", "u", "u", "v", "v", "v", "u", "u", "u", "v", "v", "v"])
    frame.add("g", [10, 9, 10, 9, 10, 9, 10, 9, 10, 9, 10, 9])
    return frame
  }

  func names(_ formula: String) throws -> [String] { try ModelDesign(ModelFormula(formula), frame()).fixedNames }

  /// The columns of R 4.2's `model.matrix`, in its order.
  @Test func columnsAsModelMatrix() throws {
    #expect(try names("y ~ a*b") == ["(Intercept)", "aq", "ar", "bv", "aq:bv", "ar:bv"])
    #expect(try names("y ~ 0 + a + b") == ["ap", "aq", "ar", "bv"])
    #expect(try names("y ~ x + a:x") == ["(Intercept)", "x", "x:aq", "x:ar"])
    #expect(try names("y ~ a:b") == ["(Intercept)", "ap:bu", "aq:bu", "ar:bu", "ap:bv", "aq:bv", "ar:bv"])
    #expect(try names("y ~ a + a:b") == ["(Intercept)", "aq", "ar", "ap:bv", "aq:bv", "ar:bv"])
    #expect(try names("y ~ factor(g)") == ["(Intercept)", "factor(g)10"])
  }

  @Test func rowsWithMissingValuesAreCounted() throws {
    #expect(try ModelDesign(ModelFormula("y ~ x"), frame()).droppedRows == 1)
    #expect(try ModelDesign(ModelFormula("y ~ a"), frame()).droppedRows == 2)
  }

  @Test func numbersGroupByValue() throws {
    let design = try ModelDesign(ModelFormula("y ~ (1 | g:b)"), frame())
    #expect(design.terms[0].labels == ["9:u", "9:v", "10:u", "10:v"])
  }

  @Test func columnsThatOthersDetermineAreDroppedAndNamed() throws {
    let data = CrossedSlopes()
    var frame = data.frame
    guard case .numbers(let x) = frame.columns["x"]! else { return }
    frame.add("z", x.map { 3 * $0 - 1 })
    let model = try LinearMixedModel(ModelDesign(ModelFormula("y ~ x + z + own + (1 | unit)"), frame))
    #expect(model.droppedColumns == ["z"])
    #expect(try model.fit().coefficients.map(\.name) == ["(Intercept)", "x", "own"])
  }

  @Test func whatDoesNotFitTheData() throws {
    func problem(_ formula: String) -> ModelFrameError? {
      do {
        _ = try ModelDesign(ModelFormula(formula), frame())
        return nil
      } catch { return error as? ModelFrameError }
    }
    #expect(problem("y ~ w") == .unknownColumn("w", known: ["y", "x", "a", "b", "g"]))
    #expect(problem("a ~ x") == .notNumbers("a"))
    #expect(problem("y ~ same(x, a)") == .notFactor("x"))
    #expect(problem("y ~ log(x)") == .logarithm(column: "x", row: 11))
    #expect(problem("y ~ (1 | x)") == .asManyEffectsAsObservations(term: "(1 | x)", effects: 11, observations: 11))
  }

  @Test func anIndicatorOfTheSameGroup() throws {
    var frame = frame()
    frame.add("c", labels: (0..<12).map { $0 < 6 ? "p" : "q" })
    let design = try ModelDesign(ModelFormula("y ~ same(a, c)"), frame)
    #expect(design.fixedNames == ["(Intercept)", "same(a, c)"])
    #expect(design.fixedColumns[1].reduce(0, +) == 3)
  }
}
