public import Scores

/// Who scored what: sheets and cells of a campaign, without the scores.
///
/// An *observation* is one rater's score for one unit on one criterion; where a file holds several for the same three, they are one
/// observation with their mean (the rule `duplicate-score` reports them). A *sheet* is the run of observations of one rater and one
/// unit. A *cell* is one unit on one criterion; its *panel* is the raters who scored it. Everything is in the canonical order of
/// the score table, so that nothing depends on the order of the file. Building it costs one pass.
public struct Layout: Sendable {
  /// Observations of sheet `s` are `sheetStart[s] ..< sheetStart[s + 1]`.
  public let sheetStart: [Int]
  public let sheetRater: [Int32]
  public let sheetUnit: [Int32]
  /// Sheets of unit `u` are `unitSheetStart[u] ..< unitSheetStart[u + 1]`.
  public let unitSheetStart: [Int]
  /// The cell and the criterion of every observation.
  public let cell: [Int32]
  public let criterion: [UInt32]
  /// Cells of unit `u` are `unitCellStart[u] ..< unitCellStart[u + 1]`.
  public let unitCellStart: [Int]
  public let cellCriterion: [UInt32]
  /// How many raters scored each cell.
  public let cellPanel: [Int32]
  /// How many observations of each sheet have a panel of two or more: only these can be compared.
  public let comparable: [Int32]
  /// The row of the score table where each observation begins, and the one after its last; empty when it is the observation's own number.
  public let row: [Int32]
  public let rowEnd: [Int32]
  public let raterCount: Int
  public let unitCount: Int
  public let criterionCount: Int

  public var sheetCount: Int { sheetRater.count }
  public var observationCount: Int { cell.count }
  public var cellCount: Int { cellPanel.count }

  /// Rows of the score table behind observation `i`.
  public func rows(of i: Int, in table: ScoreTable) -> Range<Int> {
    guard !row.isEmpty else { return i..<(i + 1) }
    return Int(row[i])..<Int(rowEnd[i])
  }
}

extension Layout {
  /// Finds sheets and cells of `table` and the observations' scores (means where a score is there several times), without the rows in `excluded`.
  static func make(of table: ScoreTable, without excluded: Set<Int> = []) -> (layout: Layout, scores: [Double]) {
    let observations = ObservationRows(table, without: excluded)
    let count = observations.count
    var sheetStart: [Int] = []
    var sheetRater: [Int32] = []
    var sheetUnit: [Int32] = []
    var unitSheetStart = [0]
    var cell = [Int32](repeating: 0, count: count)
    var unitCellStart = [0]
    var cellCriterion: [UInt32] = []
    var cellPanel: [Int32] = []
    // The cell that each criterion has in the unit at hand; `seen` says for which unit the entry was made.
    var cellOfCriterion = [Int32](repeating: 0, count: table.criteria.count)
    var seen = [Int32](repeating: -1, count: table.criteria.count)
    for u in table.units.indices {
      var last: UInt32?
      for o in observations.unitStart[u]..<observations.unitStart[u + 1] {
        let r = table.rater[Int(observations.first[o])]
        if r != last {
          last = r
          sheetStart.append(o)
          sheetRater.append(Int32(r))
          sheetUnit.append(Int32(u))
        }
        let c = Int(observations.criteria[o])
        if seen[c] != Int32(u) {
          seen[c] = Int32(u)
          cellOfCriterion[c] = Int32(cellPanel.count)
          cellCriterion.append(UInt32(c))
          cellPanel.append(0)
        }
        cell[o] = cellOfCriterion[c]
        cellPanel[Int(cell[o])] += 1
      }
      unitSheetStart.append(sheetRater.count)
      unitCellStart.append(cellPanel.count)
    }
    sheetStart.append(count)
    var comparable = [Int32](repeating: 0, count: sheetRater.count)
    for s in sheetRater.indices {
      for o in sheetStart[s]..<sheetStart[s + 1] where cellPanel[Int(cell[o])] > 1 { comparable[s] += 1 }
    }
    let layout = Layout(
      sheetStart: sheetStart, sheetRater: sheetRater, sheetUnit: sheetUnit, unitSheetStart: unitSheetStart, cell: cell,
      criterion: observations.criteria, unitCellStart: unitCellStart, cellCriterion: cellCriterion, cellPanel: cellPanel,
      comparable: comparable, row: observations.arePlain ? [] : observations.first, rowEnd: observations.arePlain ? [] : observations.end,
      raterCount: table.raters.count,
      unitCount: table.units.count, criterionCount: table.criteria.count)
    return (layout, observations.scores)
  }
}

/// Rows of one rater, unit and criterion make one observation; its score is their mean.
private struct ObservationRows {
  /// The row where each begins, and the one after its last.
  private(set) var first: [Int32] = []
  private(set) var end: [Int32] = []
  /// Where each unit's observations begin.
  private(set) var unitStart = [0]
  private(set) var scores: [Double]
  private(set) var criteria: [UInt32]
  /// Whether each row is an observation.
  let arePlain: Bool
  var count: Int { first.count }

  init(_ table: ScoreTable, without excluded: Set<Int>) {
    let (rater, criterion) = (table.rater, table.criterion)
    first.reserveCapacity(table.count)
    end.reserveCapacity(table.count)
    unitStart.reserveCapacity(table.units.count + 1)
    for u in table.units.indices {
      var last = -1
      for i in table.unitStart[u]..<table.unitStart[u + 1] where excluded.isEmpty || !excluded.contains(i) {
        if last >= 0, rater[i] == rater[last], criterion[i] == criterion[last] {
          end[end.count - 1] = Int32(i + 1)
        } else {
          first.append(Int32(i))
          end.append(Int32(i + 1))
        }
        last = i
      }
      unitStart.append(first.count)
    }
    arePlain = first.count == table.count
    (scores, criteria) = (table.score, criterion)
    if arePlain { return }
    scores = [Double](repeating: 0, count: first.count)
    criteria = [UInt32](repeating: 0, count: first.count)
    for o in first.indices {
      var (sum, kept) = (0.0, 0.0)
      for row in Int(first[o])..<Int(end[o]) where excluded.isEmpty || !excluded.contains(row) {
        sum += table.score[row]
        kept += 1
      }
      scores[o] = sum / kept
      criteria[o] = criterion[Int(first[o])]
    }
  }
}
