internal import Models
internal import Statistics
internal import Wording

/// What a model with units, raters and teams says of one team.
struct TeamEffect: Sendable {
  /// Prediction over its standard deviation among honest teams.
  var z: Double
  /// The unshrunk effect in common points, positive for a lenient team, and its standard error.
  var value: Double
  var error: Double

  /// The reason given by the rules of teams where there are none.
  static let noTeams = Text(
    "the scores do not say which team a rater belongs to (column team)", zh: "评分数据没有注明考评员所属考评组（team 列）")

  /// The levels of sheets that a team model is fitted to, their precisions and the variances beside teams.
  struct Sheets {
    var level: [Double]
    var precision: [Double]
    var unitVariance: Double
    var raterVariance: Double

    init(_ fit: HonestFit, _ layout: Layout) {
      level = fit.level
      precision = layout.comparable.indices.map { s in
        layout.comparable[s] > 0 ? fit.weight[s] / (fit.ownVariance(s, layout) * fit.panelFactor[s]) : 0
      }
      unitVariance = squared(fit.unitSD)
      raterVariance = squared(fit.raterSD)
    }

    init(_ censored: CensoredFit) {
      level = censored.level
      precision = censored.precision
      unitVariance = squared(censored.unitSD)
      raterVariance = squared(censored.raterSD)
    }
  }

  /// By team, nil for those that too few scores link with others; nil when the model cannot be solved.
  ///
  /// Teams get a small variance: the statistic is then the score test of no team effect. One factorisation over raters and teams.
  static func all(_ study: Study, _ sheets: Sheets) -> [TeamEffect?]? {
    let layout = study.layout
    // Raters of no team stand for themselves.
    var codes = study.teamOfRater
    var levels = Int32(study.teams.count)
    for r in codes.indices where codes[r] < 0 {
      codes[r] = levels
      levels += 1
    }
    let size = Double(study.teamOfRater.count { $0 >= 0 }) / Double(study.teams.count)
    let teamVariance = 0.05 * sheets.raterVariance / max(1, size)
    guard
      let model = try? CrossedModel(
        response: sheets.level, weights: sheets.precision,
        factors: [
          GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount),
          GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount),
          GroupingFactor("team", codes: layout.sheetRater.map { codes[Int($0)] }, levels: Int(levels)),
        ]),
      let effects = try? model.effects(at: [sheets.unitVariance, sheets.raterVariance, teamVariance, 1])[2]
    else { return nil }
    return study.teams.indices.map { t in
      // How much of a team effect the scores could show, against a team of this size whose members' severities were known exactly.
      let information = 1 - squared(effects.standardErrors[t]) / teamVariance
      let members = Double(study.teamOfRater.count { $0 == Int32(t) })
      let best = teamVariance / (teamVariance + sheets.raterVariance / max(1, members))
      guard information > 0.25 * best else { return nil }
      return TeamEffect(
        z: effects.values[t] / (teamVariance * information).squareRoot(), value: effects.values[t] / information,
        error: (teamVariance * (1 - information) / information).squareRoot())
    }
  }
}
