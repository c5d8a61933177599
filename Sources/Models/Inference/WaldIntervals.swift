internal import Foundation
internal import Statistics

extension LinearMixedFit {
  /// Intervals from standard errors: of a deviation s on the logarithmic scale, `s exp(±z SE/s)`; of a correlation by Fisher's z; of a coefficient
  /// with Student's t at the degrees of freedom of its test, or the normal distribution without one. Parameters without a standard error have none, nor
  /// do deviations of less than half their standard error: the likelihood is flat down to zero, and the profile says more.
  ///
  /// Quick, and rough for variances of few levels: the profile is better there.
  public func waldIntervals(
    _ components: [ComponentEstimate], _ tests: FixedEffectTests? = nil, level: Double = 0.95
  ) -> [ParameterInterval] {
    precondition(level > 0 && level < 1, "a level is a probability")
    let tail = (1 - level) / 2
    let z = Normal.quantile(upperTail: tail)
    var result: [ParameterInterval] = []
    for component in components {
      guard let error = component.standardError, component.estimate != 0 else { continue }
      let value = component.estimate
      var (lower, upper) = (0.0, 0.0)
      if case .correlation = component.kind {
        let spread = z * error / (1 - value * value)
        (lower, upper) = (tanh(atanh(value) - spread), tanh(atanh(value) + spread))
      } else {
        if error > 2 * value { continue }
        let factor = exp(z * error / value)
        (lower, upper) = (value / factor, value * factor)
      }
      result.append(ParameterInterval(parameter: .component(component.kind), estimate: value, lower: lower, upper: upper))
    }
    for (j, effect) in coefficients.enumerated() {
      let test = tests?.coefficients[j]
      var quantile = z
      if let degrees = test?.degreesOfFreedom, degrees.isFinite, degrees < 1e9 {
        quantile = StudentT(degreesOfFreedom: degrees).quantile(upperTail: tail)
      }
      let spread = quantile * (test?.standardError ?? effect.standardError)
      result.append(
        ParameterInterval(
          parameter: .coefficient(j), estimate: effect.estimate, lower: effect.estimate - spread, upper: effect.estimate + spread))
    }
    return result
  }
}
