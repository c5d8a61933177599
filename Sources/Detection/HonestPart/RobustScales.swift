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

/// The standard deviation of the bulk of a sample around its median: the weighted mean square at the weights of `bulkWeight`, for normal values.
///
/// Scaled by Qn, or by the median absolute deviation of large samples, so that half of the sample must be wild to take it anywhere. About
/// 87 % efficient on 60 normal values; a tenth of them six standard deviations off raises it by less than a tenth, a fifth by half.
/// Fewer than 20 values get `robustSpread`, whose t statistics keep their tails in small samples. Source: the reweighting of Rousseeuw and Leroy
/// 1987, Robust Regression and Outlier Detection.
func bulkSpread(_ values: [Double]) -> Double {
  let n = values.count
  guard n > 1 else { return 0 }
  let middle = median(values)
  let bessel = Double(n - 1) / Double(n)
  let rough = n < 20 ? 0 : n > 1000 ? medianAbsoluteDeviation(values, center: middle) : RobustScale.qn(values)
  // Where more than half of the values are equal their distances say nothing of the rest.
  guard rough > 0 else { return robustSpread(values) }
  var (sum, total) = (0.0, 0.0)
  for x in values {
    let weight = bulkWeight(abs(x - middle) / rough)
    sum += weight * squared(x - middle)
    total += weight
  }
  return (sum / total / (normalBulkVariance * bessel)).squareRoot()
}

/// The middle of the bulk of a sample: the mean at the weights of `bulkWeight`.
func bulkCentre(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let middle = median(values)
  let spread = bulkSpread(values)
  guard spread > 0 else { return middle }
  var (sum, total) = (0.0, 0.0)
  for x in values {
    let weight = bulkWeight(abs(x - middle) / spread)
    sum += weight * (x - middle)
    total += weight
  }
  return middle + sum / total
}

/// Falls from 1 at two standard deviations from the middle to 0 at four; without a step, since the fit goes round by round.
private func bulkWeight(_ distance: Double) -> Double { min(1, max(0, (4 - distance) / 2)) }

/// E w(|z|)z² / E w(|z|) of a standard normal z with w = `bulkWeight`.
private let normalBulkVariance = 0.9456820543046802

/// The standard deviation of a sample around its median by Huber's proposal 2 with c = 2: squares are cut at 4 times the variance, and the
/// mean is divided by its normal expectation 0.9205. About 95 % efficient, and pulled up by no more than three tenths when a tenth of the sample is wild:
/// for spreads that allow for what the model leaves out, where what many share is no reason to accuse them.
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
