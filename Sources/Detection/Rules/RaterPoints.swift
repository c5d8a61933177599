internal import Statistics

/// What one common point on all criteria of a rater's typical sheet is worth in result points, and the rater's sheets.
struct RaterPoints: Sendable {
  let perCommon: [Double]
  private let sheetsByRater: GroupedIndices

  init(_ study: Study) {
    let layout = study.layout
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    sheetsByRater = grouped
    perCommon = (0..<layout.raterCount).map { r in
      var sum = 0.0
      for s in grouped.members(of: r) { sum += study.pointsPerCommon[s] }
      return grouped.count(of: r) > 0 ? sum / Double(grouped.count(of: r)) : 1
    }
  }

  func sheets(of r: Int) -> [Int] { Array(sheetsByRater.members(of: r)) }
}
