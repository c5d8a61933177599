import Statistics
import Testing

@testable import Models

@Suite struct NullSpaceTests {
  /// Raters 0, 1 on units 0–3, raters 2, 3 on units 4–7, all on the same two criteria; `links` adds sheets of rater 0.
  private func nested(links: [Int]) throws -> ManyFacetRaschModel {
    var (scores, raters, units, criteria): ([Int32], [Int32], [Int32], [Int32]) = ([], [], [], [])
    func sheet(_ rater: Int, _ unit: Int) {
      for criterion in 0..<2 {
        scores.append(Int32((rater * 7 + unit * 5 + criterion * 3 + unit * rater) % 4))
        raters.append(Int32(rater))
        units.append(Int32(unit))
        criteria.append(Int32(criterion))
      }
    }
    for unit in 0..<8 { for rater in unit < 4 ? [0, 1] : [2, 3] { sheet(rater, unit) } }
    for unit in links { sheet(0, unit) }
    return try ManyFacetRaschModel(
      scores: scores,
      facets: [
        GroupingFactor("rater", codes: raters, levels: 4), GroupingFactor("unit", codes: units, levels: 8),
        GroupingFactor("criterion", codes: criteria, levels: 2),
      ], unitFacet: 1)
  }

  private func space(_ model: ManyFacetRaschModel) throws -> NullSpace {
    NullSpace(model, try ActiveResponses(model, keepsExtremeUnits: true), mergeUnits: false)
  }

  /// The shared criteria connect every element in a graph, and yet the two groups of raters cannot be compared.
  @Test func nestedTeamsShareCriteria() throws {
    let found = try space(nested(links: []))
    #expect(found.isComplete && found.directions.count == 3)
    #expect(found.classes == [[0, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1], [0, 0]])
  }

