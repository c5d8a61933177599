internal import Scores

/// Each rater's comparable sheets in the order in which they were scored, as far as it is known.
struct ScoringOrder: Sendable {
  struct Run: Sendable {
    var rater: Int
    var sheets: [Int]
    /// When each was scored, ascending; as in `ScoreTimes`.
    var times: [Double]
    /// The mid-rank of each among the rater's own, from −½ for the first to ½ for the last.
    var places: [Double]
  }

  /// Raters with sheets at two times at least.
  let runs: [Run]

  /// A sheet is scored when the first of its scores is. Sheets without a time are left out; nil where the table has no times.
  init?(_ table: ScoreTable, _ layout: Layout) {
    guard let times = table.times?.values else { return nil }
    let known = (0..<layout.sheetCount).map { s in
      var first = Double.infinity
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        for row in layout.rows(of: o, in: table) where times[row] < first { first = times[row] }
      }
      return first
    }
    let byRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    runs = (0..<layout.raterCount).compactMap { r in
      let sheets = byRater.members(of: r).filter { known[$0].isFinite && layout.comparable[$0] > 0 }.sorted {
        (known[$0], $0) < (known[$1], $1)
      }
      guard let first = sheets.first, let last = sheets.last, known[first] < known[last] else { return nil }
      return Run(rater: r, sheets: sheets, times: sheets.map { known[$0] }, places: ScoringOrder.places(sheets.map { known[$0] }))
    }
  }

  private static func places(_ times: [Double]) -> [Double] {
    var places = [Double](repeating: 0, count: times.count)
    var begin = 0
    for i in 1...times.count where i == times.count || times[i] != times[begin] {
      let middle = 0.5 * Double(begin + i - 1)
      for j in begin..<i { places[j] = middle / Double(times.count - 1) - 0.5 }
      begin = i
    }
    return places
  }
}
