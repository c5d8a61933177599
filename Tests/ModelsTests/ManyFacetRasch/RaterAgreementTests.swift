import Testing

@testable import Models

@Suite struct RaterAgreementTests {
  /// Guilford's judges: 33 exact agreements of 105 (31.4 %), 25.7 % expected (survey of the field, V1).
  @Test func guilford1954() throws {
    let agreement = try RaschExample(RaschExample.guilford).model.fit().agreement(of: 0)
    #expect(agreement.all.opportunities == 105 && agreement.all.exact == 33)
    #expect(isClose(agreement.all.expectedShare, 0.257, 0.0005))
    #expect(isClose(agreement.all.raschKappa, (33.0 / 105 - 0.257) / (1 - 0.257), 0.001))
  }

  /// All pairs one by one.
  @Test func naivePairs() throws {
    var columns = RaschExample.guilford
    // Some responses missing.
    let keep = columns["score"]!.indices.filter { $0 % 7 != 3 }
    columns = columns.mapValues { values in keep.map { values[$0] } }
    let model = try RaschExample(columns).model
    let fit = try model.fit()
    var (pairs, exact, expected) = (0, 0, 0.0)
    let thresholds = fit.thresholds(of: 0).map { $0! }
    func probabilities(_ i: Int) -> [Double] {
      NaiveRasch.probabilities(
        fit.measures(of: 1)[Int(model.facets[1].codes[i])] - fit.measures(of: 0)[Int(model.facets[0].codes[i])]
          - fit.measures(of: 2)[Int(model.facets[2].codes[i])], thresholds)
    }
    for i in model.scores.indices {
      for j in 0..<i where model.facets[1].codes[i] == model.facets[1].codes[j] && model.facets[2].codes[i] == model.facets[2].codes[j] {
        pairs += 1
        if model.scores[i] == model.scores[j] { exact += 1 }
        expected += zip(probabilities(i), probabilities(j)).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let found = fit.agreement(of: 0)
    #expect(found.all.opportunities == pairs && found.all.exact == exact && isClose(found.all.expected, expected, 1e-9))
    #expect(found.levels.reduce(0) { $0 + $1.opportunities } == 2 * pairs)
  }
}
