import Foundation

extension StratifiedPermutationTest {
  /// The interval of shifts δ that the test does not reject when every labelled value is taken to be δ too high.
  ///
  /// By inversion: δ is taken off the labelled values, the strata are permuted, and the ends are where the one-sided mid-p
  /// (saddlepoint) is ½(1 − `confidence`). No normality is assumed; coverage is exact but for the approximation of the
  /// p-value (the shift model itself, one δ for all, is the assumption). Each end takes some five linear passes.
  ///
  /// - Returns: the interval; an end is infinite when even infinite shifts are not rejected, which happens when so few
  ///   arrangements exist that no p-value is small enough; nil when no stratum holds both kinds.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    precondition(confidence > 0 && confidence < 1, "confidence lies in (0, 1)")
    guard strata > 0, information > 0 else { return nil }
    let target = Normal.quantile(upperTail: 0.5 * (1 - confidence))
    // A shift without bound puts the labels at the top of every stratum; no arrangement has a smaller mid-p than half of that one.
    let bound = Normal.quantile(logUpperTail: mostExtremeLogProbability - 0.6931471805599453)
    if bound <= target { return -Double.infinity...Double.infinity }
    let low = shift(withDeviate: target, towards: -1)
    let high = shift(withDeviate: -target, towards: 1)
    return min(low, high)...max(low, high)
  }

  /// −Σ log C(n, m): the smallest p-value this design can give.
  public var mostExtremeLogProbability: Double {
    var sum = 0.0
    for h in 0..<sample.strata {
      sum -= StratifiedSample.logChoose(sample.starts[h + 1] - sample.starts[h], sample.labelCounts[h])
    }
    return sum
  }

  /// The normal deviate of the data with `shift` taken off the labelled values; decreasing in the shift.
  private func deviate(removing shift: Double) -> Double {
    let shifted = sample.removing(shift)
    let moments = shifted.moments
    guard moments.variance > 0 else { return 0 }
    return PermutationSaddlepoint(sample: shifted, mean: moments.mean, variance: moments.variance).deviate(shifted.observed)
  }

  private func shift(withDeviate target: Double, towards direction: Double) -> Double {
    // The spread without the effect itself; the estimate has deviate 0.
    let centred = sample.removing(effect).moments
    let error = centred.variance.squareRoot() / information
    if error == 0 { return effect }
    var near = 0.0
    var far = abs(target)
    var (nearValue, farValue) = (-target, deviate(removing: effect + direction * far * error) - target)
    for _ in 0..<60 where nearValue.sign == farValue.sign {
      (near, nearValue) = (far, farValue)
      far *= 1.6
      farValue = deviate(removing: effect + direction * far * error) - target
    }
    let root = Brent.root(in: near...far, tolerance: 1e-4) { deviate(removing: effect + direction * $0 * error) - target }
    return root.map { effect + direction * $0 * error } ?? direction * .infinity
  }
}
