import Foundation
import Statistics

/// What a unit reported on an indicator in a period, and what was found when it was verified.
public struct UnitReport: Sendable, Equatable {
  /// Index of the unit and of the criterion.
  public var unit: Int
  public var criterion: Int
  /// 1 … 4, quarters.
  public var period: Int
  public var target: Double
  public var reported: Double
  public var verified: Double
}

enum Reports {
  /// Four quarters of every unit on every department's indicator.
  ///
  /// A unit's achievement is its target times 1.02 plus its merit and chance; honest reports differ from it by clerical rounding only.
  /// A false report is pushed just past a missed target, and otherwise raised by six per cent at strength 1.
  static func draw(plan: CampaignPlan, effects: Effects, seed: UInt64) throws(PlanProblem) -> (reports: [UnitReport], facts: [PlantedFact])
  {
    guard plan.departments > 0 else { return ([], []) }
    var random = Stream.reports.open(seed)
    let wanted = plan.planted.first { $0.anomaly == .falseReport }?.count(of: plan.units) ?? 0
    if wanted > plan.units { throw .tooFewToPlant(.falseReport, asked: wanted, found: plan.units) }
    var chooser = random.substream(1)
    let liars = Set(chooser.permutation(plan.units).prefix(wanted))
    let rise = 0.06 * plan.strength
    var reports: [UnitReport] = []
    reports.reserveCapacity(plan.units * plan.departments * 4)
    for unit in 0..<plan.units {
      let merit = plan.spread.unit > 0 ? effects.unit[unit] / plan.spread.unit : 0
      for department in 0..<plan.departments {
        let target = tenths(100 * exp(0.4 * random.normal()))
        for period in 1...4 {
          let verified = tenths(target * max(0.2, 1.02 + 0.02 * merit + 0.05 * random.normal()))
          let slip = tenths(0.002 * target * random.normal())
          let past = random.uniform() * 0.015
          var reported = tenths(verified + slip)
          if liars.contains(unit) { reported = verified < target ? tenths(target * (1 + past)) : tenths(verified * (1 + rise)) }
          reports.append(
            UnitReport(
              unit: unit, criterion: plan.criteria + department, period: period, target: target, reported: reported, verified: verified))
        }
      }
    }
    return (reports, liars.sorted().map { PlantedFact(anomaly: .falseReport, unit: $0, magnitude: 100 * rise) })
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
