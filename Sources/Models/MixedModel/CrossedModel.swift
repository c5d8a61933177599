internal import LinearAlgebra

/// A linear mixed model with crossed (or nested) random intercepts and known weights:
///
///     y[s] = Σ_j x[s,j] β[j] + Σ_f b_f[code_f[s]] + e[s],   b_f ~ N(0, σ_f²),   e[s] ~ N(0, σ²/w[s])
///
/// The factor with the most levels (the units) is eliminated as a diagonal block; what stays is dense over the other factors' levels (the
/// raters, teams) and the fixed columns. So an evaluation costs `Σ k[u]² + q³` for k[u] raters of unit u and q kept levels, whatever the number of
/// observations, and needs about 16 q² bytes.
public struct CrossedModel: Sendable {
  public let factors: [GroupingFactor]
  /// The names of the fixed columns, "(Intercept)" first if there is one.
  public let fixedNames: [String]
  /// Index of the factor that is eliminated.
  public let eliminated: Int
  let response: [Double]
  let weights: [Double]?
  let fixed: [[Double]]
  let centre: Double
  let statistics: TwoWayStatistics

  /// - Parameters:
  ///   - response: one finite value an observation.
  ///   - weights: known, finite, not negative; an observation of weight 0 is left out. All 1 when nil.
  ///   - fixed: columns beside the intercept.
  ///   - intercept: whether a column of ones comes first.
  ///   - factors: at least one.
  /// - Throws: `MixedModelError` for lengths, codes or values that do not fit, and for dependent fixed columns.
  public init(
    response: [Double], weights: [Double]? = nil, fixed: [FixedColumn] = [], intercept: Bool = true, factors: [GroupingFactor]
  ) throws(MixedModelError) {
    precondition(!factors.isEmpty, "a mixed model needs a grouping factor")
    try validate(response: response, weights: weights, fixed: fixed, factors: factors)
    let n = response.count
    self.factors = factors
    self.response = response
    self.weights = weights
    fixedNames = (intercept ? ["(Intercept)"] : []) + fixed.map(\.name)
    self.fixed = (intercept ? [[Double](repeating: 1, count: n)] : []) + fixed.map(\.values)
    let largest = factors.indices.max { factors[$0].levels < factors[$1].levels }!
    eliminated = largest
    // With an intercept the response may be centred: sums of squares then do not cancel, and adding a constant changes no digit.
    let mean = intercept ? weightedMean(response, weights) : 0
    centre = mean
    let centred = mean == 0 ? response : response.map { $0 - mean }
    var kept = factors
    let unit = kept.remove(at: largest)
    let statistics = TwoWayStatistics(eliminated: unit, kept: kept, fixed: self.fixed, responses: [centred], weights: weights)
    let p = fixed.count + (intercept ? 1 : 0)
    if statistics.observations <= p { throw .tooFewObservations(observations: statistics.observations, fixedEffects: p) }
    try statistics.checkFixedColumns(fixedNames)
    self.statistics = statistics
  }

  /// Names of the components: the factors', then "Residual".
  public var componentNames: [String] { factors.map(\.name) + ["Residual"] }

  /// Estimates the variance components and everything that follows from them.
  /// - Throws: `MixedModelError.noVariation`, `.componentsNotIdentifiable`, `.notConverged`, `.illConditioned`.
  public func fit(_ method: EstimationMethod = .reml, options: FitOptions = FitOptions()) throws(MixedModelError) -> CrossedFit {
    let problem = CrossedProblem(model: self)
    var start = problem.internalOrder(of: statistics.momentEstimates())
    for (i, name) in componentNames.enumerated() { if let value = options.start[name], value > 0 { start[i] = value } }
    let result = try AverageInformationSearch(problem: problem, method: method, options: options).run(from: start)
    return try package(
      result.components, errors: result.standardErrors, covariance: result.covariance, criterion: result.evaluation.criterion,
      account: result.account, solution: result.solution)
  }

