import Foundation
import Statistics

/// Draws the scores of a campaign, and what an audit of some sheets finds.
struct Scoring: Sendable {
  /// Thresholds of the rating-scale model: log P(k)/P(k−1) = expectation − threshold k.
  static let thresholds: [Double] = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]

  var scores: [Double]
  /// Audited sheets, and their verified scores one after the other.
  var audited: [Int] = []
  var verified: [Double] = []

  init(plan: CampaignPlan, effects: Effects, shifts: PlantedShifts, sheets: Sheets, people: People, seed: UInt64) {
    let scales = plan.scales
    let criteria = plan.criteria + plan.departments
    let ceiling = plan.noise.ceiling
    let ordinal = plan.isOrdinal
    let probability = Scoring.thresholds.map { exp(-$0) }
    let factor = scales.map { Double($0.maximum) / 100 }
    var noise = Stream.scores.open(seed)
    var sheetError = Stream.sheetErrors.open(seed)
    var audit = Stream.audit.open(seed)
    let tail = plan.noise.tailDegreesOfFreedom
    let tailScale = tail.map { (($0 - 2) / $0).squareRoot() } ?? 1
    var result = [Double](repeating: 0, count: sheets.scores)

    for s in 0..<sheets.count {
      let rater = Int(sheets.rater[s])
      let unit = Int(sheets.unit[s])
      let team = people.team[rater]
      var level = effects.unit[unit] - effects.severity[rater] + shifts.sheet[s]
      if team >= 0 { level -= effects.team[team] }
      if plan.spread.sheet > 0 { level += plan.spread.sheet * sheetError.normal() }
      let row = shifts.sharedRow.isEmpty ? nil : shifts.sharedRow[s]
      let odd = shifts.oddCriterion.isEmpty ? nil : shifts.oddCriterion[rater]
      // Members of a clique agree beforehand, so less of their own judgement is left.
      let deviation = plan.spread.noise * effects.raterNoise[rater] * effects.unitNoise[unit] * (row == nil ? 1 : 0.4)
      let isAudited = plan.auditShare > 0 && audit.bernoulli(plan.auditShare)
      if isAudited { audited.append(s) }
      let unconfirmed = isAudited ? shifts.inflation[s] ?? 0 : 0
      let first = Int(sheets.firstCriterion[s])

      for cell in sheets.start[s]..<sheets.start[s + 1] {
        let c = first + cell - sheets.start[s]
        var expectation = level + effects.criterion[c]
        if !effects.raterCriterion.isEmpty { expectation += effects.raterCriterion[rater * criteria + c] }
        if !effects.unitCriterion.isEmpty { expectation += effects.unitCriterion[unit * criteria + c] }
        let merit = expectation
        if let row { expectation += shifts.shared[row][c] }
        if let odd, odd.criterion == c { expectation += odd.shift }
        if ordinal {
          result[cell] = min(Scoring.ordinal(expectation, probability, noise.uniform()), (7 * ceiling).rounded(.down))
          if isAudited { verified.append(scales[c].snap(4 + 1.2 * (merit - unconfirmed) + 0.5 * audit.normal())) }
        } else {
          let error = tail.map { noise.studentT($0) * tailScale } ?? noise.normal()
          result[cell] = scales[c].snap((plan.mean + expectation + deviation * error) * factor[c], ceiling: ceiling)
          if isAudited { verified.append(scales[c].snap((plan.mean + merit - unconfirmed + 2 * audit.normal()) * factor[c])) }
        }
      }
    }
    scores = result
  }

  /// The category at the quantile `u`: P(k) ∝ exp(k·expectation − Σ thresholds), by one pass over products of e^expectation.
  private static func ordinal(_ expectation: Double, _ probability: [Double], _ u: Double) -> Double {
    // Beyond ±50 logits the end category is certain, and the products would overflow.
    let odds = exp(min(max(expectation, -50), 50))
    var weight = 1.0
    var total = 1.0
    for p in probability {
      weight *= odds * p
      total += weight
    }
    var left = u * total
    weight = 1
    for k in 0..<probability.count {
      left -= weight
      if left <= 0 { return Double(k + 1) }
      weight *= odds * probability[k]
    }
    return Double(probability.count + 1)
  }
}
