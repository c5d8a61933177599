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
    let n = table.count
    let rater = table.rater
    let criterion = table.criterion
    var firstRows: [Int32] = []
    firstRows.reserveCapacity(n)
    var endRows: [Int32] = []
    endRows.reserveCapacity(n)
    var observationUnitStart = [0]
    observationUnitStart.reserveCapacity(table.units.count + 1)
    for u in table.units.indices {
      var last = -1
      for i in table.unitStart[u]..<table.unitStart[u + 1] where excluded.isEmpty || !excluded.contains(i) {
        if last >= 0, rater[i] == rater[last], criterion[i] == criterion[last] {
          endRows[endRows.count - 1] = Int32(i + 1)
        } else {
          firstRows.append(Int32(i))
          endRows.append(Int32(i + 1))
        }
        last = i
      }
      observationUnitStart.append(firstRows.count)
    }
    let count = firstRows.count
    let isPlain = count == n
    var scores = table.score
    var criteria = criterion
    if !isPlain {
      scores = [Double](repeating: 0, count: count)
      criteria = [UInt32](repeating: 0, count: count)
      for o in 0..<count {
        let rows = Int(firstRows[o])..<Int(endRows[o])
        var sum = 0.0
        var kept = 0.0
        for row in rows where excluded.isEmpty || !excluded.contains(row) {
          sum += table.score[row]
          kept += 1
        }
        scores[o] = sum / kept
        criteria[o] = criterion[rows.lowerBound]
      }
    }

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
      for o in observationUnitStart[u]..<observationUnitStart[u + 1] {
        let r = rater[Int(firstRows[o])]
        if r != last {
          last = r
          sheetStart.append(o)
          sheetRater.append(Int32(r))
          sheetUnit.append(Int32(u))
        }
        let c = Int(criteria[o])
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
      criterion: criteria, unitCellStart: unitCellStart, cellCriterion: cellCriterion, cellPanel: cellPanel,
      comparable: comparable, row: isPlain ? [] : firstRows, rowEnd: isPlain ? [] : endRows, raterCount: table.raters.count,
      unitCount: table.units.count, criterionCount: table.criteria.count)
    return (layout, scores)
  }
}