  /// Predictions, fixed effects and criterion at given components, in the order of `componentNames`; nothing is estimated.
  /// - Throws: `MixedModelError.illConditioned`.
  public func evaluate(at components: [Double], method: EstimationMethod = .reml) throws(MixedModelError) -> CrossedFit {
    precondition(components.count == factors.count + 1, "one variance a factor and one for the residual")
    precondition(components.allSatisfy { $0 >= 0 && $0.isFinite } && components[factors.count] > 0, "variances cannot be negative")
    let (evaluation, solution) = try CrossedProblem(model: self).evaluate(at: components, method: method)
    let account = FitAccount(
      method: method, algorithm: "none", steps: 0, evaluations: 1, tolerance: 0, lastRelativeStep: 0, maximumGradient: 0,
      atBoundary: componentNames.indices.filter { components[$0] == 0 }.map { componentNames[$0] }, trace: [evaluation.criterion],
      converged: true)
    return try package(
      components, errors: components.map { _ in nil }, covariance: Matrix(rows: components.count, columns: components.count),
      criterion: evaluation.criterion, account: account, solution: solution)
  }

  private func package(
    _ components: [Double], errors: [Double?], covariance: Matrix, criterion: Double, account: FitAccount, solution given: TwoWaySolution
  ) throws(MixedModelError) -> CrossedFit {
    // By maximum likelihood the search inverts the random block only; standard errors need all of it.
    let solution = account.method == .reml ? given : try CrossedProblem(model: self).evaluate(at: components, method: .reml).1
    let residual = components[factors.count]
    let q = statistics.randomColumns
    let p = statistics.fixedColumns
    var fixedCovariance = solution.inverse.diagonalBlock(from: q, count: p)
    fixedCovariance.scaleSymmetrically(
      by: [Double](repeating: residual.squareRoot(), count: p), addingToDiagonal: [Double](repeating: 0, count: p))
    fixedCovariance.mirrorLowerTriangle()
    let fixedEffects = (0..<p).map { j in
      let shift = j == 0 && fixedNames[0] == "(Intercept)" ? centre : 0
      return FixedEffect(
        name: fixedNames[j], estimate: solution.kept[0][q + j] + shift, standardError: fixedCovariance[j, j].squareRoot())
    }
    var effects: [RandomEffects] = []
    let unitForms = statistics.incidence.quadraticForms(solution.inverse)
    var position = 0
    for (f, factor) in factors.enumerated() {
      if f == eliminated {
        let errors = (0..<factor.levels).map { u in
          let g = solution.shrinkage[u]
          return (residual * (g + g * g * unitForms[u])).squareRoot()
        }
        effects.append(RandomEffects(name: factor.name, values: solution.eliminated[0], standardErrors: errors))
      } else {
        let range = statistics.kept[position]
        position += 1
        effects.append(
          RandomEffects(
            name: factor.name, values: Array(solution.kept[0][range]),
            standardErrors: range.map { (residual * solution.inverse[$0, $0]).squareRoot() }))
      }
    }
    return CrossedFit(
      components: components.indices.map {
        VarianceComponent(name: componentNames[$0], variance: components[$0], standardError: errors[$0])
      },
      componentCovariance: covariance, fixedEffects: fixedEffects, fixedCovariance: fixedCovariance, randomEffects: effects,
      criterion: criterion, account: account, solution: solution)
  }
}

/// The search sees the components in the model's order; the statistics want the eliminated factor first.
struct CrossedProblem: VarianceProblem {
  let model: CrossedModel

  var componentNames: [String] { model.componentNames }

  /// position[i] of the model's component i in the statistics' order.
  private var positions: [Int] {
    model.componentNames.indices.map { $0 == model.eliminated ? 0 : ($0 < model.eliminated ? $0 + 1 : $0) }
  }

  func internalOrder(of values: [Double]) -> [Double] { positions.map { values[$0] } }

  func evaluate(at components: [Double], method: EstimationMethod) throws(MixedModelError) -> (VarianceEvaluation, TwoWaySolution) {
    let positions = positions
    var ordered = components
    for (i, position) in positions.enumerated() { ordered[position] = components[i] }
    var (evaluation, solution) = try model.statistics.evaluate(at: ordered, method: method)
    evaluation.traces = positions.map { evaluation.traces[$0] }
    evaluation.forms = positions.map { evaluation.forms[$0] }
    let information = evaluation.information
    for i in positions.indices { for j in positions.indices { evaluation.information[i, j] = information[positions[i], positions[j]] } }
    return (evaluation, solution)
  }
}
