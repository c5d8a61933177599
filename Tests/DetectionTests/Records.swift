import Scores
import Simulation

/// The scores of a campaign one by one, to be shuffled, renamed and rescaled, and put together again.
struct Records {
  struct Row {
    var rater: Rater
    var unit: Unit
    var criterion: String
    var score: Double
    var time = Double.nan
  }
  var rows: [Row] = []

  init() {}

  init(_ table: ScoreTable) {
    for u in table.units.indices {
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        rows.append(
          Row(
            rater: table.raters[Int(table.rater[i])], unit: table.units[u], criterion: table.criteria[Int(table.criterion[i])],
            score: table.score[i], time: table.times?.values[i] ?? .nan))
      }
    }
  }

  mutating func add(_ rater: String, _ unit: String, _ criterion: String, _ score: Double) {
    rows.append(Row(rater: Rater(name: rater), unit: Unit(name: unit), criterion: criterion, score: score))
  }

  /// The same records, each changed by `change`.
  func changed(_ change: (inout Row) -> Void) -> Records {
    var records = self
    for i in records.rows.indices { change(&records.rows[i]) }
    return records
  }

  /// The table in canonical order, lines numbered as the records are.
  var table: ScoreTable {
    func codes(_ names: [String]) -> (first: [Int], code: [String: Int]) {
      var first: [String: Int] = [:]
      for (i, name) in names.enumerated() where first[name] == nil { first[name] = i }
      let order = first.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return (order.map { first[$0]! }, Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) }))
    }
    let unitKeys = rows.map { "\($0.unit.name)\u{1}\($0.unit.round ?? "")" }
    let raters = codes(rows.map(\.rater.name))
    let units = codes(unitKeys)
    let criteria = codes(rows.map(\.criterion))
    let unit = unitKeys.map { units.code[$0]! }
    let rater = rows.map { raters.code[$0.rater.name]! }
    let criterion = rows.map { criteria.code[$0.criterion]! }
    let sorted = rows.indices.sorted {
      (unit[$0], rater[$0], criterion[$0], rows[$0].score) < (unit[$1], rater[$1], criterion[$1], rows[$1].score)
    }
    var start = [Int](repeating: 0, count: units.first.count + 1)
    for u in unit { start[u + 1] += 1 }
    for u in units.first.indices { start[u + 1] += start[u] }
    return ScoreTable(
      raters: raters.first.map { rows[$0].rater }, units: units.first.map { rows[$0].unit },
      criteria: criteria.first.map { rows[$0].criterion }, unitStart: start, rater: sorted.map { UInt32(rater[$0]) },
      criterion: sorted.map { UInt32(criterion[$0]) }, score: sorted.map { rows[$0].score }, line: sorted.map { UInt32($0 + 2) },
      times: rows.allSatisfy { $0.time.isNaN } ? nil : ScoreTimes(kind: .number, values: sorted.map { rows[$0].time }))
  }
}

/// Campaigns for tests of claims.
enum Simulated {
  /// Half the preset `small`, with scores far enough from both limits: 40 raters in 8 teams, 80 units, 8 criteria, 5 raters a unit.
  static func plan(_ planted: [PlantedAnomaly] = []) -> CampaignPlan {
    var plan = CampaignPlan(
      raters: 40, units: 80, criteria: 8, teamSize: 5, groups: 5, design: .crossed(ratersPerUnit: 5), planted: planted)
    plan.mean = 55
    return plan
  }

  static func campaign(_ planted: [PlantedAnomaly] = [], seed: UInt64 = 5, change: (inout CampaignPlan) -> Void = { _ in }) throws
    -> SimulatedCampaign
  {
    var plan = plan(planted)
    change(&plan)
    return try Simulator.run(plan, seed: seed)
  }

  /// What a campaign file would say of the scale.
  static let declared: Campaign = {
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 0, maximum: 100, step: 0.5)
    return campaign
  }()
}
