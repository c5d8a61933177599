import Statistics

/// Who belongs where, who is planted with what, and what was therefore fixed in the design.
struct People: Sendable {
  struct Clique: Sendable {
    var members: [Int]
    var units: [Int]
  }
  struct Copy: Sendable {
    /// `copier` or `shiftedCopier`.
    var anomaly: Anomaly
    var copier: Int
    var source: Int
    var units: [Int]
  }

  /// Team of every rater; −1 for departments.
  var team: [Int]
  /// Group of every rater; −1 for departments, which have one of their own.
  var group: [Int]
  var unitGroup: [Int]
  /// What was planted in a rater, `copied` for the source of a copier, nil for a clean one.
  var label: [String?]
  var chosen: [Anomaly: [Int]] = [:]
  var severeTeams: [Int] = []
  var cliques: [Clique] = []
  var copies: [Copy] = []
  /// Honest raters who share as many units as the planted cliques and pairs do, so that sharing units gives nobody away.
  var decoys: [SharedUnits] = []

  /// What single raters are picked for, whoever they are and whatever they score, in the order in which they are picked.
  private static let single: [Anomaly] = [
    .severe, .lenient, .random, .straightline, .heaped, .inflate, .drift, .repeatedSheet, .groupFavour, .profile,
  ]

  var shared: [SharedUnits] {
    cliques.map { SharedUnits(raters: $0.members, units: $0.units) }
      + copies.map { SharedUnits(raters: [$0.source, $0.copier], units: $0.units) } + decoys
  }

  init(plan: CampaignPlan, patches: NestedPatches?, seed: UInt64) throws(PlanProblem) {
    var groups = Stream.groups.open(seed)
    let teamOf = (0..<plan.raters).map { $0 / plan.teamSize }
    team = teamOf + [Int](repeating: -1, count: plan.departments)
    if patches == nil {
      // A crossed campaign's teams come from one group each; a nested one's members are seconded one by one.
      let groupOf = (0..<plan.teams).map { _ in groups.below(plan.groups) }
      group = teamOf.map { groupOf[$0] }
    } else {
      group = teamOf.map { _ in groups.below(plan.groups) }
    }
    group += [Int](repeating: -1, count: plan.departments)
    unitGroup = (0..<plan.units).map { _ in groups.below(plan.groups) }
    label = [String?](repeating: nil, count: plan.raters + plan.departments)

    var picker = Picker(plan: plan, nested: patches != nil, random: Stream.chosen.open(seed))
    let amount = Dictionary(plan.planted.map { ($0.anomaly, $0) }, uniquingKeysWith: { first, _ in first })
    func wanted(_ anomaly: Anomaly, of total: Int) -> Int { amount[anomaly]?.count(of: total) ?? 0 }

    let teamsWanted = wanted(.teamSevere, of: plan.teams)
    if teamsWanted > plan.teams { throw .tooFewToPlant(.teamSevere, asked: teamsWanted, found: plan.teams) }
    severeTeams = Array(picker.random.permutation(plan.teams).prefix(teamsWanted))
    for rater in 0..<plan.raters where severeTeams.contains(teamOf[rater]) { label[rater] = Anomaly.teamSevere.rawValue }

    var plainest = 0
    for anomaly in People.single + [.owngroup] {
      plainest += wanted(anomaly, of: plan.raters)
    }
    let cliqueCount = amount[.clique].map { wantedCliques($0, raters: plan.raters) } ?? 0
    let copiers = [Anomaly.copier, .shiftedCopier].flatMap { [Anomaly](repeating: $0, count: wanted($0, of: plan.raters)) }
    let needed = plainest + 4 * cliqueCount + 2 * copiers.count
    let free = label[..<plan.raters].count { $0 == nil }
    if needed > free { throw .tooFewRatersToPlant(needed: needed, available: free) }

    if let patches {
      try pickNested(plan: plan, patches: patches, cliques: cliqueCount, copiers: copiers, picker: &picker)
    } else {
      try pickCrossed(plan: plan, cliques: cliqueCount, copiers: copiers, reserve: plainest, picker: &picker)
    }
    for anomaly in People.single {
      chosen[anomaly] = (0..<wanted(anomaly, of: plan.raters)).compactMap { _ in picker.next(&label, as: anomaly.rawValue) }
    }
    if let patches {
      let favourers = wanted(.owngroup, of: plan.raters)
      // Leaders, where they are free: they also score elsewhere, so that there is something to hold their own units against.
      chosen[.owngroup] = (0..<favourers).compactMap { _ in
        guard let rater = picker.next(&label, as: Anomaly.owngroup.rawValue) else { return nil }
        let leader = rater / plan.teamSize * plan.teamSize
        guard label[leader] == nil else { return rater }
        label.swapAt(leader, rater)
        return leader
      }
      let favouring = Dictionary(grouping: chosen[.owngroup, default: []]) { team[$0] }.mapValues { Set($0.map { group[$0] }) }
      for (placed, rater) in chosen[.owngroup, default: []].enumerated() {
        guard
          giveOwnUnits(to: rater, of: favouring[team[rater], default: []], plan: plan, patches: patches, random: &picker.random)
        else {
          throw .tooFewToPlant(.owngroup, asked: favourers, found: placed)
        }
      }
    }
  }

