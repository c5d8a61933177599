internal import LinearAlgebra

/// Solution of either engine, factors in the model's order.
struct CrossedSolution: Sendable {
  enum Detail: Sendable {
    case diagonal(TwoWaySolution)
    case blocked(BlockedSolution)
    case sparse(SparseSolution)
  }

  /// What an evaluation leaves behind, in the engine's own form.
  struct Point: Sendable {
    let detail: Detail
    let residual: Double
  }

  let detail: Detail
  /// Of the engine without a dense block.
  let sparseVariances: SparseVariances?
  /// The residual variance at which it was evaluated; prediction error variances are proportional to it.
  let residual: Double
  let fixed: [Double]
  /// In units of the residual variance.
  let fixedInverse: Matrix
  /// Per factor, predictions and prediction error variances.
  let effects: [(values: [Double], variances: [Double])]
}

/// Chooses how the units are eliminated, and puts the components in the order that this needs.
struct CrossedEngine: Sendable {
  private enum Kind: Sendable {
    case diagonal(TwoWayStatistics)
    case blocked(BlockedStatistics)
    case sparse(SparseStatistics)
  }

  /// Blocks beyond this many observations are not formed; the nested factors are then kept like the others.
  static let largestBlock = 2000

  private let kind: Kind
  /// The model's factors in the engine's order: eliminated first.
  private let order: [Int]
  private let factors: [GroupingFactor]
  private let moments: [Double]

  init(
    factors: [GroupingFactor], fixed: [[Double]], names: [String], response: [Double], weights: [Double]?, denseLimit: Int
  ) throws(MixedModelError) {
    self.factors = factors
    var (blocking, nested) = CrossedEngine.plan(factors, denseLimit: denseLimit)
    var kept = factors.indices.filter { $0 != blocking && !nested.contains($0) }
    if kept.reduce(0, { $0 + factors[$1].levels }) > denseLimit {
      // Too large for a dense block: only the largest factor is eliminated, and everything else is kept sparse.
      blocking = factors.indices.max { factors[$0].levels < factors[$1].levels }!
      nested = []
      kept = factors.indices.filter { $0 != blocking }
      order = [blocking] + kept
      let statistics = SparseStatistics(
        eliminated: factors[blocking], kept: kept.map { factors[$0] }, fixed: fixed, response: response, weights: weights)
      try statistics.checkFixedColumns(names)
      kind = .sparse(statistics)
      moments = statistics.momentEstimates()
      return
    }
    order = [blocking] + nested + kept
    if nested.isEmpty {
      let statistics = TwoWayStatistics(
        eliminated: factors[blocking], kept: kept.map { factors[$0] }, fixed: fixed, responses: [response], weights: weights)
      try statistics.checkFixedColumns(names)
      kind = .diagonal(statistics)
      moments = statistics.momentEstimates()
    } else {
      try CrossedEngine.checkFixedColumns(fixed, names, response.count, weights)
      kind = .blocked(
        BlockedStatistics(
          nested: ([blocking] + nested).map { factors[$0] }, kept: kept.map { factors[$0] }, fixed: fixed, response: response,
          weights: weights))
      // A rough equal split is a good enough start for the few steps it costs.
      let mean = weightedMean(response, weights)
      let total = weightedMean(response.map { ($0 - mean) * ($0 - mean) }, weights)
      moments = [Double](repeating: max(total, 1e-300) / Double(factors.count + 1), count: factors.count + 1)
    }
  }

  /// The fixed columns by themselves: one level of a factor holds all observations.
  private static func checkFixedColumns(
    _ fixed: [[Double]], _ names: [String], _ count: Int, _ weights: [Double]?
  ) throws(MixedModelError) {
    let whole = GroupingFactor("all", codes: [Int32](repeating: 0, count: count), levels: 1)
    try TwoWayStatistics(eliminated: whole, kept: [], fixed: fixed, responses: [], weights: weights).checkFixedColumns(names)
  }

  /// The same model by conjugate gradients and probes, which finds an exact search its start where that costs little beside an exact evaluation.
  func scout() -> CrossedEngine? {
    guard case .diagonal(let statistics) = kind, statistics.isWorthScouting else { return nil }
    return CrossedEngine(kind: .sparse(SparseStatistics(statistics)), order: order, factors: factors, moments: moments)
  }

  private init(kind: Kind, order: [Int], factors: [GroupingFactor], moments: [Double]) {
    self.kind = kind
    self.order = order
    self.factors = factors
    self.moments = moments
  }

  var isExact: Bool { if case .sparse = kind { false } else { true } }

