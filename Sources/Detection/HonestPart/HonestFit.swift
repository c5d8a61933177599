/// The honest part of a campaign, fitted so that bad sheets do not hide each other, and what every sheet leaves unexplained.
///
/// Scores are fitted in *common points*: each criterion multiplied by `criterionScale` (1 everywhere unless the criteria have
/// full marks of their own), so that a shift means the same on every criterion:
///
///     y[u,r,c] = m[u,c] + b[r] + d[r,c] + s[u,r] + e[u,r,c]
///
/// m is the merit of unit u on criterion c, b the severity (positive: lenient) and d its part by criterion, s what rater r
/// gives unit u beyond both (with standard deviation `sheetSD`), e ordinary noise. Every sheet is compared with its unit's *other* sheets only.
struct HonestFit: Sendable {
  // MARK: Scale and noise

  /// Common points per point, by criterion.
  var criterionScale: [Double]
  /// Standard deviation of e in common points, by criterion, relative to `cellSD`.
  var criterionNoise: [Double]
  /// 1 / criterionNoise², for sums over scores, which no division should hold up.
  var criterionPrecision: [Double] { criterionNoise.map { 1 / ($0 * $0) } }
  /// Standard deviation of e at factor 1.
  var cellSD: Double
  /// Standard deviation of a sheet's mean residual at factor 1: √(sheetSD² + cellSD² / typicalCells).
  var sheetMeanSD: Double
  var sheetSD: Double
  /// The typical number of comparable observations on a sheet.
  var typicalCells: Double
  /// Noise by unit, relative to the whole: raters agree better on some levels than on others, and on some units. 1 where there is no sign of it.
  var unitNoise: [Double]
  /// Standard error of its logarithm; 0 where units differ by their level alone.
  var unitNoiseError: [Double]
  /// By sheet: the noise of its unit as the unit's other sheets show it, by which the sheet is judged.
  var othersNoise: [Double]
  /// Degrees of freedom of the Student-t tails of the sheets' and of the single scores' residuals.
  var sheetTail: Double
  var cellTail: Double

  // MARK: Raters

  /// Severity in common points, relative to the raters this one can be compared with; positive is lenient.
  var raterEffect: [Double]
  /// Root of its prediction error variance; nil for raters who cannot be compared with anybody.
  var raterError: [Double?]
  /// Standard deviation of honest raters' severities, estimated so that extreme raters do not widen it.
  var raterSD: Double
  /// d[r,c] at `r * criteria + c`; empty when there are too few scores to estimate it.
  var raterCriterion: [Double]
  var raterCriterionSD: Double
  /// Variance of each rater's residuals relative to the typical rater's: for the weight in comparisons.
  var raterNoise: [Double]

  // MARK: Sheets

  /// Mean residual of the sheet against its unit's other sheets, in common points; nan when there is no other.
  var residual: [Double]
  /// The sheet's level in common points: its deviation added to the unit's mean merit and the rater's severity; what the mixed model is fitted to.
  var level: [Double]
  /// Mean over the sheet's comparable cells of score − severity − the panel's mean with this sheet in it.
  var deviation: [Double]
  /// Variance of `residual` in an honest campaign.
  var variance: [Double]
  /// residual / √variance, where the variance is raised on sheets whose profile over the criteria disagrees with the panel's.
  var standardized: [Double]
  /// residual² / variance as if its rater were as precise as the typical one; nan when there is no other.
  var plainSquare: [Double]
  /// Influence of the sheet on its unit's merit, 0…1.
  var weight: [Double]
  /// Factor on the variance of the sheet as part of a panel: above 1 where it repeats another's opinion.
  var panelFactor: [Double]
  /// Share of the sheet in the severity of its own rater.
  var leverage: [Double]
  /// The noise factor of the sheet's rater on the rater's other sheets.
  var ownNoise: [Double]
  /// Variance of the residuals within the sheet relative to the honest one; nan where fewer than two criteria can be compared.
  var profile: [Double]
  /// The factor in `variance` that comes from the sheet's profile.
  var profileFactor: [Double]

  /// Variance of the rest of the panel's mean, on average over the sheet's comparable cells; one typical sheet has 1.
  var restVariance: [Double]

  /// Variance of what the sheet was adjusted by for its rater's use of the scale; 0 where raters use it alike (`ScaleUse`).
  var slopeVariance: [Double]

  // MARK: Cells

  /// Sum of precisions by cell of the layout.
  var cellPrecision: [Double]

  /// m[u,c] in common points, by cell of the layout.
  var merit: [Double]
  var unitSD: Double
  /// Steps the fit took, and the last relative change of its severities.
  var iterations: Int
  var lastChange: Double

  /// How many independent marks the mean of a sheet is worth as to its tails: the excess kurtosis of what a sheet errs in as a whole stays, that of m single marks
  /// shrinks to 1/m, and each counts by the square of its share v or 1 − v of the variance: 1/(v² + (1 − v)²/m).
  var marksOfResidual: Double {
    let share = sheetMeanSD > 0 ? min(1, squared(sheetSD / sheetMeanSD)) : 0
    return min(typicalCells, 1 / (share * share + squared(1 - share) / typicalCells))
  }

  /// What rater `r` gives beyond severity on criterion `k`, in common points.
  @inline(__always)
  func profile(_ r: Int, _ k: Int, _ layout: Layout) -> Double {
    raterCriterion.isEmpty ? 0 : raterCriterion[r * layout.criterionCount + k]
  }

  /// Honest variance of a sheet's own mean: its rater's, its unit's, its size's and that of its adjustment.
  func ownVariance(_ s: Int, _ layout: Layout) -> Double {
    let h = unitNoise[Int(layout.sheetUnit[s])]
    let count = Double(layout.comparable[s])
    let own = max(0, squared(sheetMeanSD) - squared(cellSD) / typicalCells)
    return (own + squared(cellSD) / count) * raterNoise[Int(layout.sheetRater[s])] * h * h + slopeVariance[s]
  }
}
