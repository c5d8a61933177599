import Analysis
import Foundation
import Models

/// Guilford's (1954) table of 3 raters, 7 units and 5 criteria, from the package's published data sets.
enum SmallRasch {
  static let facets: [RaschFacet] = [
    RaschFacet(id: "rater", role: .rater, names: ["Avogadro", "Brahe", "Cavendish"]),
    RaschFacet(id: "unit", role: .unit, names: ["Anne", "Betty", "Chris", "David", "Edward", "Fred", "George"]),
    RaschFacet(id: "criterion", role: .criterion, names: ["a", "b", "c", "d", "e"]),
  ]

  static func guilford() throws -> (scores: [Double], factors: [GroupingFactor], lines: [UInt32]) {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Datasets/published/guilford-1954.csv")
    let rows = try String(contentsOf: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    let factors = facets.enumerated().map { f, facet in
      GroupingFactor(facet.id, codes: rows.map { Int32(facet.names.firstIndex(of: $0[f])!) }, levels: facet.names.count)
    }
    return (rows.map { Double($0[3])! }, factors, rows.indices.map { UInt32($0 + 1) })
  }

  static func analysis(
    _ method: RaschMethod = .joint(.none), scales: RatingScales = .shared, bias: [(Int, Int)] = [], step: Double = 1
  ) throws -> RaschAnalysis {
    let data = try guilford()
    let scores = try RaschScores(data.scores.map { $0 * step }, lines: data.lines, roundedTo: step == 1 ? nil : step)
    let fit = try ManyFacetRaschModel(scores: scores.categories, facets: data.factors, unitFacet: 1, scales: scales).fit(method)
    return RaschAnalysis(fit: fit, facets: facets, scores: scores, lines: data.lines, bias: bias)
  }
}
