import Statistics

/// What is added to the honest expectation of sheets before scores are drawn.
struct PlantedShifts: Sendable {
  /// One a sheet.
  var sheet: [Double]
  /// The part of `sheet` that an audit would not confirm.
  var inflation: [Int: Double] = [:]
  /// Of members of cliques: index of the sheet's row in `shared`.
  var sharedRow: [Int: Int] = [:]
  /// One row of criteria for each unit of each clique.
  var shared: [[Double]] = []
  var favoured: Set<Int> = []
  var facts: [PlantedFact] = []

  init(plan: CampaignPlan, people: inout People, sheets: Sheets, labels: Labels, seed: UInt64) throws(PlanProblem) {
    sheet = [Double](repeating: 0, count: sheets.count)
    let sizes = plan.magnitudes
    let strength = plan.strength
    var random = Stream.plantedSheets.open(seed)

    func plant(_ anomaly: Anomaly, magnitude: Double, group: Bool = false) {
      for rater in people.chosen[anomaly, default: []] {
        let own = people.group[rater]
        facts.append(PlantedFact(anomaly: anomaly, rater: rater, group: group && own >= 0 ? labels.groups[own] : nil, magnitude: magnitude))
      }
    }
    let shift = sizes.shift * strength
    plant(.severe, magnitude: -shift)
    plant(.lenient, magnitude: shift)
    plant(.owngroup, magnitude: sizes.ownGroup * strength, group: true)
    plant(.drift, magnitude: sizes.drift * strength)
    plant(.inflate, magnitude: sizes.inflation * strength)
    for team in people.severeTeams {
      facts.append(PlantedFact(anomaly: .teamSevere, group: labels.teams[team], magnitude: -shift))
    }

    for s in 0..<sheets.count {
      let rater = Int(sheets.rater[s])
      guard let label = people.label[rater] else { continue }
      switch Anomaly(rawValue: label) {
      case .severe, .teamSevere: sheet[s] -= shift
      case .lenient: sheet[s] += shift
      case .owngroup where people.isOwn(sheets, s): sheet[s] += sizes.ownGroup * strength
      case .drift: sheet[s] += sizes.drift * strength * (Double(s) / Double(sheets.count) - 0.5)
      case .inflate where random.bernoulli(0.4):
        sheet[s] += sizes.inflation * strength
        inflation[s] = sizes.inflation * strength
      default: break
      }
    }
    try favour(plan: plan, people: people, sheets: sheets, random: &random)
    share(plan: plan, people: people, sheets: sheets, seed: seed)
  }

  /// Sheets of raters with nothing planted in them, in nested designs of teams with nothing planted in anyone.
  static func cleanSheets(plan: CampaignPlan, people: People, sheets: Sheets) -> [Int] {
    var touched = [Bool](repeating: false, count: plan.teams)
    if case .nested = plan.design {
      for (rater, label) in people.label.enumerated() where label != nil && people.team[rater] >= 0 { touched[people.team[rater]] = true }
    }
    return (0..<sheets.count).filter { s in
      let rater = Int(sheets.rater[s])
      return rater < plan.raters && people.label[rater] == nil && !touched[people.team[rater]]
    }
  }

  private mutating func favour(plan: CampaignPlan, people: People, sheets: Sheets, random: inout RandomStream) throws(PlanProblem) {
    guard let plant = plan.planted.first(where: { $0.anomaly == .favourPair }) else { return }
    let size = plan.magnitudes.favouredPair * plan.strength
    var candidates = PlantedShifts.cleanSheets(plan: plan, people: people, sheets: sheets)
    let count = plant.count(of: sheets.count)
    if count > candidates.count { throw .tooFewToPlant(.favourPair, asked: count, found: candidates.count) }
    random.shuffle(&candidates)
    for s in candidates.prefix(count) {
      sheet[s] += size
      favoured.insert(s)
      facts.append(PlantedFact(anomaly: .favourPair, rater: Int(sheets.rater[s]), unit: Int(sheets.unit[s]), magnitude: size))
    }
  }

  private mutating func share(plan: CampaignPlan, people: People, sheets: Sheets, seed: UInt64) {
    guard !people.cliques.isEmpty else { return }
    var random = Stream.shared.open(seed)
    let deviation = plan.magnitudes.shared * plan.strength
    var rowOf: [[Int: Int]] = []
    for (number, clique) in people.cliques.enumerated() {
      var rows: [Int: Int] = [:]
      for unit in clique.units {
        let level = deviation * random.normal()
        rows[unit] = shared.count
        shared.append((0..<plan.criteria).map { _ in level + deviation * random.normal() })
      }
      rowOf.append(rows)
      for rater in clique.members {
        facts.append(PlantedFact(anomaly: .clique, rater: rater, partner: "K\(number + 1)", magnitude: deviation))
      }
    }
    var cliqueOf: [UInt32: Int] = [:]
    for (number, clique) in people.cliques.enumerated() { for rater in clique.members { cliqueOf[UInt32(rater)] = number } }
    for s in 0..<sheets.count {
      if let number = cliqueOf[sheets.rater[s]], let row = rowOf[number][Int(sheets.unit[s])] { sharedRow[s] = row }
    }
  }
}