  /// Sends a favourer of a nested design to units of its own group, which random affiliations would hardly do; the groups of
  /// the team's favourers, `favouring`, share its units. False when there are too few for one each.
  private mutating func giveOwnUnits(
    to rater: Int, of favouring: Set<Int>, plan: CampaignPlan, patches: NestedPatches, random: inout RandomStream
  ) -> Bool {
    var patch = patches.units[team[rater]]
    random.shuffle(&patch)
    let share = min(plan.ownUnitsPerFavourer, patch.count / favouring.count)
    func ownUnits(_ group: Int) -> Int { patch.count { unitGroup[$0] == group } }
    for unit in patch where ownUnits(group[rater]) < share && unitGroup[unit] != group[rater] {
      if favouring.contains(unitGroup[unit]) && ownUnits(unitGroup[unit]) <= share { continue }
      unitGroup[unit] = group[rater]
    }
    return share > 0
  }

  private mutating func pickCrossed(
    plan: CampaignPlan, cliques count: Int, copiers: [Anomaly], reserve: Int, picker: inout Picker
  ) throws(PlanProblem) {
    let pairs = copiers.count
    guard count + pairs > 0, case .crossed(let panel) = plan.design else { return }
    var pool = picker.random.permutation(plan.units)[...]
    let each = max(4, plan.units * panel / plan.raters * 6 / 10)
    if (count + pairs) * each > plan.units { throw .tooFewToPlant(.clique, asked: count + pairs, found: plan.units / each) }
    for _ in 0..<count {
      let members = (0..<4).compactMap { _ in picker.next(&label, as: Anomaly.clique.rawValue) }
      cliques.append(Clique(members: members, units: Array(pool.prefix(each))))
      pool = pool.dropFirst(each)
    }
    for anomaly in copiers {
      guard let copier = picker.next(&label, as: anomaly.rawValue), let source = picker.next(&label, as: "copied") else { continue }
      copies.append(Copy(anomaly: anomaly, copier: copier, source: source, units: Array(pool.prefix(each))))
      pool = pool.dropFirst(each)
    }
    // Three times as many honest panels and pairs, as far as there are raters and units for them.
    for (size, number) in [(4, 3 * count), (2, 3 * pairs)] {
      for _ in 0..<number {
        guard pool.count >= each, let members = picker.decoys(size, leaving: reserve, label: label) else { break }
        decoys.append(SharedUnits(raters: members, units: Array(pool.prefix(each))))
        pool = pool.dropFirst(each)
      }
    }
  }

