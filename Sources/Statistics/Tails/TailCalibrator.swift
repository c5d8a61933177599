import Foundation

/// Turns a statistic into a p-value by a pooled sample of what it does under the hypothesis.
///
/// A Monte Carlo p-value cannot be smaller than one in the number of draws. This one can: within the sample it is the
/// empirical tail, interpolated; beyond a high threshold it is a generalised Pareto tail fitted to the exceedances.
/// Where possible feed it a statistic with a tail near
/// exponential, such as −log of an approximate p-value or z²/2, rather than a ratio.
///
/// - Inside: at the draw of rank r from the top, p = (r + 1)/(n + 1) (never anti-conservative in expectation), log p linear in
///   the statistic in between; below the smallest draw p = 1.
/// - Threshold: the draw of rank k = min(√n·3, n/10), at least 20 from the top.
/// - Beyond: log p = log p_k + log GPD(x − threshold). The shape is drawn to 0 with the weight of `priorWeight` observations,
///   then raised by `caution` standard errors ((1 + ξ)/√k), and not allowed below 0: an end point of the tail is
///   never believed. So the price of few draws is a larger p far out, not a smaller one.
/// - The result is continuous at the threshold and never increases with the statistic.
///
/// With fewer than 100 draws there is no extrapolation: the p-value stops at 1/(n + 1).
public struct TailCalibrator: Sendable {
  public let count: Int
  public let threshold: Double
  /// The tail beyond the threshold; nil when there are too few draws or their upper part is all ties.
  public let tail: GeneralizedPareto?
  /// log p at the threshold.
  public let logTailProbability: Double
  private let draws: [Double]

  /// - Parameters:
  ///   - draws: the statistic under the hypothesis, larger meaning more evidence; not NaN; in any order.
  ///   - caution: by how many of its standard errors the shape of the tail is raised.
  ///   - priorWeight: how many exceedances' worth of belief there is in an exponential tail.
  public init(_ draws: [Double], caution: Double = 1, priorWeight: Double = 10) {
    precondition(!draws.contains(where: \.isNaN), "draws must be numbers")
    self.draws = draws.sorted()
    count = draws.count
    let n = Double(count)
    let k = max(20, min(Int(3 * n.squareRoot()), count / 10))
    guard count >= 100 else {
      threshold = self.draws.last ?? .infinity
      logTailProbability = -log(n + 1)
      tail = nil
      return
    }
    let edge = self.draws[count - 1 - k]
    threshold = edge
    let exceedances = self.draws[(count - k)...].map { $0 - edge }
    logTailProbability = log(Double(self.draws.count - TailCalibrator.firstIndex(self.draws, notLessThan: edge)) + 1) - log(n + 1)
    if let fit = GeneralizedPareto.fit(exceedances, priorShape: 0, priorWeight: priorWeight), edge.isFinite {
      let error = (1 + max(0, fit.shape)) / Double(k).squareRoot()
      let shape = max(0, fit.shape + caution * error)
      // With another shape the scale is refitted, so that the mean excess stays what was seen where shape < 1.
      let mean = exceedances.reduce(0, +) / Double(k)
      let scale = shape < 0.9 ? max(mean * (1 - shape), 0.5 * fit.scale) : fit.scale
      tail = scale > 0 && scale.isFinite ? GeneralizedPareto(shape: shape, scale: scale) : nil
    } else {
      tail = nil
    }
  }

  /// P(X ≥ x) under the hypothesis.
  public func upperTail(_ x: Double) -> Double { exp(logUpperTail(x)) }

  /// log P(X ≥ x) under the hypothesis; non-increasing in x.
  public func logUpperTail(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if draws.isEmpty { return 0 }
    if x > threshold, let tail {
      return logTailProbability + tail.logUpperTail(x - threshold)
    }
    let n = Double(count)
    let place = TailCalibrator.firstIndex(draws, notLessThan: x)
    if place == count { return -log(n + 1) }
    let here = min(0, log(Double(count - place) + 1) - log(n + 1))
    if draws[place] == x || place == 0 { return here }
    // Between two draws: linear in log p, from the lower one's tail to the upper one's.
    let below = TailCalibrator.firstIndex(draws, notLessThan: draws[place - 1])
    let start = min(0, log(Double(count - below) + 1) - log(n + 1))
    let share = (x - draws[place - 1]) / (draws[place] - draws[place - 1])
    return share.isFinite ? start + share * (here - start) : here
  }

  private static func firstIndex(_ sorted: [Double], notLessThan x: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
