/// Raters of the same kind: those who score much the same criteria, so that one's sheets say what may be expected on another's.
///
/// A department that scores its own indicator on every unit is of another kind than the assessors in the field, and its sheets are not
/// incomplete. Raters are taken in their order; each joins the kind whose first rater's criteria overlap most with its own, if by
/// more than half of all the criteria of the two (Jaccard index above ½), and founds a kind of its own otherwise. Linear in the number of scores.
struct RaterKinds: Sendable {
  let ofRater: [Int32]
  let count: Int

  /// Kinds that a criterion can lead to; beyond it raters with few criteria in common with anybody found kinds of their own.
  private static let kindsPerCriterion = 8

  init(_ layout: Layout) {
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var stamp = [Int32](repeating: -1, count: layout.criterionCount)
    var leading = [[Int32]](repeating: [], count: layout.criterionCount)
    var sizes: [Int] = []
    var overlap: [Int] = []
    var kind = [Int32](repeating: 0, count: layout.raterCount)
    var own: [Int] = []
    var touched: [Int] = []
    for r in 0..<layout.raterCount {
      own.removeAll(keepingCapacity: true)
      for s in grouped.members(of: r) {
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] where stamp[Int(layout.criterion[o])] != Int32(r) {
          stamp[Int(layout.criterion[o])] = Int32(r)
          own.append(Int(layout.criterion[o]))
        }
      }
      for c in own {
        for k in leading[c] {
          if overlap[Int(k)] == 0 { touched.append(Int(k)) }
          overlap[Int(k)] += 1
        }
      }
      var best = -1
      var bestIndex = 0.5
      for k in touched.sorted() {
        let index = Double(overlap[k]) / Double(own.count + sizes[k] - overlap[k])
        if index > bestIndex {
          best = k
          bestIndex = index
        }
        overlap[k] = 0
      }
      touched.removeAll(keepingCapacity: true)
      if best < 0 {
        best = sizes.count
        sizes.append(own.count)
        overlap.append(0)
        for c in own where leading[c].count < RaterKinds.kindsPerCriterion { leading[c].append(Int32(best)) }
      }
      kind[r] = Int32(best)
    }
    ofRater = kind
    count = sizes.count
  }

  /// The sheets of a unit by kind, kinds in ascending order and sheets in theirs.
  func groups(ofUnit u: Int, in layout: Layout) -> [ArraySlice<Int>] {
    let range = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
    guard let first = range.first else { return [] }
    let firstKind = ofRater[Int(layout.sheetRater[first])]
    if range.allSatisfy({ ofRater[Int(layout.sheetRater[$0])] == firstKind }) { return [Array(range)[...]] }
    let sheets = range.sorted { (ofRater[Int(layout.sheetRater[$0])], $0) < (ofRater[Int(layout.sheetRater[$1])], $1) }
    var groups: [ArraySlice<Int>] = []
    var begin = 0
    for i in 1...sheets.count
    where i == sheets.count || ofRater[Int(layout.sheetRater[sheets[i]])] != ofRater[Int(layout.sheetRater[sheets[begin]])] {
      groups.append(sheets[begin..<i])
      begin = i
    }
    return groups
  }
}
