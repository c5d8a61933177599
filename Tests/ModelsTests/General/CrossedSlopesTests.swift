import LinearAlgebra
import Models
import Testing

/// lme4 1.1-31 on R 4.2, bobyqa to 1e-10.
@Suite struct CrossedSlopesTests {
  let data = CrossedSlopes()

  @Test func theTableIsTheOneThatRHad() {
    #expect(data.frame.count == 133)
    #expect(relativeError(data.y.reduce(0, +), 8526.73878710972) < 1e-13)
    #expect(relativeError(data.y[1], 57.1421599534) < 1e-11)
  }

  @Test func slopesByRaterAndInterceptsByUnit() throws {
    let fit = try data.fit("y ~ x + own + (x | rater) + (1 | unit)")
    #expect(abs(fit.criterion - 682.57769994701) < 1e-8)
    #expect(relativeError(fit.terms[1].covariance[0, 0], 8.9824912998) < 1e-6)
    #expect(relativeError(fit.terms[0].covariance[0, 0], 2.7566542214) < 1e-6)
    #expect(relativeError(fit.terms[0].covariance[1, 1], 2.0505987870) < 1e-6)
    #expect(abs(fit.terms[0].correlation(0, 1)! - 0.1263101809) < 1e-6)
    #expect(relativeError(fit.residualVariance, 6.0482840847) < 1e-6)
    #expect(relativeError(fit.coefficients[2].estimate, 1.3819422921) < 1e-7)
    #expect(relativeError(fit.coefficients[2].standardError, 0.47555724100) < 1e-7)
    let predictions = try fit.predictions()
    #expect(relativeError(predictions[1].values[0][0], -3.912787441) < 1e-6)
    #expect(relativeError(predictions[0].values[0][2], 1.48450280572) < 1e-6)
    #expect(relativeError(predictions[0].values[1][0], -1.5119633116) < 1e-6)
    let ml = try data.fit("y ~ x + own + (x | rater) + (1 | unit)", .ml)
    #expect(abs(ml.criterion - 685.47231981431) < 1e-8)
    #expect(!fit.isSingular && !ml.isSingular)
  }

  /// The interaction unit:criterion gets no variance.
  @Test func aVarianceOfZero() throws {
    let fit = try data.fit("y ~ x * criterion + (x || rater) + (1 | unit/criterion)")
    #expect(abs(fit.criterion - 684.90728911277) < 1e-8)
    #expect(fit.singularTerms == ["unit:criterion"])
    #expect(fit.terms[3].covariance[0, 0] == 0)
    #expect(relativeError(fit.terms[2].covariance[0, 0], 8.815510911) < 1e-6)
    #expect(relativeError(fit.terms[1].covariance[0, 0], 2.067867606) < 1e-6)
    #expect(relativeError(fit.terms[0].covariance[0, 0], 2.672563844) < 1e-6)
    #expect(relativeError(fit.coefficients[4].estimate, -0.018445707276) < 1e-5)
    #expect(relativeError(fit.coefficients[4].standardError, 0.52768658707) < 1e-7)
    #expect(fit.coefficients.map(\.name) == ["(Intercept)", "x", "criterionb", "criterionc", "x:criterionb", "x:criterionc"])
  }

  /// With weights, two terms with slopes that cross, and a correlation of one.
  @Test func weightedAndACorrelationOfOne() throws {
    let fit = try data.fit("y ~ x + (x | rater) + (own | unit)", weighted: true)
    #expect(abs(fit.criterion - 677.63248672086) < 1e-7)
    #expect(fit.singularTerms == ["unit"])
    #expect(relativeError(fit.terms[1].covariance[0, 0], 8.9154025937) < 1e-6)
    #expect(relativeError(fit.terms[1].covariance[1, 1], 1.2848474826) < 1e-6)
    #expect(abs(fit.terms[1].correlation(0, 1)! - 1) < 1e-9)
    #expect(relativeError(fit.residualVariance, 5.3493361225) < 1e-6)
    #expect(relativeError(fit.coefficients[1].standardError, 0.48460493755) < 1e-7)
    let predictions = try fit.predictions()
    #expect(relativeError(predictions[1].values[1][0], -0.9354723537) < 1e-5)
  }

