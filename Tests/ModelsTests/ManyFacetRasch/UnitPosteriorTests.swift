import Foundation
import Testing

@testable import Models

@Suite struct UnitPosteriorTests {
  /// Mean, standard deviation and log-likelihood of each unit against 4,001 points, the model written out.
  @Test func guilfordUnits() throws {
    let example = try RaschExample(RaschExample.guilford)
    let model = example.model
    let fit = try model.fit(.marginal)
    let population = fit.population!
    let points = (0..<4001).map { -20 + 0.01 * Double($0) }
    for u in 0..<7 {
      var logs = points.map { -0.5 * ($0 - population.mean) * ($0 - population.mean) / (population.deviation * population.deviation) }
      for i in model.scores.indices where Int(model.facets[1].codes[i]) == u {
        let severity = fit.measures(of: 0)[Int(model.facets[0].codes[i])] + fit.measures(of: 2)[Int(model.facets[2].codes[i])]
        let tau = fit.thresholds(of: 0).map { $0! }
        for q in points.indices { logs[q] += log(NaiveRasch.probabilities(points[q] - severity, tau)[Int(model.scores[i]) - model.lowest]) }
      }
      let top = logs.max()!
      let weights = logs.map { exp($0 - top) }
      let sum = weights.reduce(0, +)
      let mean = zip(weights, points).reduce(0) { $0 + $1.0 * $1.1 } / sum
      let variance = zip(weights, points).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / sum
      #expect(isClose(fit.measures(of: 1)[u], mean, 1e-9))
      #expect(isClose(fit.standardErrors(of: 1)[u], variance.squareRoot(), 1e-8))
    }
  }

  /// TAM 4.3-25, `tam.fit`: infit and outfit of parameters by Monte Carlo over the units' posteriors (Adams and Wu 2007). Its statistic of a parameter is the
  /// sum of a unit's scores on it (a rater's less the last rater's, who is derived from the others), so it is no element's fit; here its
  /// expectation over our posteriors, which TAM's draws meet within their error.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func tamFitOfParameters() throws {
    let tam = try RaschOracle.read().tam.fit
    let example = try RaschExample(RaschExample.workloadT())
    let fit = try example.model.fit(.marginal)
    let active = fit.active
    var posterior = UnitPosterior(active, fit.map, fit.values, CategoryTable(fit.values.cumulative, width: 7), coarse: false)
    for (i, name) in tam.parameter.enumerated() where !name.hasPrefix("step") && name != "raterR20" {
      func weight(_ o: Int) -> Double {
        if name.hasPrefix("C") { return active.levels[2][o] == Int32(name.dropFirst())! - 1 ? 1 : 0 }
        let rater = Int32(example.level(String(name.dropFirst(5)), 0))
        return active.levels[0][o] == rater ? 1 : active.levels[0][o] == 19 ? -1 : 0
      }
      var (standardised, count, squares, variances) = (0.0, 0.0, 0.0, 0.0)
      for unit in 0..<40 {
        posterior.prepare(unit, start: fit.measures(of: 1)[unit])
        for b in posterior.points.indices {
          for lane in 0..<8 {
            let w = posterior.weights[b][lane]
            var (residual, variance) = (0.0, 0.0)
            for o in posterior.range where weight(o) != 0 {
              let base = (b * posterior.range.count + o - posterior.range.lowerBound) * 7
              let m = NaiveRasch.moments((0..<7).map { posterior.probabilities[base + $0][lane] })
              residual += weight(o) * (Double(active.category[o]) - m.mean)
              variance += m.variance
            }
            if variance == 0 { continue }
            standardised += w * residual * residual / variance
            count += w
            squares += w * residual * residual
            variances += w * variance
          }
        }
      }
      #expect(isClose(squares / variances, tam.infit[i], 0.035), "\(name)")
      #expect(isClose(standardised / count, tam.outfit[i], 0.04), "\(name)")
    }
  }
}
