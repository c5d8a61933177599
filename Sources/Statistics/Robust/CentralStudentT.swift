import Foundation

/// A Student t distribution fitted to the centre of a sample only.
///
/// Noise of real scores has heavier tails than the normal, but the tails of a suspect sample may be heavy because of what one
/// is looking for. So only values with |x − center| ≤ c are used, and their likelihood is that of the *truncated* t,
///
///     Σ log f((x−m)/s; ν) − log s − log P(|T_ν| ≤ c/s),
///
/// in which neither the size nor the number of the values outside plays a part. The parameter is the tail weight κ = 1/ν
/// (0 is the normal distribution), on a grid up to ½, with s profiled out at each.
///
/// A centre tells little about tails: κ has a standard error near 6/√n at c = 2.5. Two things follow. An exponential
/// prior on κ with mean `priorMean` shrinks towards the normal when the sample is too small to say otherwise. And `upper(confidence:)`
/// gives the heaviest tail still compatible with the centre (profile likelihood bound), the one to use when a p-value must not
/// be too small. The returned scale is always the one fitted together with the returned κ.
///
/// Cost: one pass, then a fixed number of evaluations over 512 bins of |x − m| (exact up to 2,048 values).
public struct CentralStudentT: Sendable {
  /// A point of the fit: a t distribution with this centre, scale and ν = 1/`tailWeight`.
  public struct Fit: Sendable, Hashable {
    public let center: Double
    public let scale: Double
    public let tailWeight: Double

    public var degreesOfFreedom: Double { tailWeight > 0 ? 1 / tailWeight : .infinity }
    /// log P(X > x).
    public func logUpperTail(_ x: Double) -> Double {
      StudentT(degreesOfFreedom: degreesOfFreedom).logUpperTail((x - center) / scale)
    }
    /// log P(|X − center| > |x − center|).
    public func logTwoSided(_ x: Double) -> Double {
      StudentT(degreesOfFreedom: degreesOfFreedom).logTwoSided((x - center) / scale)
    }
    /// The standard normal deviate with the same p-value.
    public func zScore(_ x: Double) -> Double {
      StudentT(degreesOfFreedom: degreesOfFreedom).zScore((x - center) / scale)
    }
  }

  public let center: Double
  /// The half-width of the part used, in the units of the values.
  public let cut: Double
  /// How many values lie inside it.
  public let used: Int
  private let logScales: [Double]
  /// Profile log likelihood with the prior, at the grid of tail weights.
  private let profile: [Double]

  /// - Parameters:
  ///   - values: the sample, in any order, without NaN.
  ///   - center: by default the median.
  ///   - cut: the half-width of the part used, in median absolute deviations (normal-consistent). Values from 2 to 3 are sensible.
  ///   - priorMean: mean of the exponential prior on 1/ν; ∞ for none.
  /// - Returns: nil when fewer than 10 values are inside or the median absolute deviation is 0 (more than half are equal).
  public init?(_ values: [Double], center: Double? = nil, cut: Double = 2.5, priorMean: Double = 0.1) {
    let middle = center ?? Quantiles.median(values)
    let start = RobustScale.medianAbsoluteDeviation(values, center: middle)
    guard start > 0, start.isFinite else { return nil }
    let width = cut * start
    var inside = values.filter { abs($0 - middle) <= width }.map { abs($0 - middle) }
    guard inside.count >= 10 else { return nil }
    inside.sort()
    let sample = BinnedMagnitudes(sorted: inside, width: width)
    var logScales: [Double] = []
    var profile: [Double] = []
    for tailWeight in CentralStudentT.grid {
      // The truncated likelihood is flat towards large s (all inside looks uniform), hence the bound at 3 times the start.
      let best = Brent.minimum(in: log(start) - 1.2...log(start) + 1.1, tolerance: 1e-7) { logScale in
        -sample.logLikelihood(scale: exp(logScale), tailWeight: tailWeight)
      }
      logScales.append(best.place)
      profile.append(-best.value - (priorMean.isFinite ? tailWeight / priorMean : 0))
    }
    self.center = middle
    self.cut = width
    used = inside.count
    self.logScales = logScales
    self.profile = profile
  }