  private mutating func pickNested(
    plan: CampaignPlan, patches: NestedPatches, cliques count: Int, copiers: [Anomaly], picker: inout Picker
  ) throws(PlanProblem) {
    for _ in 0..<count {
      guard let first = picker.next(&label, as: Anomaly.clique.rawValue) else { continue }
      var members = [first]
      for rater in 0..<plan.raters where team[rater] == team[first] && label[rater] == nil && members.count < 4 {
        members.append(rater)
        label[rater] = Anomaly.clique.rawValue
      }
      if members.count < 2 { throw .tooFewToPlant(.clique, asked: count, found: cliques.count) }
      let patch = patches.units[team[first]]
      cliques.append(Clique(members: members, units: Array(patch.prefix(max(2, patch.count * 6 / 10)))))
    }
    for anomaly in copiers {
      guard let copier = picker.next(&label, as: anomaly.rawValue) else { continue }
      guard let source = (0..<plan.raters).first(where: { team[$0] == team[copier] && label[$0] == nil }) else {
        throw .tooFewToPlant(anomaly, asked: copiers.count, found: copies.count)
      }
      label[source] = "copied"
      copies.append(Copy(anomaly: anomaly, copier: copier, source: source, units: patches.units[team[copier]]))
    }
  }

  /// Chooses own-group favourers of a crossed design once it is known who scores whom: raters with at least two own units first.
  mutating func pickFavourers(plan: CampaignPlan, sheets: Sheets, seed: UInt64) throws(PlanProblem) {
    guard let plant = plan.planted.first(where: { $0.anomaly == .owngroup }), chosen[.owngroup] == nil else { return }
    let count = plant.count(of: plan.raters)
    var own = [Int](repeating: 0, count: plan.raters)
    for s in 0..<sheets.count where Int(sheets.rater[s]) < plan.raters && isOwn(sheets, s) { own[Int(sheets.rater[s])] += 1 }
    var random = Stream.chosen.open(seed).substream(1)
    let order = random.permutation(plan.raters).filter { label[$0] == nil && own[$0] > 0 }
    let ranked = order.filter { own[$0] >= 2 } + order.filter { own[$0] == 1 }
    if ranked.count < count { throw .tooFewToPlant(.owngroup, asked: count, found: ranked.count) }
    chosen[.owngroup] = Array(ranked.prefix(count))
    for rater in ranked.prefix(count) { label[rater] = Anomaly.owngroup.rawValue }
  }

  func isOwn(_ sheets: Sheets, _ s: Int) -> Bool { group[Int(sheets.rater[s])] == unitGroup[Int(sheets.unit[s])] }
}

/// Groups of four: a share is of the raters, a number is of cliques.
private func wantedCliques(_ plant: PlantedAnomaly, raters: Int) -> Int {
  switch plant.amount {
  case .number(let n): n
  case .share(let share, let least): max(least, Int((share * Double(raters) / 4).rounded()))
  }
}

/// Hands out raters without anything planted in them, in random order. In a nested design no team is asked twice before all have been
/// asked once, so that what is planted in one rater does not hide behind a teammate's.
private struct Picker {
  var random: RandomStream
  private let order: [Int]
  private var cursor = 0
  private var last: Int

  init(plan: CampaignPlan, nested: Bool, random stream: RandomStream) {
    var random = stream
    if nested {
      let teams = random.permutation(plan.teams)
      // Leaders (the first of a team) come last: their sheets link the teams.
      let seats = Array(0..<plan.teamSize).dropFirst() + [0]
      order = seats.flatMap { seat in teams.map { $0 * plan.teamSize + seat } }.filter { $0 < plan.raters }
    } else {
      order = random.permutation(plan.raters)
    }
    last = order.count
    self.random = random
  }

  mutating func next(_ label: inout [String?], as name: String) -> Int? {
    while cursor < last {
      let rater = order[cursor]
      cursor += 1
      if label[rater] == nil {
        label[rater] = name
        return rater
      }
    }
    // Raters who gave their part to a leader are free again.
    guard let rater = order[..<last].first(where: { label[$0] == nil }) else { return nil }
    label[rater] = name
    return rater
  }

  /// From the other end, and only if `reserve` raters remain, so that decoys stay clean.
  mutating func decoys(_ count: Int, leaving reserve: Int, label: [String?]) -> [Int]? {
    var members: [Int] = []
    var end = last
    while members.count < count, end > cursor {
      end -= 1
      if label[order[end]] == nil { members.append(order[end]) }
    }
    let left = end > cursor ? order[cursor..<end].count { label[$0] == nil } : 0
    guard members.count == count, left >= reserve else { return nil }
    last = end
    return members
  }
}
