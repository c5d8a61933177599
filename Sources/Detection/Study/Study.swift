public import Models
public import Scores
internal import Statistics
import Wording

/// A campaign as the rules see it: the scores, its sheets, its design and the fitted honest part. Immutable; made once, handed to every rule.
public struct Study: Sendable {
  public let table: ScoreTable
  public let campaign: Campaign
  public let layout: Layout
  /// What the design can and cannot tell apart.
  public let design: Design
  /// One score an observation of the layout, as it was given.
  public let scores: [Double]
  /// Team of each rater as a number in `teams`; −1 where it is not known.
  public let teamOfRater: [Int32]
  public let teams: [String]
  /// Whether the sheet's rater and unit are of the same group; false where either group is not known.
  public let isOwn: [Bool]
  /// Nil where the file has no times.
  let order: ScoringOrder?
  /// The scores in common points.
  let commonScores: [Double]
  /// Result points that one common point on every criterion of the sheet is worth.
  public let pointsPerCommon: [Double]
  public let steps: ScaleSteps
  /// The scales scores are held against, and the scores that cannot be any: these are in no sheet.
  let scales: ScoreScales
  let criterionScale: CriterionScale
  /// Which marks each rater prefers.
  let markHabits: MarkHabits
  /// Common points as they would be if all raters used the scale equally widely: what raters are compared by.
  let adjustedScores: [Double]
  /// Nil where they do, as far as can be seen.
  let scaleUse: ScaleUse?
  /// Nil when no two raters can be compared anywhere.
  let fit: HonestFit?
  /// The same without the ends of the scale, where many marks are at one.
  let censored: CensoredFit?
  /// What raters give each other group; nil where there is no fit.
  let groupContrasts: GroupContrasts?
  /// How raters mark each criterion; nil where there is no fit.
  let profiles: RaterProfiles?
  /// Criteria that are copies of one another, when there are any.
  let damage: DamageReport?
  /// Why nothing is said about people at all; nil for simulated scores.
  let silence: Text?

  public init(table: ScoreTable, campaign: Campaign) throws(MixedModelError) {
    let scales = ScoreScales(table: table, campaign: campaign)
    let impossible = Set(scales.impossible)
    let (layout, scores) = Layout.make(of: table, without: impossible)
    let steps = ScaleSteps(table: table, campaign: campaign, without: impossible)
    let damage = DamageReport(table: table, layout: layout, scores: scores)
    try self.init(
      table: table, campaign: campaign, layout: layout, design: Design(table), order: ScoringOrder(table, layout), scores: scores,
      steps: steps, scales: scales,
      criterionScale: CriterionScale.estimate(layout, scores, steps), damage: damage,
      silence: damage.map(\.reason) ?? Uniformity(layout, scores).reason)
  }

  private init(
    table: ScoreTable, campaign: Campaign, layout: Layout, design: Design, order: ScoringOrder?, scores: [Double], steps: ScaleSteps,
    scales: ScoreScales,
    criterionScale: CriterionScale, damage: DamageReport?, silence: Text?
  ) throws(MixedModelError) {
    self.table = table
    self.campaign = campaign
    self.layout = layout
    self.design = design
    self.order = order
    self.scores = scores
    self.steps = steps
    self.scales = scales
    self.criterionScale = criterionScale
    self.damage = damage
    self.silence = silence
    markHabits = MarkHabits(layout, scores: scores, steps: steps)
    let teams = Set(table.raters.compactMap(\.team)).sorted()
    var number: [String: Int32] = [:]
    for (i, team) in teams.enumerated() { number[team] = Int32(i) }
    self.teams = teams
    teamOfRater = table.raters.map { $0.team.flatMap { number[$0] } ?? -1 }
    isOwn = (0..<layout.sheetCount).map { s in
      guard let group = table.raters[Int(layout.sheetRater[s])].group else { return false }
      return table.units[Int(layout.sheetUnit[s])].group == group
    }
    pointsPerCommon = Study.pointsPerCommon(table, campaign, layout, criterionScale)
    commonScores = Study.common(scores, layout, criterionScale)
    let roundingVariance = squared(median(steps.step.indices.map { steps.step[$0] * criterionScale.toCommon[$0] })) / 12
    var fitter = HonestFitter(
      layout: layout, y: commonScores, criterionScale: criterionScale.toCommon, criterionNoise: criterionScale.noise,
      roundingVariance: roundingVariance)
    let plain = try fitter?.fit()
    censored = plain.flatMap { [scores, commonScores] in
      CensoredFit(layout, scores: scores, common: commonScores, steps: steps, fit: $0)
    }
    // Marks that crowd at an end of the scale look like a narrow use of it.
    scaleUse = censored == nil ? plain.flatMap { ScaleUse(layout, $0) } : nil
    adjustedScores = scaleUse?.adjusted(commonScores, layout) ?? commonScores
    fit = if let scaleUse { try fitter?.refit(to: adjustedScores, slopeVariance: scaleUse.variance) } else { plain }
    profiles = fit.map { [scores, commonScores, steps, isOwn] in
      RaterProfiles(layout, scores: scores, commonScores: commonScores, steps: steps, isOwn: isOwn, fit: $0)
    }
    groupContrasts = fit.map { [pointsPerCommon] in GroupContrasts(table, layout, $0, pointsPerCommon: pointsPerCommon) }
  }