  @Test func oneLinkingSheetConnects() throws {
    let found = try space(nested(links: [5]))
    #expect(found.directions.count == 2 && found.classes.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  /// In every direction found no response's θ − Σ δ changes.
  @Test func directionsChangeNoResponse() throws {
    let model = try nested(links: [])
    for direction in try space(model).directions {
      for i in model.scores.indices {
        let sum = model.facets.indices.reduce(0.0) { $0 + direction[$1][Int(model.facets[$1].codes[i])] * ($1 == 1 ? 1 : -1) }
        #expect(abs(sum) < 1e-12)
      }
    }
  }

  /// Units linked through a cycle only: no response ever has a single unknown level, the equations must settle it.
  ///
  /// Rater and criterion change together between the two halves (r0 c0 and r1 c1); one response r0 c1 unties them.
  @Test func cycleOfFacets() throws {
    func model(_ rows: [(Int32, Int32, Int32)]) throws -> ManyFacetRaschModel {
      try ManyFacetRaschModel(
        scores: rows.indices.map { Int32($0 % 3) },
        facets: [
          GroupingFactor("rater", codes: rows.map(\.0), levels: 2), GroupingFactor("unit", codes: rows.map(\.1), levels: 3),
          GroupingFactor("criterion", codes: rows.map(\.2), levels: 2),
        ], unitFacet: 1)
    }
    let tied: [(Int32, Int32, Int32)] = [(0, 0, 0), (1, 0, 1), (0, 1, 0), (1, 1, 1), (0, 2, 0), (1, 2, 1)]
    // Rater and criterion difference cannot be told apart: one direction more than the two shifts.
    #expect(try space(model(tied)).directions.count == 3)
    #expect(try space(model(tied + [(0, 2, 1)])).directions.count == 2)
  }

  /// Raters of a subset have mean zero among themselves, and estimation converges all the same.
  @Test func subsetsAreCentredApart() throws {
    let fit = try nested(links: []).fit()
    #expect(!fit.isConnected && fit.subsets[0] == [0, 0, 1, 1])
    let severity = fit.measures(of: 0)
    #expect(abs(severity[0] + severity[1]) < 1e-9 && abs(severity[2] + severity[3]) < 1e-9)
    let linked = try nested(links: [5]).fit()
    #expect(linked.isConnected && abs(linked.measures(of: 0).reduce(0, +)) < 1e-9)
  }

  /// A distribution of the units makes the groups of raters comparable in marginal estimation.
  @Test func marginalEstimationComparesAll() throws {
    let model = try nested(links: [])
    let merged = NullSpace(model, try ActiveResponses(model, keepsExtremeUnits: true), mergeUnits: true)
    #expect(merged.directions.count == 2 && merged.classes[0] == [0, 0, 0, 0])
  }

  /// More pieces than are followed: the search goes on by conjugate gradients, differences within a piece are those of the piece alone.
  @Test func manyPieces() throws {
    func model(_ pieces: Int) throws -> ManyFacetRaschModel {
      var (scores, raters, units): ([Int32], [Int32], [Int32]) = ([], [], [])
      for piece in 0..<Int32(pieces) {
        for (rater, row) in [[2, 0, 1, 1, 2, 1, 0], [1, 1, 2, 0, 0, 1, 1]].enumerated() {
          for (unit, mark) in row.enumerated() {
            scores.append(Int32(mark))
            raters.append(2 * piece + Int32(rater))
            units.append(7 * piece + Int32(unit))
          }
        }
      }
      return try ManyFacetRaschModel(
        scores: scores,
        facets: [GroupingFactor("rater", codes: raters, levels: 2 * pieces), GroupingFactor("unit", codes: units, levels: 7 * pieces)],
        unitFacet: 1)
    }
    let one = try model(1).fit()
    let fit = try model(NullSpace.constantLimit + 10).fit()
    #expect(!fit.subsetsAreKnown && !fit.isConnected && fit.account.solver == "conjugate gradients")
    let difference = one.measures(of: 0)[1] - one.measures(of: 0)[0]
    for piece in 0..<(NullSpace.constantLimit + 10) {
      #expect(isClose(fit.measures(of: 0)[2 * piece + 1] - fit.measures(of: 0)[2 * piece], difference, 1e-7))
    }
  }

  /// Raters who each alone scored one unit say nothing that the unit's measure does not: more of them than are followed, or solved by conjugate
  /// gradients though all are followed, leave the criteria where the fit without raters has them.
  @Test(arguments: [40, NullSpace.constantLimit + 10]) func ratersWithUnitsOfTheirOwn(units: Int) throws {
    var random = RandomStream(seed: 4)
    var (scores, raters, criteria, codes): ([Int32], [Int32], [Int32], [Int32]) = ([], [], [], [])
    for unit in 0..<Int32(units) {
      for criterion in 0..<Int32(5) {
        scores.append(criterion == unit % 5 ? 1 : Int32(random.below(3)))
        raters.append(unit)
        criteria.append(criterion)
        codes.append(unit)
      }
    }
    let unit = GroupingFactor("unit", codes: codes, levels: units)
    let criterion = GroupingFactor("criterion", codes: criteria, levels: 5)
    let rater = GroupingFactor("rater", codes: raters, levels: units)
    let plain = try ManyFacetRaschModel(scores: scores, facets: [criterion, unit], unitFacet: 1).fit()
    var options = RaschOptions()
    options.denseLimit = 0
    let fit = try ManyFacetRaschModel(scores: scores, facets: [criterion, rater, unit], unitFacet: 2).fit(options: options)
    #expect(fit.subsetsAreKnown == (units < NullSpace.constantLimit) && !fit.isConnected)
    #expect(fit.account.solver == "conjugate gradients" && isClose(fit.logLikelihood, plain.logLikelihood, 1e-8))
    for level in 0..<5 {
      #expect(
        isClose(
          fit.measures(of: 0)[level] - fit.measures(of: 0)[0], plain.measures(of: 0)[level] - plain.measures(of: 0)[0], 1e-7))
    }
    for level in 0..<units where fit.status(of: 1)[level] == .estimated { #expect(abs(fit.measures(of: 1)[level]) < 1e-9) }
  }
}
