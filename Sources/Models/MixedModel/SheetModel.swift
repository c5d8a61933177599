internal import Parallel

/// A component of the model for complete score sheets.
public enum SheetComponent: String, Sendable, CaseIterable {
  case unit
  case rater
  case unitCriterion = "unit:criterion"
  case raterCriterion = "rater:criterion"
  case unitRater = "unit:rater"
}

/// The honest part of a campaign in which every sheet holds all C criteria:
///
///     y[u,r,c] = μ[c] + unit[u] + rater[r] + unit:criterion[u,c] + rater:criterion[r,c] + unit:rater[u,r] + ε
///
/// An orthonormal rotation over the criteria whose first row is constant makes the sheets fall into one stratum of (scaled) sheet means
/// and C − 1 strata of contrasts, independent of each other and with the same incidence of raters and units:
///
///     means:      unit Cσ²_u + σ²_uc     rater Cσ²_r + σ²_rc     residual Cσ²_ur + σ²
///     contrasts:  unit σ²_uc             rater σ²_rc             residual σ²
///
/// So the exact likelihood needs two dense blocks of the raters' size instead of one of (C + 1) times that size.
public struct SheetModel: Sendable {
  public let criteria: Int
  public let components: [SheetComponent]
  /// Further factors of the sheets, such as the team; a random intercept each.
  public let further: [GroupingFactor]
  let units: GroupingFactor
  let raters: GroupingFactor
  let rotation: HelmertRotation
  let centre: Double
  let problem: StrataProblem<TwoWayStatistics>
  /// Whether the units are the eliminated factor (else the raters, when there are more of them).
  let eliminatesUnits: Bool

  /// - Parameters:
  ///   - scores: sheet after sheet, C scores each.
  ///   - criteria: C, at least 2.
  ///   - units, raters: one code a sheet.
  ///   - further: more factors of the sheet.
  ///   - components: which of the variances are estimated; the others are zero. The residual always is.
  /// - Throws: `MixedModelError` for lengths, codes or values that do not fit.
  public init(
    scores: [Double], criteria: Int, units: GroupingFactor, raters: GroupingFactor, further: [GroupingFactor] = [],
    components: [SheetComponent] = [.unit, .rater, .unitCriterion, .raterCriterion]
  ) throws(MixedModelError) {
    precondition(criteria >= 2, "one criterion needs no rotation: use CrossedModel")
    let sheets = units.codes.count
    if scores.count != sheets * criteria { throw .wrongLength(of: "scores", count: scores.count, expected: sheets * criteria) }
    if let i = scores.firstIndex(where: { !$0.isFinite }) { throw .notUsable(name: "scores", observation: i) }
    try validate(
      response: [Double](repeating: 0, count: sheets), weights: nil, fixed: [], factors: [units, raters] + further)
    if sheets < 2 { throw .tooFewObservations(observations: scores.count, fixedEffects: criteria) }
    self.criteria = criteria
    self.components = SheetComponent.allCases.filter(components.contains)
    self.further = further
    self.units = units
    self.raters = raters
    rotation = HelmertRotation(size: criteria)
    centre = weightedMean(scores, nil)
    eliminatesUnits = units.levels >= raters.levels
    let rotated = rotation.rotate(scores, centre: centre)
    problem = SheetModel.strata(
      rotated, criteria, self.components, further, eliminated: eliminatesUnits ? units : raters, kept: eliminatesUnits ? raters : units,
      eliminatesUnits)
  }

  private static func strata(
    _ rotated: [[Double]], _ criteria: Int, _ components: [SheetComponent], _ further: [GroupingFactor], eliminated: GroupingFactor,
    kept: GroupingFactor, _ eliminatesUnits: Bool
  ) -> StrataProblem<TwoWayStatistics> {
    let names = components.map(\.rawValue) + further.map(\.name) + ["Residual"]
    let c = Double(criteria)
    let ones = [Double](repeating: 1, count: rotated[0].count)
    func row(_ entries: [(String, Double)]) -> [Double] {
      names.map { name in entries.first { $0.0 == name }?.1 ?? 0 }
    }
    let unit = row([("unit", c), ("unit:criterion", 1)])
    let rater = row([("rater", c), ("rater:criterion", 1)])
    // A factor without a contrast variance would cost a dense block of zeros; it is left out of the stratum.
    let keepsFactor = components.contains(eliminatesUnits ? .raterCriterion : .unitCriterion)
    let statistics = parallelMap(2) { stratum in
      TwoWayStatistics(
        eliminated: eliminated, kept: stratum == 0 ? [kept] + further : keepsFactor ? [kept] : [], fixed: [ones],
        responses: stratum == 0 ? [rotated[0]] : Array(rotated.dropFirst()), weights: nil)
    }
    let means = StrataProblem<TwoWayStatistics>.Stratum(
      statistics: statistics[0],
      coefficients: (eliminatesUnits ? [unit, rater] : [rater, unit]) + further.map { row([($0.name, c)]) }
        + [row([("unit:rater", c), ("Residual", 1)])])
    let unitContrast = row([("unit:criterion", 1)])
    let raterContrast = row([("rater:criterion", 1)])
    let contrasts = StrataProblem<TwoWayStatistics>.Stratum(
      statistics: statistics[1],
      coefficients: [eliminatesUnits ? unitContrast : raterContrast]
        + (keepsFactor ? [eliminatesUnits ? raterContrast : unitContrast] : []) + [row([("Residual", 1)])])
    return StrataProblem(componentNames: names, strata: [means, contrasts])
  }

  /// Estimates the components by REML (or ML) over all strata together.
  /// - Throws: `MixedModelError`.
  public func fit(_ method: EstimationMethod = .reml, options: FitOptions = FitOptions()) throws(MixedModelError) -> SheetFit {
    var start = startingValues()
    for (i, name) in problem.componentNames.enumerated() { if let value = options.start[name], value > 0 { start[i] = value } }
    let result = try AverageInformationSearch(problem: problem, method: method, options: options).run(
      from: start, scout: problem.scout())
    return SheetFit(model: self, result: result, solutions: result.solution)
  }

  /// Moment estimates of the strata's variances, turned into components; a difference that is not positive becomes a small share.
  private func startingValues() -> [Double] {
    let means = problem.strata[0].statistics.momentEstimates()
    var contrasts = problem.strata[1].statistics.momentEstimates()
    if problem.strata[1].coefficients.count == 2 { contrasts.insert(0, at: 1) }
    let c = Double(criteria)
    let (u, r) = eliminatesUnits ? (0, 1) : (1, 0)
    // A component that is not in the model is noise to it.
    let residual =
      contrasts[2] + (components.contains(.unitCriterion) ? 0 : contrasts[u]) + (components.contains(.raterCriterion) ? 0 : contrasts[r])
    func positive(_ value: Double) -> Double { max(value, 0.02 * residual) }
    let uc = components.contains(.unitCriterion) ? contrasts[u] : 0
    let rc = components.contains(.raterCriterion) ? contrasts[r] : 0
    let values: [SheetComponent: Double] = [
      .unit: (means[u] - uc) / c, .rater: (means[r] - rc) / c, .unitCriterion: uc, .raterCriterion: rc,
      .unitRater: (means[means.count - 1] - residual) / c,
    ]
    return components.map { positive(values[$0]!) } + further.indices.map { positive(means[2 + $0] / c) } + [residual]
  }
}
