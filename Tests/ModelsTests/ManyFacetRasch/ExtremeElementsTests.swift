import Foundation
import Testing

@testable import Models

@Suite struct ExtremeElementsTests {
  /// Guilford's table with an eighth examinee who gets full marks from all, and a ninth with lowest marks.
  private func withExtremes() throws -> RaschExample {
    var columns = RaschExample.guilford
    for (name, mark) in [("Helen", "9"), ("Ian", "1")] {
      for rater in ["Avogadro", "Brahe", "Cavendish"] {
        for criterion in ["a", "b", "c", "d", "e"] {
          columns["rater"]!.append(rater)
          columns["unit"]!.append(name)
          columns["criterion"]!.append(criterion)
          columns["score"]!.append(mark)
        }
      }
    }
    return try RaschExample(columns)
  }

  /// Extreme elements change no other measure, and their own solves Σ E = total ∓ 0.3.
  @Test func totalMovedInwards() throws {
    let plain = try RaschExample(RaschExample.guilford).model.fit()
    let example = try withExtremes()
    let fit = try example.model.fit()
    #expect(fit.status(of: 1)[7] == .extremeHigh && fit.status(of: 1)[8] == .extremeLow && fit.activeResponses == 105)
    for f in [0, 2] { #expect(fit.measures(of: f) == plain.measures(of: f)) }
    let thresholds = fit.thresholds(of: 0).map { $0! }
    for (unit, total) in [(7, 15 * 9 - 0.3), (8, 15 * 1 + 0.3)] {
      var expected = 0.0
      for rater in fit.measures(of: 0) {
        for criterion in fit.measures(of: 2) {
          expected += 1 + NaiveRasch.moments(NaiveRasch.probabilities(fit.measures(of: 1)[unit] - rater - criterion, thresholds)).mean
        }
      }
      #expect(isClose(expected, total, 1e-8))
    }
    #expect(fit.separation(of: 1)!.count == 7 && fit.separation(of: 1, withExtremes: true)!.count == 9)
  }

  /// A distribution of the units has room for extreme ones.
  @Test func marginalEstimationKeepsThem() throws {
    let fit = try withExtremes().model.fit(.marginal)
    #expect(fit.status(of: 1).allSatisfy { $0 == .estimated } && fit.activeResponses == 135)
    #expect(fit.measures(of: 1)[7] == fit.measures(of: 1).max() && fit.measures(of: 1)[8] == fit.measures(of: 1).min())
  }

  /// A rater who only gives full marks is extreme; without that rater's responses a unit that others gave the lowest mark is as well.
  @Test func oneExtremeElementUncoversAnother() throws {
    var (scores, raters, units): ([Int32], [Int32], [Int32]) = ([], [], [])
    let marks = [[2, 0, 2, 1, 1, 0, 2, 1, 0], [1, 0, 2, 0, 1, 1, 2, 2, 1], [2, 2, 2, 2, 2, 2, 2, 2, 2], [1, 0, 2, 2, 0, 0, 1, 1, 2]]
    for (rater, row) in marks.enumerated() {
      for (unit, mark) in row.enumerated() where !(rater == 0 && unit == 2) {
        scores.append(Int32(mark))
        raters.append(Int32(rater))
        units.append(Int32(unit))
      }
    }
    let fit = try ManyFacetRaschModel(
      scores: scores, facets: [GroupingFactor("rater", codes: raters, levels: 4), GroupingFactor("unit", codes: units, levels: 9)],
      unitFacet: 1
    ).fit()
    #expect(fit.status(of: 0)[2] == .extremeHigh && fit.status(of: 1)[1] == .extremeLow && fit.status(of: 1)[2] == .extremeHigh)
    #expect(fit.measures(of: 0).allSatisfy { $0.isFinite } && fit.measures(of: 1).allSatisfy { $0.isFinite })
    #expect(fit.measures(of: 0)[2] < fit.measures(of: 0)[0])
  }

  @Test func nothingButExtremes() throws {
    let model = try ManyFacetRaschModel(
      scores: [0, 0, 1, 1],
      facets: [GroupingFactor("rater", codes: [0, 1, 0, 1], levels: 2), GroupingFactor("unit", codes: [0, 0, 1, 1], levels: 2)],
      unitFacet: 1)
    #expect(throws: RaschError.onlyExtremeScores) { try model.fit() }
  }
}
