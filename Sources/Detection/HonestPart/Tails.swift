internal import Foundation
internal import Statistics

/// What a Student-t variable is multiplied by so that its quartiles are those of the standard normal, as a median absolute deviation sees them.
func quartileScale(_ degreesOfFreedom: Double) -> Double {
  0.674489750196081743 / StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.75)
}

/// p-values of residuals standardised by a median absolute deviation, with Student-t tails.
struct ResidualTail: Sendable {
  let degreesOfFreedom: Double
  private let scale: Double

  init(_ degreesOfFreedom: Double) {
    self.degreesOfFreedom = degreesOfFreedom
    scale = degreesOfFreedom.isFinite ? quartileScale(degreesOfFreedom) : 1
  }

  /// The tail of the mean of `count` independent residuals: excess kurtosis κ = 6/(ν − 4) shrinks to κ/count. For ν ≤ 4, where κ is not finite, ν
  /// grows by half a degree a residual, which is slower than any finite-kurtosis law.
  func ofMean(over count: Double) -> ResidualTail {
    guard degreesOfFreedom.isFinite, count > 1 else { return self }
    return ResidualTail(degreesOfFreedom > 4.5 ? 4 + count * (degreesOfFreedom - 4) : degreesOfFreedom + 0.5 * (count - 1))
  }

  func upperTail(_ z: Double) -> Double {
    degreesOfFreedom.isFinite ? StudentT(degreesOfFreedom: degreesOfFreedom).upperTail(z / scale) : Normal.upperTail(z)
  }

  func quantile(upperTail p: Double) -> Double {
    degreesOfFreedom.isFinite ? StudentT(degreesOfFreedom: degreesOfFreedom).quantile(upperTail: p) * scale : -Normal.quantile(p)
  }

  func twoSided(_ z: Double) -> Double { min(1, 2 * upperTail(abs(z))) }
}

/// Student-t degrees of freedom that fit the centre of a sample of residuals; infinite for a normal centre.
///
/// Residuals are rescaled to the quartiles of the standard normal. Only |z| ≤ 2.8 is looked at (the likelihood is conditional on it), so that the outliers
/// under test do not teach the tail that judges them. Of all degrees of freedom within half a unit of log-likelihood of the best, the heaviest tail is taken.
struct TailHistogram: Sendable {
  static let cut = 2.8
  static let width = 0.01
  static let candidates: [Double] = [2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 100, .infinity]
  /// Up to twice the cut, because the scale is known only at the end.
  private var bins = [Double](repeating: 0, count: 1400)
  private var total = 0.0

  mutating func add(_ z: Double) {
    guard z.isFinite else { return }
    total += 1
    let bin = Int(min(abs(z) / TailHistogram.width, 1e6))
    if bin < bins.count { bins[bin] += 1 }
  }

  /// 10 for fewer than 200 residuals, which cannot tell.
  func degreesOfFreedom() -> Double {
    guard total >= 200, let median = quantile(0.5), median > 0 else { return 10 }
    let unit = 0.674489750196081743 / median
    let last = min(bins.count, Int(TailHistogram.cut / unit / TailHistogram.width))
    let count = bins[..<last].reduce(0, +)
    let logLikelihood = TailHistogram.candidates.map { freedom -> Double in
      let t = freedom.isFinite ? StudentT(degreesOfFreedom: freedom) : nil
      let scale = freedom.isFinite ? quartileScale(freedom) : 1
      let cut = Double(last) * TailHistogram.width * unit / scale
      let inside = 1 - 2 * (t?.upperTail(cut) ?? Normal.upperTail(cut))
      var sum = 0.0
      for i in 0..<last where bins[i] > 0 {
        let z = (Double(i) + 0.5) * TailHistogram.width * unit / scale
        sum += bins[i] * (t?.logDensity(z) ?? Normal.logDensity(z))
      }
      return sum - count * (log(inside) + log(scale))
    }
    let best = logLikelihood.max()!
    return TailHistogram.candidates[logLikelihood.firstIndex { $0 >= best - 0.5 }!]
  }

  private func quantile(_ share: Double) -> Double? {
    var sum = 0.0
    for (i, count) in bins.enumerated() {
      sum += count
      if sum >= share * total { return (Double(i) + 0.5) * TailHistogram.width }
    }
    return nil
  }
}

/// `TailHistogram` over an array.
func tailDegreesOfFreedom(_ standardized: [Double]) -> Double {
  var histogram = TailHistogram()
  for z in standardized { histogram.add(z) }
  return histogram.degreesOfFreedom()
}
