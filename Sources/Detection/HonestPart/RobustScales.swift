internal import Foundation
internal import Statistics

@inline(__always)
func squared(_ x: Double) -> Double { x * x }

/// 1.4826 times the median distance from `center` (from the median when nil): the standard deviation of a normal sample.
func medianAbsoluteDeviation(_ values: [Double], center: Double?) -> Double {
  guard !values.isEmpty else { return 0 }
  let middle = center ?? median(values)
  return 1.4826 * median(values.map { abs($0 - middle) })
}

/// The median of a few values, by insertion sort in the caller's buffer.
func smallMedian(_ values: inout [Double]) -> Double {
  values.sort()
  let n = values.count
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2])
}

/// The standard deviation of the bulk of a sample around its median (Huber's proposal 2 with c = 2): squares are cut at 4 times the variance, and the
/// sum is divided by its normal expectation 0.9205. About 95 % efficient, and pulled up by no more than a fifth when a tenth of the sample is wild.
func robustSpread(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let centre = median(values)
  let start = medianAbsoluteDeviation(values, center: centre)
  var variance = start * start
  guard variance > 0 else { return 0 }
  for _ in 0..<12 {
    var sum = 0.0
    for x in values { sum += min((x - centre) * (x - centre), 4 * variance) }
    variance = sum / Double(values.count - 1) / 0.9205
  }
  return variance.squareRoot()
}

/// Degrees of freedom of `robustSpread` on `count` normal values.
func robustFreedom(_ count: Int) -> Double { max(2, 0.9 * Double(count - 1)) }

/// The middle value, or the mean of the two middle ones.
func median(_ values: [Double]) -> Double { Quantiles.median(values) }
