internal import Foundation

/// How a rule's p-values behave in honest campaigns on this design: a correction that only ever makes them larger.
///
/// An exact p-value has P(p ≤ x) = x, so that −log(p / p₀) beyond a threshold p₀ is exponential with mean 1. From the pooled p-values of simulated honest campaigns the
/// share below p₀ and that mean θ are estimated, both shrunk towards the exact law by a few pseudo-observations, and never taken below it. Then
///
///     calibrated p = p₀ · share ratio · (p / p₀)^(1/θ)   for p < p₀
///
/// So a calibrated p can be as small as the evidence makes it, however few campaigns were simulated, and a test whose tail is too light pays for it in the tail.
struct NullTail: Sendable {
  /// p-values above this are not used for the tail; every rule keeps the tests below it.
  static let threshold = 0.01
  static let pseudoCount = 8.0

  private(set) var ratio = 1.0
  private(set) var mean = 1.0

  /// - Parameters:
  ///   - pValues: those below the threshold, of all simulated campaigns.
  ///   - tests: how many tests there were in all.
  init(below pValues: [Double], tests: Int) {
    let k = NullTail.pseudoCount
    let count = Double(pValues.count)
    var excess = 0.0
    for p in pValues { excess += log(NullTail.threshold / max(p, 1e-300)) }
    mean = max(1, (excess + k) / (count + k))
    ratio = max(1, (count + k) / (Double(tests) * NullTail.threshold + k))
  }

  func calibrated(_ p: Double) -> Double {
    guard p < NullTail.threshold else { return min(1, max(p, NullTail.threshold * ratio, p * ratio)) }
    return min(1, NullTail.threshold * ratio * pow(p / NullTail.threshold, 1 / mean))
  }

  /// The p-value that is calibrated to `p`.
  func raw(_ p: Double) -> Double {
    let q = p / ratio
    return q < NullTail.threshold ? NullTail.threshold * pow(q / NullTail.threshold, mean) : q
  }
}
