internal import Foundation
internal import LinearAlgebra

/// From a model to its fit: what can be estimated, the search, the origin of the scale, corrections, units, extreme elements, standard errors.
struct RaschEstimation {
  let model: ManyFacetRaschModel
  let method: RaschMethod
  let options: RaschOptions

  /// Numbers in the units' squares of information that are kept for conjugate gradients: two gigabytes.
  static let largestSquares = 1 << 28

  func run() throws(RaschError) -> ManyFacetRaschFit {
    let marginal = method == .marginal
    let width = model.steps + 1
    let active = try ActiveResponses(model, keepsExtremeUnits: marginal)
    let map = ParameterMap(model, active, marginal: marginal)
    let comparable = NullSpace(model, active, mergeUnits: false)
    let open = marginal ? NullSpace(model, active, mergeUnits: true, holdsUnits: options.grid != nil) : comparable
    let gauge = Gauge(model, active, map, open, leaving: options.leavesUncentred ?? model.unitFacet)
    var options = options
    // With unknown null directions a Cholesky factor would meet a zero pivot; conjugate gradients do not mind.
    if !open.isComplete { options.denseLimit = 0 }
    if map.count > options.denseLimit, map.squares > RaschEstimation.largestSquares {
      throw .tooManyParameters(ofUnit: map.largestUnit)
    }
    var search = NewtonSearch(
      model, active, map, marginal: marginal, options: options, null: gauge.orthonormal,
      ridge: open.isComplete ? 0 : 1e-6)
    let found = try search.run(from: RaschValues(model, active))
    var values = found.values
    let units = model.unitFacet
    for u in values.measures[units].indices where active.status[units][u] != .anchored {
      values.measures[units][u] = found.equations.centres[u]
    }
    gauge.centre(&values)
    let runs = UnitBlock.runs(active, map)
    var fit: ManyFacetRaschFit
    if marginal {
      let posterior = ResponseMoments.posterior(
        active, map, values, centres: values.measures[units], grid: options.grid, runs: runs, width: width,
        threads: options.threads)
      values.measures[units] = posterior.means
      fit = ManyFacetRaschFit(
        model: model, method: method, account: found.account, logLikelihood: found.equations.logLikelihood, active: active, map: map,
        values: values, moments: posterior.moments, comparable: comparable)
      fit.standardErrors[units] = posterior.deviations
      setErrors(&fit, found.equations, gauge)
    } else {
      var logLikelihood = found.equations.logLikelihood
      if case .joint(.lengthFactor) = method { logLikelihood = shorten(&values, active, map) }
      let moments = ResponseMoments.plugIn(active, map, values, unitFacet: units, runs: runs, width: width, threads: options.threads)
      fit = ManyFacetRaschFit(
        model: model, method: method, account: found.account, logLikelihood: logLikelihood, active: active, map: map, values: values,
        moments: moments, comparable: comparable)
      fit.setConditionalErrors()
    }
    fit.extremeCorrection = options.extremeCorrection
    ExtremeElements(fit).estimate(&fit)
    return fit
  }

  /// The correction (L − 1)/L, and the units again at the corrected values; returns the log-likelihood there.
  private func shorten(_ values: inout RaschValues, _ active: ActiveResponses, _ map: ParameterMap) -> Double {
    let units = model.unitFacet
    let taking = (0..<(active.unitStart.count - 1)).filter { active.unitStart[$0] < active.unitStart[$0 + 1] }.count
    let length = Double(active.count) / Double(taking)
    let width = model.steps + 1
    let vector = values.vector(map, width: width).map { $0 * (length - 1) / length }
    values = values.with(vector, map, width: width)
    let table = CategoryTable(values.cumulative, width: width)
    let evaluation = JointEvaluation(active: active, map: map, values: values, table: table, unitFacet: units)
    let centres = values.measures[units]
    let equations = NormalEquations(map, units: centres.count, runs: UnitBlock.runs(active, map), denseLimit: 0, threads: options.threads) {
      evaluation.block($0, centres: centres)
    }
    for u in centres.indices where active.status[units][u] == .estimated { values.measures[units][u] = equations.centres[u] }
    return equations.logLikelihood
  }

  /// From the observed information where there is a dense one, from its diagonal otherwise.
  private func setErrors(_ fit: inout ManyFacetRaschFit, _ equations: NormalEquations, _ gauge: Gauge) {
    let map = fit.map
    let full = equations.covariance(null: gauge.orthonormal).map { gauge.centred($0) }
    let variances = full?.diagonal ?? equations.diagonal.map { 1 / $0 }
    for (j, f) in map.keptFacets.enumerated() {
      for (level, parameter) in map.facetParameter[j].enumerated() where parameter >= 0 {
        fit.standardErrors[f][level] = variances[Int(parameter)].squareRoot()
      }
    }
    if let p = map.population {
      let deviation = exp(fit.values.logDeviation)
      fit.population = UnitPopulation(
        mean: fit.values.mean, meanError: variances[p].squareRoot(), deviation: deviation,
        deviationError: deviation * variances[p + 1].squareRoot())
    }
    fit.thresholdCovariance = full.map { thresholdVariances($0, map) }
  }

  /// By scale and step: Var(κ[k] − κ[k − 1]).
  private func thresholdVariances(_ covariance: Matrix, _ map: ParameterMap) -> [[Double]] {
    map.scaleParameter.indices.map { g in
      var place = [Int](repeating: -1, count: model.steps + 1)
      for r in map.freeStart[g]..<map.freeStart[g + 1] {
        place[Int(map.freeCategories[r])] = Int(map.scaleParameter[g]) + r - map.freeStart[g]
      }
      return (1...model.steps).map { k in
        let (a, b) = (place[k], place[k - 1])
        let own = (a >= 0 ? covariance[a, a] : 0) + (b >= 0 ? covariance[b, b] : 0)
        return own - (a >= 0 && b >= 0 ? 2 * covariance[a, b] : 0)
      }
    }
  }
}
