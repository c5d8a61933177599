internal import Foundation
internal import LinearAlgebra

extension HeteroscedasticModel {
  func model(weights: [Double]?) throws(MixedModelError) -> CrossedModel {
    try CrossedModel(response: response, weights: weights, fixed: fixed, intercept: intercept, factors: factors)
  }

  /// The common residual variance: all `size` coefficients zero.
  private func start(size: Int) throws(MixedModelError) -> LogVarianceSearch.Point {
    let model = try model(weights: weights)
    let count = response.count
    return LogVarianceSearch.Point(
      coefficients: [Double](repeating: 0, count: size), weights: weights ?? [Double](repeating: 1, count: count),
      fit: try model.fit(.reml), model: model)
  }

  /// A variance for each level, by restricted maximum likelihood; or shrunken, by penalised likelihood: the criterion plus
  /// Σ (log σ_r² − μ)²/τ², with τ² by restricted maximum likelihood from the working values log σ_r² + score/information (penalised
  /// quasi-likelihood, as in Lee and Nelder 2006, J. R. Statist. Soc. C 55, 139–185).
  func fitByLevel(_ factor: GroupingFactor, shrunken: Bool) throws(MixedModelError) -> HeteroscedasticFit {
    let search = LogVarianceSearch(data: self, design: .levels(factor), shrunken: shrunken)
    let start = try start(size: factor.levels)
    let first = search.derivatives(start)
    let result = try search.run(from: start)
    let base = log(result.point.fit.residualVariance)
    let present = first.information.indices.filter { first.information[$0] > 1e-12 }
    return HeteroscedasticFit(
      fit: result.point.fit, weights: result.point.weights, common: start.fit,
      coefficients: (0..<factor.levels).map {
        ResidualCoefficient(
          name: String($0), estimate: base + result.point.coefficients[$0], standardError: result.standardErrors[$0])
      },
      likelihoodRatio: shrunken
        ? nil : LikelihoodRatio(start.fit.criterion - result.point.fit.criterion, degreesOfFreedom: Double(present.count - 1)),
      score: LikelihoodRatio(
        present.reduce(0) { $0 + first.score[$1] * first.score[$1] / first.information[$1] },
        degreesOfFreedom: Double(present.count - 1)),
      spread: result.spread, studentT: nil,
      account: ResidualAccount(
        objective: shrunken ? "penalised restricted likelihood" : "restricted likelihood", iterations: result.iterations,
        lastStep: result.lastStep, rounds: 1))
  }

  func fitLogLinear(_ columns: [FixedColumn]) throws(MixedModelError) -> HeteroscedasticFit {
    let scaled = try columns.map { column throws(MixedModelError) in try standardized(column.values) }
    let search = LogVarianceSearch(data: self, design: .columns(scaled.map(\.values)))
    let start = try start(size: columns.count)
    let result = try search.run(from: start)
    return package(
      start, result, names: columns.map(\.name), units: scaled.map(\.unit), score: try scoreTest(search, start), rounds: 1,
      iterations: result.iterations)
  }

  /// The expected responses m are the fitted values of the fit before; with these held, γ is found by restricted maximum likelihood; then m is
  /// renewed, until no coefficient of the standardised m moves by more than 1e-5. Likelihood ratio and score test take the
  /// final (the first) m as known, which they are not: with few observations a level the p-values are approximate.
  func fitOfExpectation(_ degree: Int) throws(MixedModelError) -> HeteroscedasticFit {
    let common = try start(size: degree)
    var expectation = try standardized(common.model.fittedValues(common.fit), beside: common.fit.residualVariance)
    var coefficients = [Double](repeating: 0, count: degree)
    var score: LikelihoodRatio?
    var iterations = 0
    var change = Double.infinity
    for round in 1...50 {
      let search = LogVarianceSearch(data: self, design: .columns(powers(expectation.values, degree)))
      if score == nil { score = try scoreTest(search, common) }
      let result = try search.run(from: try search.point(coefficients, start: common.fit))
      iterations += result.iterations
      change = zip(result.point.coefficients, coefficients).reduce(0) { max($0, abs($1.0 - $1.1)) }
      coefficients = result.point.coefficients
      if change <= 1e-5 {
        let unit = expectation.unit
        return package(
          common, result, names: Array(["level", "level squared"].prefix(degree)), units: [unit, unit * unit], score: score, rounds: round,
          iterations: iterations)
      }
      expectation = try standardized(
        result.point.model.fittedValues(result.point.fit), beside: result.point.fit.residualVariance)
    }
    throw .residualNotConverged(iterations: iterations, lastStep: change)
  }

  /// t and t², each centred.
  private func powers(_ t: [Double], _ degree: Int) -> [[Double]] {
    let squares = t.map { $0 * $0 }
    let middle = weightedMean(squares, weights)
    return Array([t, squares.map { $0 - middle }].prefix(degree))
  }

  /// The column less its mean, over its standard deviation, so that neither steps nor tolerances depend on its scale.
  /// - Parameter variance: beside which the column's own is no more than rounding when it is 1e-16 of it.
  private func standardized(_ x: [Double], beside variance: Double = 0) throws(MixedModelError) -> (values: [Double], unit: Double) {
    let mean = weightedMean(x, weights)
    let spread = weightedMean(x.map { ($0 - mean) * ($0 - mean) }, weights)
    guard spread > 1e-16 * variance else { throw .componentsNotIdentifiable(["residual variance"]) }
    let unit = spread.squareRoot()
    return (x.map { ($0 - mean) / unit }, unit)
  }

  /// The score test of γ = 0 at the common fit, log σ² being estimated.
  private func scoreTest(_ search: LogVarianceSearch, _ start: LogVarianceSearch.Point) throws(MixedModelError) -> LikelihoodRatio {
    let local = search.derivatives(start)
    let step: [Double]
    do { step = try Cholesky(local.joint).solve(local.jointScore) } catch { throw .componentsNotIdentifiable(["residual variance"]) }
    return LikelihoodRatio(dot(step, local.jointScore), degreesOfFreedom: Double(search.design.size))
  }

  private func package(
    _ start: LogVarianceSearch.Point, _ result: LogVarianceSearch.Result, names: [String], units: [Double], score: LikelihoodRatio?,
    rounds: Int, iterations: Int
  ) -> HeteroscedasticFit {
    HeteroscedasticFit(
      fit: result.point.fit, weights: result.point.weights, common: start.fit,
      coefficients: names.indices.map {
        ResidualCoefficient(
          name: names[$0], estimate: result.point.coefficients[$0] / units[$0], standardError: result.standardErrors[$0] / units[$0])
      },
      likelihoodRatio: LikelihoodRatio(start.fit.criterion - result.point.fit.criterion, degreesOfFreedom: Double(names.count)),
      score: score, spread: nil, studentT: nil,
      account: ResidualAccount(
        objective: "restricted likelihood", iterations: iterations, lastStep: result.lastStep, rounds: rounds))
  }
}