  /// The most probable fit.
  public var best: Fit { fit(peak.place) }

  /// The fit with the heaviest tails that the centre does not reject: the κ above the best one where the profile log
  /// likelihood has fallen by ½ z², z the normal quantile of `confidence`. 0.5 gives `best`.
  public func upper(confidence: Double = 0.9) -> Fit {
    precondition(confidence >= 0.5 && confidence < 1, "confidence lies in [0.5, 1)")
    let z = Normal.quantile(confidence)
    let top = peak
    let floor = top.value - 0.5 * z * z
    let grid = CentralStudentT.grid
    var previous = (place: top.place, value: top.value)
    for i in grid.indices where grid[i] > top.place {
      if profile[i] < floor {
        let share = (previous.value - floor) / (previous.value - profile[i])
        return fit(previous.place + share * (grid[i] - previous.place))
      }
      previous = (grid[i], profile[i])
    }
    return fit(grid[grid.count - 1])
  }

  private static let grid: [Double] = (0...40).map { 0.5 * pow(Double($0) / 40, 1.5) }

  private var peak: (place: Double, value: Double) {
    let grid = CentralStudentT.grid
    let i = profile.indices.max { profile[$0] < profile[$1] } ?? 0
    if i == 0 || i == grid.count - 1 { return (grid[i], profile[i]) }
    // The vertex of the parabola through three unequally spaced points.
    let (h1, h2) = (grid[i] - grid[i - 1], grid[i + 1] - grid[i])
    let (d1, d2) = ((profile[i] - profile[i - 1]) / h1, (profile[i + 1] - profile[i]) / h2)
    let curvature = (d2 - d1) / (h1 + h2)
    if !(curvature < 0) { return (grid[i], profile[i]) }
    let slope = (d1 * h2 + d2 * h1) / (h1 + h2)
    let shift = min(max(-0.5 * slope / curvature, -h1), h2)
    return (grid[i] + shift, profile[i] + shift * (slope + shift * curvature))
  }

  private func fit(_ tailWeight: Double) -> Fit {
    let grid = CentralStudentT.grid
    let above = grid.firstIndex { $0 >= tailWeight } ?? grid.count - 1
    let below = max(0, above - 1)
    let share = above == below ? 0 : (tailWeight - grid[below]) / (grid[above] - grid[below])
    let logScale = logScales[below] + share * (logScales[above] - logScales[below])
    return Fit(center: center, scale: exp(logScale), tailWeight: tailWeight)
  }
}

/// The magnitudes inside the cut, as they are or counted in bins too narrow to matter.
private struct BinnedMagnitudes {
  let squares: [Double]
  let counts: [Double]
  let total: Double
  let width: Double

  init(sorted: [Double], width: Double) {
    self.width = width
    total = Double(sorted.count)
    if sorted.count <= 2048 {
      squares = sorted.map { $0 * $0 }
      counts = [Double](repeating: 1, count: sorted.count)
      return
    }
    let bins = 512
    var counts = [Double](repeating: 0, count: bins)
    var sums = [Double](repeating: 0, count: bins)
    for value in sorted {
      let bin = min(bins - 1, Int(value / width * Double(bins)))
      counts[bin] += 1
      sums[bin] += value * value
    }
    // The mean square of a bin keeps the second moment exact, and with it the normal likelihood.
    let filled = counts.indices.filter { counts[$0] > 0 }
    squares = filled.map { sums[$0] / counts[$0] }
    self.counts = filled.map { counts[$0] }
  }

  func logLikelihood(scale: Double, tailWeight: Double) -> Double {
    let t = StudentT(degreesOfFreedom: tailWeight > 0 ? 1 / tailWeight : .infinity)
    let inside = log1p(-t.twoSided(width / scale))
    let inverse = 1 / (scale * scale)
    var sum = 0.0
    if tailWeight == 0 {
      for i in squares.indices { sum -= counts[i] * 0.5 * squares[i] * inverse }
    } else {
      let power = 0.5 * (1 / tailWeight + 1)
      for i in squares.indices { sum -= counts[i] * power * log1p(tailWeight * squares[i] * inverse) }
    }
    return sum + total * (t.logDensity(0) - log(scale) - inside)
  }
}
