/// Why a plan cannot be simulated.
public enum PlanProblem: Error, Sendable, Equatable, CustomStringConvertible {
  case notPositive(String, Int)
  case outOfRange(String, Double, allowed: String)
  case panelLargerThanRaters(panel: Int, raters: Int)
  case fewerUnitsThanTeams(units: Int, teams: Int)
  case tooFewRatersToPlant(needed: Int, available: Int)
  case needsNestedDesign(Anomaly)
  case tooFewToPlant(Anomaly, asked: Int, found: Int)

  public var description: String {
    switch self {
    case .notPositive(let what, let value): "\(what) must be at least 1, not \(value)"
    case .outOfRange(let what, let value, let allowed): "\(what) must be \(allowed), not \(value)"
    case .panelLargerThanRaters(let panel, let raters): "a unit cannot be scored by \(panel) of \(raters) raters"
    case .fewerUnitsThanTeams(let units, let teams): "\(units) units are too few for \(teams) teams with units of their own"
    case .tooFewRatersToPlant(let needed, let available):
      "the anomalies need \(needed) raters and there are \(available); plant fewer or add raters"
    case .needsNestedDesign(let anomaly): "\(anomaly.rawValue) needs reports, which only nested designs have"
    case .tooFewToPlant(let anomaly, let asked, let found): "\(asked) × \(anomaly.rawValue) cannot be planted: there is room for \(found)"
    }
  }
}

extension CampaignPlan {
  /// Throws the first reason why the plan cannot be simulated.
  func check() throws(PlanProblem) {
    for (what, value) in [
      ("the number of raters", raters), ("the number of units", units), ("the number of criteria", criteria), ("the team size", teamSize),
      ("the number of groups", groups),
    ] where value < 1 { throw .notPositive(what, value) }
    try checkSize()
    switch design {
    case .crossed(let panel):
      if panel < 1 { throw .notPositive("the number of raters per unit", panel) }
      if panel > raters { throw .panelLargerThanRaters(panel: panel, raters: raters) }
      if planted.contains(where: { $0.anomaly == .falseReport }) { throw .needsNestedDesign(.falseReport) }
    case .nested(let departments, let cross):
      if departments < 0 { throw .notPositive("the number of departments", departments) }
      if cross < 0 { throw .notPositive("the number of units a leader scores in the next team", cross) }
      if units < teams { throw .fewerUnitsThanTeams(units: units, teams: teams) }
    }
    if case .fullMarks(let marks) = variant, let bad = marks.isEmpty ? 0 : marks.first(where: { $0 < 1 }) {
      throw .notPositive("a full mark", bad)
    }
    try checkRanges()
  }

  /// Indices and counts must fit, and so must the campaign into a machine: at most two thousand million scores.
  private func checkSize() throws(PlanProblem) {
    let limit = 2e9
    let panel =
      switch design {
      case .crossed(let panel): Double(panel)
      case .nested(let departments, let cross): Double(teamSize) + Double(departments) + Double(cross)
      }
    let scores = Double(units) * panel * Double(criteria)
    for size in [scores, (Double(raters) + Double(departments)) * Double(criteria), Double(groups), Double(teamSize)] where size > limit {
      throw .outOfRange("the size of the campaign", size, allowed: "at most \(Int(limit)) scores")
    }
  }

  private func checkRanges() throws(PlanProblem) {
    let spreads = [
      spread.unit, spread.rater, spread.team, spread.criterion, spread.raterCriterion, spread.unitCriterion, spread.sheet, spread.noise,
      noise.raterLogSpread, noise.levelSlope,
    ]
    // Far beyond any scale, and far from where sums of them stop being numbers.
    for value in spreads where !(value >= 0 && value <= 1e6) {
      throw .outOfRange("a standard deviation", value, allowed: "from 0 to 1000000")
    }
    if let df = noise.tailDegreesOfFreedom, !(df > 2) {
      throw .outOfRange("the degrees of freedom of the noise", df, allowed: "above 2, so that it has a variance")
    }
    for (what, value) in [("the share of missing sheets", noise.missingSheetShare), ("the audited share", auditShare)]
    where !(value >= 0 && value < 1) {
      throw .outOfRange(what, value, allowed: "from 0 to below 1")
    }
    if !(noise.ceiling > 0 && noise.ceiling <= 1) { throw .outOfRange("the ceiling", noise.ceiling, allowed: "above 0 and at most 1") }
    if !(strength > 0 && strength <= 1e3) { throw .outOfRange("the strength", strength, allowed: "above 0 and at most 1000") }
    if !(mean >= 0 && mean <= 100) { throw .outOfRange("the mean", mean, allowed: "from 0 to 100") }
    for plant in planted {
      switch plant.amount {
      case .number(let n) where n < 0: throw .outOfRange("the number of \(plant.anomaly.rawValue)", Double(n), allowed: "zero or more")
      case .share(let share, _) where !(share >= 0 && share <= 1):
        throw .outOfRange("the share of \(plant.anomaly.rawValue)", share, allowed: "from 0 to 1")
      default: break
      }
    }
  }
}