  /// The same campaign with other scores: what simulation needs.
  func replacingScores(_ scores: [Double]) throws(MixedModelError) -> Study {
    try Study(
      table: table, campaign: campaign, layout: layout, design: design, order: order, scores: scores, steps: steps, scales: scales,
      criterionScale: criterionScale,
      damage: nil, silence: nil)
  }

  private static func common(_ scores: [Double], _ layout: Layout, _ scale: CriterionScale) -> [Double] {
    guard scale.toCommon.contains(where: { $0 != 1 }) else { return scores }
    return scores.indices.map { scores[$0] * scale.toCommon[Int(layout.criterion[$0])] }
  }

  private static func pointsPerCommon(
    _ table: ScoreTable, _ campaign: Campaign, _ layout: Layout, _ scale: CriterionScale
  ) -> [Double] {
    let weights = table.criteria.map { campaign.criteria[$0]?.weight ?? 1 }
    return (0..<layout.sheetCount).map { s in
      var sum = 0.0
      var total = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.criterion[o])
        sum += weights[c] / scale.toCommon[c]
        total += weights[c]
      }
      switch campaign.result.overCriteria {
      case .sum: return sum
      case .mean: return total > 0 ? sum / total : 0
      }
    }
  }

  /// The widest difference between two sheets' results, or between two single marks, that the scales allow; those of undeclared scales are the range of the scores.
  var rangeOfPoints: Double {
    let widths = steps.maximum.indices.map { max(0, steps.maximum[$0] - steps.minimum[$0]) }
    let widest = widths.max() ?? 0
    guard campaign.result.overCriteria == .sum else { return widest }
    return max(widest, zip(widths, table.criteria).reduce(0) { $0 + $1.0 * (campaign.criteria[$1.1]?.weight ?? 1) })
  }

  public func rater(ofSheet s: Int) -> Rater { table.raters[Int(layout.sheetRater[s])] }
  public func unit(ofSheet s: Int) -> Unit { table.units[Int(layout.sheetUnit[s])] }

  /// The criteria of scores left out as impossible, by the sheet they were on; sheets with nothing else are not there.
  func sheetsOfImpossible() -> [Int: [Int]] {
    var found: [Int: [Int]] = [:]
    for row in scales.impossible {
      let u = ScoreScales.unit(of: row, in: table)
      let sheets = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      guard let s = sheets.first(where: { layout.sheetRater[$0] == Int32(table.rater[row]) }) else { continue }
      found[s, default: []].append(Int(table.criterion[row]))
    }
    return found
  }

  /// Rows of the score table that belong to a sheet.
  func rows(ofSheet s: Int) -> [Int] {
    (layout.sheetStart[s]..<layout.sheetStart[s + 1]).flatMap { Array(layout.rows(of: $0, in: table)) }
  }

  /// The reason given by every rule that needs comparisons when there are none to be had.
  static let nothingToCompare = Text(
    "no unit was scored by two raters on the same criterion, so there is nothing to compare a rater with",
    zh: "没有任何单位在同一指标上由两名以上考评员评分，无从比较")
}
