public import Models
public import Wording

/// What a mixed-model analysis is asked for.
public struct ModelOptions: Sendable {
  public enum Intervals: String, Sendable, CaseIterable { case wald, profile, bootstrap, none }
  public enum Tests: String, Sendable, CaseIterable {
    case satterthwaite
    case kenwardRoger = "kenward-roger"
    case none
  }

  public var formula: ModelFormula
  /// How the formula came about when nobody typed it.
  public var choice: Text?
  public var method: EstimationMethod = .reml
  /// A second model of the same scores to compare with.
  public var comparison: ModelFormula?
  public var intervals: Intervals = .wald
  public var tests: Tests = .satterthwaite
  /// No random probes however many levels: a dense matrix of up to `CrossedModel.largestDense` of them.
  public var exact = false
  public var residual = ResidualStructure.constant
  public var level = 0.95
  public var replicates = 1000
  public var seed: UInt64 = 1
  /// The column of prior weights w: Var(residual) = σ²/w.
  public var weights: String?
  /// Grouping factors whose predictions are listed.
  public var effects: [String] = []

  public init(formula: ModelFormula) { self.formula = formula }

  /// Every column that the formulas need, each once.
  public var columns: [String] {
    var seen: Set<String> = []
    return (formula.columns + (comparison?.columns ?? []) + (weights.map { [$0] } ?? [])).filter { seen.insert($0).inserted }
  }
}

/// Why there is no analysis: what is wrong, and what to do.
public struct ModelProblem: Error, Sendable {
  public var text: Text

  public init(_ text: Text) { self.text = text }
}
