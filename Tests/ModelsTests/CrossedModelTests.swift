import Foundation
import LinearAlgebra
import Models
import Testing

@Suite struct CrossedModelTests {
  static let campaign = SmallCampaign()

  static func factors(_ design: String) -> [GroupingFactor] {
    let c = campaign
    return switch design {
    case "crossed": [c.units, c.raters]
    case "teams": [c.raters, c.units, c.teams]
    // unit:criterion and unit:rater are nested in the unit, rater:criterion is not: the blocked engine.
    default: [c.units, c.raters, c.units.crossed(with: c.criteria), c.raters.crossed(with: c.criteria)]
    }
  }

  static func model(_ design: String, denseLimit: Int = 8000) throws -> CrossedModel {
    try CrossedModel(
      response: campaign.y, weights: campaign.weights, fixed: [FixedColumn("covariate", campaign.covariate)], factors: factors(design),
      denseLimit: denseLimit)
  }

  @Test(arguments: ["crossed", "teams", "nested"], [EstimationMethod.reml, .ml])
  func agreesWithDenseMatrices(_ design: String, _ method: EstimationMethod) throws {
    let factors = Self.factors(design)
    let components = Array([9.0, 2.5, 1.25, 0.5].prefix(factors.count)) + [1.75]
    let c = Self.campaign
    let dense = try DenseReference(
      y: c.y, weights: c.weights, x: [[Double](repeating: 1, count: c.y.count), c.covariate], factors: factors, components: components,
      reml: method == .reml)
    let model = try Self.model(design)
    let fit = try model.evaluate(at: components, method: method)
    #expect(relativeError(fit.criterion, dense.criterion) < 1e-12)
    for j in 0..<2 {
      #expect(relativeError(fit.fixedEffects[j].estimate, dense.fixed[j]) < 1e-10)
      #expect(relativeError(fit.fixedEffects[j].standardError, dense.fixedErrors[j]) < 1e-10)
      for k in 0..<2 { #expect(relativeError(fit.fixedCovariance[j, k], dense.fixedCovariance[j, k]) < 1e-9) }
    }
    for f in factors.indices {
      for l in 0..<factors[f].levels {
        #expect(abs(fit.randomEffects[f].values[l] - dense.effects[f][l]) < 1e-9)
        #expect(abs(fit.randomEffects[f].standardErrors[l] - dense.errors[f][l]) < 1e-9)
      }
    }
    let left = model.leaveOneOut(fit)
    for s in c.y.indices {
      #expect(relativeError(left.variances[s], dense.leaveOneOutVariances[s]) < 1e-9)
      #expect(abs(left.residuals[s] - dense.leaveOneOut[s]) < 1e-9)
    }
  }

  /// The inverse of the average information ½ y'P V_i P V_j P y, written down with dense matrices.
  @Test(arguments: ["crossed", "teams", "nested"]) func componentsCovaryAsTheAverageInformationSays(_ design: String) throws {
    let factors = Self.factors(design)
    let c = Self.campaign
    let fit = try Self.model(design).fit()
    let components = fit.components.map(\.variance)
    let dense = try DenseReference(
      y: c.y, weights: c.weights, x: [[Double](repeating: 1, count: c.y.count), c.covariate], factors: factors, components: components,
      reml: true)
    let py = dense.projection.multiplied(by: c.y)
    // V_i P y: sums over the levels of a factor, or the error variances.
    let parts =
      factors.map { factor in
        var sums = [Double](repeating: 0, count: factor.levels)
        for (i, code) in factor.codes.enumerated() { sums[Int(code)] += py[i] }
        return factor.codes.map { sums[Int($0)] }
      } + [zip(py, c.weights).map { $0 / $1 }]
    let free = components.indices.filter { components[$0] > 0 }
    var information = Matrix(rows: free.count, columns: free.count)
    for (a, i) in free.enumerated() {
      for (b, j) in free.enumerated() { information[a, b] = 0.5 * dot(parts[i], dense.projection.multiplied(by: parts[j])) }
    }
    let covariance = try Cholesky(information).inverse()
    for (a, i) in free.enumerated() {
      for (b, j) in free.enumerated() {
        let scale = (covariance[a, a] * covariance[b, b]).squareRoot()
        #expect(abs(fit.componentCovariance[i, j] - covariance[a, b]) < 1e-7 * scale)
      }
    }
    for i in components.indices where !free.contains(i) {
      #expect(components.indices.allSatisfy { fit.componentCovariance[i, $0] == 0 })
    }
  }

  /// The criterion is a minimum at the estimate: no component can be moved 1 % either way without a rise.
  @Test(arguments: ["crossed", "teams", "nested"], [EstimationMethod.reml, .ml])
  func estimateIsAMinimum(_ design: String, _ method: EstimationMethod) throws {
    let model = try Self.model(design)
    let fit = try model.fit(method)
    let at = fit.components.map(\.variance)
    #expect(fit.account.converged && fit.account.maximumGradient < 1e-5)
    for i in at.indices {
      for factor in [0.99, 1.01] {
        var moved = at
        moved[i] = at[i] == 0 ? 0.01 : at[i] * factor
        #expect(try model.evaluate(at: moved, method: method).criterion > fit.criterion)
      }
    }
  }

  /// An observation of weight 0 changes nothing, and is compared with the prediction made without it.
  @Test func weightZeroLeavesOut() throws {
    let c = Self.campaign
    let factors = [c.units, c.raters]
    var weights = c.weights
    weights[5] = 0
    let components = [9.0, 2.5, 1.75]
    let without = try CrossedModel(response: c.y, weights: weights, factors: factors)
    let fit = try without.evaluate(at: components)
    var other = c.y
    other[5] = 1e6
    let same = try CrossedModel(response: other, weights: weights, factors: factors).evaluate(at: components)
    #expect(relativeError(same.criterion, fit.criterion) < 1e-12)
    var unit = c.weights
    unit[5] = 1
    let full = try CrossedModel(response: c.y, weights: unit, factors: factors)
    let all = full.leaveOneOut(try full.evaluate(at: components))
    let left = without.leaveOneOut(fit)
    #expect(abs(left.residuals[5] - all.residuals[5]) < 1e-9)
    #expect(relativeError(left.variances[5], all.variances[5]) < 1e-10)
  }

  @Test func rowOrderDoesNotMatter() throws {
    let c = Self.campaign
    let order = c.y.indices.sorted { ($0 * 37) % 60 < ($1 * 37) % 60 }
    func shuffled(_ f: GroupingFactor) -> GroupingFactor { GroupingFactor(f.name, codes: order.map { f.codes[$0] }, levels: f.levels) }
    let fit = try CrossedModel(response: c.y, factors: [c.units, c.raters]).fit()
    let other = try CrossedModel(response: order.map { c.y[$0] }, factors: [shuffled(c.units), shuffled(c.raters)]).fit()
    for (a, b) in zip(fit.components, other.components) { #expect(relativeError(a.variance, b.variance) < 1e-9) }
    #expect(relativeError(fit.criterion, other.criterion) < 1e-12)
  }

  @Test func relabellingPermutesEffects() throws {
    let c = Self.campaign
    let renamed = GroupingFactor("rater", codes: c.raters.codes.map { Int32(c.raters.levels) - 1 - $0 }, levels: c.raters.levels)
    let fit = try CrossedModel(response: c.y, factors: [c.units, c.raters]).fit()
    let other = try CrossedModel(response: c.y, factors: [c.units, renamed]).fit()
    for (a, b) in zip(fit.randomEffects[1].values, other.randomEffects[1].values.reversed()) { #expect(abs(a - b) < 1e-8) }
  }

  /// y → a + b y multiplies variances by b², effects by b, and moves the intercept only.
  @Test func affineChangeOfScale() throws {
    let c = Self.campaign
    let fit = try CrossedModel(response: c.y, factors: [c.units, c.raters]).fit()
    let other = try CrossedModel(response: c.y.map { 1e5 - 20 * $0 }, factors: [c.units, c.raters]).fit()
    for (a, b) in zip(fit.components, other.components) { #expect(relativeError(400 * a.variance, b.variance) < 1e-8) }
    #expect(relativeError(other.fixedEffects[0].estimate, 1e5 - 20 * fit.fixedEffects[0].estimate) < 1e-12)
    for (a, b) in zip(fit.randomEffects[0].values, other.randomEffects[0].values) { #expect(abs(-20 * a - b) < 1e-6) }
  }

  /// Raters who differ less than noise would make them: their variance is exactly 0, and letting it in raises the criterion.
  @Test func variancesStopAtZero() throws {
    let y = [1.0, -1, 1, -1, -1, 1, -1, 1].enumerated().map { $1 + 5 * Double($0 / 2) }
    let units = GroupingFactor("unit", codes: [0, 0, 1, 1, 2, 2, 3, 3], levels: 4)
    let raters = GroupingFactor("rater", codes: [0, 1, 1, 0, 1, 0, 0, 1], levels: 2)
    let model = try CrossedModel(response: y, factors: [units, raters])
    let fit = try model.fit()
    #expect(fit.account.atBoundary == ["rater"])
    #expect(fit.component("rater")?.variance == 0 && fit.component("rater")?.standardError == nil)
    #expect(fit.effects(of: "rater")!.values == [0, 0])
    var moved = fit.components.map(\.variance)
    moved[1] = 0.01
    #expect(try model.evaluate(at: moved).criterion > fit.criterion)
  }

  @Test func badInputIsNamed() throws {
    let f = GroupingFactor("unit", codes: [0, 0, 1], levels: 2)
    #expect(throws: MixedModelError.notUsable(name: "response", observation: 1)) {
      try CrossedModel(response: [1, .nan, 2], factors: [f])
    }
    #expect(throws: MixedModelError.codeOutOfRange(factor: "rater", observation: 2)) {
      try CrossedModel(response: [1, 2, 3], factors: [GroupingFactor("rater", codes: [0, 1, 2], levels: 2)])
    }
    #expect(throws: MixedModelError.dependentFixedColumn("twice")) {
      try CrossedModel(response: [1, 2, 3], fixed: [FixedColumn("twice", [2, 2, 2])], factors: [f])
    }
    #expect(throws: MixedModelError.tooFewObservations(observations: 1, fixedEffects: 1)) {
      try CrossedModel(response: [1, 2, 3], weights: [0, 1, 0], factors: [f])
    }
    #expect(throws: MixedModelError.self) { try CrossedModel(response: [4, 4, 4], factors: [f]).fit() }
  }

  /// Conjugate gradients and probes against the dense block on the same data: effects at given components exactly, estimates within the stated error.
  @Test func sparseEngineAgrees() throws {
    let c = SmallCampaign(count: 6000, unitCount: 1200, raterCount: 150)
    let factors = [c.units, c.raters]
    let dense = try CrossedModel(response: c.y, weights: c.weights, factors: factors)
    let sparse = try CrossedModel(response: c.y, weights: c.weights, factors: factors, denseLimit: 10)
    let at = [16.0, 4.0, 2.25]
    let exact = try dense.evaluate(at: at)
    let iterative = try sparse.evaluate(at: at)
    for f in 0..<2 {
      for (a, b) in zip(exact.randomEffects[f].values, iterative.randomEffects[f].values) { #expect(abs(a - b) < 1e-7) }
      for (a, b) in zip(exact.randomEffects[f].standardErrors, iterative.randomEffects[f].standardErrors) {
        #expect(relativeError(b, a) < 0.02)
      }
    }
    #expect(relativeError(iterative.fixedEffects[0].standardError, exact.fixedEffects[0].standardError) < 1e-8)
    #expect(abs(exact.criterion - iterative.criterion) < 5 * iterative.account.criterionError)
    let fitted = try dense.fit()
    let approximate = try sparse.fit()
    #expect(approximate.account.monteCarloError > 0)
    for (a, b) in zip(fitted.components, approximate.components) {
      #expect(relativeError(b.variance, a.variance) < 5 * approximate.account.monteCarloError)
    }
  }

  /// Both likelihoods with a second kept factor and a covariate: every trace has its fixed part, by maximum likelihood none.
  @Test(arguments: [EstimationMethod.reml, .ml])
  func sparseEngineAgreesWithTwoKeptFactors(_ method: EstimationMethod) throws {
    let c = SmallCampaign(count: 6000, unitCount: 1200, raterCount: 150)
    let factors = [c.units, c.raters, c.criteria]
    let models = try [8000, 10].map { limit in
      try CrossedModel(
        response: c.y, weights: c.weights, fixed: [FixedColumn("covariate", c.covariate)], factors: factors, denseLimit: limit)
    }
    let exact = try models[0].fit(method)
    let approximate = try models[1].fit(method)
    for (a, b) in zip(exact.components, approximate.components) where a.variance > 0 {
      // The steps end at 1e-6 of a component.
      #expect(relativeError(b.variance, a.variance) < 5 * approximate.account.monteCarloError + 1e-5)
    }
  }

  /// By themselves the predictions are those of the evaluation, to the bit, whichever engine makes them.
  @Test(arguments: [8000, 10])
  func effectsAreThoseOfTheEvaluation(_ limit: Int) throws {
    let c = SmallCampaign(count: 2000, unitCount: 400, raterCount: 50)
    let model = try CrossedModel(response: c.y, weights: c.weights, factors: [c.units, c.raters], denseLimit: limit)
    let components = [3.0, 1.5, 2]
    let evaluated = try model.evaluate(at: components).randomEffects
    let alone = try model.effects(at: components)
    for (a, b) in zip(alone, evaluated) {
      #expect(a.name == b.name && a.values == b.values && a.standardErrors == b.standardErrors)
    }
    #expect(alone[1].values.contains { abs($0) > 0.1 })
  }
}
