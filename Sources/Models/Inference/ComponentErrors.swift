internal import Foundation
internal import LinearAlgebra

/// One standard deviation, correlation or the residual standard deviation, with the standard error from the observed information.
public struct ComponentEstimate: Sendable, Equatable {
  public enum Kind: Sendable, Hashable {
    /// Of column c of a term.
    case standardDeviation(term: Int, column: Int)
    /// Between columns a < b of a term.
    case correlation(term: Int, Int, Int)
    case residual
  }

  public let kind: Kind
  public let estimate: Double
  /// Of the standard deviation (correlation). Nil at the boundary, where it means nothing, and where the data do not determine the estimate.
  public let standardError: Double?
  /// Of the variance; nil for a correlation and at the boundary.
  public let varianceError: Double?
}

extension LinearMixedFit {
  /// The standard deviations and correlations, term by term in lme4's order (deviation, its correlations, next deviation …), the residual's last.
  ///
  /// Standard errors by the delta method from the observed information in (θ, σ); from the average information when the model is too large for an exact criterion.
  /// - Throws: `MixedModelError.illConditioned`.
  public func componentEstimates() throws(MixedModelError) -> [ComponentEstimate] {
    if let crossed, !model.isExact {
      return crossed.components.enumerated().map { t, component in
        let deviation = component.standardDeviation
        return ComponentEstimate(
          kind: t < terms.count ? .standardDeviation(term: t, column: 0) : .residual, estimate: deviation,
          standardError: component.standardError.map { $0 / (2 * deviation) }, varianceError: component.standardError)
      }
    }
    let (local, back) = try wellConditioned()
    let derivatives = try LocalDerivatives(local)
    let m = theta.count
    let sigma = residualStandardDeviation
    let factors = model.factors
    let offsets = factors.offsets
    let lambdas = factors.factors(local.theta)
    var result: [ComponentEstimate] = []
    for (t, term) in terms.enumerated() {
      let k = term.columns.count
      let scale = local.model.scales[t]
      // ∂(ΛΛ')[i, j]/∂Λ[r, c] = δ(i, r) Λ[j, c] + δ(j, r) Λ[i, c]; σ² and T outside.
      func covarianceGradient(_ a: Int, _ b: Int) -> [Double] {
        var gradient = [Double](repeating: 0, count: m + 1)
        for i in 0..<k where back[t][a, i] != 0 {
          for j in 0..<k where back[t][b, j] != 0 {
            let unit = back[t][a, i] * back[t][b, j] * sigma * sigma / (scale[i] * scale[j])
            var next = offsets[t]
            for c in 0..<k {
              for r in c..<k {
                if r == i { gradient[next] += unit * lambdas[t][j + c * k] }
                if r == j { gradient[next] += unit * lambdas[t][i + c * k] }
                next += 1
              }
            }
          }
        }
        gradient[m] = 2 * term.covariance[a, b] / sigma
        return gradient
      }
      for a in 0..<k {
        let deviation = term.standardDeviation(a)
        let own = covarianceGradient(a, a)
        let inside = deviation > 1e-6 * sigma / model.scales[t][a]
        result.append(
          ComponentEstimate(
            kind: .standardDeviation(term: t, column: a), estimate: deviation,
            standardError: inside ? derivatives.standardError(own.map { $0 / (2 * deviation) }) : nil,
            varianceError: inside ? derivatives.standardError(own) : nil))
        for b in (a + 1)..<max(k, a + 1) {
          guard let correlation = term.correlation(a, b) else { continue }
          let product = deviation * term.standardDeviation(b)
          let other = covarianceGradient(b, b)
          let cross = covarianceGradient(a, b)
          let gradient = (0...m).map { i in
            cross[i] / product - 0.5 * correlation * (own[i] / term.covariance[a, a] + other[i] / term.covariance[b, b])
          }
          result.append(
            ComponentEstimate(
              kind: .correlation(term: t, a, b), estimate: correlation,
              standardError: abs(correlation) < 1 - 1e-8 ? derivatives.standardError(gradient) : nil,
              varianceError: nil))
        }
      }
    }
    var gradient = [Double](repeating: 0, count: m + 1)
    gradient[m] = 1
    let own = derivatives.standardError(gradient)
    result.append(ComponentEstimate(kind: .residual, estimate: sigma, standardError: own, varianceError: own.map { 2 * sigma * $0 }))
    return result
  }
}
