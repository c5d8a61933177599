import Testing

@testable import Models

@Suite struct FairAveragesTests {
  /// The expected score beside elements at the mean of their facets.
  @Test func guilfordWrittenOut() throws {
    let fit = try RaschExample(RaschExample.guilford).model.fit()
    let thresholds = fit.thresholds(of: 0).map { $0! }
    let units = fit.measures(of: 1).reduce(0, +) / 7
    for (severity, fair) in zip(fit.measures(of: 0), fit.fairAverages(of: 0)) {
      #expect(isClose(fair, 1 + NaiveRasch.moments(NaiveRasch.probabilities(units - severity, thresholds)).mean, 1e-9))
    }
    for (measure, fair) in zip(fit.measures(of: 1), fit.fairAverages(of: 1)) {
      #expect(isClose(fair, 1 + NaiveRasch.moments(NaiveRasch.probabilities(measure, thresholds)).mean, 1e-9))
    }
  }

  /// Complete data: fair averages of units keep the order of the observed ones, and with scales by criterion they are means over the criteria.
  @Test func partialCredit() throws {
    let example = try RaschExample(RaschExample.guilford, scales: .each(facet: 2))
    let fit = try example.model.fit()
    let observed = fit.observedScores(of: 1).map(\.mean)
    let fair = fit.fairAverages(of: 1)
    #expect(observed.indices.sorted { observed[$0] < observed[$1] } == fair.indices.sorted { fair[$0] < fair[$1] })
    for (a, b) in zip(observed, fair) { #expect(abs(a - b) < 0.25) }
    #expect(fit.observedScores(of: 0).map(\.total) == [171, 156, 181])
  }
}
