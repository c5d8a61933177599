internal import Foundation
internal import LinearAlgebra

/// What is known of a mixed model at given covariance factors θ, for a residual variance of 1.
///
/// The deviance is `logDeterminant + degrees log(2πσ²) + penalised / σ²`; it is smallest at σ² = penalised / degrees (Bates, Mächler, Bolker and Walker
/// 2015, equations 30 to 42).
struct CriterionPoint: Sendable {
  var theta: [Double]
  /// log|V| − n log σ², and by REML + log|Q'V⁻¹Q| + p log σ².
  var logDeterminant: Double
  /// The penalised residual sum of squares r².
  var penalised: Double
  /// n − p by REML, n by ML.
  var degrees: Double
  /// Derivatives of both by θ.
  var logGradient: [Double]
  var penalisedGradient: [Double]
  /// Coefficients of the fixed basis.
  var fixed: [Double]
  /// Their covariance divided by σ².
  var fixedInverse: Matrix
  /// About the Hessian of the profiled deviance by θ, from the average information; nil when it was not asked for.
  var information: Matrix?

  static let logTwoPi = 1.8378770664093454836

  /// The deviance at the best σ.
  var profiled: Double { logDeterminant + degrees * (1 + Self.logTwoPi + log(penalised / degrees)) }
  var profiledGradient: [Double] {
    zip(logGradient, penalisedGradient).map { $0 + degrees * $1 / penalised }
  }
  /// The best σ².
  var variance: Double { penalised / degrees }
}

/// A mixed model whose deviance can be had at any θ.
protocol ProfiledCriterion: Sendable {
  var factors: CovarianceFactors { get }
  /// Whether one grouping factor has several terms: their variances can stand in for each other, so that there may be several minima.
  var hasTermsOfOneFactor: Bool { get }
  func evaluate(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint
  /// The same with the average information.
  func evaluateWithInformation(_ theta: [Double], method: EstimationMethod) throws(MixedModelError) -> CriterionPoint
}
