import Detection
import Scores
import Testing

/// A campaign written out score by score, and what one rule says of it.
struct SmallCampaign {
  struct Record {
    var rater: String
    var unit: String
    var criterion: String
    var score: Double
  }
  var records: [Record] = []
  var teams: [String: String] = [:]
  var campaign = Campaign()

  mutating func add(_ rater: String, _ unit: String, _ criterion: String, _ score: Double) {
    records.append(Record(rater: rater, unit: unit, criterion: criterion, score: score))
  }

  mutating func add(_ rater: String, _ unit: String, _ score: Double) { add(rater, unit, "A", score) }

  /// All raters on all units and criteria, with scores that differ.
  mutating func cross(_ raters: [String], _ units: [String], _ criteria: [String] = ["A", "B"]) {
    for (r, rater) in raters.enumerated() {
      for (u, unit) in units.enumerated() {
        for (c, criterion) in criteria.enumerated() { add(rater, unit, criterion, Double(60 + (r * 7 + u * 5 + c * 11 + r * u * c) % 31)) }
      }
    }
  }

  /// The table in canonical order; the line of each score is its place among the records, from 1.
  var table: ScoreTable {
    let raters = Set(records.map(\.rater)).sorted()
    let units = Set(records.map(\.unit)).sorted()
    let criteria = Set(records.map(\.criterion)).sorted()
    let sorted = records.indices.sorted {
      let (a, b) = (records[$0], records[$1])
      return (a.unit, a.rater, a.criterion, a.score, $0) < (b.unit, b.rater, b.criterion, b.score, $1)
    }
    var start = [0]
    for unit in units { start.append(start[start.count - 1] + records.count { $0.unit == unit }) }
    return ScoreTable(
      raters: raters.map { Rater(name: $0, team: teams[$0]) }, units: units.map { Unit(name: $0) }, criteria: criteria, unitStart: start,
      rater: sorted.map { index(records[$0].rater, raters) }, criterion: sorted.map { index(records[$0].criterion, criteria) },
      score: sorted.map { records[$0].score }, line: sorted.map { UInt32($0 + 1) })
  }

  private func index(_ name: String, _ names: [String]) -> UInt32 { UInt32(names.firstIndex(of: name) ?? 0) }

  func examined(by rule: String) throws -> Examination {
    let type = try #require(RuleRegistry.rule(rule))
    return type.init().examine(try Study(table: table, campaign: campaign))
  }

  /// The claims of a rule of facts.
  func claims(of rule: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Claim] {
    guard case .facts(let claims, _) = try examined(by: rule) else {
      Issue.record("\(rule) states no facts", sourceLocation: sourceLocation)
      return []
    }
    return claims
  }

  func isEvaluated(_ rule: String) throws -> Bool {
    if case .notEvaluated = try examined(by: rule) { return false }
    return true
  }
}

extension Claim {
  func count(_ key: String) -> Int? {
    for item in evidence where item.key == key { if case .count(let value) = item.value { return value } }
    return nil
  }
}
