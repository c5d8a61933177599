internal import Foundation
internal import Statistics

/// How noise depends on the level of merit: raters agree better on the excellent than on the middling, or the other way round.
enum LevelNoise {
  /// Noise factor by unit, with weighted geometric mean 1; all 1 when there are too few sheets, or no more differences than chance makes.
  ///
  /// Units are ordered by level and cut into bins of equal numbers of sheets. Each bin's log scale (median absolute deviation; variance
  /// 1.36/n for n normal residuals) is shrunk towards the common one by the excess of the bins' spread over chance, and interpolated between bin centres.
  static func factors(levels: [Double], layout: Layout, standardized: (Int) -> Double?) -> [Double] {
    var sheets: [(level: Double, size: Double)] = []
    sheets.reserveCapacity(layout.sheetCount)
    for s in 0..<layout.sheetCount {
      guard let z = standardized(s) else { continue }
      sheets.append((levels[Int(layout.sheetUnit[s])], abs(z)))
    }
    let flat = [Double](repeating: 1, count: layout.unitCount)
    let bins = min(12, sheets.count / 150)
    guard bins >= 3 else { return flat }
    sheets.sort { ($0.level, $0.size) < ($1.level, $1.size) }
    var centre: [Double] = []
    var log: [Double] = []
    var size: [Double] = []
    for bin in 0..<bins {
      let range = (sheets.count * bin / bins)..<(sheets.count * (bin + 1) / bins)
      let scale = 1.4826 * median(sheets[range].map(\.size))
      guard scale > 0 else { return flat }
      centre.append(sheets[range.lowerBound + range.count / 2].level)
      log.append(Foundation.log(scale))
      size.append(Double(range.count))
    }
    let mean = log.reduce(0, +) / Double(bins)
    let chance = size.reduce(0) { $0 + 1.36 / $1 } / Double(bins)
    let spread = log.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(bins - 1)
    // Nothing is adjusted unless the bins differ by clearly more than chance: χ² on bins − 1 degrees of freedom, at about 1 %.
    let freedom = Double(bins - 1)
    guard spread / chance > 1 + 3.3 * (2 / freedom).squareRoot() else { return flat }
    let shrinkage = (spread - chance) / spread
    let adjusted = log.map { shrinkage * ($0 - mean) }
    return levels.map { level in exp(interpolate(level, centre, adjusted)) }
  }

  /// Linear between the centres, constant outside.
  private static func interpolate(_ x: Double, _ centre: [Double], _ value: [Double]) -> Double {
    guard let upper = centre.firstIndex(where: { $0 >= x }) else { return value[value.count - 1] }
    guard upper > 0, centre[upper] > centre[upper - 1] else { return value[upper] }
    let share = (x - centre[upper - 1]) / (centre[upper] - centre[upper - 1])
    return value[upper - 1] + share * (value[upper] - value[upper - 1])
  }
}
