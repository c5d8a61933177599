internal import Foundation
import Models
internal import Statistics
import Wording

/// A coefficient with its interval; NaN is a figure that there is not.
struct CoefficientEstimate {
  var value = Double.nan
  var low = Double.nan
  var high = Double.nan
  /// The best word for it that is deserved.
  var label: BenchmarkScale.Membership?
  /// What the interval rests on, or why there is no figure.
  var method: Text
}

extension CoefficientEstimate {
  /// Value ± t(n − 1) · SE of the jackknife, cut at 1, for n values with one unit left out each; NaN among them are passed over.
  init(_ value: Double, jackknife values: [Double], level: Double, scale: BenchmarkScale) {
    let values = values.filter { !$0.isNaN }
    let error = jackknifeError(values)
    self.init(
      value: value, label: scale.label(value, standardError: error),
      method: Text("jackknife, t(\(values.count - 1))", zh: "刀切法，t(\(values.count - 1))"))
    if values.count > 1 {
      let half = StudentT(degreesOfFreedom: Double(values.count - 1)).quantile(upperTail: (1 - level) / 2) * error
      (low, high) = (value - half, min(1, value + half))
    }
  }
}

/// √((n − 1)/n Σ (θ₋ᵤ − θ̄)²) over values with one unit left out each; NaN below two.
func jackknifeError(_ values: [Double]) -> Double {
  let n = Double(values.count)
  if n < 2 { return .nan }
  let mean = values.reduce(0, +) / n
  return ((n - 1) / n * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
}
