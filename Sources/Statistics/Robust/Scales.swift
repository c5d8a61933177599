import Foundation

/// Robust estimates of spread, all consistent for the standard deviation of a normal sample.
///
/// | estimator | breakdown | efficiency at the normal | cost |
/// | --- | --- | --- | --- |
/// | median absolute deviation | 50 % | 37 % | n |
/// | Sn | 50 % | 58 % | n log n |
/// | Qn | 50 % | 82 % | n log n |
/// | interquartile range | 25 % | 37 % | n |
///
/// NaN for an empty sample and for one that holds a NaN; 0 for a single value. All but the last need no centre.
public enum RobustScale {
  /// 1.4826 · median |xᵢ − median x| (Hampel 1974). No finite-sample correction, as in R's `mad`.
  public static func medianAbsoluteDeviation(_ values: [Double], center: Double? = nil) -> Double {
    let middle = center ?? Quantiles.median(values)
    var deviations = values
    for i in deviations.indices { deviations[i] = abs(deviations[i] - middle) }
    return 1.482602218505602 * Quantiles.median(reordering: &deviations)
  }

  /// Half the distance between two symmetric quantiles, scaled: (x_{1−p} − x_p) / (2 Φ⁻¹(1 − p)); p = ¼ is IQR/1.349.
  ///
  /// It breaks down when a share p of the sample is bad on one side.
  public static func quantileRange(_ values: [Double], tail p: Double = 0.25) -> Double {
    precondition(p > 0 && p < 0.5, "the tail lies in (0, ½)")
    let ends = Quantiles.quantiles(values, [p, 1 - p])
    return (ends[1] - ends[0]) / (2 * Normal.quantile(upperTail: p))
  }

  /// Sn = c_n · 1.1926 · lomed_i himed_j |xᵢ − xⱼ| (Rousseeuw and Croux 1993), c_n from Croux and Rousseeuw (1992).
  ///
  /// For sorted x the ⌊n/2⌋ + 1 nearest values of xᵢ (itself among them) are a window whose left end moves only to the right with
  /// i, so that after sorting all inner medians take one pass.
  public static func sn(_ values: [Double]) -> Double {
    let n = values.count
    guard n > 0, !values.contains(where: \.isNaN) else { return .nan }
    if n == 1 { return 0 }
    let x = values.sorted()
    let width = n / 2 + 1
    var medians = [Double](repeating: 0, count: n)
    var left = 0
    for i in 0..<n {
      while left + width < n && (left + width <= i || x[left + width] - x[i] < x[i] - x[left]) { left += 1 }
      medians[i] = max(x[i] - x[left], x[left + width - 1] - x[i])
    }
    let low = Quantiles.select((n + 1) / 2 - 1, in: &medians, from: 0, to: n)
    let correction: Double
    if n <= 9 {
      correction = [0.743, 1.851, 0.954, 1.351, 0.993, 1.198, 1.005, 1.131][n - 2]
    } else {
      correction = n % 2 == 1 ? Double(n) / (Double(n) - 0.9) : 1
    }
    return correction * 1.1926 * low
  }

  /// Qn = d_n · 2.21914 · the k-th smallest of |xᵢ − xⱼ|, i < j, with k = h(h − 1)/2, h = ⌊n/2⌋ + 1
  /// (Rousseeuw and Croux 1993). The constant is 1/(√2 Φ⁻¹(5/8)); the 2.2219 of the article is a misprint. d_n as in robustbase 0.95.
  ///
  /// The order statistic is found by Johnson and Mizoguchi's (1978) selection: each round takes the weighted median of the
  /// rows' medians as pivot, which discards about a quarter of the pairs left or more.
  public static func qn(_ values: [Double]) -> Double {
    let n = values.count
    guard n > 0, !values.contains(where: \.isNaN) else { return .nan }
    if n == 1 { return 0 }
    let h = n / 2 + 1
    return qnCorrection(n) * 2.219144465985076 * PairwiseDifferences(values.sorted()).value(ofRank: h * (h - 1) / 2)
  }

  private static func qnCorrection(_ n: Int) -> Double {
    let small = [0.399356, 0.99365, 0.51321, 0.84401, 0.61220, 0.85877, 0.66993, 0.87344, 0.72014, 0.88906, 0.75743]
    if n <= 12 { return small[n - 2] }
    let m = Double(n)
    let d = n % 2 == 1 ? 1.60188 + (-2.1284 - 5.172 / m) / m : 3.67561 + (1.9654 + (6.987 - 77 / m) / m) / m
    return 1 / (1 + d / m)
  }
}

/// The n(n − 1)/2 differences of a sorted sample, never written out.
struct PairwiseDifferences {
  let x: [Double]

  init(_ sorted: [Double]) { x = sorted }

  /// The difference of the given rank (from 1) in increasing order. O(n log n).
  func value(ofRank rank: Int) -> Double {
    let n = x.count
    // Row i holds x[j] − x[i] for j = i+1 ..< n, increasing in j; columns low[i] ..< high[i] are still candidates.
    var low = (0..<n).map { $0 + 1 }
    var high = [Int](repeating: n, count: n)
    var below = 0
    var left = n * (n - 1) / 2
    var middles: [Double] = []
    var weights: [Double] = []
    var firstNotLess = low
    var firstGreater = low
    while left > 4 * n {
      // Some two thousand rows make as good a pivot as all of them; any candidate difference guarantees progress.
      var every = max(1, n / 2000)
      repeat {
        middles.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        for i in stride(from: every / 2, to: n, by: every) where low[i] < high[i] {
          middles.append(x[low[i] + (high[i] - low[i]) / 2] - x[i])
          weights.append(Double(high[i] - low[i]))
        }
        every = (every + 1) / 2
      } while middles.isEmpty
      let pivot = lowWeightedMedian(middles, weights)
      var (less, notGreater) = (0, 0)
      var (j, k) = (1, 1)
      for i in 0..<n {
        j = max(j, i + 1)
        while j < n && x[j] - x[i] < pivot { j += 1 }
        k = max(k, j)
        while k < n && x[k] - x[i] <= pivot { k += 1 }
        firstNotLess[i] = j
        firstGreater[i] = k
        less += j - i - 1
        notGreater += k - i - 1
      }
      if rank <= less {
        for i in 0..<n { high[i] = min(high[i], max(low[i], firstNotLess[i])) }
      } else if rank > notGreater {
        for i in 0..<n { low[i] = max(low[i], min(high[i], firstGreater[i])) }
      } else {
        return pivot
      }
      below = 0
      left = 0
      for i in 0..<n {
        below += low[i] - i - 1
        left += high[i] - low[i]
      }
    }
    var rest: [Double] = []
    rest.reserveCapacity(left)
    for i in 0..<n { for j in low[i]..<high[i] { rest.append(x[j] - x[i]) } }
    return Quantiles.select(rank - below - 1, in: &rest, from: 0, to: rest.count)
  }

  /// One of the values itself, not a mean of two: the pivot has to be a difference that occurs.
  private func lowWeightedMedian(_ values: [Double], _ weights: [Double]) -> Double {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var total = 0.0
    for weight in weights { total += weight }
    var sum = 0.0
    for i in order {
      sum += weights[i]
      if 2 * sum >= total { return values[i] }
    }
    return values[order[order.count - 1]]
  }
}
