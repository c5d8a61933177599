internal import Models
internal import Scores

extension HonestPartSummary {
  /// What the fit found, in points; nil when nothing could be fitted.
  init?(_ study: Study, _ results: Results) {
    guard let fit = study.fit else { return nil }
    let layout = study.layout
    let typical = median(study.pointsPerCommon)
    var components = [
      Component(name: "unit", standardDeviation: fit.unitSD * typical),
      Component(name: "rater", standardDeviation: fit.raterSD * typical),
    ]
    if !fit.raterCriterion.isEmpty { components.append(Component(name: "rater:criterion", standardDeviation: fit.raterCriterionSD)) }
    components.append(Component(name: "unit:rater", standardDeviation: fit.sheetSD * typical))
    components.append(Component(name: "residual", standardDeviation: fit.cellSD))
    let points = RaterPoints(study)
    severities = study.table.raters.indices.map { r in
      Severity(
        rater: study.table.raters[r].name, value: fit.raterEffect[r] * points.perCommon[r],
        standardError: fit.raterError[r].map { $0 * points.perCommon[r] })
    }
    var fair: [FairScore] = []
    for u in 0..<layout.unitCount where !results.result[u].isNaN {
      var shift = 0.0
      var count = 0.0
      var precision = 0.0
      var severityVariance = 0.0
      var scale = 0.0
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where layout.comparable[s] > 0 {
        let r = Int(layout.sheetRater[s])
        shift += fit.raterEffect[r] * study.pointsPerCommon[s]
        severityVariance += squared((fit.raterError[r] ?? 0) * study.pointsPerCommon[s])
        precision += 1 / fit.ownVariance(s, layout)
        scale += study.pointsPerCommon[s]
        count += 1
      }
      let unit = study.table.units[u]
      let error = count > 0 ? (squared(scale / count) / precision + severityVariance / (count * count)).squareRoot() : nil
      fair.append(
        FairScore(
          unit: unit.name, round: unit.round, result: results.result[u],
          fairScore: results.result[u] - (count > 0 ? shift / count : 0), standardError: error))
    }
    fairScores = fair
    self.components = components
    account = [
      Evidence("method", .text("robust weights; severities by best linear unbiased prediction")),
      Evidence("rounds", .count(fit.iterations)), Evidence("lastChange", .number(fit.lastChange)),
      Evidence("sheetTailDegreesOfFreedom", fit.sheetTail.isFinite ? .number(fit.sheetTail) : .text("normal")),
      Evidence("scoreTailDegreesOfFreedom", fit.cellTail.isFinite ? .number(fit.cellTail) : .text("normal")),
    ]
  }
}
