internal import LinearAlgebra

/// A linear mixed model with crossed (or nested) random intercepts and known weights:
///
///     y[s] = Σ_j x[s,j] β[j] + Σ_f b_f[code_f[s]] + e[s],   b_f ~ N(0, σ_f²),   e[s] ~ N(0, σ²/w[s])
///
/// One factor (the units) is eliminated, together with the factors nested in it (unit:criterion); what stays is dense over the other
/// factors' levels (the raters, teams) and the fixed columns. Nothing nested: the eliminated block is diagonal, and an evaluation costs
/// `Σ k[u]² + q³` for k[u] raters of unit u and q kept levels, whatever the number of observations. Otherwise the observations of each unit form a
/// small dense block. Either way up to 32 q² bytes.
public struct CrossedModel: Sendable {
  public let factors: [GroupingFactor]
  /// The names of the fixed columns, "(Intercept)" first if there is one.
  public let fixedNames: [String]
  let response: [Double]
  let weights: [Double]?
  let fixed: [[Double]]
  let centre: Double
  let engine: CrossedEngine

  /// - Parameters:
  ///   - response: one finite value an observation.
  ///   - weights: known, finite, not negative; an observation of weight 0 is left out. All 1 when nil.
  ///   - fixed: columns beside the intercept.
  ///   - intercept: whether a column of ones comes first.
  ///   - factors: at least one.
  ///   - denseLimit: with more kept levels than this, conjugate gradients and random probes replace the dense block: variance components and
  ///     criterion then carry the errors stated in the account, and standard errors of effects are approximations from the diagonal.
  /// - Throws: `MixedModelError` for lengths, codes or values that do not fit, and for dependent fixed columns.
  public init(
    response: [Double], weights: [Double]? = nil, fixed: [FixedColumn] = [], intercept: Bool = true, factors: [GroupingFactor],
    denseLimit: Int = CrossedModel.denseLimit
  ) throws(MixedModelError) {
    precondition(!factors.isEmpty, "a mixed model needs a grouping factor")
    try validate(response: response, weights: weights, fixed: fixed, factors: factors)
    let n = response.count
    self.factors = factors
    self.response = response
    self.weights = weights
    fixedNames = (intercept ? ["(Intercept)"] : []) + fixed.map(\.name)
    self.fixed = (intercept ? [[Double](repeating: 1, count: n)] : []) + fixed.map(\.values)
    // With an intercept the response may be centred: sums of squares then do not cancel, and adding a constant changes no digit.
    let mean = intercept ? weightedMean(response, weights) : 0
    centre = mean
    let centred = mean == 0 ? response : response.map { $0 - mean }
    let p = fixed.count + (intercept ? 1 : 0)
    let used = weights.map { $0.reduce(0) { $0 + ($1 > 0 ? 1 : 0) } } ?? n
    if used <= p { throw .tooFewObservations(observations: used, fixedEffects: p) }
    engine = try CrossedEngine(
      factors: factors, fixed: self.fixed, names: fixedNames, response: centred, weights: weights, denseLimit: denseLimit)
  }

  /// Names of the components: the factors', then "Residual".
  public var componentNames: [String] { factors.map(\.name) + ["Residual"] }

  /// Estimates the variance components and everything that follows from them.
  /// - Throws: `MixedModelError.noVariation`, `.componentsNotIdentifiable`, `.notConverged`, `.illConditioned`.
  public func fit(_ method: EstimationMethod = .reml, options: FitOptions = FitOptions()) throws(MixedModelError) -> CrossedFit {
    let problem = CrossedProblem(names: componentNames, engine: engine)
    var start = engine.momentEstimates()
    for (i, name) in componentNames.enumerated() { if let value = options.start[name], value > 0 { start[i] = value } }
    var options = options
    if !engine.isExact { options.tolerance = max(options.tolerance, CrossedModel.sparseTolerance) }
    let scout = engine.scout().map { CrossedProblem(names: componentNames, engine: $0) }
    let result = try AverageInformationSearch(problem: problem, method: method, options: options).run(from: start, scout: scout)
    var account = result.account
    let solution = engine.solution(result.solution)
    let rest = engine.complete(
      solution, components: result.components, covariance: result.covariance, method: method)
    account.criterionError = rest.error
    account.monteCarloError = rest.monteCarlo
    return package(
      result.components, errors: result.standardErrors, covariance: result.covariance,
      criterion: result.evaluation.criterion + rest.logDeterminant, account: account, solution: solution)
  }

