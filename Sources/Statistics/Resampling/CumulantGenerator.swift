import Foundation

/// The cumulant generating function K(t) = log E e^{tS} of the sum S of labelled values, with its first two derivatives.
///
/// Strata are independent, so their K add. Within a stratum, for m of n drawn without replacement,
/// E e^{tS} = e_m(e^{tv₁}, …, e^{tvₙ}) / C(n, m) with the elementary symmetric polynomial e_m: exact for every n and m at the cost
/// n · min(m, n − m); the derivatives are the mean and variance of the tilted distribution and run along in the
/// same recursion as mixtures, without cancellation. Beyond n · m = 4096 the polynomial is itself replaced by its saddlepoint value
/// (Booth and Butler 1990), whose error is then below 1/(12 m) of a small correction.
extension StratifiedSample {
  func cumulants(_ t: Double) -> (k: Double, mean: Double, variance: Double) {
    var total = (k: 0.0, mean: 0.0, variance: 0.0)
    var work = TiltedDraw()
    for h in 0..<strata {
      let range = starts[h]..<starts[h + 1]
      let (n, m) = (range.count, labelCounts[h])
      let part: (k: Double, mean: Double, variance: Double)
      if m == 1 {
        part = tiltedValue(t, range)
      } else if m == n - 1 {
        // Everything but one: the sum is the total less a single draw.
        var sum = 0.0
        for i in range { sum += values[i] }
        let one = tiltedValue(-t, range)
        part = (t * sum + one.k, sum - one.mean, one.variance)
      } else if n * min(m, n - m) <= 4096 {
        part = work.exact(t, values, range, m)
      } else {
        part = TiltedDraw.approximate(t, values, range, m)
      }
      total.k += part.k
      total.mean += part.mean
      total.variance += part.variance
    }
    return total
  }

  /// A single draw: log mean of e^{tv}, and the tilted mean and variance.
  private func tiltedValue(_ t: Double, _ range: Range<Int>) -> (k: Double, mean: Double, variance: Double) {
    // Values are sorted, so the largest exponent is at one of the ends.
    let reference = t >= 0 ? values[range.upperBound - 1] : values[range.lowerBound]
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for i in range {
      let d = values[i] - reference
      let w = exp(t * d)
      weight += w
      first += w * d
      second += w * d * d
    }
    let mean = first / weight
    // Second moment about an end of the range: loses digits only when the variance is far below the range squared,
    // that is far in the tail, where it no longer matters to the third digit.
    let variance = max(0, second / weight - mean * mean)
    return (t * reference + log(weight / Double(range.count)), reference + mean, variance)
  }
}

/// Work space for strata with several labels.
private struct TiltedDraw {
  private var logWeight: [Double] = []
  private var mean: [Double] = []
  private var variance: [Double] = []

  mutating func exact(
    _ t: Double, _ values: [Double], _ range: Range<Int>, _ m: Int
  ) -> (k: Double, mean: Double, variance: Double) {
    let n = range.count
    // The smaller of the drawn and the left: S = T − (sum of those not drawn).
    let flip = m > n - m
    let size = flip ? n - m : m
    let tilt = flip ? -t : t
    logWeight = [Double](repeating: -.infinity, count: size + 1)
    mean = [Double](repeating: 0, count: size + 1)
    variance = [Double](repeating: 0, count: size + 1)
    logWeight[0] = 0
    var sum = 0.0
    for (seen, i) in range.enumerated() {
      let v = values[i]
      sum += v
      for k in stride(from: min(size, seen + 1), through: 1, by: -1) {
        // Sets of k with and without this value, mixed in proportion to their weights.
        let with = logWeight[k - 1] + tilt * v
        let without = logWeight[k]
        if without == -.infinity {
          logWeight[k] = with
          mean[k] = mean[k - 1] + v
          variance[k] = variance[k - 1]
          continue
        }
        let difference = with - without
        let share = difference >= 0 ? 1 / (1 + exp(-difference)) : exp(difference) / (1 + exp(difference))
        logWeight[k] = logSumExp(with, without)
        let gap = mean[k - 1] + v - mean[k]
        variance[k] = (1 - share) * variance[k] + share * variance[k - 1] + share * (1 - share) * gap * gap
        mean[k] += share * gap
      }
    }
    let k = logWeight[size] - StratifiedSample.logChoose(n, size)
    return flip ? (t * sum + k, sum - mean[size], variance[size]) : (k, mean[size], variance[size])
  }

  /// Independent draws with p_i = 1/(1 + e^{−θ−tv_i}) given that there are m of them; θ solves Σ p = m.
  static func approximate(
    _ t: Double, _ values: [Double], _ range: Range<Int>, _ m: Int
  ) -> (k: Double, mean: Double, variance: Double) {
    let n = Double(range.count)
    let target = Double(m)
    var theta = log(target / (n - target)) - t * (values[range.lowerBound] + values[range.upperBound - 1]) / 2
    var (low, high) = (-Double.infinity, Double.infinity)
    var stride = 1.0
    for _ in 0..<200 {
      var (sum, weight) = (0.0, 0.0)
      for i in range {
        let (p, q) = logistic(theta + t * values[i])
        sum += p
        weight += p * q
      }
      let excess = sum - target
      if abs(excess) <= 1e-12 * target { break }
      if excess > 0 { high = theta } else { low = theta }
      var next = theta - excess / weight
      if !(next > low && next < high) || abs(next - theta) > 10 * stride {
        next = low.isFinite && high.isFinite ? 0.5 * (low + high) : theta + (excess > 0 ? -stride : stride)
        stride *= 2
      }
      if next == theta { break }
      theta = next
    }
    var (weight, first, logs, mean) = (0.0, 0.0, 0.0, 0.0)
    for i in range {
      let x = theta + t * values[i]
      let (p, q) = logistic(x)
      weight += p * q
      first += p * q * values[i]
      mean += p * values[i]
      logs += x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    }
    let center = first / weight
    var (spread, skew) = (0.0, 0.0)
    for i in range {
      let (p, q) = logistic(theta + t * values[i])
      let d = values[i] - center
      spread += p * q * d * d
      skew += p * q * (q - p) * d
    }
    // K(t) − K(0) of the conditional saddlepoint density; at t = 0, p = m/n for all.
    let share = target / n
    let atZero = -n * log1p(-share) - target * log(share / (1 - share)) - 0.5 * log(n * share * (1 - share))
    let k = logs - target * theta - 0.5 * log(weight) - atZero
    // n/(n − 1) makes the variance exact at t = 0.
    return (k, mean - 0.5 * skew / weight, spread * n / (n - 1))
  }
}
