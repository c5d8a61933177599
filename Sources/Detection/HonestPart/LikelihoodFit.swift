internal import Models

/// The honest part's variance components by restricted maximum likelihood, with the account of the fit.
///
/// Complete sheets are fitted score by score (unit, rater, team, unit × criterion, rater × criterion, unit × rater, residual), all with full weight: what a
/// mixed-model program gives. Incomplete ones are fitted by sheet at the robust weights. Above the size limits nothing is fitted, and the account says so; the robust estimates
/// that the rules use do not depend on this.
struct LikelihoodFit: Sendable {
  /// Names and variances in common points.
  private(set) var components: [(name: String, variance: Double)] = []
  private(set) var account: [Evidence] = []

  static let maximumScores = 1_000_000
  static let maximumSheets = 1_000_000
  static let maximumRaters = 4000

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let units = GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount)
    let raters = GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount)
    let everyoneHasTeam = study.teams.count >= 2 && !study.teamOfRater.contains(-1)
    let team =
      everyoneHasTeam
      ? [GroupingFactor("team", codes: layout.sheetRater.map { study.teamOfRater[Int($0)] }, levels: study.teams.count)] : []
    guard layout.raterCount <= LikelihoodFit.maximumRaters, layout.sheetCount <= LikelihoodFit.maximumSheets else {
      account = [Evidence("method", .text("not fitted: more raters or sheets than are fitted by likelihood in a screen"))]
      robustComponents(fit)
      return
    }
    let complete = layout.observationCount == layout.sheetCount * layout.criterionCount
    do {
      if complete, layout.criterionCount > 1, layout.observationCount <= LikelihoodFit.maximumScores {
        let model = try SheetModel(
          scores: study.commonScores, criteria: layout.criterionCount, units: units, raters: raters, further: team,
          components: SheetComponent.allCases)
        let result = try model.fit()
        describe("REML, score by score", result.components, result.account, criterion: result.criterion, residual: "residual")
      } else {
        var weights = [Double](repeating: 0, count: layout.sheetCount)
        for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
          weights[s] = fit.weight[s] * squared(fit.sheetMeanSD) / (fit.ownVariance(s, layout) * fit.panelFactor[s])
        }
        let model = try CrossedModel(
          response: fit.level.indices.map { layout.comparable[$0] > 0 ? fit.level[$0] : 0 }, weights: weights,
          factors: [units, raters] + team)
        let result = try model.fit()
        describe(
          "REML, sheet by sheet at robust weights", result.components, result.account, criterion: result.criterion, residual: "unit:rater")
      }
    } catch {
      account = [Evidence("method", .text("not fitted: \(error)"))]
      robustComponents(fit)
    }
  }

  private mutating func describe(
    _ method: String, _ components: [VarianceComponent], _ account: FitAccount, criterion: Double, residual: String
  ) {
    self.components = components.map { ($0.name == "Residual" ? residual : $0.name, $0.variance) }
    self.account = [
      Evidence("method", .text(method)), Evidence("algorithm", .text(account.algorithm)), Evidence("criterion", .number(criterion)),
      Evidence("steps", .count(account.steps)), Evidence("evaluations", .count(account.evaluations)),
      Evidence("tolerance", .number(account.tolerance)), Evidence("lastRelativeStep", .number(account.lastRelativeStep)),
      Evidence("maximumGradient", .number(account.maximumGradient)), Evidence("converged", .flag(account.converged)),
      Evidence("singular", .flag(account.isSingular)), Evidence("atBoundary", .texts(account.atBoundary)),
    ]
  }

  private mutating func robustComponents(_ fit: HonestFit) {
    components = [
      ("unit", squared(fit.unitSD)), ("rater", squared(fit.raterSD)), ("rater:criterion", squared(fit.raterCriterionSD)),
      ("unit:rater", squared(fit.sheetSD)), ("residual", squared(fit.cellSD)),
    ]
  }
}
