internal import LinearAlgebra

/// A fitted `SheetModel`.
public struct SheetFit: Sendable {
  /// The estimated variances, the residual last.
  public let components: [VarianceComponent]
  /// −2 log-likelihood (ML) or REML criterion of the scores, with lme4's constants for `criterion` as a fixed factor.
  public let criterion: Double
  public let account: FitAccount
  /// μ[c], one a criterion.
  public let criterionMeans: [FixedEffect]
  /// Standard error of the difference of any two criterion means (the same for every pair).
  public let criterionDifferenceStandardError: Double
  /// The rater effects rater[r]: severity with the sign turned.
  public let raters: RandomEffects
  /// The unit effects unit[u].
  public let units: RandomEffects
  /// unit[u] plus the mean of unit:criterion[u, ·]: what μ̄ is added to for a fair mean over these very criteria.
  public let unitTotals: RandomEffects
  /// rater[r] plus the mean of rater:criterion[r, ·].
  public let raterTotals: RandomEffects
  /// Effect u·C + c is unit:criterion[u, c]; nil when the component is not in the model.
  public let unitCriteria: RandomEffects?
  /// Effect r·C + c is rater:criterion[r, c]; nil when the component is not in the model.
  public let raterCriteria: RandomEffects?
  /// The further factors' effects.
  public let further: [RandomEffects]

  /// A component by name; nil when the model has none of that name.
  public func component(_ name: String) -> VarianceComponent? { components.first { $0.name == name } }

  init(model: SheetModel, result: AverageInformationSearch<StrataProblem<TwoWayStatistics>>.Result, solutions: [TwoWaySolution]) {
    let names = model.problem.componentNames
    components = names.indices.map {
      VarianceComponent(name: names[$0], variance: result.components[$0], standardError: result.standardErrors[$0])
    }
    criterion = result.evaluation.criterion
    account = result.account
    var variance: [String: Double] = [:]
    for (name, value) in zip(names, result.components) { variance[name] = value }

    let c = Double(model.criteria)
    let strata = model.problem.strata
    let variances = strata.map { $0.variances(at: result.components) }
    let means = StratumEffects(strata[0].statistics, solutions[0], residual: variances[0].last!)
    let contrasts = StratumEffects(strata[1].statistics, solutions[1], residual: variances[1].last!)
    let (u, r) = model.eliminatesUnits ? (0, 1) : (1, 0)

    // Criterion means: the rotation turned back.
    let rotation = model.rotation
    let coordinates = [means.intercepts[0].value] + contrasts.intercepts.map(\.value)
    let meanError = means.intercepts[0].variance
    let contrastError = contrasts.intercepts[0].variance
    let standardError = (meanError / c + contrastError * (1 - 1 / c)).squareRoot()
    criterionMeans = rotation.turnedBack { coordinates[$0] }.enumerated().map { k, value in
      FixedEffect(name: String(k), estimate: model.centre + value, standardError: standardError)
    }
    criterionDifferenceStandardError = (2 * contrastError).squareRoot()

    func split(_ name: String, _ interaction: String, _ side: Int) -> (RandomEffects, RandomEffects, RandomEffects?) {
      let own = variance[name] ?? 0
      let mixed = variance[interaction] ?? 0
      let mean = means.effects(side)
      let total = c * own + mixed
      // Share of the stratum's effect that belongs to the main effect and to the mean interaction.
      let main = total > 0 ? c.squareRoot() * own / total : 0
      let part = total > 0 ? mixed / total : 0
      let known = mean.variances.map { total - $0 }
      let mainEffects = RandomEffects(
        name: name, values: mean.values[0].map { $0 * main }, standardErrors: known.map { max(own - main * main * $0, 0).squareRoot() })
      let totals = RandomEffects(
        name: name, values: mean.values[0].map { $0 / c.squareRoot() }, standardErrors: mean.variances.map { ($0 / c).squareRoot() })
      guard variance[interaction] != nil else { return (mainEffects, totals, nil) }
      let contrast = contrasts.effects(side)
      let levels = mean.values[0].count
      var values = [Double](repeating: 0, count: levels * model.criteria)
      var errors = values
      for l in 0..<levels {
        let first = part * mean.values[0][l]
        let error = (mixed - part * part * known[l]) / c + contrast.variances[l] * (1 - 1 / c)
        let turned = rotation.turnedBack { $0 == 0 ? first : contrast.values[$0 - 1][l] }
        for k in 0..<model.criteria {
          values[l * model.criteria + k] = turned[k]
          errors[l * model.criteria + k] = max(error, 0).squareRoot()
        }
      }
      return (mainEffects, totals, RandomEffects(name: interaction, values: values, standardErrors: errors))
    }
    (units, unitTotals, unitCriteria) = split("unit", "unit:criterion", u)
    (raters, raterTotals, raterCriteria) = split("rater", "rater:criterion", r)
    further = model.further.indices.map { f in
      let effects = means.effects(2 + f)
      return RandomEffects(
        name: model.further[f].name, values: effects.values[0].map { $0 / c.squareRoot() },
        standardErrors: effects.variances.map { ($0 / c).squareRoot() })
    }
  }
}

/// Effects of one stratum with their prediction error variances.
private struct StratumEffects {
  let statistics: TwoWayStatistics
  let solution: TwoWaySolution
  let residual: Double

  init(_ statistics: TwoWayStatistics, _ solution: TwoWaySolution, residual: Double) {
    self.statistics = statistics
    self.solution = solution
    self.residual = residual
  }

  /// Side 0 is the eliminated factor, side k the k-th kept one. One array of values a response; the variances are common to all.
  func effects(_ side: Int) -> (values: [[Double]], variances: [Double]) {
    if side == 0 {
      let variances = solution.shrinkage.indices.map { u in
        residual * (solution.shrinkage[u] + solution.shrinkage[u] * solution.shrinkage[u] * solution.unitForms[u])
      }
      return (solution.eliminated, variances)
    }
    let range = statistics.kept[side - 1]
    return (solution.kept.map { Array($0[range]) }, range.map { residual * solution.inverse[$0, $0] })
  }

  var intercepts: [(value: Double, variance: Double)] {
    let column = statistics.randomColumns
    return solution.kept.map { ($0[column], residual * solution.inverse[column, column]) }
  }
}
