internal import Foundation
internal import Statistics

/// How far apart a unit's raters lie, beyond what its level leads one to expect: some units are hard to judge, and everybody scatters there.
///
/// The scatter of a unit's n sheets about their panel, in level (n − 1 degrees of freedom) and in profile over C criteria ((n − 1)(C − 1)), is
/// set in relation to its honest variance. Its logarithm x[u] is shrunk to the typical unit's by the share τ² / (τ² + κ/ν[u]) of its variance, τ² being the
/// spread between units that exceeds chance. Chance is the jackknife variance of x[u] over the unit's sheets, so that neither heavy tails nor a
/// few wild sheets pass for units of their own. Nothing is adjusted unless the spread exceeds chance clearly.
///
/// A sheet is judged by the scatter of the unit's *other* sheets: an odd sheet must not excuse itself.
struct UnitNoise: Sendable {
  /// Factor on the standard deviation of noise, by unit, typically 1.
  private(set) var ofUnit: [Double]
  /// The same as the unit's other sheets show it, by sheet.
  private(set) var ofOthers: [Double]
  /// Standard error of the logarithm of `ofUnit`, by unit.
  private(set) var logError: [Double]

  /// Units whose scatter can be told with one sheet left out, that are needed to estimate a spread between units.
  static let minimumUnits = 12
  /// Standard errors by which the spread between units must exceed chance; about the 1 % point of its χ².
  static let significance = 3.3

  /// Nothing known: every factor 1.
  init(_ layout: Layout) {
    ofUnit = [Double](repeating: 1, count: layout.unitCount)
    ofOthers = [Double](repeating: 1, count: layout.sheetCount)
    logError = [Double](repeating: 0, count: layout.unitCount)
  }

  /// Estimates the factors from the scatter of the sheets. O(sheets).
  /// - Parameter scatter: of every sheet that can be compared, nil for others.
  init(_ layout: Layout, scatter: (_ sheet: Int) -> SheetScatter?) {
    self.init(layout)
    var units: [UnitScatter] = []
    for u in 0..<layout.unitCount {
      let sheets = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).compactMap { s in scatter(s).map { (s, $0) } }
      if sheets.count > 2 { units.append(UnitScatter(unit: u, sheets: sheets)) }
    }
    guard units.count >= UnitNoise.minimumUnits else { return }
    let count = Double(units.count)
    let centre = median(units.map(\.log))
    let mean = units.reduce(0) { $0 + $1.log } / count
    let spread = units.reduce(0) { $0 + squared($1.log - mean) } / (count - 1)
    let chance = units.reduce(0) { $0 + $1.chance } / count
    guard spread > chance * (1 + UnitNoise.significance * (2 / count).squareRoot()) else { return }
    let excess = spread - chance
    // Chance is κ/ν, with κ = 2 for normal noise.
    let kappa = units.reduce(0) { $0 + $1.chance * $1.freedom } / count
    func estimate(_ log: Double, _ freedom: Double) -> (factor: Double, error: Double) {
      let share = freedom > 0 ? excess / (excess + kappa / freedom) : 0
      let variance = excess * (1 - share)
      // The mean of the variance, not of its logarithm: where little is known, much is possible.
      return (exp(0.5 * (share * (log - centre) + 0.5 * variance)), 0.5 * variance.squareRoot())
    }
    let unknown = estimate(centre, 0).factor
    for u in 0..<layout.unitCount {
      ofUnit[u] = unknown
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] { ofOthers[s] = unknown }
    }
    for scatter in units {
      (ofUnit[scatter.unit], logError[scatter.unit]) = estimate(scatter.log, scatter.freedom)
      for (s, log, freedom) in scatter.without { ofOthers[s] = estimate(log, freedom).factor }
    }
  }
}

/// One sheet about its panel's precision-weighted mean.
struct SheetScatter: Sendable {
  /// Opinions it stands for: 1, or less where it repeats another's.
  var share: Double
  /// Precision of the sheet in the panel's mean.
  var precision: Double
  /// Squared deviation of its level, and Σ of squared deviations of its profile, over their honest variances at precision 1.
  var level: Double
  var profile: Double
  /// Comparable criteria.
  var cells: Double
}

/// The scatter of one unit's sheets, all of them and without each.
private struct UnitScatter {
  let unit: Int
  /// Logarithm of the mean square, less its bias.
  let log: Double
  let freedom: Double
  let without: [(sheet: Int, log: Double, freedom: Double)]
  /// Jackknife variance of `log`.
  let chance: Double

  init(unit: Int, sheets: [(sheet: Int, scatter: SheetScatter)]) {
    self.unit = unit
    let n = Double(sheets.count)
    let opinions = sheets.reduce(0) { $0 + $1.scatter.share }
    let precision = sheets.reduce(0) { $0 + $1.scatter.precision }
    let squares = sheets.reduce(0) { $0 + $1.scatter.precision * ($1.scatter.level + $1.scatter.profile) }
    let cells = sheets.reduce(0) { $0 + $1.scatter.cells } / n
    freedom = max(0, opinions - 1) * cells
    log = UnitScatter.logMean(squares, freedom)
    var without: [(sheet: Int, log: Double, freedom: Double)] = []
    for (s, scatter) in sheets {
      // Deviations are from the mean with the sheet in it: Σ p (x − x̄)² loses p (x − x̄)² P / (P − p) with it.
      let own = scatter.precision * (scatter.level + scatter.profile) * precision / (precision - scatter.precision)
      let freedom = max(0, opinions - scatter.share - 1) * cells
      without.append((s, UnitScatter.logMean(max(0, squares - own), freedom), freedom))
    }
    let mean = without.reduce(0) { $0 + $1.log } / n
    chance = (n - 1) / n * without.reduce(0) { $0 + squared($1.log - mean) }
    self.without = without
  }

  /// E log χ²_ν/ν ≈ −1/ν. Exact agreement would have log 0; half a squared deviation more keeps it finite.
  private static func logMean(_ squares: Double, _ freedom: Double) -> Double {
    Foundation.log((squares + 0.5) / (freedom + 0.5)) + 1 / (freedom + 0.5)
  }
}