  /// The blocking factor and those nested in it: the choice that costs least of those that leave no more than `denseLimit` levels to keep, or the one that
  /// leaves the fewest.
  private static func plan(_ factors: [GroupingFactor], denseLimit: Int) -> (Int, [Int]) {
    let choices = factors.indices.map { b in
      var sizes = [Int](repeating: 0, count: factors[b].levels)
      for code in factors[b].codes { sizes[Int(code)] += 1 }
      let small = (sizes.max() ?? 0) <= largestBlock
      let nested = small ? factors.indices.filter { $0 != b && isNested(factors[$0], in: factors[b], strictly: $0 < b) } : []
      let kept = factors.indices.filter { $0 != b && !nested.contains($0) }.map { factors[$0].levels }
      let cost = blockCost(nested.isEmpty ? [] : sizes, kept)
      return (blocking: b, nested: nested, levels: kept.reduce(0, +), cost: cost)
    }
    let dense = choices.filter { $0.levels <= denseLimit }
    let best = dense.min { ($0.cost, $0.levels) < ($1.cost, $1.levels) } ?? choices.min { $0.levels < $1.levels }!
    return (best.blocking, best.nested)
  }

  /// About how many multiplications an evaluation takes: of dense blocks of n observations, which touch k kept levels at most, and of the kept levels.
  private static func blockCost(_ sizes: [Int], _ kept: [Int]) -> Double {
    let q = Double(kept.reduce(0, +))
    return sizes.reduce(q * q * q) { sum, size in
      let n = Double(size)
      let k = Double(kept.reduce(0) { $0 + min($1, size) })
      return sum + n * n * n + 3 * n * n * k + 2 * n * k * k
    }
  }

  /// Whether every level of `factor` lies in one level of `other`. Two factors that are nested in each other are the same: that counts one way only.
  private static func isNested(_ factor: GroupingFactor, in other: GroupingFactor, strictly: Bool) -> Bool {
    if factor.levels < other.levels || (strictly && factor.levels == other.levels) { return false }
    var parent = [Int32](repeating: -1, count: factor.levels)
    for (code, above) in zip(factor.codes, other.codes) {
      if parent[Int(code)] < 0 { parent[Int(code)] = above } else if parent[Int(code)] != above { return false }
    }
    return true
  }

  func momentEstimates() -> [Double] { toModelOrder(moments) }

