internal import Models
internal import Scores

extension HonestPartSummary {
  /// What the fit found, in points; nil when nothing could be fitted.
  init?(_ study: Study, _ results: Results) {
    guard let fit = study.fit else { return nil }
    let layout = study.layout
    let typical = median(study.pointsPerCommon)
    let likelihood = LikelihoodFit(study, fit)
    components = likelihood.components.map { name, variance in
      // Effects on whole sheets are told in points of the result, effects within them in points of a score.
      let ofSheets = !name.contains("criterion") && name != "residual"
      return Component(name: name, standardDeviation: variance.squareRoot() * (ofSheets ? typical : 1))
    }
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
        shift += (fit.raterEffect[r] + (study.scaleUse?.shift[s] ?? 0)) * study.pointsPerCommon[s]
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
    account =
      likelihood.account + [
        Evidence("severities", .text("best linear unbiased prediction at robust weights")),
        Evidence("rounds", .count(fit.iterations)), Evidence("lastChange", .number(fit.lastChange)),
        Evidence("robustUnitSD", .number(fit.unitSD * typical)), Evidence("robustRaterSD", .number(fit.raterSD * typical)),
        Evidence("robustRaterCriterionSD", .number(fit.raterCriterionSD)), Evidence("robustSheetSD", .number(fit.sheetSD * typical)),
        Evidence("robustResidualSD", .number(fit.cellSD)),
        Evidence("sheetTailDegreesOfFreedom", fit.sheetTail.isFinite ? .number(fit.sheetTail) : .text("normal")),
        Evidence("scoreTailDegreesOfFreedom", fit.cellTail.isFinite ? .number(fit.cellTail) : .text("normal")),
      ]
  }
}
