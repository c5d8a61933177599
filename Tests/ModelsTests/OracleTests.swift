import Models
import Testing

/// Against an independent dense REML (`reml_polish.py`), 8 digits.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared"))
struct OracleTests {
  struct Scores {
    let score: [Double]
    let unit: GroupingFactor
    let rater: GroupingFactor
    let criterion: GroupingFactor
    let raterNames: [String]

    init(_ name: String) throws {
      let columns = try SharedData.columns("peers/data/\(name).csv")
      score = columns["score"]!.map { Double($0)! }
      unit = factor("unit", columns["unit"]!)
      rater = factor("rater", columns["rater"]!)
      criterion = factor("criterion", columns["criterion"]!)
      raterNames = Set(columns["rater"]!).sorted()
    }

    /// One code a sheet; sheets are contiguous in these files and list the criteria in order.
    func bySheet(_ factor: GroupingFactor) -> GroupingFactor {
      GroupingFactor(
        factor.name, codes: stride(from: 0, to: score.count, by: criterion.levels).map { factor.codes[$0] }, levels: factor.levels)
    }
  }

  static let sets = ["T_cont_clean_s1", "S_cont_clean_s1"]

  @Test(arguments: sets, ["simple", "full"]) func rotationMatches(_ name: String, _ model: String) throws {
    let scores = try Scores(name)
    let oracle = try #require(try SharedData.polished()["\(name) \(model)"])
    let fit = try SheetModel(
      scores: scores.score, criteria: scores.criterion.levels, units: scores.bySheet(scores.unit), raters: scores.bySheet(scores.rater),
      components: model == "simple" ? [.unit, .rater] : [.unit, .rater, .unitCriterion, .raterCriterion]
    ).fit()
    #expect(relativeError(fit.criterion, oracle.criterion) < 1e-11)
    for component in fit.components {
      #expect(relativeError(component.variance, try #require(oracle.varcomp[component.name])) < 1e-8)
      #expect(relativeError(try #require(component.standardError), try #require(oracle.standardErrors[component.name])) < 1e-8)
    }
    #expect(relativeError(fit.criterionMeans[0].estimate, oracle.fixef[0]) < 1e-8)
    #expect(relativeError(fit.criterionMeans[0].standardError, oracle.fixefErrors[0]) < 1e-8)
    for c in 1..<scores.criterion.levels {
      #expect(abs(fit.criterionMeans[c].estimate - fit.criterionMeans[0].estimate - oracle.fixef[c]) < 1e-8)
      #expect(relativeError(fit.criterionDifferenceStandardError, oracle.fixefErrors[c]) < 1e-8)
    }
    for (r, rater) in scores.raterNames.enumerated() {
      #expect(abs(fit.raters.values[r] - (try #require(oracle.raters[rater]))) < 1e-8)
    }
  }

  @Test(arguments: sets, ["simple", "full"]) func scoresOneByOneMatch(_ name: String, _ model: String) throws {
    let scores = try Scores(name)
    let oracle = try #require(try SharedData.polished()["\(name) \(model)"])
    var factors = [scores.unit, scores.rater]
    if model == "full" { factors += [scores.unit.crossed(with: scores.criterion), scores.rater.crossed(with: scores.criterion)] }
    let fit = try CrossedModel(response: scores.score, fixed: FixedColumn.treatment(scores.criterion), factors: factors).fit()
    #expect(relativeError(fit.criterion, oracle.criterion) < 1e-11)
    for component in fit.components {
      #expect(relativeError(component.variance, try #require(oracle.varcomp[component.name])) < 1e-8)
      #expect(relativeError(try #require(component.standardError), try #require(oracle.standardErrors[component.name])) < 1e-8)
    }
    for (effect, (estimate, error)) in zip(fit.fixedEffects, zip(oracle.fixef, oracle.fixefErrors)) {
      #expect(relativeError(effect.estimate, estimate) < 1e-8)
      #expect(relativeError(effect.standardError, error) < 1e-8)
    }
    let raters = try #require(fit.effects(of: "rater"))
    for (r, rater) in scores.raterNames.enumerated() {
      #expect(abs(raters.values[r] - (try #require(oracle.raters[rater]))) < 1e-8)
    }
  }

  /// lme4's InstEval, `y ~ service + (1|s) + (1|d) + (1|dept)` by ML: MixedModels.jl's tests give 237721.76877450474.
  @Test func instEval() throws {
    let columns = try SharedData.columns("datasets/insteval_eth/data.csv")
    let fit = try CrossedModel(
      response: columns["score"]!.map { Double($0)! }, fixed: [FixedColumn("service", columns["service"]!.map { Double($0)! })],
      factors: [factor("s", columns["rater"]!), factor("d", columns["unit"]!), factor("dept", columns["unit_group"]!)]
    ).fit(.ml)
    #expect(abs(fit.criterion - 237721.76877450474) < 1e-4)
    #expect(fit.account.converged)
  }
}
