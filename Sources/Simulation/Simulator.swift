import Statistics

/// Makes campaigns from plans.
public enum Simulator {
  /// The campaign of a plan and a seed: the same ones give the same campaign (a score could differ only where another mathematics
  /// library rounds `exp` or `log` otherwise and the score lies at the very edge of a step).
  ///
  /// Parts have random streams of their own: with and without an anomaly the same seed has the same people, effects and noise (anomalies
  /// that need raters to share units, `clique` and copiers, change a crossed design). Cost is linear in the number of scores.
  /// Throws `PlanProblem` when the plan contradicts itself or has no room for what is to be planted.
  public static func run(_ plan: CampaignPlan, seed: UInt64) throws(PlanProblem) -> SimulatedCampaign {
    try plan.check()
    let labels = Labels(plan)
    var allocation = Stream.allocation.open(seed)
    var patches: NestedPatches?
    if case .nested = plan.design { patches = NestedPatches(plan: plan, random: &allocation) }
    var people = try People(plan: plan, patches: patches, seed: seed)
    var slots: [UInt32] = []
    if case .crossed(let panel) = plan.design {
      slots = Allocation.crossed(raters: plan.raters, units: plan.units, panel: panel, shared: people.shared, random: &allocation)
    }
    let all = Allocation.sheets(plan: plan, slots: slots, patches: patches)
    let sheets = all.picked(Allocation.submission(of: all, plan: plan, seed: seed))
    try people.pickFavourers(plan: plan, sheets: sheets, seed: seed)

    let effects = Effects(plan: plan, seed: seed)
    let shifts = try PlantedShifts(plan: plan, people: &people, sheets: sheets, labels: labels, seed: seed)
    var scoring = Scoring(plan: plan, effects: effects, shifts: shifts, sheets: sheets, people: people, seed: seed)
    var styles = ResponseStyles(plan: plan, sheets: sheets, people: people, seed: seed)
    try styles.apply(to: &scoring.scores, favoured: shifts.favoured)
    let reports = try Reports.draw(plan: plan, effects: effects, seed: seed)

    var facts = shifts.facts + styles.facts + reports.facts
    for i in facts.indices {
      // Raters and criteria are known by number while planting.
      guard let partner = facts[i].partner, let number = Int(partner) else { continue }
      if facts[i].anomaly == .copier || facts[i].anomaly == .shiftedCopier { facts[i].partner = labels.raters[number] }
      if facts[i].anomaly == .dataEntry || facts[i].anomaly == .profile { facts[i].partner = labels.criteria[number] }
    }
    return SimulatedCampaign(
      plan: plan, seed: seed, labels: labels, people: people, effects: effects, sheets: sheets, scoring: scoring, truth: facts,
      reports: reports.reports)
  }
}
