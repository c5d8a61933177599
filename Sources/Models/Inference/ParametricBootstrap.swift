internal import Foundation
internal import LinearAlgebra
internal import Parallel
internal import Statistics

/// Intervals from refits to responses that were simulated from the fit.
public struct BootstrapIntervals: Sendable, Equatable {
  public let intervals: [ParameterInterval]
  public let replicates: Int
  /// Refits that failed; the intervals are of the others.
  public let failed: Int
  /// Refits with a covariance on the boundary.
  public let singular: Int
}

extension LinearMixedFit {
  /// Parametric bootstrap percentile intervals of the standard deviations, correlations and coefficients.
  ///
  /// Each replicate draws new random effects and errors from the fit and is fitted by the same method. The ends are the (R + 1)α/2-th smallest and largest
  /// values, interpolated. Replicate i has its own random stream, so the result does not depend on the number of threads.
  /// - Throws: `InferenceError.fit` when more than half of the refits fail.
  public func bootstrapIntervals(replicates: Int = 1000, level: Double = 0.95, seed: UInt64 = 1) throws(InferenceError)
    -> BootstrapIntervals
  {
    precondition(replicates > 0 && level > 0 && level < 1, "a bootstrap needs replicates and a level")
    let parameters = bootstrapParameters()
    let draws: [Draw]
    do { draws = try parallelMap(replicates) { replicate throws(MixedModelError) in draw(seed, replicate) } } catch { throw .fit(error) }
    let good = draws.filter { !$0.values.isEmpty }
    if good.count * 2 < replicates {
      throw .fit(draws.compactMap(\.error).first ?? .illConditioned)
    }
    let all = parameters.enumerated().map { k, parameter in
      let sample = good.map { $0.values[k] }.filter { !$0.isNaN }.sorted()
      return ParameterInterval(
        parameter: parameter.0, estimate: parameter.1, lower: quantile(sample, (1 - level) / 2), upper: quantile(sample, (1 + level) / 2))
    }
    return BootstrapIntervals(
      intervals: all, replicates: replicates, failed: replicates - good.count, singular: good.count { $0.singular })
  }

  private struct Draw: Sendable {
    var values: [Double] = []
    var singular = false
    var error: MixedModelError?
  }

  private func draw(_ seed: UInt64, _ replicate: Int) -> Draw {
    do throws(MixedModelError) {
      let refit = try model.with(response: simulatedResponse(seed: seed, replicate: replicate)).fit(method, from: theta)
      return Draw(values: refit.bootstrapParameters().map(\.1), singular: refit.isSingular, error: nil)
    } catch { return Draw(error: error) }
  }

  /// Deviations and correlations in the order of `componentEstimates`, then the coefficients. An undefined correlation is not a number.
  private func bootstrapParameters() -> [(ParameterInterval.Parameter, Double)] {
    var result: [(ParameterInterval.Parameter, Double)] = []
    for (t, term) in terms.enumerated() {
      for a in term.columns.indices {
        result.append((.component(.standardDeviation(term: t, column: a)), term.standardDeviation(a)))
        for b in (a + 1)..<max(term.columns.count, a + 1) {
          result.append((.component(.correlation(term: t, a, b)), term.correlation(a, b) ?? .nan))
        }
      }
    }
    result.append((.component(.residual), residualStandardDeviation))
    return result + coefficients.enumerated().map { (.coefficient($0), $1.estimate) }
  }

  /// A response drawn from the fitted model, in the design's order of observations.
  func simulatedResponse(seed: UInt64, replicate: Int) -> [Double] {
    let design = model.design
    var stream = RandomStream(seed: seed, UInt64(replicate))
    var y = [Double](repeating: 0, count: design.count)
    for (j, column) in model.basis.kept.enumerated() {
      let values = design.fixedColumns[column]
      for i in y.indices { y[i] += coefficients[j].estimate * values[i] }
    }
    let sigma = residualStandardDeviation
    for (t, lambda) in model.factors.factors(theta).enumerated() {
      let term = design.terms[t]
      let k = term.order
      var b = [Double](repeating: 0, count: term.effects)
      for level in 0..<term.factor.levels {
        let u = (0..<k).map { _ in stream.normal() }
        for r in 0..<k {
          for c in 0...r { b[level * k + r] += sigma * lambda[r + c * k] * u[c] / model.scales[t][r] }
        }
      }
      for c in 0..<k {
        let values = term.values[c]
        for i in y.indices { y[i] += values[i] * b[Int(term.factor.codes[i]) * k + c] }
      }
    }
    for i in y.indices { y[i] += sigma * stream.normal() / (design.weights?[i] ?? 1).squareRoot() }
    return y
  }
}

/// The (n + 1)p-th value of a sorted sample, interpolated; nil for an empty one.
private func quantile(_ sorted: [Double], _ p: Double) -> Double? {
  if sorted.isEmpty { return nil }
  let place = min(max(Double(sorted.count + 1) * p - 1, 0), Double(sorted.count - 1))
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
