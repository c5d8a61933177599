import Models
import Scores
internal import Statistics

/// The scores of a table as ratings of subjects by raters: a subject is a unit (in a round) on a criterion.
struct AgreementSubjects {
  /// A name of a criterion, when the analysis goes by criterion.
  let criterion: String?
  let ratings: RatingsTable
  /// Unit (as shown) of each subject, and its criterion; the latter nil where there is one only.
  let units: [String]
  let criteria: [String?]
  let raters: [String]
  /// Scores of the same rater for the same subject that were merged into one.
  let merged: Int
  /// One observation a rating: codes for generalizability.
  let unitFactor: GroupingFactor
  let raterFactor: GroupingFactor
  let criterionFactor: GroupingFactor
  let values: [Double]
  /// The same rater on the same unit and criterion again, first and second.
  let repeats: [Repeat]

  var hasSeveralCriteria: Bool { criterionFactor.levels > 1 }

  /// - Parameter criterion: only this one; all when nil.
  init(_ table: ScoreTable, criterion wanted: Int?, scale: AgreementOptions.Scale) throws(AgreementError) {
    var cells: [Cell] = []
    for u in table.units.indices {
      for i in table.unitStart[u]..<table.unitStart[u + 1] where wanted == nil || Int(table.criterion[i]) == wanted {
        let time = table.times?.values[i] ?? .nan
        cells.append(
          Cell(
            unit: u, criterion: Int(table.criterion[i]), rater: Int(table.rater[i]), time: time.isNaN ? .infinity : time,
            line: Int(table.line[i]), score: table.score[i]))
      }
    }
    cells.sort { ($0.unit, $0.criterion, $0.rater, $0.line, $0.score) < ($1.unit, $1.criterion, $1.rater, $1.line, $1.score) }
    repeats = Self.repeats(cells, table)
    let rounds = Set(table.units.map(\.round)).count
    let several = Set(cells.map(\.criterion)).count > 1
    var (subjectCodes, raterCodes, unitCodes, criterionCodes): ([Int32], [Int32], [Int32], [Int32]) = ([], [], [], [])
    var (values, units, criteria, merged): ([Double], [String], [String?], Int) = ([], [], [], 0)
    var i = 0
    var last: (Int, Int) = (-1, -1)
    while i < cells.count {
      var j = i
      while j < cells.count && cells[j].isSame(cells[i]) { j += 1 }
      if last != (cells[i].unit, cells[i].criterion) {
        last = (cells[i].unit, cells[i].criterion)
        units.append(Self.shown(table.units[cells[i].unit], rounds: rounds))
        criteria.append(several ? table.criteria[cells[i].criterion] : nil)
      }
      subjectCodes.append(Int32(units.count - 1))
      raterCodes.append(Int32(cells[i].rater))
      unitCodes.append(Int32(cells[i].unit))
      criterionCodes.append(Int32(cells[i].criterion))
      values.append(Self.settled(cells[i..<j].map(\.score), scale))
      merged += j - i - 1
      i = j
    }
    criterion = wanted.map { table.criteria[$0] }
    (self.units, self.criteria, self.values, self.merged) = (units, criteria, values, merged)
    raters = table.raters.map(\.name)
    // What is told apart is the unit, whatever the round.
    let name = Self.numbersOfNames(table)
    unitFactor = GroupingFactor("unit", codes: unitCodes.map { Int32(name[Int($0)]) }, levels: table.units.count)
    raterFactor = GroupingFactor("rater", codes: raterCodes, levels: table.raters.count)
    criterionFactor = GroupingFactor(
      "criterion", codes: several ? criterionCodes : criterionCodes.map { _ in 0 }, levels: several ? table.criteria.count : 1)
    ratings = try RatingsTable(
      units: GroupingFactor("subject", codes: subjectCodes, levels: units.count), raters: raterFactor, values: values)
  }

  struct Repeat {
    let rater: Int
    let first: Double
    let second: Double
    /// Neither a round nor a time says which came first: they stand in the order of the lines.
    let goesByLine: Bool
  }

  private struct Cell {
    let unit: Int
    let criterion: Int
    let rater: Int
    /// Infinite where it is not known.
    let time: Double
    let line: Int
    let score: Double

    func isSame(_ other: Cell) -> Bool { unit == other.unit && criterion == other.criterion && rater == other.rater }
  }

  private static func shown(_ unit: Unit, rounds: Int) -> String {
    if rounds > 1, let round = unit.round { "\(unit.name) · \(round)" } else { unit.name }
  }

  /// One score for several: the mean of points, the lower median of grades, the commonest of names (the smallest of those).
  private static func settled(_ scores: [Double], _ scale: AgreementOptions.Scale) -> Double {
    if scores.count == 1 { return scores[0] }
    let sorted = scores.sorted()
    switch scale {
    case .interval, .ratio: return sorted.reduce(0, +) / Double(sorted.count)
    case .ordinal: return sorted[(sorted.count - 1) / 2]
    case .nominal, .circular:
      var best = (value: sorted[0], count: 0)
      for value in sorted {
        let count = sorted.count { $0 == value }
        if count > best.count { best = (value, count) }
      }
      return best.value
    }
  }

  /// Scores that follow one another of the same rater, unit name and criterion, by round, time and line.
  private static func repeats(_ cells: [Cell], _ table: ScoreTable) -> [Repeat] {
    let name = numbersOfNames(table)
    let place = placesOfRounds(table)
    let sorted = cells.sorted { a, b in
      if (name[a.unit], a.criterion, a.rater) != (name[b.unit], b.criterion, b.rater) {
        return (name[a.unit], a.criterion, a.rater) < (name[b.unit], b.criterion, b.rater)
      }
      return (place[a.unit], a.time, a.line, a.score) < (place[b.unit], b.time, b.line, b.score)
    }
    return zip(sorted, sorted.dropFirst()).compactMap { a, b in
      guard name[a.unit] == name[b.unit], a.criterion == b.criterion, a.rater == b.rater else { return nil }
      return Repeat(
        rater: a.rater, first: a.score, second: b.score, goesByLine: (place[a.unit], a.time) == (place[b.unit], b.time))
    }
  }

  /// The place of each unit's round among all rounds; −1 without a round.
  private static func placesOfRounds(_ table: ScoreTable) -> [Int] {
    let names = Set(table.units.compactMap(\.round)).sorted { (RoundOrder($0), $0) < (RoundOrder($1), $1) }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return table.units.map { unit in unit.round.flatMap { places[$0] } ?? -1 }
  }

  /// A number a name: units are sorted by name and then round, so those of one name are neighbours.
  private static func numbersOfNames(_ table: ScoreTable) -> [Int] {
    var name = [Int](repeating: 0, count: table.units.count)
    for u in table.units.indices.dropFirst() { name[u] = name[u - 1] + (table.units[u].name == table.units[u - 1].name ? 0 : 1) }
    return name
  }

  /// Whether on each criterion every unit was scored by the same raters.
  var unitsShareRaters: Bool {
    var panels: [String?: ArraySlice<Int32>] = [:]
    for subject in criteria.indices {
      let panel = ratings.rater[ratings.unitStart[subject]..<ratings.unitStart[subject + 1]]
      if let other = panels[criteria[subject]], Array(other) != Array(panel) { return false }
      panels[criteria[subject]] = panel
    }
    return true
  }
}
