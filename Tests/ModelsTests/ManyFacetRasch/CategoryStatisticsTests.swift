import Testing

@testable import Models

@Suite struct CategoryStatisticsTests {
  /// Counts 4, 4, 25, 8, 31, 6, 21, 3, 3 (survey of the field, V1).
  @Test func guilford1954() throws {
    let categories = try RaschExample(RaschExample.guilford).model.fit().categories(of: 0)
    #expect(categories.map(\.count) == [4, 4, 25, 8, 31, 6, 21, 3, 3])
    #expect(categories.map(\.score) == Array(1...9))
    #expect(categories[0].threshold == nil && categories[8].threshold != nil)
  }

  /// Sums over categories: measures weighted by counts give the same mean observed and expected, as the likelihood equations say for counts.
  @Test func expectedMeasures() throws {
    let fit = try RaschExample(RaschExample.guilford).model.fit()
    let categories = fit.categories(of: 0)
    let observed = categories.reduce(0) { $0 + Double($1.count) * $1.averageMeasure }
    let expected = categories.reduce(0) { $0 + Double($1.count) * $1.expectedMeasure }
    #expect(isClose(observed, expected, 1e-8))
  }

  /// Two categories: the threshold is zero by its definition; three: its error is 1/√ΣP(1 − P) of the middle category.
  @Test func thresholdErrors() throws {
    var columns = RaschExample.guilford
    columns["score"] = columns["score"]!.map { Int($0)! <= 3 ? "1" : Int($0)! <= 5 ? "2" : "3" }
    let fit = try RaschExample(columns).model.fit()
    var information = 0.0
    for o in 0..<fit.active.count {
      let p = NaiveRasch.probabilities(fit.moments.eta[o], fit.thresholds(of: 0).map { $0! })[1]
      information += p * (1 - p)
    }
    for category in fit.categories(of: 0).dropFirst() { #expect(isClose(category.thresholdError!, 1 / information.squareRoot(), 1e-9)) }
  }
}
