import Foundation

/// Order statistics in linear time.
///
/// Every function returns NaN for an empty sample and for one that holds a NaN: a missing value is the caller's to drop.
public enum Quantiles {
  /// The median; the mean of the two middle values of an even sample.
  public static func median(_ values: [Double]) -> Double {
    if let middle = BracketedMedian.median(values) { return middle }
    var copy = values
    return selectedMedian(&copy)
  }

  /// The median without a copy: may put the values in another order.
  public static func median(reordering values: inout [Double]) -> Double {
    BracketedMedian.median(values) ?? selectedMedian(&values)
  }

  private static func selectedMedian(_ values: inout [Double]) -> Double {
    let n = values.count
    guard n > 0, !values.contains(where: \.isNaN) else { return .nan }
    let high = select(n / 2, in: &values, from: 0, to: n)
    if n % 2 == 1 { return high }
    var low = values[0]
    for i in 1..<(n / 2 + 1) where i < n / 2 { low = max(low, values[i]) }
    // Halves first: the sum of two finite values may overflow.
    return low == high ? low : 0.5 * low + 0.5 * high
  }

  /// The quantile of Hyndman and Fan's (1996) type 7 (the default of R and numpy): linear between x₍ᵢ₎ at (i − 1)/(n − 1).
  public static func quantile(_ values: [Double], _ p: Double) -> Double {
    quantiles(values, [p])[0]
  }

  /// Several quantiles for the price of one sort. Each p in [0, 1].
  public static func quantiles(_ values: [Double], _ ps: [Double]) -> [Double] {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return ps.map { _ in .nan } }
    if ps.count > 2 {
      let sorted = values.sorted()
      return ps.map { quantile(sorted: sorted, $0) }
    }
    var copy = values
    return ps.map { p in
      precondition(p >= 0 && p <= 1, "a quantile's level lies in [0, 1]")
      let h = Double(copy.count - 1) * p
      let below = Int(h)
      let low = select(below, in: &copy, from: 0, to: copy.count)
      if below + 1 >= copy.count || h == Double(below) { return low }
      let high = copy[(below + 1)...].min() ?? low
      return low + (h - Double(below)) * (high - low)
    }
  }

  /// The type 7 quantile of values already in increasing order.
  public static func quantile(sorted: [Double], _ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "a quantile's level lies in [0, 1]")
    if sorted.isEmpty { return .nan }
    let h = Double(sorted.count - 1) * p
    let below = min(Int(h), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (h - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The smallest x whose values up to and including x hold at least half of the weight; when exactly half lies at or
  /// below x, the mean of x and the next value. Weights not negative; NaN when none is positive. O(n log n).
  public static func weightedMedian(_ values: [Double], weights: [Double]) -> Double {
    precondition(values.count == weights.count, "one weight a value")
    let order = values.indices.filter { weights[$0] > 0 }.sorted {
      (values[$0], weights[$0]) < (values[$1], weights[$1])
    }
    if order.isEmpty || order.contains(where: { values[$0].isNaN }) { return .nan }
    var total = 0.0
    for i in order { total += weights[i] }
    var below = 0.0
    for (place, i) in order.enumerated() {
      below += weights[i]
      if abs(2 * below - total) <= 1e-12 * total && place + 1 < order.count {
        return 0.5 * values[i] + 0.5 * values[order[place + 1]]
      }
      if 2 * below > total { return values[i] }
    }
    return values[order[order.count - 1]]
  }

  /// Puts the value of rank `rank` (from 0) of `values[start ..< end]` in place and returns it: quickselect with a median
  /// of three, and a full sort of what is left should the pivots turn out badly, so O(n log n) at worst.
  static func select(_ rank: Int, in values: inout [Double], from start: Int, to end: Int) -> Double {
    var low = start
    var high = end - 1
    let target = start + rank
    var budget = 3 * (Int.bitWidth - (end - start).leadingZeroBitCount) + 10
    while low < high {
      if budget == 0 {
        values[low...high].sort()
        return values[target]
      }
      budget -= 1
      let middle = low + (high - low) / 2
      if values[middle] < values[low] { values.swapAt(middle, low) }
      if values[high] < values[low] { values.swapAt(high, low) }
      if values[high] < values[middle] { values.swapAt(high, middle) }
      let pivot = values[middle]
      var i = low
      var j = high
      while i <= j {
        while values[i] < pivot { i += 1 }
        while pivot < values[j] { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if target <= j { high = j } else if target >= i { low = i } else { return values[target] }
    }
    return values[target]
  }
}
