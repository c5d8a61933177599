import Simulation

/// Variance components of scores by the method of moments: covariances of scores that share some of unit, rater, criterion, sheet and
/// team, each the mean over all such pairs. Slow and plain on purpose: nothing of the simulator is used but its columns.
struct Moments {
  var unit = 0.0
  var rater = 0.0
  var team = 0.0
  var raterCriterion = 0.0
  var unitCriterion = 0.0
  var sheet = 0.0
  var noise = 0.0

  init(_ campaign: SimulatedCampaign) {
    let criteria = campaign.criteria.count
    let sheets = campaign.sheetCount
    var deviation = campaign.scores
    for c in 0..<criteria {
      var sum = 0.0
      for s in 0..<sheets { sum += deviation[s * criteria + c] }
      for s in 0..<sheets { deviation[s * criteria + c] -= sum / Double(sheets) }
    }
    // Sums of squares and of cross products within groups of sheets: same criterion, and over all criteria.
    func sums(_ key: (Int) -> Int, _ groups: Int) -> (same: Double, all: Double, pairs: Double) {
      var byCriterion = [Double](repeating: 0, count: groups * criteria)
      var size = [Double](repeating: 0, count: groups)
      for s in 0..<sheets {
        size[key(s)] += 1
        for c in 0..<criteria { byCriterion[key(s) * criteria + c] += deviation[s * criteria + c] }
      }
      var same = 0.0
      var all = 0.0
      for g in 0..<groups {
        let row = byCriterion[g * criteria..<(g + 1) * criteria]
        same += row.reduce(0) { $0 + $1 * $1 }
        all += row.reduce(0, +) * row.reduce(0, +)
      }
      return (same, all, size.reduce(0) { $0 + $1 * ($1 - 1) })
    }
    let cells = Double(criteria)
    let other = cells * (cells - 1)
    let own = sums({ $0 }, sheets)
    let byUnit = sums({ Int(campaign.sheetUnit[$0]) }, campaign.units.count)
    let byRater = sums({ Int(campaign.sheetRater[$0]) }, campaign.raters.count)
    let names = Dictionary(uniqueKeysWithValues: Set(campaign.raters.map { $0.team ?? "" }).sorted().enumerated().map { ($1, $0) })
    let teamOf = campaign.raters.map { names[$0.team ?? ""] ?? 0 }
    let byTeam = sums({ teamOf[Int(campaign.sheetRater[$0])] }, names.count)

    let total = own.same / (Double(sheets) * cells)
    let sheetOther = (own.all - own.same) / (Double(sheets) * other)
    func between(_ group: (same: Double, all: Double, pairs: Double)) -> (same: Double, other: Double) {
      let same = group.same - own.same
      let all = group.all - own.all
      return (same / (group.pairs * cells), (all - same) / (group.pairs * other))
    }
    let u = between(byUnit)
    let r = between(byRater)
    // Teammates' pairs: those of the team less those of the same rater (pairs on the same unit are few and random).
    let teamAll = (byTeam.all - byTeam.same) - (byRater.all - byRater.same)
    let t = teamAll / ((byTeam.pairs - byRater.pairs) * other)
    unit = u.other
    unitCriterion = u.same - u.other
    team = t
    rater = r.other - t
    raterCriterion = r.same - r.other
    sheet = sheetOther - u.other - r.other
    noise = total - sheetOther - unitCriterion - raterCriterion
  }
}
