/// Who scored whom on what: the rater–unit design of a score table, and what it can and cannot tell apart.
///
/// Rows of `ScoreTable` in canonical order are cut into *sheets* (one rater's scores for one unit). Everything is in plain columns, numbered like the
/// table. Cost: linear in the number of scores.
public struct Design: Sendable {
  // MARK: Sheets

  /// Scores of sheet `s` are at `sheetStart[s] ..< sheetStart[s + 1]` of the table; one more entry than there are sheets.
  public let sheetStart: [Int]
  public let sheetUnit: [UInt32]
  public let sheetRater: [UInt32]
  /// Sheets of unit `u` are `unitSheets[u] ..< unitSheets[u + 1]`, in the order of raters: the unit's panel, and its size.
  public let unitSheets: [Int]
  /// How many units each rater scored.
  public let sheetsOfRater: [Int]

  // MARK: Cells

  /// Cells (unit by criterion) of unit `u` are `unitCells[u] ..< unitCells[u + 1]`, in the order of criteria.
  public let unitCells: [Int]
  public let cellCriterion: [UInt32]
  /// How many raters scored the cell. A rater who scored it twice counts once.
  public let cellRaters: [UInt32]
  /// How many raters scored each criterion anywhere, and on how many units.
  public let ratersOfCriterion: [Int]
  public let unitsOfCriterion: [Int]

  // MARK: Connectedness

  /// Two raters can be compared when a chain of shared units links them. Components of that graph are numbered by their first unit.
  public let componentOfUnit: [Int]
  public let componentOfRater: [Int]
  public let components: [Component]

  /// Sheets without a criterion that the unit's other sheets have and that this rater scores elsewhere.
  public let incompleteSheets: [IncompleteSheet]
  public let teams: TeamDesign

  public struct Component: Sendable, Equatable {
    public var units: Int
    public var raters: Int
    public var sheets: Int

    public init(units: Int, raters: Int, sheets: Int) {
      self.units = units
      self.raters = raters
      self.sheets = sheets
    }
  }

  public struct IncompleteSheet: Sendable, Equatable {
    public var sheet: Int
    /// In ascending order.
    public var missingCriteria: [Int]

    public init(sheet: Int, missingCriteria: [Int]) {
      self.sheet = sheet
      self.missingCriteria = missingCriteria
    }
  }

  public var isConnected: Bool { components.count <= 1 }
  public var sheetCount: Int { sheetUnit.count }

  public init(_ table: ScoreTable) {
    let sheets = SheetColumns(table)
    sheetStart = sheets.start
    sheetUnit = sheets.unit
    sheetRater = sheets.rater
    unitSheets = sheets.unitSheets
    var load = [Int](repeating: 0, count: table.raters.count)
    for rater in sheets.rater { load[Int(rater)] += 1 }
    sheetsOfRater = load

    let cells = CellColumns(table, sheets)
    unitCells = cells.unitCells
    cellCriterion = cells.criterion
    cellRaters = cells.raters
    unitsOfCriterion = cells.unitsOfCriterion
    let scored = RaterCriteria(table)
    ratersOfCriterion = scored.ratersOfCriterion
    incompleteSheets = scored.incomplete(table, sheets, cells)

    let graph = Components(units: table.units.count, raters: table.raters.count, sheets: sheets)
    componentOfUnit = graph.ofUnit
    componentOfRater = graph.ofRater
    components = graph.sizes
    teams = TeamDesign(table, sheets, componentOfRater: graph.ofRater)
  }
}

/// The sheets of a table in columns.
struct SheetColumns {
  var start: [Int] = []
  var unit: [UInt32] = []
  var rater: [UInt32] = []
  var unitSheets: [Int] = [0]

  init(_ table: ScoreTable) {
    let raters = table.rater
    unitSheets.reserveCapacity(table.units.count + 1)
    for u in table.units.indices {
      var last: UInt32?
      for i in table.unitStart[u]..<table.unitStart[u + 1] where raters[i] != last {
        start.append(i)
        unit.append(UInt32(u))
        rater.append(raters[i])
        last = raters[i]
      }
      unitSheets.append(start.count)
    }
    start.append(table.count)
  }
}

/// The cells of a table in columns.
struct CellColumns {
  var unitCells: [Int] = [0]
  var criterion: [UInt32] = []
  var raters: [UInt32] = []
  var unitsOfCriterion: [Int]

  init(_ table: ScoreTable, _ sheets: SheetColumns) {
    unitsOfCriterion = Array(repeating: 0, count: table.criteria.count)
    var count = [UInt32](repeating: 0, count: table.criteria.count)
    var seen: [UInt32] = []
    for u in table.units.indices {
      seen.removeAll(keepingCapacity: true)
      for s in sheets.unitSheets[u]..<sheets.unitSheets[u + 1] {
        var last: UInt32?
        for i in sheets.start[s]..<sheets.start[s + 1] where table.criterion[i] != last {
          let c = table.criterion[i]
          last = c
          if count[Int(c)] == 0 { seen.append(c) }
          count[Int(c)] += 1
        }
      }
      var isSorted = true
      for k in seen.indices.dropFirst() where seen[k] < seen[k - 1] { isSorted = false }
      if !isSorted { seen.sort() }
      for c in seen {
        criterion.append(c)
        raters.append(count[Int(c)])
        unitsOfCriterion[Int(c)] += 1
        count[Int(c)] = 0
      }
      unitCells.append(criterion.count)
    }
  }
}
