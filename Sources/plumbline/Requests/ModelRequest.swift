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
  private var weights: String?
  private var residual = ResidualStructure.constant
  private var level = 0.95
  private var replicates = 1000
  private var seed: UInt64 = 1

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
    if let text = typed.level {
      if let value = Double(text), value > 0, value < 1 {
        level = value
      } else {
        problems.add("--level \(text): a number between 0 and 1, such as 0.95.", zh: "--level \(text)：须为 0 与 1 之间的数，如 0.95。")
      }
    }
    if let text = typed.replicates {
      if let value = Int(text), (10...1_000_000).contains(value) {
        replicates = value
      } else {
        problems.add("--replicates \(text): a whole number from 10 to 1,000,000.", zh: "--replicates \(text)：须为 10 至 1,000,000 的整数。")
      }
    }
    if let text = typed.seed {
      if let value = UInt64(text) {
        seed = value
      } else {
        problems.add("--seed \(text): a whole number from 0.", zh: "--seed \(text)：须为非负整数。")
      }
    }
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
    options.residual = residual
    options.weights = weights
    return options
  }
}
