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
}
