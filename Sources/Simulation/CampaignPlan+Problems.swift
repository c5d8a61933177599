public import Wording

/// Why a plan cannot be simulated.
public enum PlanProblem: Error, Sendable, Equatable, CustomStringConvertible {
  case notPositive(Text, Int)
  case outOfRange(Text, Double, allowed: Text)
  case panelLargerThanRaters(panel: Int, raters: Int)
  case fewerUnitsThanTeams(units: Int, teams: Int)
  case tooFewRatersToPlant(needed: Int, available: Int)
  case needsNestedDesign(Anomaly)
  case tooFewToPlant(Anomaly, asked: Int, found: Int)

  public var message: Text {
    switch self {
    case .notPositive(let what, let value):
      Text("\(what.en) must be at least 1, not \(value)", zh: "\(what.zh)至少为 1，不能是 \(value)")
    case .outOfRange(let what, let value, let allowed):
      Text(
        "\(what.en) must be \(allowed.en), not \(NumberText.shortest(value))",
        zh: "\(what.zh)须\(allowed.zh)，不能是 \(NumberText.shortest(value))")
    case .panelLargerThanRaters(let panel, let raters):
      Text("a unit cannot be scored by \(panel) of \(raters) raters", zh: "考评员共 \(raters) 名，不可能由 \(panel) 名评同一个单位")
    case .fewerUnitsThanTeams(let units, let teams):
      Text(
        "\(units) units are too few for \(teams) teams with units of their own",
        zh: "\(teams) 个考评组各有自己的单位，\(units) 个被考评单位不够分")
    case .tooFewRatersToPlant(let needed, let available):
      Text(
        "the anomalies need \(needed) raters and there are \(available); plant fewer or add raters",
        zh: "植入这些问题需要 \(needed) 名考评员，现有 \(available) 名；请少植入一些或增加考评员")
    case .needsNestedDesign(let anomaly):
      Text(
        "\(anomaly.rawValue) needs reports, which only nested designs have", zh: "\(anomaly.rawValue) 须有报表，只有分组包干（nested）的考评活动才有")
    case .tooFewToPlant(let anomaly, let asked, let found):
      Text(
        "\(asked) × \(anomaly.rawValue) cannot be planted: there is room for \(found)",
        zh: "无法植入 \(asked) 处 \(anomaly.rawValue)：最多可植入 \(found) 处")
    }
  }

  public var description: String { message.en }
}

extension CampaignPlan {
  /// Throws the first reason why the plan cannot be simulated.
  func check() throws(PlanProblem) {
    for (what, value) in [
      (Text("the number of raters", zh: "考评员人数"), raters), (Text("the number of units", zh: "被考评单位数"), units),
      (Text("the number of criteria", zh: "指标数"), criteria), (Text("the team size", zh: "每组人数"), teamSize),
      (Text("the number of groups", zh: "归属数"), groups),
    ] where value < 1 { throw .notPositive(what, value) }
    try checkSize()
    switch design {
    case .crossed(let panel):
      if panel < 1 { throw .notPositive(Text("the number of raters per unit", zh: "每个单位的考评员人数"), panel) }
      if panel > raters { throw .panelLargerThanRaters(panel: panel, raters: raters) }
      if planted.contains(where: { $0.anomaly == .falseReport }) { throw .needsNestedDesign(.falseReport) }
    case .nested(let departments, let cross):
      if departments < 0 { throw .notPositive(Text("the number of departments", zh: "部门数"), departments) }
      if cross < 0 { throw .notPositive(Text("the number of units a leader scores in the next team", zh: "组长跨组评分的单位数"), cross) }
      if units < teams { throw .fewerUnitsThanTeams(units: units, teams: teams) }
    }
    if case .fullMarks(let marks) = variant, let bad = marks.isEmpty ? 0 : marks.first(where: { $0 < 1 }) {
      throw .notPositive(Text("a full mark", zh: "满分"), bad)
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
      throw .outOfRange(
        Text("the size of the campaign", zh: "考评活动的规模"), size, allowed: Text("at most \(Int(limit)) scores", zh: "不超过 \(Int(limit)) 个评分"))
    }
  }

  private func checkRanges() throws(PlanProblem) {
    let spreads = [
      spread.unit, spread.rater, spread.team, spread.criterion, spread.raterCriterion, spread.unitCriterion, spread.sheet, spread.noise,
      noise.raterLogSpread, noise.levelSlope,
    ]
    // Far beyond any scale, and far from where sums of them stop being numbers.
    for value in spreads where !(value >= 0 && value <= 1e6) {
      throw .outOfRange(Text("a standard deviation", zh: "标准差"), value, allowed: Text("from 0 to 1000000", zh: "在 0 至 1000000 之间"))
    }
    if let df = noise.tailDegreesOfFreedom, !(df > 2) {
      throw .outOfRange(
        Text("the degrees of freedom of the noise", zh: "噪声的自由度"), df,
        allowed: Text("above 2, so that it has a variance", zh: "大于 2（否则没有方差）"))
    }
    for (what, value) in [
      (Text("the share of missing sheets", zh: "缺失评分表的比例"), noise.missingSheetShare), (Text("the audited share", zh: "复核比例"), auditShare),
    ]
    where !(value >= 0 && value < 1) {
      throw .outOfRange(what, value, allowed: Text("from 0 to below 1", zh: "不小于 0 且小于 1"))
    }
    if !(noise.ceiling > 0 && noise.ceiling <= 1) {
      throw
        .outOfRange(Text("the ceiling", zh: "得分上限比例"), noise.ceiling, allowed: Text("above 0 and at most 1", zh: "大于 0 且不超过 1"))
    }
    if !(strength > 0 && strength <= 1e3) {
      throw
        .outOfRange(Text("the strength", zh: "强度"), strength, allowed: Text("above 0 and at most 1000", zh: "大于 0 且不超过 1000"))
    }
    if !(mean >= 0 && mean <= 100) {
      throw
        .outOfRange(Text("the mean", zh: "平均分"), mean, allowed: Text("from 0 to 100", zh: "在 0 至 100 之间"))
    }
    for plant in planted {
      switch plant.amount {
      case .number(let n) where n < 0:
        throw .outOfRange(
          Text("the number of \(plant.anomaly.rawValue)", zh: "\(plant.anomaly.rawValue) 的数量"), Double(n),
          allowed: Text("zero or more", zh: "不小于 0"))
      case .share(let share, _) where !(share >= 0 && share <= 1):

        throw .outOfRange(
          Text("the share of \(plant.anomaly.rawValue)", zh: "\(plant.anomaly.rawValue) 的比例"), share,
          allowed: Text("from 0 to 1", zh: "在 0 至 1 之间"))
      default: break
      }
    }
  }
}
