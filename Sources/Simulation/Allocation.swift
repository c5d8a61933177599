import Statistics

/// Raters who are to share the given units, fixed before the rest of a crossed design is drawn.
struct SharedUnits: Sendable {
  var raters: [Int]
  var units: [Int]
}

/// A patch: the units a team of a nested design has for itself.
struct NestedPatches: Sendable {
  /// Team of every unit.
  var teamOf: [Int]
  /// Units of every team.
  var units: [[Int]]

  /// Units are dealt to teams in random order, as many to each as can be.
  init(plan: CampaignPlan, random: inout RandomStream) {
    teamOf = [Int](repeating: 0, count: plan.units)
    units = [[Int]](repeating: [], count: plan.teams)
    for (i, unit) in random.permutation(plan.units).enumerated() {
      teamOf[unit] = i % plan.teams
      units[i % plan.teams].append(unit)
    }
  }
}

enum Allocation {
  /// `panel` distinct raters for each unit, unit by unit, loads as equal as the shared units allow.
  ///
  /// Raters are dealt in rounds, each a fresh random order of those whose load is not full; one who already sits on the unit's
  /// panel lets the next of the round go first. Cost is linear in the number of sheets.
  static func crossed(raters: Int, units: Int, panel: Int, shared: [SharedUnits], random: inout RandomStream) -> [UInt32] {
    let nobody = UInt32.max
    var slots = [UInt32](repeating: nobody, count: units * panel)
    var filled = [Int](repeating: 0, count: units)
    var load = [Int](repeating: 0, count: raters)
    for group in shared {
      for (turn, unit) in group.units.enumerated() {
        // A group larger than the panel takes turns, one place being left to an outsider.
        let members =
          group.raters.count <= panel
          ? group.raters[...] : (0..<panel - 1).map { group.raters[($0 + turn) % group.raters.count] }[...]
        for rater in members {
          slots[unit * panel + filled[unit]] = UInt32(rater)
          filled[unit] += 1
          load[rater] += 1
        }
      }
    }
    let full = units * panel / raters
    var queue: [UInt32] = []
    var head = 0

    func deal() {
      var round = (0..<raters).filter { load[$0] < full }
      if round.isEmpty { round = Array(0..<raters) }
      random.shuffle(&round)
      queue.removeFirst(head)
      head = 0
      for rater in round {
        load[rater] += 1
        queue.append(UInt32(rater))
      }
    }

    for unit in random.permutation(units) {
      while filled[unit] < panel {
        let places = unit * panel..<unit * panel + filled[unit]
        var next = head
        while next < queue.count, places.contains(where: { slots[$0] == queue[next] }) { next += 1 }
        if next == queue.count {
          deal()
          continue
        }
        queue.swapAt(head, next)
        slots[unit * panel + filled[unit]] = queue[head]
        head += 1
        filled[unit] += 1
      }
    }
    return slots
  }

  /// Every sheet the plan asks for, in a fixed order (submission order is drawn later).
  static func sheets(plan: CampaignPlan, slots: [UInt32], patches: NestedPatches?) -> Sheets {
    var sheets = Sheets()
    let field = 0..<plan.criteria
    guard let patches, case .nested(let departments, let cross) = plan.design else {
      sheets.reserve(slots.count)
      let panel = slots.count / plan.units
      for (slot, rater) in slots.enumerated() { sheets.append(rater: rater, unit: UInt32(slot / panel), criteria: field) }
      return sheets
    }
    for team in 0..<plan.teams {
      let members = team * plan.teamSize..<min((team + 1) * plan.teamSize, plan.raters)
      for unit in patches.units[team] {
        for rater in members { sheets.append(rater: UInt32(rater), unit: UInt32(unit), criteria: field) }
      }
      guard plan.teams > 1 else { continue }
      for unit in patches.units[(team + 1) % plan.teams].prefix(cross) {
        sheets.append(rater: UInt32(members.lowerBound), unit: UInt32(unit), criteria: field)
      }
    }
    for department in 0..<departments {
      let own = plan.criteria + department
      for unit in 0..<plan.units {
        sheets.append(rater: UInt32(plan.raters + department), unit: UInt32(unit), criteria: own..<own + 1)
      }
    }
    return sheets
  }

  /// The order in which to keep sheets: shuffled, and some left out, but never a unit's last.
  static func submission(of sheets: Sheets, plan: CampaignPlan, seed: UInt64) -> [Int] {
    var random = Stream.order.open(seed)
    let order = random.permutation(sheets.count)
    guard plan.noise.missingSheetShare > 0 else { return order }
    var missing = Stream.missing.open(seed)
    var left = [Int](repeating: 0, count: plan.units)
    for unit in sheets.unit { left[Int(unit)] += 1 }
    return order.filter { sheet in
      let unit = Int(sheets.unit[sheet])
      guard missing.bernoulli(plan.noise.missingSheetShare), left[unit] > 1 else { return true }
      left[unit] -= 1
      return false
    }
  }
}
