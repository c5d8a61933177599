import Foundation

/// Tail probabilities of the sum of labelled values from its cumulant generating function.
struct PermutationSaddlepoint {
  let sample: StratifiedSample
  let mean: Double
  let variance: Double

  /// log P(S ≥ s).
  func logUpperTail(_ s: Double, step: Double?) -> Double {
    let edges = sample.extremes
    let slack = 1e-9 * max(edges.high - edges.low, 1e-300)
    if s <= edges.low + slack { return 0 }
    if s > edges.high + slack { return -.infinity }
    if s >= edges.high - slack { return edges.logHigh }
    // Half a step down: the continuity correction that belongs to the sinh below.
    let tail = logTail(s - 0.5 * (step ?? 0), step: step, upper: true)
    return min(max(tail, edges.logHigh), log1p(-exp(edges.logLow)))
  }

  /// log P(S ≤ s).
  func logLowerTail(_ s: Double, step: Double?) -> Double {
    let edges = sample.extremes
    let slack = 1e-9 * max(edges.high - edges.low, 1e-300)
    if s >= edges.high - slack { return 0 }
    if s < edges.low - slack { return -.infinity }
    if s <= edges.low + slack { return edges.logLow }
    let tail = logTail(s + 0.5 * (step ?? 0), step: step, upper: false)
    return min(max(tail, edges.logLow), log1p(-exp(edges.logHigh)))
  }

  /// The continuous normal deviate at s: Φ̄ of it is the upper tail without any correction for ties, that is a mid-p value.
  /// Smooth and decreasing in a shift of the labelled values, which is what an interval needs.
  func deviate(_ s: Double) -> Double { signedRoot(s, step: nil) }

  private func logTail(_ s: Double, step: Double?, upper: Bool) -> Double {
    let w = signedRoot(s, step: step)
    return Normal.logUpperTail(upper ? w : -w)
  }

  /// w* = w + log(u/w)/w, w = ±√(2(ts − K(t))), u = t √K″ (or 2 sinh(tδ/2)/δ · √K″ on a lattice), K′(t) = s.
  private func signedRoot(_ s: Double, step: Double?) -> Double {
    let deviation = variance.squareRoot()
    let z = (s - mean) / deviation
    if abs(z) < 0.05 {
      // w and u vanish together at the mean; the function is smooth there, so take the chord across.
      let left = signedRootAway(mean - 0.05 * deviation, step)
      let right = signedRootAway(mean + 0.05 * deviation, step)
      return left + (z + 0.05) / 0.1 * (right - left)
    }
    return signedRootAway(s, step)
  }

  private func signedRootAway(_ s: Double, _ step: Double?) -> Double {
    guard let (t, cumulants) = tilt(for: s) else { return s > mean ? .infinity : -.infinity }
    let exponent = t * s - cumulants.k
    let w = (t < 0 ? -1.0 : 1.0) * (2 * max(0, exponent)).squareRoot()
    let root = cumulants.variance.squareRoot()
    let x = 0.5 * t * (step ?? 0)
    // sinh overflows beyond 700; log(sinh x) = |x| − log 2 there.
    let logU: Double
    if let step, abs(x) > 1e-4 {
      logU = (abs(x) < 20 ? log(abs(sinh(x))) : abs(x) - 0.6931471805599453) + log(2 * root / step)
    } else {
      logU = log(abs(t) * root)
    }
    guard w != 0, logU.isFinite else { return w }
    return w + (logU - log(abs(w))) / w
  }

  /// The t with K′(t) = s, by Newton's method in a bracket; nil when s is not inside the support.
  private func tilt(for s: Double) -> (Double, (k: Double, mean: Double, variance: Double))? {
    var t = (s - mean) / variance
    var (low, high) = s > mean ? (0.0, Double.infinity) : (-Double.infinity, 0.0)
    let tolerance = 1e-9 * variance.squareRoot()
    for _ in 0..<200 {
      let c = sample.cumulants(t)
      let excess = c.mean - s
      if abs(excess) <= tolerance { return (t, c) }
      if excess > 0 { high = t } else { low = t }
      var next = t - excess / c.variance
      // K′ flattens towards the end of the support, and Newton overshoots: then double, or halve the bracket.
      if !(next > low && next < high) || abs(next) > 4 * abs(t) + 1e-300 {
        next = low.isFinite && high.isFinite ? 0.5 * (low + high) : 2 * t
      }
      if !next.isFinite { return nil }
      if next == t { return (t, c) }
      t = next
    }
    return (t, sample.cumulants(t))
  }
}
