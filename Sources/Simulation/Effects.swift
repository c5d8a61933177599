import Foundation
import Statistics

/// The honest effects of a campaign, in points of 100 or in logits.
struct Effects: Sendable {
  var unit: [Double]
  /// Severity of every rater, departments included; planted severity comes on top.
  var severity: [Double]
  var team: [Double]
  /// Centred.
  var criterion: [Double]
  /// raters × criteria, row-major; empty when its standard deviation is 0.
  var raterCriterion: [Double]
  /// units × criteria, row-major; empty when its standard deviation is 0.
  var unitCriterion: [Double]
  /// Factor on the noise of every rater.
  var raterNoise: [Double]
  /// Factor on the noise of every unit, by its level.
  var unitNoise: [Double]

  init(plan: CampaignPlan, seed: UInt64) {
    let raters = plan.raters + plan.departments
    let criteria = plan.criteria + plan.departments
    let spread = plan.spread
    unit = draw(plan.units, spread.unit, .unitEffects, seed)
    severity = draw(raters, spread.rater, .severities, seed)
    team = draw(plan.teams, spread.team, .teams, seed)
    criterion = draw(criteria, spread.criterion, .criterionEffects, seed)
    let mean = criterion.reduce(0, +) / Double(criteria)
    for c in 0..<criteria { criterion[c] -= mean }
    raterCriterion = spread.raterCriterion > 0 ? draw(raters * criteria, spread.raterCriterion, .raterCriterion, seed) : []
    unitCriterion = spread.unitCriterion > 0 ? draw(plan.units * criteria, spread.unitCriterion, .unitCriterion, seed) : []
    // E exp(2sz) = exp(2s²) for normal z, so the factors exp(sz − s²) have mean square 1.
    let s = plan.noise.raterLogSpread
    raterNoise = draw(raters, 1, .raterNoise, seed).map { exp(s * $0 - s * s) }
    let k = plan.noise.levelSlope
    unitNoise = unit.map { spread.unit > 0 ? exp(-k * $0 / spread.unit - k * k) : 1 }
  }
}

private func draw(_ count: Int, _ deviation: Double, _ stream: Stream, _ seed: UInt64) -> [Double] {
  guard deviation > 0 else { return [Double](repeating: 0, count: count) }
  var random = stream.open(seed)
  var values = [Double](repeating: 0, count: count)
  for i in 0..<count { values[i] = deviation * random.normal() }
  return values
}
