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
  /// By rater with an odd profile: the criterion scored higher, and by how much.
  var oddCriterion: [Int: (criterion: Int, shift: Double)] = [:]
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

    var criteria = Stream.plantedSheets.open(seed).substream(1)
    for rater in people.chosen[.profile, default: []] {
      let criterion = criteria.below(plan.criteria)
      oddCriterion[rater] = (criterion, shift)
      facts.append(PlantedFact(anomaly: .profile, rater: rater, partner: String(criterion), magnitude: shift))
    }

    let favours = favouredGroups(people, sheets, groups: plan.groups)
    let favouring = people.chosen[.groupFavour, default: []].count
    if favours.count < favouring { throw .tooFewToPlant(.groupFavour, asked: favouring, found: favours.count) }
    for (rater, group) in favours.sorted(by: { $0.key < $1.key }) {
      facts.append(PlantedFact(anomaly: .groupFavour, rater: rater, group: labels.groups[group], magnitude: sizes.ownGroup * strength))
    }

    for s in 0..<sheets.count {
      let rater = Int(sheets.rater[s])
      guard let label = people.label[rater] else { continue }
      switch Anomaly(rawValue: label) {
      case .severe, .teamSevere: sheet[s] -= shift
      case .lenient: sheet[s] += shift
      case .owngroup where people.isOwn(sheets, s): sheet[s] += sizes.ownGroup * strength
      case .groupFavour where people.unitGroup[Int(sheets.unit[s])] == favours[rater]: sheet[s] += sizes.ownGroup * strength
      case .drift: sheet[s] += sizes.drift * strength * (Double(s) / Double(sheets.count) - 0.5)
      case .inflate where random.bernoulli(0.4):
        sheet[s] += sizes.inflation * strength
        inflation[s] = sizes.inflation * strength
      default: break
      }
    }
    try exchange(plan: plan, people: &people, sheets: sheets, labels: labels, random: &random)
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

  /// By rater chosen for it, the group other than the rater's own of which the rater scores most units; of equal ones the first.
  private func favouredGroups(_ people: People, _ sheets: Sheets, groups: Int) -> [Int: Int] {
    let chosen = people.chosen[.groupFavour, default: []]
    var counts = Dictionary(uniqueKeysWithValues: chosen.map { ($0, [Int](repeating: 0, count: groups)) })
    for s in 0..<sheets.count where !people.isOwn(sheets, s) { counts[Int(sheets.rater[s])]?[people.unitGroup[Int(sheets.unit[s])]] += 1 }
    return counts.compactMapValues { count in count.max().flatMap { most in most > 0 ? count.firstIndex(of: most) : nil } }
  }

  /// Raters of two groups with nothing else planted in them add to each other's units.
  private mutating func exchange(
    plan: CampaignPlan, people: inout People, sheets: Sheets, labels: Labels, random: inout RandomStream
  ) throws(PlanProblem) {
    guard let plant = plan.planted.first(where: { $0.anomaly == .exchange }) else { return }
    let count = plant.count(of: plan.groups / 2)
    if count > plan.groups / 2 { throw .tooFewToPlant(.exchange, asked: count, found: plan.groups / 2) }
    let order = random.permutation(plan.groups)
    var partner = [Int](repeating: -1, count: plan.groups)
    for k in 0..<count {
      partner[order[2 * k]] = order[2 * k + 1]
      partner[order[2 * k + 1]] = order[2 * k]
    }
    let size = plan.magnitudes.ownGroup * plan.strength
    var exchanging: Set<Int> = []
    for s in 0..<sheets.count {
      let rater = Int(sheets.rater[s])
      guard people.label[rater] == nil, people.group[rater] >= 0,
        partner[people.group[rater]] == people.unitGroup[Int(sheets.unit[s])]
      else { continue }
      sheet[s] += size
      exchanging.insert(rater)
    }
    for rater in exchanging.sorted() {
      people.label[rater] = Anomaly.exchange.rawValue
      facts.append(
        PlantedFact(anomaly: .exchange, rater: rater, group: labels.groups[partner[people.group[rater]]], magnitude: size))
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
