internal import Wording

/// How often raters of the same unit agree to the mark. Where nearly all do, noise has no spread that could be estimated, and a single point looks like a miracle.
struct Uniformity: Sendable, Equatable {
  /// Of all pairs of marks of one cell, the share that is equal; 0 when no cell has two.
  let share: Double

  /// The robust scales collapse where two thirds of what they see is equal.
  static let limit = 2.0 / 3

  /// One pass over the sheets of each unit, with its marks sorted by criterion.
  init(_ layout: Layout, _ scores: [Double]) {
    var pairs = 0.0
    var equal = 0.0
    var marks: [(cell: Int32, score: Double)] = []
    for u in 0..<layout.unitCount {
      marks.removeAll(keepingCapacity: true)
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] {
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] { marks.append((layout.cell[o], scores[o])) }
      }
      marks.sort { ($0.cell, $0.score) < ($1.cell, $1.score) }
      var run = 0.0
      for (i, mark) in marks.enumerated() {
        let repeats = i > 0 && marks[i - 1] == mark
        run = repeats ? run + 1 : 0
        equal += run
      }
    }
    for panel in layout.cellPanel { pairs += 0.5 * Double(panel) * Double(panel - 1) }
    share = pairs > 0 ? equal / pairs : 0
  }

  /// Why nothing is said about people; nil where enough marks differ.
  var reason: Text? {
    if share <= Uniformity.limit { return nil }
    let percent = Int((100 * share).rounded(.down))
    return Text(
      "two raters of the same unit agree exactly \(percent)% of the time; so few marks differ that ordinary differences cannot be told from others",
      zh: "同一单位的两名考评员有 \(percent)% 的评分完全相同；有差异的评分太少，无法区分正常差异与异常差异")
  }
}
