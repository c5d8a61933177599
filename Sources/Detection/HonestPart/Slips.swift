internal import Statistics

/// What single scores far out of line add to the level of their sheets: a slip of the pen is one finding (`score-outlier`), and no favour beside it.
///
/// A score is out of line when chance would bring about as odd a one among all scores with a probability of at most 0.001: |e − ē| by the tail of single
/// scores, ē being the same for the sheet's other scores (`CellResiduals`). It has moved the mean of a sheet of n scores by (e − ē)/n. One pass.
struct Slips: Sendable {
  /// By sheet, in common points.
  private let ofSheet: [Double]

  static let chance = 0.001

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let bound = ResidualTail(fit.cellTail).quantile(upperTail: 0.5 * Slips.chance / Double(max(1, layout.observationCount)))
    var sum = [Double](repeating: 0, count: layout.sheetCount)
    CellResiduals.forEach(layout: layout, y: study.adjustedScores, fit: fit) { _, s, residual, sd in
      if abs(residual) > bound * sd { sum[s] += residual / Double(layout.comparable[s]) }
    }
    ofSheet = sum
  }

  /// The residual of a sheet's level without them; never beyond 0.
  func shrink(_ residual: Double, sheet s: Int) -> Double {
    residual > 0 ? max(0, residual - max(0, ofSheet[s])) : min(0, residual - min(0, ofSheet[s]))
  }
}
