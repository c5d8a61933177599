public import Scores

/// A simulated campaign: its scores in the order they were submitted, who is who, what was planted and what is true.
public struct SimulatedCampaign: Sendable {
  public let plan: CampaignPlan
  public let seed: UInt64
  /// What was planted, in the order of planting.
  public let truth: [PlantedFact]
  public let reports: [UnitReport]

  /// All scores, sheet after sheet.
  public let scores: [Double]
  /// One entry a sheet.
  public let sheetRater: [UInt32]
  public let sheetUnit: [UInt32]
  public let sheetFirstCriterion: [UInt32]
  /// Where each sheet's scores begin; one more entry than there are sheets.
  public let sheetStart: [Int]

  public let raters: [SimulatedRater]
  public let units: [SimulatedUnit]
  public let criteria: [SimulatedCriterion]

  /// Sheets that an audit scored again, and its scores, sheet after sheet.
  public let auditedSheets: [Int]
  public let verifiedScores: [Double]

  init(
    plan: CampaignPlan, seed: UInt64, labels: Labels, people: People, effects: Effects, sheets: Sheets, scoring: Scoring,
    truth: [PlantedFact], reports: [UnitReport]
  ) {
    self.plan = plan
    self.seed = seed
    self.truth = truth
    self.reports = reports
    scores = scoring.scores
    sheetRater = sheets.rater
    sheetUnit = sheets.unit
    sheetFirstCriterion = sheets.firstCriterion
    sheetStart = sheets.start
    auditedSheets = scoring.audited
    verifiedScores = scoring.verified
    let shift = plan.magnitudes.shift * plan.strength
    raters = labels.raters.indices.map { r in
      let team = people.team[r]
      let label = people.label[r]
      let planted = label == Anomaly.severe.rawValue ? shift : label == Anomaly.lenient.rawValue ? -shift : 0
      return SimulatedRater(
        name: labels.raters[r], team: team >= 0 ? labels.teams[team] : nil,
        group: people.group[r] >= 0 ? labels.groups[people.group[r]] : labels.departmentGroups[r - plan.raters],
        label: label ?? "clean", severity: effects.severity[r] + planted,
        teamSeverity: team >= 0 ? effects.team[team] + (people.severeTeams.contains(team) ? shift : 0) : 0)
    }
    units = labels.units.indices.map { u in
      SimulatedUnit(
        name: labels.units[u], group: labels.groups[people.unitGroup[u]], category: labels.categories[u], effect: effects.unit[u])
    }
    let scales = plan.scales
    criteria = labels.criteria.indices.map { c in
      SimulatedCriterion(name: labels.criteria[c], scale: scales[c], effect: effects.criterion[c])
    }
  }

  public var sheetCount: Int { sheetRater.count }
}

public struct SimulatedRater: Sendable, Equatable {
  public var name: String
  /// nil for departments that score from their own records.
  public var team: String?
  public var group: String
  /// What was planted, `copied` for the source of a copier, or `clean`.
  public var label: String
  /// Points or logits below the average rater, the planted part included; the team's part is apart.
  public var severity: Double
  public var teamSeverity: Double
}

public struct SimulatedUnit: Sendable, Equatable {
  public var name: String
  public var group: String
  public var category: String?
  public var effect: Double
}

public struct SimulatedCriterion: Sendable, Equatable {
  public var name: String
  public var scale: MarkScale
  public var effect: Double
}

extension SimulatedCampaign {
  /// The scores as a table in canonical order, their times the numbers of the sheets; raters and units without a score are not in it, and lines are 0.
  public func table() -> ScoreTable {
    let raterRank = ranks(of: raters.map(\.name), used: sheetRater)
    let unitRank = ranks(of: units.map(\.name), used: sheetUnit)
    var seen = [Bool](repeating: false, count: criteria.count)
    for s in 0..<sheetCount {
      let first = Int(sheetFirstCriterion[s])
      for c in first..<first + sheetStart[s + 1] - sheetStart[s] { seen[c] = true }
    }
    let criterionRank = ranks(of: criteria.map(\.name), used: seen.indices.filter { seen[$0] }.map(UInt32.init))

    var order = Array(0..<sheetCount)
    order.sort {
      let a = (unitRank.rank[Int(sheetUnit[$0])], raterRank.rank[Int(sheetRater[$0])])
      let b = (unitRank.rank[Int(sheetUnit[$1])], raterRank.rank[Int(sheetRater[$1])])
      return a < b
    }
    var unitStart = [Int](repeating: 0, count: unitRank.order.count + 1)
    var rater: [UInt32] = []
    var criterion: [UInt32] = []
    var score: [Double] = []
    var sequence: [Double] = []
    rater.reserveCapacity(scores.count)
    criterion.reserveCapacity(scores.count)
    score.reserveCapacity(scores.count)
    sequence.reserveCapacity(scores.count)
    for s in order {
      let first = Int(sheetFirstCriterion[s])
      let cells = sheetStart[s]..<sheetStart[s + 1]
      let ranked = cells.sorted { criterionRank.rank[first + $0 - cells.lowerBound] < criterionRank.rank[first + $1 - cells.lowerBound] }
      for cell in ranked {
        rater.append(UInt32(raterRank.rank[Int(sheetRater[s])]))
        criterion.append(UInt32(criterionRank.rank[first + cell - cells.lowerBound]))
        score.append(scores[cell])
        sequence.append(Double(s + 1))
      }
      unitStart[unitRank.rank[Int(sheetUnit[s])] + 1] += cells.count
    }
    for u in 1..<unitStart.count { unitStart[u] += unitStart[u - 1] }
    return ScoreTable(
      raters: raterRank.order.map { Rater(name: raters[$0].name, group: raters[$0].group, team: raters[$0].team) },
      units: unitRank.order.map { Unit(name: units[$0].name, group: units[$0].group, category: units[$0].category) },
      criteria: criterionRank.order.map { criteria[$0].name }, unitStart: unitStart, rater: rater, criterion: criterion, score: score,
      line: [UInt32](repeating: 0, count: score.count), times: ScoreTimes(kind: .number, values: sequence))
  }
}

/// The used ones of `names` in the order of their bytes, and the place of each (−1 for the unused).
private func ranks(of names: [String], used: [UInt32]) -> (order: [Int], rank: [Int]) {
  var isUsed = [Bool](repeating: false, count: names.count)
  for i in used { isUsed[Int(i)] = true }
  let order = names.indices.filter { isUsed[$0] }.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
  var rank = [Int](repeating: -1, count: names.count)
  for (place, i) in order.enumerated() { rank[i] = place }
  return (order, rank)
}
