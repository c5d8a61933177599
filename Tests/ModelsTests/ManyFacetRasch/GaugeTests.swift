import Testing

@testable import Models

@Suite struct GaugeTests {
  /// Any facet may be left without a centre; differences and fit stay.
  @Test func theFacetLeftUncentred() throws {
    let model = try RaschExample(RaschExample.guilford).model
    let units = try model.fit()
    for left in 0..<3 {
      let fit = try model.fit(options: RaschOptions(leavesUncentred: left))
      for f in 0..<3 {
        let mean = fit.measures(of: f).reduce(0, +)
        #expect((abs(mean) < 1e-9) == (f != left))
        for (a, b) in zip(fit.measures(of: f), units.measures(of: f)) {
          #expect(isClose(a - fit.measures(of: f)[0], b - units.measures(of: f)[0], 1e-9))
        }
      }
      #expect(isClose(fit.logLikelihood, units.logLikelihood, 1e-10))
    }
  }

  /// Anchored at what was estimated, everything else comes out as before, on the anchors' scale.
  @Test func anchorsAtTheEstimates() throws {
    let free = try RaschExample(RaschExample.guilford).model.fit()
    let severity = free.measures(of: 0)
    let shift = 0.7
    let anchors = RaschAnchors(
      measures: [0: [0: severity[0] + shift, 2: severity[2] + shift]], thresholds: [0: free.thresholds(of: 0).map { $0! }])
    let fit = try RaschExample(RaschExample.guilford, anchors: anchors).model.fit()
    #expect(fit.status(of: 0) == [.anchored, .estimated, .anchored])
    #expect(isClose(fit.measures(of: 0)[1], severity[1] + shift, 1e-8))
    for (a, b) in zip(fit.measures(of: 1), free.measures(of: 1)) { #expect(isClose(a, b + shift, 1e-8)) }
    for (a, b) in zip(fit.measures(of: 2), free.measures(of: 2)) { #expect(isClose(a, b, 1e-8)) }
    #expect(fit.separation(of: 0) == nil)
  }

  /// Anchored units fix the origin; then the last facet keeps the mean that the data give it.
  @Test func anchoredUnits() throws {
    let free = try RaschExample(RaschExample.guilford).model.fit()
    let anchors = RaschAnchors(measures: [1: [0: free.measures(of: 1)[0] + 0.5, 3: free.measures(of: 1)[3] + 0.5]])
    let fit = try RaschExample(RaschExample.guilford, anchors: anchors).model.fit()
    #expect(abs(fit.measures(of: 0).reduce(0, +)) < 1e-9)
    for (a, b) in zip(fit.measures(of: 2), free.measures(of: 2)) { #expect(isClose(a, b + 0.5, 1e-8)) }
  }

  /// In marginal estimation the standard errors of centred severities come from T C T'; here against the inverse of the whole information bordered by the
  /// constraints, computed from differences of the likelihood at anchored values.
  @Test func marginalErrorByProfile() throws {
    let free = try RaschExample(RaschExample.guilford).model.fit(.marginal)
    // With two raters the profile of the likelihood over their difference has curvature 1/Var(difference) = 1/(4 Var(severity)).
    var columns = RaschExample.guilford
    let keep = columns["rater"]!.indices.filter { columns["rater"]![$0] != "Brahe" }
    columns = columns.mapValues { values in keep.map { values[$0] } }
    let pair = try RaschExample(columns).model.fit(.marginal)
    func profile(_ half: Double) throws -> Double {
      try RaschExample(columns, anchors: RaschAnchors(measures: [0: [0: half, 1: -half]])).model.fit(.marginal).logLikelihood
    }
    let best = pair.measures(of: 0)[0]
    let h = 0.02
    let curvature = try (profile(best + h) - 2 * profile(best) + profile(best - h)) / (h * h)
    #expect(isClose(1 / (-curvature).squareRoot(), pair.standardErrors(of: 0)[0], 2e-4))
    #expect(free.standardErrors(of: 0).allSatisfy { $0 > 0 && $0 < 1 })
  }
}