  private func toModelOrder<T>(_ values: [T]) -> [T] {
    var result = values
    for (position, factor) in order.enumerated() { result[factor] = values[position] }
    return result
  }

  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: CrossedSolution.Point? = nil
  ) throws(MixedModelError) -> (VarianceEvaluation, CrossedSolution.Point) {
    var ordered = order.map { components[$0] }
    let residual = components[components.count - 1]
    ordered.append(residual)
    var evaluation: VarianceEvaluation
    let detail: CrossedSolution.Detail
    switch kind {
    case .diagonal(let statistics):
      let result = try statistics.evaluate(at: ordered, method: method)
      (evaluation, detail) = (result.0, .diagonal(result.1))
    case .blocked(let statistics):
      let result = try statistics.evaluate(at: ordered, method: method)
      (evaluation, detail) = (result.0, .blocked(result.1))
    case .sparse(let statistics):
      var near: SparseSolution?
      if case .sparse(let solution) = previous?.detail { near = solution }
      let result = try statistics.evaluate(at: ordered, method: method, near: near)
      (evaluation, detail) = (result.0, .sparse(result.1))
    }
    let information = evaluation.information
    let positions = toModelOrder(Array(order.indices)) + [order.count]
    evaluation.traces = positions.map { evaluation.traces[$0] }
    evaluation.forms = positions.map { evaluation.forms[$0] }
    for i in positions.indices { for j in positions.indices { evaluation.information[i, j] = information[positions[i], positions[j]] } }
    return (evaluation, CrossedSolution.Point(detail: detail, residual: residual))
  }

  /// The point without an evaluation where that saves work.
  func solve(at components: [Double]) throws(MixedModelError) -> CrossedSolution.Point {
    guard case .sparse(let statistics) = kind else { return try evaluate(at: components, method: .reml).1 }
    let residual = components[components.count - 1]
    let solver = try SparseSolver(statistics, components: order.map { components[$0] } + [residual])
    return CrossedSolution.Point(
      detail: .sparse(
        SparseSolution(
          solver: solver, traceErrors: [], sampled: nil, logDeterminant: 0)),
      residual: residual)
  }

  /// Effects and their variances, which a search wants only once.
  func solution(_ point: CrossedSolution.Point) -> CrossedSolution {
    switch (kind, point.detail) {
    case (.diagonal(let statistics), .diagonal(let detail)): return package(statistics, detail)
    case (.blocked(let statistics), .blocked(let detail)): return package(statistics, detail, point.residual)
    case (.sparse(let statistics), .sparse(let detail)): return package(statistics, detail, point.residual)
    default: preconditionFailure("the point belongs to another model")
    }
  }

  private func package(_ statistics: BlockedStatistics, _ solution: BlockedSolution, _ residual: Double) -> CrossedSolution {
    let kept = statistics.kept.map { range in
      (values: Array(solution.kept[range]), variances: range.map { residual * solution.inverse[$0, $0] })
    }
    return CrossedSolution(
      detail: .blocked(solution), sparseVariances: nil, residual: residual,
      fixed: Array(solution.kept.dropFirst(statistics.randomColumns)),
      fixedInverse: solution.inverse.diagonalBlock(from: statistics.randomColumns, count: statistics.fixed.count),
      effects: toModelOrder(solution.nested + kept))
  }

  private func package(_ statistics: TwoWayStatistics, _ solution: TwoWaySolution) -> CrossedSolution {
    let residual = solution.residualVariance
    let eliminated = solution.shrinkage.indices.map { u in
      residual * (solution.shrinkage[u] + solution.shrinkage[u] * solution.shrinkage[u] * solution.unitForms[u])
    }
    let kept = statistics.kept.map { range in
      (values: Array(solution.kept[0][range]), variances: range.map { residual * solution.inverse[$0, $0] })
    }
    return CrossedSolution(
      detail: .diagonal(solution), sparseVariances: nil, residual: residual,
      fixed: Array(solution.kept[0].dropFirst(statistics.randomColumns)),
      fixedInverse: solution.inverse.diagonalBlock(from: statistics.randomColumns, count: statistics.fixedColumns),
      effects: toModelOrder([(values: solution.eliminated[0], variances: eliminated)] + kept))
  }

  private func package(
    _ statistics: SparseStatistics, _ detail: SparseSolution, _ residual: Double
  ) -> CrossedSolution {
    let variances = SparseVariances(statistics, detail.solver)
    let main = detail.solver.main[0]
    let kept = statistics.kept.map { range in
      (values: Array(main.kept[range]), variances: range.map { residual * variances.kept[$0] })
    }
    return CrossedSolution(
      detail: .sparse(detail), sparseVariances: variances, residual: residual,
      fixed: Array(main.kept.dropFirst(statistics.randomColumns)), fixedInverse: detail.solver.fixedInverse,
      effects: toModelOrder([(values: main.eliminated, variances: variances.units.map { residual * $0 })] + kept))
  }

  /// The part of the criterion that a sparse search leaves out, its standard error, and the components' relative Monte Carlo errors.
  func complete(
    _ solution: CrossedSolution, components: [Double], covariance: Matrix, method: EstimationMethod
  ) -> (logDeterminant: Double, error: Double, monteCarlo: Double) {
    guard case .sparse(let statistics) = kind, case .sparse(let detail) = solution.detail else { return (0, 0, 0) }
    let (value, error) = statistics.logDeterminant(detail, method: method)
    // A step is covariance · (−½ gradient), so an error of a trace moves the components by half its row.
    let positions = toModelOrder(Array(order.indices)) + [order.count]
    let traceErrors = positions.map { detail.traceErrors[$0] }
    var largest = 0.0
    for i in components.indices where components[i] > 0 {
      var square = 0.0
      for j in components.indices { square += 0.25 * covariance[i, j] * covariance[i, j] * traceErrors[j] * traceErrors[j] }
      largest = max(largest, square.squareRoot() / components[i])
    }
    return (value, error, largest)
  }

  func predictionVariances(_ solution: CrossedSolution, fixed: [[Double]]) -> [Double] {
    switch (kind, solution.detail) {
    case (.diagonal(let statistics), .diagonal(let detail)):
      statistics.predictionVariances(
        detail, eliminated: factors[order[0]], kept: order.dropFirst().map { factors[$0] }, fixed: fixed)
    case (.blocked, .blocked(let detail)):
      detail.leverages
    case (.sparse(let statistics), .sparse):
      solution.sparseVariances!.predictionVariances(
        statistics, eliminated: factors[order[0]], kept: order.dropFirst().map { factors[$0] }, fixed: fixed)
    default:
      preconditionFailure("the fit belongs to another model")
    }
  }
}

extension CrossedModel {
  func predictionVariances(_ fit: CrossedFit) -> [Double] { engine.predictionVariances(fit.solution, fixed: fixed) }
}
