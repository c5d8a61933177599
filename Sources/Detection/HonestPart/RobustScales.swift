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
/// mean is divided by its normal expectation 0.9205. About 95 % efficient, and pulled up by no more than three tenths when a tenth of the sample is wild.
func robustSpread(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  return proposal2(values, center: median(values), cut: 2, expectation: 0.9205 * Double(values.count - 1) / Double(values.count))
}

/// The standard deviation of residuals around 0: the median absolute deviation, unless coarse marks make it useless.
///
/// Where more than half of the residuals are equal but for rounding, their median says nothing of the rest. Huber's proposal 2 with c = 1.5 (normal
/// expectation 0.7784) does not collapse unless two thirds are zero; it replaces the median absolute deviation where it is more than 1.3
/// times as large, which contamination of less than a fifth does not bring about.
func residualScale(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let robust = medianAbsoluteDeviation(values, center: 0)
  let smooth = proposal2(values, center: 0, cut: 1.5, expectation: 0.7784)
  return smooth > 1.3 * robust ? smooth : robust
}

/// The largest s with mean min((x − centre)²/s², c²) = expectation, from above; 0 when there is none.
func proposal2(_ values: [Double], center: Double, cut: Double, expectation: Double) -> Double {
  let n = Double(values.count)
  var variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / n / expectation
  for _ in 0..<100 {
    guard variance > 1e-300 else { return 0 }
    var sum = 0.0
    for x in values { sum += min((x - center) * (x - center), cut * cut * variance) }
    let next = sum / n / expectation
    let done = next > (1 - 1e-5) * variance
    variance = next
    if done { break }
  }
  return variance.squareRoot()
}

/// Degrees of freedom of `robustSpread` on `count` normal values.
func robustFreedom(_ count: Int) -> Double { max(2, 0.9 * Double(count - 1)) }

/// The middle value, or the mean of the two middle ones.
func median(_ values: [Double]) -> Double { Quantiles.median(values) }
