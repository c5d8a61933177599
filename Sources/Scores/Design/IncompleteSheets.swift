/// Which criteria each rater scores anywhere: what may be expected on the rater's sheets.
///
/// A department that scores its own indicator on every unit leaves no gaps; so a criterion is missing from a sheet only if the same rater
/// scores it elsewhere.
struct RaterCriteria {
  /// Criteria of rater `r`, in ascending order, are at `start[r] ..< start[r + 1]`.
  private var start: [Int] = [0]
  private var criterion: [UInt32] = []
  private(set) var ratersOfCriterion: [Int]

  init(_ table: ScoreTable) {
    let raters = table.raters.count
    ratersOfCriterion = Array(repeating: 0, count: table.criteria.count)
    // A counting sort of the scores by rater, then one stamp a criterion.
    var first = [Int](repeating: 0, count: raters + 1)
    for r in table.rater { first[Int(r) + 1] += 1 }
    for r in 0..<raters { first[r + 1] += first[r] }
    var sorted = [UInt32](repeating: 0, count: table.count)
    var next = first
    for i in table.rater.indices {
      let r = Int(table.rater[i])
      sorted[next[r]] = table.criterion[i]
      next[r] += 1
    }
    var stamp = [Int](repeating: -1, count: table.criteria.count)
    for r in 0..<raters {
      let begin = criterion.count
      for k in first[r]..<first[r + 1] where stamp[Int(sorted[k])] != r {
        stamp[Int(sorted[k])] = r
        criterion.append(sorted[k])
        ratersOfCriterion[Int(sorted[k])] += 1
      }
      criterion[begin...].sort()
      start.append(criterion.count)
    }
  }

  /// Sheets with gaps, in the order of sheets.
  func incomplete(_ table: ScoreTable, _ sheets: SheetColumns, _ cells: CellColumns) -> [Design.IncompleteSheet] {
    var found: [Design.IncompleteSheet] = []
    for u in table.units.indices {
      let unitCells = cells.unitCells[u]..<cells.unitCells[u + 1]
      for s in sheets.unitSheets[u]..<sheets.unitSheets[u + 1] {
        let r = Int(sheets.rater[s])
        // Three ascending lists are walked together: the unit's criteria, the rater's, and the sheet's.
        if sheets.start[s + 1] - sheets.start[s] >= min(unitCells.count, start[r + 1] - start[r]), isWithoutRepeats(table, sheets, s) {
          continue
        }
        var missing: [Int] = []
        var mine = start[r]
        var at = sheets.start[s]
        for cell in unitCells {
          let c = cells.criterion[cell]
          while mine < start[r + 1], criterion[mine] < c { mine += 1 }
          if mine == start[r + 1] { break }
          if criterion[mine] != c { continue }
          while at < sheets.start[s + 1], table.criterion[at] < c { at += 1 }
          if at < sheets.start[s + 1], table.criterion[at] == c { continue }
          missing.append(Int(c))
        }
        if !missing.isEmpty { found.append(Design.IncompleteSheet(sheet: s, missingCriteria: missing)) }
      }
    }
    return found
  }

  private func isWithoutRepeats(_ table: ScoreTable, _ sheets: SheetColumns, _ s: Int) -> Bool {
    for i in (sheets.start[s] + 1)..<max(sheets.start[s + 1], sheets.start[s] + 1) where table.criterion[i] == table.criterion[i - 1] {
      return false
    }
    return true
  }
}
