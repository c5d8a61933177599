import Models
import Testing

/// 73,421 ratings of 1,128 lecturers by 2,972 students in 14 departments (lme4's InstEval). Deviances as asserted in MixedModels.jl's test/pls.jl.
@Suite(.enabled(if: SharedData.isPresent, "the data sets beside the package are not there"))
struct InstEvalTests {
  func fit(_ formula: String) throws -> LinearMixedFit {
    let columns = try SharedData.columns("datasets/insteval_eth/data.csv")
    var frame = ModelFrame()
    for name in ["rater", "unit", "unit_group", "service"] { frame.add(name, labels: columns[name]!) }
    frame.add("score", columns["score"]!.map { Double($0)! })
    return try LinearMixedModel(ModelDesign(ModelFormula(formula), frame)).fit(.ml)
  }

  @Test func threeFactors() throws {
    let fit = try fit("score ~ service + (1 | rater) + (1 | unit) + (1 | unit_group)")
    #expect(abs(fit.criterion - 237721.76877450474) < 1e-6)
  }

  @Test func fixedInteraction() throws {
    let fit = try fit("score ~ service * unit_group + (1 | rater) + (1 | unit)")
    #expect(abs(fit.criterion - 237585.5534151695) < 1e-6)
    #expect(fit.coefficients.count == 28)
  }
}
