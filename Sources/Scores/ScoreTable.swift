/// Who gives scores: a judge, assessor, marker, or a department that scores from its own records.
public struct Rater: Sendable, Equatable {
  public var name: String
  /// The affiliation (home department, country) where it is known.
  public var group: String?
  /// The raters this one works with (the panel) where it is known.
  public var team: String?

  public init(name: String, group: String? = nil, team: String? = nil) {
    self.name = name
    self.group = group
    self.team = team
  }
}

/// What is scored. A unit that is scored in several rounds has one entry a round, with the same name.
public struct Unit: Sendable, Equatable {
  public var name: String
  public var round: String?
  /// The affiliation of the unit; raters of the same group are its own.
  public var group: String?
  /// The class within which units are ranked.
  public var category: String?

  public init(name: String, round: String? = nil, group: String? = nil, category: String? = nil) {
    self.name = name
    self.round = round
    self.group = group
    self.category = category
  }
}

/// The scores of a campaign in columns, in one canonical order that does not depend on the order of the file.
///
/// Raters, units and criteria are sorted by the bytes of their names (units by name, then round) and numbered from 0. Scores are
/// sorted by unit, rater, criterion and score; `unitStart` gives each unit's range, so the unit needs no column. Whole
/// columns are handed out: loops over them cost nothing at a module's border.
public struct ScoreTable: Sendable {
  public let raters: [Rater]
  public let units: [Unit]
  public let criteria: [String]

  /// Scores of unit `u` are at `unitStart[u] ..< unitStart[u + 1]`; one more entry than there are units.
  public let unitStart: [Int]
  public let rater: [UInt32]
  public let criterion: [UInt32]
  public let score: [Double]
  /// The line of the file, from 1 for the first line, where each score's record begins; 0 when the table was not read from a file.
  public let line: [UInt32]
  /// When the scores were given; nil where the file has no readable column of time or sequence.
  public let times: ScoreTimes?
  /// Why columns that seem to hold times were not used.
  public let unreadTimes: [UnreadTimes]

  /// Wraps columns that are already in canonical order. Traps when their counts disagree.
  public init(
    raters: [Rater], units: [Unit], criteria: [String], unitStart: [Int], rater: [UInt32], criterion: [UInt32],
    score: [Double], line: [UInt32], times: ScoreTimes? = nil, unreadTimes: [UnreadTimes] = []
  ) {
    precondition(unitStart.count == units.count + 1 && unitStart.first == 0 && unitStart.last == score.count)
    precondition(rater.count == score.count && criterion.count == score.count && line.count == score.count)
    precondition(times.map { $0.values.count == score.count } ?? true)
    self.raters = raters
    self.units = units
    self.criteria = criteria
    self.unitStart = unitStart
    self.rater = rater
    self.criterion = criterion
    self.score = score
    self.line = line
    self.times = times
    self.unreadTimes = unreadTimes
  }

  public var count: Int { score.count }
}
