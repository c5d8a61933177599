import Foundation
import Models

@testable import Models

/// Columns of a score file as a model: facets in the order given, the units being "unit".
struct RaschExample {
  let levels: [[String]]
  let model: ManyFacetRaschModel

  init(
    _ columns: [String: [String]], facets: [String] = ["rater", "unit", "criterion"], scales: RatingScales = .shared,
    anchors: RaschAnchors = RaschAnchors()
  ) throws {
    levels = facets.map { Set(columns[$0]!).sorted() }
    model = try ManyFacetRaschModel(
      scores: columns["score"]!.map { Int32($0)! }, facets: facets.map { factor($0, columns[$0]!) },
      unitFacet: facets.firstIndex(of: "unit")!, scales: scales, anchors: anchors)
  }

  func level(_ name: String, _ facet: Int) -> Int { levels[facet].firstIndex(of: name)! }

  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Guilford (1954): 3 senior scientists rate 7 juniors on 5 traits. Rows of judge, then examinee Anne to George, marks of traits a to e.
  static let guilford: [String: [String]] = {
    let marks = [
      "Avogadro": "55353 97585 33371 73133 97785 35351 77555", "Brahe": "65463 87572 45366 56455 24323 44642 33554",
      "Cavendish": "55573 77575 35555 53331 97777 33353 77757",
    ]
    let names = ["Anne", "Betty", "Chris", "David", "Edward", "Fred", "George"]
    var columns: [String: [String]] = ["rater": [], "unit": [], "criterion": [], "score": []]
    for rater in marks.keys.sorted() {
      for (name, row) in zip(names, marks[rater]!.split(separator: " ")) {
        for (criterion, mark) in zip(["a", "b", "c", "d", "e"], row) {
          columns["rater"]!.append(rater)
          columns["unit"]!.append(name)
          columns["criterion"]!.append(criterion)
          columns["score"]!.append(String(mark))
        }
      }
    }
    return columns
  }()

  /// The T workload of ordinal scores: 20 raters, 40 units, 6 criteria, marks 1 to 7.
  static func workloadT() throws -> [String: [String]] { try SharedData.columns("peers/data/T_ord_clean_s1.csv") }
}
