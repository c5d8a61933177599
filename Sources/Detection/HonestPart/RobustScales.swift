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
