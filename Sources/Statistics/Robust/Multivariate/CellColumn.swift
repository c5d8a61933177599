import Foundation

/// A column of `DeviatingCells`, robustly standardised.
struct CellColumn: Sendable {
  let location: Double
  let scale: Double
  /// NaN where missing.
  let standardized: [Double]
  /// NaN where missing or beyond the cut.
  let kept: [Double]

  init(_ x: [Double], cut: Double) {
    let present = x.filter { !$0.isNaN }
    let center = CellColumn.location(present)
    let spread = CellColumn.scale(present.map { $0 - center })
    location = center
    scale = spread
    standardized = x.map { ($0 - center) / spread }
    kept = standardized.map { abs($0) <= cut ? $0 : .nan }
  }

  /// One step from the median with the weights (1 − (u/3)²)², u in median absolute deviations.
  static func location(_ x: [Double]) -> Double {
    let middle = Quantiles.median(x)
    let spread = RobustScale.medianAbsoluteDeviation(x, center: middle)
    guard spread > 0 else { return middle }
    var (total, sum) = (0.0, 0.0)
    for value in x {
      let u = (value - middle) / (3 * spread)
      let inside = 1 - u * u
      if inside > 0 {
        total += inside * inside
        sum += inside * inside * (value - middle)
      }
    }
    return middle + sum / total
  }

  /// √(mean min((r/s)², 2.5²)/δ) s for values about zero, s = median |r| · 1.4826, δ = 0.845 for consistency.
  static func scale(_ r: [Double]) -> Double {
    let start = RobustScale.medianAbsoluteDeviation(r, center: 0)
    guard start > 0 else { return start }
    var sum = 0.0
    let perStart = 1 / start
    for value in r { sum += min(value * perStart * (value * perStart), 6.25) }
    return start * (sum / Double(r.count) / consistency).squareRoot()
  }

  /// E min(Z², 2.5²), which is 0.845 when rounded up in its last digit.
  private static let consistency: Double = {
    let b = 2.5
    return 2 * (Normal.lowerTail(b) - 0.5 - b * Normal.density(b)) + 2 * b * b * Normal.upperTail(b)
  }()

  /// ẑ of a column from its connected ones, stretched.
  static func prediction(of column: CellColumn, from connected: [(CellColumn, Double)], cut: Double) -> [Double] {
    let n = column.standardized.count
    var sum = [Double](repeating: 0, count: n)
    var weight = sum
    for (other, correlation) in connected {
      let slope = CellPair.slope(of: column.kept, on: other.kept, cut: cut)
      for i in 0..<n where !other.kept[i].isNaN {
        sum[i] += abs(correlation) * slope * other.kept[i]
        weight[i] += abs(correlation)
      }
    }
    let raw = (0..<n).map { weight[$0] > 0 ? sum[$0] / weight[$0] : 0 }
    if connected.isEmpty { return raw }
    let stretch = CellPair.slope(of: column.kept, on: raw.indices.map { weight[$0] > 0 ? raw[$0] : .nan }, cut: cut)
    return raw.map { $0 * stretch }
  }
}

/// Robust correlation and slope of two columns about zero; NaN is missing.
enum CellPair {
  /// Gnanadesikan and Kettenring's correlation, then the plain one of the cells within the ellipse it draws. 0 with fewer than four complete pairs.
  static func correlation(_ y: [Double], _ z: [Double], level: Double) -> Double {
    var sums: [Double] = []
    var differences: [Double] = []
    sums.reserveCapacity(y.count)
    differences.reserveCapacity(y.count)
    for i in y.indices where !(y[i] + z[i]).isNaN {
      sums.append(y[i] + z[i])
      differences.append(y[i] - z[i])
    }
    if sums.count < 4 { return 0 }
    let sum = CellColumn.scale(sums)
    let difference = CellColumn.scale(differences)
    let start = min(0.99, max(-0.99, 0.25 * (sum * sum - difference * difference)))
    let cut = ChiSquared(degreesOfFreedom: 2).quantile(level)
    var (yy, zz, yz) = (0.0, 0.0, 0.0)
    let reach = cut * (1 - start * start)
    for i in y.indices {
      // Where a cell is missing this is NaN, and not within reach.
      let d = y[i] * y[i] - 2 * start * y[i] * z[i] + z[i] * z[i]
      if d <= reach {
        yy += y[i] * y[i]
        zz += z[i] * z[i]
        yz += y[i] * z[i]
      }
    }
    return yy > 0 && zz > 0 ? yz / (yy * zz).squareRoot() : 0
  }

  /// The slope of y on z through the origin: the median of ratios, then least squares on what lies within `cut` scales of it.
  static func slope(of y: [Double], on z: [Double], cut: Double) -> Double {
    let both = y.indices.filter { !y[$0].isNaN && !z[$0].isNaN && z[$0] != 0 }
    if both.isEmpty { return 0 }
    let start = Quantiles.median(both.map { y[$0] / z[$0] })
    let residuals = both.map { y[$0] - start * z[$0] }
    let reach = cut * CellColumn.scale(residuals)
    var (zz, yz) = (0.0, 0.0)
    for (place, i) in both.enumerated() where abs(residuals[place]) <= reach {
      zz += z[i] * z[i]
      yz += y[i] * z[i]
    }
    return zz > 0 ? yz / zz : start
  }
}