  /// Every algebraic shortcut against dense n × n matrices.
  @Test func againstDenseMatrices() throws {
    for (formula, weighted) in [
      ("y ~ x + own + (x | rater) + (1 | unit)", false), ("y ~ x + (x | rater) + (own | unit)", true),
      ("y ~ criterion + (x || rater) + (0 + criterion | unit)", true),
    ] {
      for method in [EstimationMethod.reml, .ml] {
        let fit = try data.fit(formula, method, weighted: weighted)
        let naive = try NaiveMixedModel(fit)
        #expect(abs(fit.criterion - naive.criterion(method)) < 1e-8 * abs(fit.criterion), "\(formula)")
        for (a, b) in zip(fit.coefficients, naive.coefficients) { #expect(abs(a.estimate - b) < 1e-7 * max(1, abs(b))) }
        for (prediction, (values, errors)) in zip(try fit.predictions(), zip(naive.effects, naive.errors)) {
          for (a, b) in zip(prediction.values.flatMap { $0 }, values) { #expect(abs(a - b) < 1e-7) }
          for (a, b) in zip(prediction.standardErrors.flatMap { $0 }, errors) { #expect(abs(a - b) < 1e-6 * max(1, b)) }
        }
      }
    }
  }

  @Test func rowsInAnotherOrderGiveTheSameBits() throws {
    let formula = "y ~ x + own + (x | rater) + (1 | unit)"
    let fit = try data.fit(formula)
    var frame = ModelFrame()
    let order = (0..<133).map { $0 * 47 % 133 }
    for name in data.frame.names {
      switch data.frame.columns[name]! {
      case .numbers(let values): frame.add(name, order.map { values[$0] })
      case .factor(let codes, let labels): frame.add(name, labels: order.map { labels[Int(codes[$0])] })
      }
    }
    let other = try LinearMixedModel(ModelDesign(ModelFormula(formula), frame)).fit()
    #expect(other.criterion == fit.criterion)
    #expect(other.terms == fit.terms)
    #expect(other.coefficients == fit.coefficients)
  }

  /// A covariate in other units: deviations of slopes go with them, correlations and the fit stay.
  @Test func affineChangesOfScale() throws {
    var frame = data.frame
    guard case .numbers(let x) = frame.columns["x"]! else { return }
    frame.add("x", x.map { 1000 * $0 })
    frame.add("y", data.y.map { 3 * $0 - 500 })
    let formula = try ModelFormula("y ~ x + own + (x | rater) + (1 | unit)")
    let fit = try LinearMixedModel(ModelDesign(formula, frame)).fit()
    let plain = try data.fit(formula.text)
    #expect(relativeError(fit.terms[0].standardDeviation(1), 3 * plain.terms[0].standardDeviation(1) / 1000) < 1e-7)
    #expect(abs(fit.terms[0].correlation(0, 1)! - plain.terms[0].correlation(0, 1)!) < 1e-7)
    #expect(relativeError(fit.coefficients[0].estimate, 3 * plain.coefficients[0].estimate - 500) < 1e-9)
  }

  /// Intercepts at zero and slopes on x + 5000 are the same model, far down a narrow valley: nothing but the intercepts changes.
  @Test(arguments: ["y ~ x + own + (x | rater) + (1 | unit)", "y ~ x + (x | unit)"])
  func aColumnFarFromZero(_ formula: String) throws {
    var frame = data.frame
    guard case .numbers(let x)? = frame.columns["x"] else { throw MixedModelError.unknownName("x") }
    frame.add("z", x.map { $0 + 5000 })
    for method in [EstimationMethod.reml, .ml] {
      let near = try data.fit(formula, method)
      let far = try LinearMixedModel(ModelDesign(ModelFormula(formula.replacing("x", with: "z")), frame)).fit(method)
      #expect(abs(far.criterion - near.criterion) < 1e-6)
      #expect(relativeError(far.residualVariance, near.residualVariance) < 1e-5)
      #expect(relativeError(far.terms[0].covariance[1, 1], near.terms[0].covariance[1, 1]) < 1e-5)
      #expect(relativeError(far.coefficients[1].estimate, near.coefficients[1].estimate) < 1e-5)
      #expect(relativeError(far.coefficients[1].standardError, near.coefficients[1].standardError) < 1e-5)
      let errors = try (far.componentEstimates(), near.componentEstimates())
      for (a, b) in zip(errors.0, errors.1) where a.kind == .standardDeviation(term: 0, column: 1) || a.kind == .residual {
        #expect(relativeError(a.standardError ?? 0, b.standardError ?? 0) < 1e-4)
      }
      for kind in [DegreesOfFreedom.satterthwaite, .kenwardRoger] {
        let tests = try (far.fixedEffectTests(kind), near.fixedEffectTests(kind))
        #expect(relativeError(tests.0.coefficients[1].degreesOfFreedom, tests.1.coefficients[1].degreesOfFreedom) < 1e-4)
      }
    }
  }
}
