internal import Foundation
internal import Parallel

/// What the model expects of each active response. In marginal estimation the quantities of the fit statistics are means over the unit's
/// posterior (Adams and Wu 2007, without their random draws).
struct ResponseMoments: Sendable {
  /// θ − Σ δ at the point estimates.
  var eta: [Double] = []
  /// Mean and variance of the category at `eta`.
  var expected: [Double] = []
  var variance: [Double] = []
  /// (x − E)², its expectation V, (x − E)²/V, and with C the fourth central moment C and C/V².
  var squared: [Double] = []
  var spread: [Double] = []
  var standardised: [Double] = []
  var fourth: [Double] = []
  var kurtosis: [Double] = []

  private mutating func append(_ part: ResponseMoments) {
    eta += part.eta
    expected += part.expected
    variance += part.variance
    squared += part.squared
    spread += part.spread
    standardised += part.standardised
    fourth += part.fourth
    kurtosis += part.kurtosis
  }

  private struct Central {
    var mean = 0.0
    var variance = 0.0
    var fourth = 0.0

    init(_ p: [Double]) {
      for k in p.indices { mean += Double(k) * p[k] }
      for k in p.indices {
        let d = Double(k) - mean
        variance += d * d * p[k]
        fourth += d * d * d * d * p[k]
      }
      variance = max(variance, 1e-300)
    }
  }

  /// At the point estimates.
  static func plugIn(
    _ active: ActiveResponses, _ map: ParameterMap, _ values: RaschValues, unitFacet: Int, runs: [Range<Int>], width: Int, threads: Int
  ) -> ResponseMoments {
    let table = CategoryTable(values.cumulative, width: width)
    let parts = parallelMap(runs.count, threads: threads) { run in
      var part = ResponseMoments()
      var p = [Double](repeating: 0, count: width)
      for u in runs[run] {
        for o in active.unitStart[u]..<active.unitStart[u + 1] {
          part.appendPoint(o, values.measures[unitFacet][u], active, map, values, table, &p)
          let residual = Double(active.category[o]) - part.expected[part.expected.count - 1]
          let central = Central(p)
          part.squared.append(residual * residual)
          part.spread.append(central.variance)
          part.standardised.append(residual * residual / central.variance)
          part.fourth.append(central.fourth)
          part.kurtosis.append(central.fourth / (central.variance * central.variance))
        }
      }
      return part
    }
    var all = ResponseMoments()
    for part in parts { all.append(part) }
    return all
  }

  private mutating func appendPoint(
    _ o: Int, _ theta: Double, _ active: ActiveResponses, _ map: ParameterMap, _ values: RaschValues, _ table: CategoryTable,
    _ p: inout [Double]
  ) {
    var at = theta
    for f in map.keptFacets { at -= values.measures[f][Int(active.levels[f][o])] }
    table.probabilities(at, Int(active.scale[o]), into: &p)
    let central = Central(p)
    eta.append(at)
    expected.append(central.mean)
    variance.append(central.variance)
  }

  /// Over the units' posteriors; also their means and standard deviations.
  static func posterior(
    _ active: ActiveResponses, _ map: ParameterMap, _ values: RaschValues, centres: [Double], grid: [Double]?,
    runs: [Range<Int>], width: Int, threads: Int
  ) -> (moments: ResponseMoments, means: [Double], deviations: [Double]) {
    let table = CategoryTable(values.cumulative, width: width)
    let parts = parallelMap(runs.count, threads: threads) { run in
      var part = ResponseMoments()
      var means: [Double] = []
      var deviations: [Double] = []
      var p = [Double](repeating: 0, count: width)
      var posterior = UnitPosterior(active, map, values, table, coarse: false, grid: grid)
      for u in runs[run] {
        if active.unitStart[u] == active.unitStart[u + 1] {
          means.append(values.mean)
          deviations.append(exp(values.logDeviation))
          continue
        }
        posterior.prepare(u, start: centres[u])
        let summary = posterior.summary
        means.append(summary.mean)
        deviations.append(summary.deviation)
        for o in posterior.range {
          part.appendPoint(o, summary.mean, active, map, values, table, &p)
          part.appendPosterior(o, posterior, width: width, &p)
        }
      }
      return (part, means, deviations)
    }
    var all = ResponseMoments()
    var means: [Double] = []
    var deviations: [Double] = []
    for part in parts {
      all.append(part.0)
      means += part.1
      deviations += part.2
    }
    return (all, means, deviations)
  }

  private mutating func appendPosterior(_ o: Int, _ posterior: UnitPosterior, width: Int, _ p: inout [Double]) {
    let x = Double(posterior.active.category[o])
    var sums = (0.0, 0.0, 0.0, 0.0, 0.0)
    for b in posterior.points.indices {
      let base = (b * posterior.range.count + o - posterior.range.lowerBound) * width
      for lane in 0..<8 {
        let w = posterior.weights[b][lane]
        if w < 1e-14 { continue }
        for k in 0..<width { p[k] = posterior.probabilities[base + k][lane] }
        let central = Central(p)
        let square = (x - central.mean) * (x - central.mean)
        sums.0 += w * square
        sums.1 += w * central.variance
        sums.2 += w * square / central.variance
        sums.3 += w * central.fourth
        sums.4 += w * central.fourth / (central.variance * central.variance)
      }
    }
    squared.append(sums.0)
    spread.append(sums.1)
    standardised.append(sums.2)
    fourth.append(sums.3)
    kurtosis.append(sums.4)
  }
}