  /// Steps smaller than this share of a component are below the standard error of a component by several orders, and of the size of the
  /// Monte Carlo error of a search with probes.
  static let sparseTolerance = 1e-6

  /// Kept levels up to which the dense block is formed unless told otherwise. Its cost is the cube of the levels: at 2,000 raters of 500 scores it takes
  /// about four times as long as conjugate gradients, whose random probes lose less than a thousandth of a component's standard error. Below the limit
  /// an exact answer takes a fraction of a second and is preferred.
  public static let denseLimit = 1500

  /// Kept levels up to which it makes sense to raise `denseLimit`: the block and what is made of it take 40 bytes times their square, 4 GB here, and an
  /// evaluation their cube in multiplications, some 20 seconds on two cores.
  public static let largestDense = 10_000

  /// Predictions, fixed effects and criterion at given components, in the order of `componentNames`; nothing is estimated.
  /// - Throws: `MixedModelError.illConditioned`.
  public func evaluate(at components: [Double], method: EstimationMethod = .reml) throws(MixedModelError) -> CrossedFit {
    requireVariances(components)
    let (evaluation, point) = try engine.evaluate(at: components, method: method)
    let solution = engine.solution(point)
    let none = Matrix(rows: components.count, columns: components.count)
    let rest = engine.complete(solution, components: components, covariance: none, method: method)
    var account = FitAccount(
      method: method, algorithm: "none", steps: 0, evaluations: 1, tolerance: 0, lastRelativeStep: 0, maximumGradient: 0,
      atBoundary: componentNames.indices.filter { components[$0] == 0 }.map { componentNames[$0] }, trace: [evaluation.criterion],
      converged: true)
    account.criterionError = rest.error
    return package(
      components, errors: components.map { _ in nil }, covariance: none, criterion: evaluation.criterion + rest.logDeterminant,
      account: account, solution: solution)
  }

  /// The predictions of `evaluate(at:)` by themselves, with their standard errors. Where conjugate gradients are used, it costs one
  /// solve and none of the probes for traces and log-determinant.
  /// - Throws: `MixedModelError.illConditioned`.
  public func effects(at components: [Double]) throws(MixedModelError) -> [RandomEffects] {
    requireVariances(components)
    return randomEffects(engine.solution(try engine.solve(at: components)), rescale: 1)
  }

  private func requireVariances(_ components: [Double]) {
    precondition(components.count == factors.count + 1, "one variance a factor and one for the residual")
    precondition(components.allSatisfy { $0 >= 0 && $0.isFinite } && components[factors.count] > 0, "variances cannot be negative")
  }

  private func randomEffects(_ solution: CrossedSolution, rescale: Double) -> [RandomEffects] {
    zip(factors, solution.effects).map { factor, effects in
      RandomEffects(
        name: factor.name, values: effects.values, standardErrors: effects.variances.map { ($0 * rescale).squareRoot() })
    }
  }

  private func package(
    _ components: [Double], errors: [Double?], covariance: Matrix, criterion: Double, account: FitAccount, solution: CrossedSolution
  ) -> CrossedFit {
    let residual = components[factors.count]
    let p = fixed.count
    var fixedCovariance = solution.fixedInverse
    fixedCovariance.scaleRowsAndColumns(by: [Double](repeating: residual.squareRoot(), count: p))
    let fixedEffects = (0..<p).map { j in
      let shift = j == 0 && fixedNames[0] == "(Intercept)" ? centre : 0
      return FixedEffect(
        name: fixedNames[j], estimate: solution.fixed[j] + shift, standardError: fixedCovariance[j, j].squareRoot())
    }
    // The search moves all components by a common factor after the last evaluation.
    let effects = randomEffects(solution, rescale: residual / solution.residual)
    return CrossedFit(
      components: components.indices.map {
        VarianceComponent(name: componentNames[$0], variance: components[$0], standardError: errors[$0])
      },
      componentCovariance: covariance, fixedEffects: fixedEffects, fixedCovariance: fixedCovariance, randomEffects: effects,
      criterion: criterion, account: account, solution: solution)
  }
}

struct CrossedProblem: VarianceProblem {
  let names: [String]
  let engine: CrossedEngine

  var componentNames: [String] { names }
  var hasExactCriterion: Bool { engine.isExact }

  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: CrossedSolution.Point?
  ) throws(MixedModelError) -> (VarianceEvaluation, CrossedSolution.Point) {
    try engine.evaluate(at: components, method: method, near: previous)
  }
}
