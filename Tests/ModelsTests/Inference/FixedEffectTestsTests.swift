import Models
import Testing

/// lmerTest 3.1-3 and pbkrtest 0.5.2 on lme4 1.1-31 fits by REML (bobyqa to 1e-10), R 4.2.
@Suite struct FixedEffectTestsTests {
  let data = CrossedSlopes()

  @Test func satterthwaiteAsLmerTest() throws {
    let tests = try data.fit("y ~ x + own + (x | rater) + (1 | unit)").fixedEffectTests(.satterthwaite)
    let degrees = [18.388093812, 6.946315796, 109.439133560]
    for (test, expected) in zip(tests.coefficients, degrees) {
      #expect(relativeError(test.degreesOfFreedom, expected) < 1e-5, "\(test.name)")
    }
    #expect(relativeError(tests.coefficients[2].pValue, 4.432132349e-3) < 1e-5)
    #expect(tests.terms.map(\.name) == ["x", "own"])
    #expect(relativeError(tests.terms[0].f, 5.367408928) < 1e-6)
    #expect(relativeError(tests.terms[0].denominator, 6.946315796) < 1e-5)
  }

  @Test func kenwardRogerAsPbkrtest() throws {
    let tests = try data.fit("y ~ x + own + (x | rater) + (1 | unit)").fixedEffectTests(.kenwardRoger)
    let degrees = [17.89419308, 6.99764388, 109.56139517]
    let errors = [1.1113640562, 0.5451344129, 0.4833524444]
    for (test, (df, error)) in zip(tests.coefficients, zip(degrees, errors)) {
      #expect(relativeError(test.degreesOfFreedom, df) < 1e-6, "\(test.name)")
      #expect(relativeError(test.standardError, error) < 1e-6)
    }
    #expect(relativeError(tests.terms[1].f, 8.174326443) < 1e-6)
    #expect(relativeError(tests.terms[1].pValue, 0.005087495696) < 1e-5)
  }

  /// Singular, with an interaction of a factor and a number; F tests of several columns, type III.
  @Test func interactionsOnASingularFit() throws {
    let fit = try data.fit("y ~ x * criterion + (x || rater) + (1 | unit/criterion)")
    let tests = try fit.fixedEffectTests(.satterthwaite)
    let degrees = [33.72260549, 13.12323843, 107.25871847, 95.66258009, 110.44869447, 107.01250816]
    for (test, expected) in zip(tests.coefficients, degrees) {
      #expect(relativeError(test.degreesOfFreedom, expected) < 1e-5, "\(test.name)")
    }
    let expected = [(5.612541391329, 7.624066842), (0.508123380995, 100.008783625), (0.009116590286, 106.788212217)]
    for (test, (f, df)) in zip(tests.terms, expected) {
      #expect(relativeError(test.f, f) < 1e-5, "\(test.name)")
      #expect(relativeError(test.denominator, df) < 1e-5, "\(test.name)")
    }
    let kenward = try fit.fixedEffectTests(.kenwardRoger)
    let adjusted = [(5.558676155889, 7.645585238), (0.476423684637, 85.368531609), (0.008314019317, 107.196651152)]
    for (test, (f, df)) in zip(kenward.terms, adjusted) {
      #expect(relativeError(test.f, f) < 1e-5, "\(test.name)")
      #expect(relativeError(test.denominator, df) < 1e-5, "\(test.name)")
    }
    #expect(relativeError(kenward.coefficients[0].degreesOfFreedom, 32.15385618) < 1e-5)
  }

  /// Cochran and Cox (1957), Experimental Designs, 2nd ed., table 7.5: breaking angle of cakes, every cake but each seventh (rows by number × 11 mod 7).
  private func cakes(_ formula: String) throws -> LinearMixedFit {
    let all = try PublishedTables.frame("cake")
    var frame = ModelFrame()
    let rows = (1...270).filter { $0 * 11 % 7 != 0 }.map { $0 - 1 }
    for name in all.names {
      switch all.columns[name]! {
      case .numbers(let values): frame.add(name, rows.map { values[$0] })
      case .factor(let codes, let labels): frame.add(name, labels: rows.map { labels[Int(codes[$0])] })
      }
    }
    return try LinearMixedModel(ModelDesign(ModelFormula(formula), frame)).fit()
  }

  /// The rows of the contrasts matter to the denominator: lmerTest takes those of type I.
  @Test(arguments: [
    ("angle ~ factor(temperature) + (1 | recipe:replicate)", 20.2210889232, 182.984957247),
    ("angle ~ recipe + (1 | recipe:replicate)", 0.166282329113, 41.9112584631),
    ("angle ~ recipe + (1 | replicate)", 1.44600818943, 215.038693439),
  ])
  func oneFactorByItself(_ formula: String, f: Double, denominator: Double) throws {
    let test = try cakes(formula).fixedEffectTests(.satterthwaite).terms[0]
    #expect(relativeError(test.f, f) < 1e-6)
    #expect(relativeError(test.denominator, denominator) < 1e-6)
  }

  @Test func unbalancedSplitPlot() throws {
    let fit = try cakes("angle ~ recipe * factor(temperature) + (1 | recipe:replicate)")
    #expect(abs(fit.criterion - 1402.4958699222) < 1e-7)
    let satterthwaite = try fit.fixedEffectTests(.satterthwaite)
    let expected = [(0.1773200557, 41.90251276), (20.0799562811, 172.92117642), (0.8028754661, 172.91953035)]
    for (test, (f, df)) in zip(satterthwaite.terms, expected) {
      #expect(relativeError(test.f, f) < 1e-5, "\(test.name)")
      #expect(relativeError(test.denominator, df) < 1e-5, "\(test.name)")
    }
    let kenward = try fit.fixedEffectTests(.kenwardRoger)
    let adjusted = [(0.1773194873, 41.92167506), (20.0732869969, 172.94007210), (0.8026243435, 172.93842558)]
    for (test, (f, df)) in zip(kenward.terms, adjusted) {
      #expect(relativeError(test.f, f) < 1e-5, "\(test.name)")
      #expect(relativeError(test.denominator, df) < 1e-5, "\(test.name)")
    }
  }

  /// Balanced one-way: the intercept has the degrees of freedom of the batches.
  @Test func balancedDesignsHaveExactDegrees() throws {
    let fit = try PublishedTables.fit("score ~ 1 + (1 | unit)", "dyestuff")
    for method in [DegreesOfFreedom.satterthwaite, .kenwardRoger] {
      #expect(relativeError(try fit.fixedEffectTests(method).coefficients[0].degreesOfFreedom, 5) < 1e-7)
    }
    let sleep = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy")
    for method in [DegreesOfFreedom.satterthwaite, .kenwardRoger] {
      for test in try sleep.fixedEffectTests(method).coefficients { #expect(relativeError(test.degreesOfFreedom, 17) < 1e-6) }
    }
  }
}
