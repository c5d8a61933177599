import Models
import Testing

/// Independent intercepts and slopes on a column far from zero: both variances zero is a minimum of the criterion, and far above the lowest.
@Suite struct SeveralMinimaTests {
  let frame: ModelFrame

  /// Invented scores of 32 sheets; x is about 50.
  init() {
    let raters = [
      "R4", "R2", "R5", "R4", "R2", "R3", "R5", "R2", "R6", "R3", "R6", "R3", "R2", "R6", "R5", "R2", "R4", "R3", "R3", "R5", "R2", "R2",
      "R6", "R2", "R6", "R3", "R4", "R3", "R6", "R3", "R1", "R4",
    ]
    let units = [
      "U6", "U2", "U2", "U8", "U6", "U6", "U1", "U1", "U3", "U2", "U5", "U6", "U3", "U2", "U6", "U4", "U3", "U7", "U7", "U2", "U4", "U1",
      "U1", "U3", "U4", "U4", "U4", "U6", "U7", "U6", "U6", "U4",
    ]
    let x = [
      36.18, 38.21, 51.59, 53.59, 46.94, 40.85, 49.09, 41.66, 58.97, 36.5, 64.46, 54.43, 65.55, 25.74, 48.81, 52.78, 56.68, 55.69, 55,
      49.42, 40.91, 71.98, 68.45, 35.5, 48.96, 69.48, 47.03, 68.95, 52.35, 49.25, 48.22, 46.75,
    ]
    let y = [
      62.54, 57.02, 59.32, 60.29, 59.61, 60.5, 58.75, 58.17, 60.94, 61.21, 63.2, 59.32, 63.89, 60.58, 59.59, 60.88, 57.71, 59.27, 60.18,
      56.69, 58.34, 66.52, 62.12, 57.11, 60.98, 57.73, 58.43, 57.54, 60.39, 60.87, 60.1, 60.75,
    ]
    var frame = ModelFrame()
    frame.add("r", labels: raters)
    frame.add("u", labels: units)
    frame.add("x", x)
    frame.add("y", y)
    self.frame = frame
  }

  func fit(_ formula: String) throws -> LinearMixedFit { try LinearMixedModel(ModelDesign(ModelFormula(formula), frame)).fit() }

  /// lme4 1.1-31, bobyqa with rhoend 1e-10.
  @Test func theLowestIsFound() throws {
    let fit = try fit("y ~ x + (x || r) + (1 | u)")
    #expect(relativeError(fit.criterion, 129.299485389) < 1e-11)
    #expect(relativeError(fit.terms[0].standardDeviation(0), 7.48581241) < 1e-5)
    #expect(relativeError(fit.terms[1].standardDeviation(0), 0.15467774) < 1e-5)
    #expect(relativeError(fit.residualStandardDeviation, 0.88660957) < 1e-5)
  }

  /// A larger model never fits worse than one that it contains.
  @Test func noWorseThanWithoutSlopes() throws {
    #expect(try fit("y ~ x + (x || r) + (1 | u)").criterion < fit("y ~ x + (1 | r) + (1 | u)").criterion)
  }

  /// The variance of the units is zero: what rounding makes of the two criteria is no statistic.
  @Test func aVarianceOfZeroTestsAsNothing() throws {
    let comparison = try fit("y ~ x + (x || r) + (1 | u)").compared(with: fit("y ~ x + (x || r)"))
    guard case .nested(let test) = comparison else {
      Issue.record("not nested")
      return
    }
    #expect(test.statistic == 0 && test.pValue == 1 && test.mixturePValue == 1)
  }

  /// A constant beside the intercept gives effects that nothing tells apart.
  @Test func aDependentRandomColumnIsRefused() throws {
    var frame = frame
    frame.add("c", [Double](repeating: 7, count: frame.count))
    #expect(throws: ModelFrameError.dependentColumn(term: "(c | r)", column: "c")) {
      try ModelDesign(ModelFormula("y ~ x + (c | r)"), frame)
    }
  }
}
