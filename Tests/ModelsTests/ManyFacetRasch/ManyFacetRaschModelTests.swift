import Foundation
import Testing

@testable import Models

@Suite struct ManyFacetRaschModelTests {
  private let facets = [GroupingFactor("rater", codes: [0, 1, 0], levels: 2), GroupingFactor("unit", codes: [0, 0, 1], levels: 2)]

  @Test func whatCannotBeFitted() {
    #expect(throws: RaschError.nothingToFit) { try ManyFacetRaschModel(scores: [], facets: [], unitFacet: 0) }
    #expect(throws: RaschError.noVariation) { try ManyFacetRaschModel(scores: [3, 3, 3], facets: facets, unitFacet: 1) }
    #expect(throws: RaschError.tooManyCategories(lowest: 0, highest: 30, limit: 30)) {
      try ManyFacetRaschModel(scores: [0, 30, 2], facets: facets, unitFacet: 1)
    }
    #expect(throws: RaschError.wrongLength(facet: "rater", count: 3, expected: 2)) {
      try ManyFacetRaschModel(scores: [1, 2], facets: facets, unitFacet: 1)
    }
    #expect(throws: RaschError.codeOutOfRange(facet: "unit", response: 2)) {
      try ManyFacetRaschModel(
        scores: [1, 2, 3], facets: [facets[0], GroupingFactor("unit", codes: [0, 0, 5], levels: 2)], unitFacet: 1)
    }
    #expect(throws: RaschError.wrongNumberOfThresholds(given: 1, expected: 2)) {
      try ManyFacetRaschModel(scores: [1, 2, 3], facets: facets, unitFacet: 1, anchors: RaschAnchors(thresholds: [0: [0.5]]))
    }
    #expect(throws: RaschError.anchoredUnitsInMarginalEstimation) {
      try ManyFacetRaschModel(scores: [1, 2, 3], facets: facets, unitFacet: 1, anchors: RaschAnchors(measures: [1: [0: 0.0]])).fit(
        .marginal)
    }
    #expect(throws: RaschError.unitScalesInMarginalEstimation) {
      try ManyFacetRaschModel(scores: [1, 2, 3], facets: facets, unitFacet: 1, scales: .each(facet: 1)).fit(.marginal)
    }
  }

  /// The order of the rows changes not a single bit.
  @Test(arguments: [RaschMethod.joint(.none), .marginal]) func orderOfRows(_ method: RaschMethod) throws {
    let columns = RaschExample.guilford
    let count = columns["score"]!.count
    let shuffled = columns.mapValues { values in (0..<count).map { values[($0 * 37 + 11) % count] } }
    let a = try RaschExample(columns).model.fit(method)
    let b = try RaschExample(shuffled).model.fit(method)
    for f in 0..<3 {
      #expect(a.measures(of: f) == b.measures(of: f))
      #expect(a.standardErrors(of: f) == b.standardErrors(of: f))
      #expect(a.elementFits(of: f) == b.elementFits(of: f))
    }
    #expect(a.logLikelihood == b.logLikelihood && a.thresholds(of: 0) == b.thresholds(of: 0))
  }

  /// Scores upside down: measures change sign, thresholds sign and order.
  @Test(arguments: [RaschMethod.joint(.none), .marginal]) func reversedScores(_ method: RaschMethod) throws {
    var reversed = RaschExample.guilford
    reversed["score"] = reversed["score"]!.map { String(10 - Int($0)!) }
    let a = try RaschExample(RaschExample.guilford).model.fit(method)
    let b = try RaschExample(reversed).model.fit(method)
    for f in 0..<3 { for (x, y) in zip(a.measures(of: f), b.measures(of: f)) { #expect(isClose(x, -y, 1e-8)) } }
    for (x, y) in zip(a.thresholds(of: 0), b.thresholds(of: 0).reversed()) { #expect(isClose(x!, -y!, 1e-8)) }
  }

  /// Scores that start at another number, and facets in another order.
  @Test func shiftedScoresAndReorderedFacets() throws {
    var shifted = RaschExample.guilford
    shifted["score"] = shifted["score"]!.map { String(100 + Int($0)!) }
    let a = try RaschExample(RaschExample.guilford).model.fit()
    let b = try RaschExample(shifted, facets: ["unit", "criterion", "rater"]).model.fit()
    for (x, y) in zip(a.measures(of: 0), b.measures(of: 2)) { #expect(isClose(x, y, 1e-9)) }
    for (x, y) in zip(a.measures(of: 1), b.measures(of: 0)) { #expect(isClose(x, y, 1e-9)) }
    for (x, y) in zip(a.fairAverages(of: 0), b.fairAverages(of: 2)) { #expect(isClose(x + 100, y, 1e-8)) }
  }

  /// Two facets and dichotomous scores: Rasch's own model; for a pair of items the joint estimate is twice the conditional one, log(n₀₁/n₁₀)
  /// (Andersen 1973).
  @Test func andersen1973TwoItems() throws {
    var (scores, items, people): ([Int32], [Int32], [Int32]) = ([], [], [])
    for (pattern, count) in [((1, 0), 12), ((0, 1), 5), ((1, 1), 7), ((0, 0), 4)] {
      for _ in 0..<count {
        let person = (people.last ?? -1) + 1
        scores += [Int32(pattern.0), Int32(pattern.1)]
        items += [0, 1]
        people += [person, person]
      }
    }
    let model = try ManyFacetRaschModel(
      scores: scores, facets: [GroupingFactor("item", codes: items, levels: 2), GroupingFactor("person", codes: people, levels: 28)],
      unitFacet: 1)
    let difficulty = try model.fit().measures(of: 0)
    #expect(isClose(difficulty[1] - difficulty[0], 2 * log(12.0 / 5.0), 1e-9))
    // (L − 1)/L with L = 2 responses makes it the conditional estimate.
    let corrected = try model.fit(.joint(.lengthFactor)).measures(of: 0)
    #expect(isClose(corrected[1] - corrected[0], log(12.0 / 5.0), 1e-9))
  }

  /// With more parameters than the dense limit the equations are solved by conjugate gradients: the same estimates.
  @Test(arguments: [RaschMethod.joint(.none), .marginal]) func conjugateGradients(_ method: RaschMethod) throws {
    let model = try RaschExample(RaschExample.guilford).model
    let dense = try model.fit(method)
    let sparse = try model.fit(method, options: RaschOptions(denseLimit: 0))
    #expect(dense.account.solver == "Cholesky" && sparse.account.solver == "conjugate gradients" && sparse.account.converged)
    for f in 0..<3 { for (x, y) in zip(dense.measures(of: f), sparse.measures(of: f)) { #expect(isClose(x, y, 1e-8)) } }
  }

  /// A category that nobody used keeps its place: scores keep their distances, its neighbours' thresholds are not known apart.
  @Test func unusedCategory() throws {
    var columns = RaschExample.guilford
    columns["score"] = columns["score"]!.map { $0 == "4" ? "5" : $0 }
    let fit = try RaschExample(columns).model.fit()
    let thresholds = fit.thresholds(of: 0)
    #expect(thresholds[2] == nil && thresholds[3] == nil && thresholds[1] != nil && thresholds[4] != nil)
    #expect(fit.categories(of: 0)[3].count == 0 && fit.categories(of: 0)[3].expectedMeasure.isNaN)
    for f in 0..<3 { #expect(fit.measures(of: f).allSatisfy { $0.isFinite }) }
  }

  /// A unit's square of 17,000 × 17,000 would take more than two gigabytes: that is told, not tried.
  @Test func tooManyCriteriaOfOneUnit() throws {
    let criteria = 17_000
    let codes = (0..<2 * criteria).map { Int32($0 / 2) }
    let model = try ManyFacetRaschModel(
      scores: codes.indices.map { Int32(($0 / 2 * 7 + $0 % 2) % 10) },
      facets: [
        GroupingFactor("unit", codes: codes.map { _ in 0 }, levels: 1),
        GroupingFactor("rater", codes: codes.indices.map { Int32($0 % 2) }, levels: 2),
        GroupingFactor("criterion", codes: codes, levels: criteria),
      ], unitFacet: 0)
    let error = #expect(throws: RaschError.self) { try model.fit() }
    guard case .tooManyParameters(let count) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(count > 15_000)
  }
}
