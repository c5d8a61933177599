/// Newton's method with a bounded step and halving, for joint and marginal likelihood alike.
struct NewtonSearch {
  let model: ManyFacetRaschModel
  let active: ActiveResponses
  let map: ParameterMap
  let marginal: Bool
  let options: RaschOptions
  /// Orthonormal, over the free parameters.
  let null: [[Double]]
  /// See `NormalEquations.step`.
  private let ridge: Double
  private let runs: [Range<Int>]
  private let gap: Double
  private var evaluations = 0
  /// Posterior standard deviations once the quadrature points are held.
  private var held: [Double]?

  init(
    _ model: ManyFacetRaschModel, _ active: ActiveResponses, _ map: ParameterMap, marginal: Bool, options: RaschOptions, null: [[Double]],
    ridge: Double
  ) {
    self.model = model
    self.active = active
    self.map = map
    self.marginal = marginal
    self.options = options
    self.null = null
    self.ridge = ridge
    runs = UnitBlock.runs(active, map)
    gap = Double(active.largestGap(width: model.steps + 1))
  }

  struct Result {
    let values: RaschValues
    let equations: NormalEquations
    let account: RaschAccount
  }

  /// In marginal estimation, should the units' variance seem to vanish, the search begins again from smaller ones: far from the maximum the
  /// likelihood can lie below that without any variance although the maximum lies above.
  mutating func run(from start: RaschValues) throws(RaschError) -> Result {
    var start = start
    for _ in 0..<NewtonSearch.restarts {
      do throws(RaschError) { return try search(from: start) } catch {
        if error != .noUnitVariance { throw error }
        start.logDeviation -= NewtonSearch.shorter
        held = nil
      }
    }
    return try search(from: start)
  }

  private static let restarts = 2
  /// A quarter of the standard deviation.
  private static let shorter = 1.386

  private mutating func search(from start: RaschValues) throws(RaschError) -> Result {
    let width = model.steps + 1
    var vector = start.vector(map, width: width)
    var coarse = marginal && options.grid == nil
    var completeOnly = false
    var values = start
    var equations = evaluate(values, centres: startingCentres(), coarse: coarse, completeOnly: completeOnly)
    var last = Double.infinity
    for step in 1...options.maximumSteps {
      guard let direction = equations.step(null: null, tolerance: 1e-7, ridge: ridge) else {
        if marginal, !completeOnly {
          try refuseVanishingVariance(values, equations)
          completeOnly = true
          equations = evaluate(values, centres: equations.centres, coarse: coarse, completeOnly: true)
          continue
        }
        throw .notConverged(account(step, last, equations, converged: false))
      }
      last = direction.reduce(0) { max($0, abs($1)) }
      if coarse, last < 1e-2 {
        // The step was found with few points: take it, and go on with all of them.
        coarse = false
        for i in vector.indices { vector[i] += direction[i] }
        values = start.with(vector, map, width: width)
        equations = evaluate(values, centres: equations.centres, coarse: false, completeOnly: false)
        held = equations.unitSpreads
        completeOnly = false
        continue
      }
      var share = min(1, 2 / last)
      let slope = zip(direction, equations.gradient).reduce(0) { $0 + $1.0 * $1.1 }
      var accepted: (RaschValues, NormalEquations, [Double])?
      for _ in 0..<30 {
        let trial = zip(vector, direction).map { $0 + share * $1 }
        let trialValues = start.with(trial, map, width: width)
        let result = evaluate(trialValues, centres: equations.centres, coarse: coarse, completeOnly: false)
        let noise = 1e-12 * (1 + abs(equations.logLikelihood))
        if result.logLikelihood >= equations.logLikelihood + 1e-4 * share * slope - noise {
          accepted = (trialValues, result, trial)
          break
        }
        share /= 2
      }
      guard let accepted else { throw .notConverged(account(step, last, equations, converged: false)) }
      (values, equations, vector) = accepted
      completeOnly = false
      if marginal, values.logDeviation < smallestLogDeviation { throw .noUnitVariance }
      if !coarse, last <= options.tolerance {
        return Result(values: values, equations: equations, account: account(step, last, equations, converged: true))
      }
    }
    throw .notConverged(account(options.maximumSteps, last, equations, converged: false))
  }

  /// Where the observed information is not positive the search may be on its way to a variance of zero, which it would take for ever to reach.
  private mutating func refuseVanishingVariance(_ values: RaschValues, _ equations: NormalEquations) throws(RaschError) {
    var without = values
    without.logDeviation = smallestLogDeviation
    let points = held
    held = nil
    let limit = evaluate(without, centres: equations.centres.map { _ in values.mean }, coarse: true, completeOnly: true)
    held = points
    if limit.logLikelihood >= equations.logLikelihood { throw .noUnitVariance }
  }

  /// A standard deviation below a thousandth of a logit is none; where used scores lie apart all measures are smaller.
  private var smallestLogDeviation: Double { -7 - gap.logarithm }

  private mutating func evaluate(_ values: RaschValues, centres: [Double], coarse: Bool, completeOnly: Bool) -> NormalEquations {
    evaluations += 1
    let table = CategoryTable(values.cumulative, width: model.steps + 1)
    let units = active.unitStart.count - 1
    if marginal {
      let evaluation = MarginalEvaluation(
        active: active, map: map, values: values, table: table, coarse: coarse, completeOnly: completeOnly, held: held,
        grid: options.grid)
      return NormalEquations(map, units: units, runs: runs, denseLimit: options.denseLimit, threads: options.threads) {
        evaluation.block($0, centres: centres)
      }
    }
    let evaluation = JointEvaluation(active: active, map: map, values: values, table: table, unitFacet: model.unitFacet)
    return NormalEquations(map, units: units, runs: runs, denseLimit: options.denseLimit, threads: options.threads) {
      evaluation.block($0, centres: centres)
    }
  }

  /// The log odds of a unit's points given and lost.
  private func startingCentres() -> [Double] {
    (0..<(active.unitStart.count - 1)).map { u in
      var given = 0.5
      var lost = 0.5
      for o in active.unitStart[u]..<active.unitStart[u + 1] {
        let g = Int(active.scale[o])
        given += Double(active.category[o] - active.lowest[g])
        lost += Double(active.highest[g] - active.category[o])
      }
      return (given / lost).logarithm / gap
    }
  }

  private func account(_ steps: Int, _ last: Double, _ equations: NormalEquations, converged: Bool) -> RaschAccount {
    RaschAccount(
      steps: steps, evaluations: evaluations, lastStep: last, maximumGradient: equations.gradient.reduce(0) { max($0, abs($1)) },
      solver: equations.isDense ? "Cholesky" : "conjugate gradients", freeParameters: map.count - null.count, converged: converged)
  }
}
