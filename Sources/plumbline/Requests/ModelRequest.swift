import Analysis
import Models

/// What a mixed-model analysis is asked for: values made of `ModelArguments`.
struct ModelRequest {
  var formula: ModelFormula?
  private var comparison: ModelFormula?
  private var method: EstimationMethod
  private var intervals: ModelOptions.Intervals
  private var tests: ModelOptions.Tests
  private var effects: [String]
  private var exact: Bool
  private var weights: String?
  private var residual = ResidualStructure.constant
  private var level: Double
  private var replicates: Int
  private var seed: UInt64

  init(_ typed: ModelArguments, _ problems: inout Problems) {
    formula = Self.formula(typed.formula, "--formula", &problems)
    comparison = Self.formula(typed.compare, "--compare", &problems)
    method = problems.choice(typed.method, option: "--method", default: .reml, ["reml": .reml, "ml": .ml])
    intervals = problems.choice(
      typed.intervals, option: "--intervals", default: .wald, ["wald": .wald, "profile": .profile, "bootstrap": .bootstrap, "none": .none])
    tests = problems.choice(
      typed.tests, option: "--tests", default: .satterthwaite,
      ["satterthwaite": .satterthwaite, "kenward-roger": .kenwardRoger, "none": .none])
    effects = typed.effects
    exact = typed.exact
    weights = typed.weights
    if weights != nil, typed.formula == nil { problems.add("--weights goes with --formula.", zh: "--weights 须与 --formula 同用。") }
    if let text = typed.residual {
      if let structure = ResidualStructure(text) {
        residual = structure
      } else {
        problems.add(
          "--residual \(text): say constant, by:FACTOR, shrunken:FACTOR, level or student-t.",
          zh: "--residual \(text)：可写 constant、by:因子、shrunken:因子、level 或 student-t。")
      }
    }
    level = problems.number(typed.level, option: "--level", above: 0, below: 1) ?? 0.95
    replicates = problems.whole(typed.replicates, option: "--replicates", in: 10...1_000_000) ?? 1000
    seed = problems.seed(typed.seed) ?? 1
    if typed.intervals != "bootstrap", typed.replicates != nil || typed.seed != nil {
      problems.add("--replicates and --seed go with --intervals bootstrap.", zh: "--replicates 和 --seed 须与 --intervals bootstrap 同用。")
    }
  }

  private static func formula(_ text: String?, _ option: String, _ problems: inout Problems) -> ModelFormula? {
    guard let text else { return nil }
    do throws(FormulaError) { return try ModelFormula(text) } catch {
      problems.add("\(option): \(error.text.en)", zh: "\(option)：\(error.text.zh)")
      return nil
    }
  }

  func options(for formula: ModelFormula) -> ModelOptions {
    var options = ModelOptions(formula: formula)
    options.method = method
    options.comparison = comparison
    options.intervals = intervals
    options.tests = tests
    options.level = level
    options.replicates = replicates
    options.seed = seed
    options.effects = effects
    options.exact = exact
    options.residual = residual
    options.weights = weights
    return options
  }
}
