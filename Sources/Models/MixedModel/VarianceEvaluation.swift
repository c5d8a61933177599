internal import LinearAlgebra

/// The criterion of a Gaussian linear model with covariance `V = Σ v[i] V[i]` at given components v, and its derivatives.
///
///     criterion = log|V| (+ log|X'V⁻¹X|) + y'Py + degrees · log 2π
///     ∂/∂v[i]   = tr(P V[i]) − y'P V[i] P y
///     average information[i, j] = ½ y'P V[i] P V[j] P y
///
/// with `P = V⁻¹ − V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹`; by maximum likelihood the trace is tr(V⁻¹V[i]) instead, and the term in brackets is absent.
struct VarianceEvaluation: Sendable {
  /// log|V|, and by REML + log|X'V⁻¹X|.
  var logDeterminant: Double
  /// y'Py.
  var quadratic: Double
  /// n − p by REML, n by ML.
  var degrees: Double
  var traces: [Double]
  var forms: [Double]
  /// y'P V[i] P V[j] P y, without the half.
  var information: Matrix

  static let logTwoPi = 1.8378770664093454836

  var criterion: Double { logDeterminant + quadratic + degrees * Self.logTwoPi }
  var gradient: [Double] { zip(traces, forms).map { $0 - $1 } }

  /// The same quantities with every component multiplied by `s`: they are known without another evaluation.
  func scaled(by s: Double, logS: Double) -> VarianceEvaluation {
    var result = self
    result.logDeterminant += degrees * logS
    result.quadratic /= s
    result.traces = traces.map { $0 / s }
    result.forms = forms.map { $0 / (s * s) }
    let cube = s * s * s
    result.information = Matrix(rows: information.rows, columns: information.columns, elements: information.elements.map { $0 / cube })
    return result
  }
}

/// Something whose variance components can be estimated.
protocol VarianceProblem: Sendable {
  associatedtype Solution: Sendable
  var componentNames: [String] { get }
  /// False when the criterion is not computed during the search; steps are then taken without checking that it falls.
  var hasExactCriterion: Bool { get }
  /// A component that is exactly zero is taken out; its derivatives come back as zero.
  /// - Parameter previous: what the evaluation before this one left, which may save work.
  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: Solution?
  ) throws(MixedModelError) -> (VarianceEvaluation, Solution)
}

extension VarianceProblem {
  var hasExactCriterion: Bool { true }
}
