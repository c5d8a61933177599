/// How much of a sheet's residual may come of marks at the end of their scale.
///
/// Severity is an additive shift, but nobody can give more than full marks. A lenient rater's full marks look low once the leniency is taken off, and a strict
/// rater's full marks look high, where all the scale allows is that everybody gave the most there is. At such a mark the shift b + d of its rater may have
/// been cut off wholly, partly or not at all, so that the corrected score is known only up to |b + d|.
struct LimitAmbiguity: Sendable {
  /// By sheet, in common points: the mean over its comparable cells of |b + d| where the sheet's own mark is at a limit, and of the
  /// panel's precision-weighted mean of the same over the others. 0 for a sheet without marks at a limit in its panel.
  let ofSheet: [Double]

  /// Two passes over the scores. Limits are those of `steps`: declared, or the range of the criterion's scores.
  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    var ambiguity = [Double](repeating: 0, count: layout.sheetCount)
    // Σ p |b + d| over the marks at a limit, by cell.
    var atLimit = [Double](repeating: 0, count: layout.cellCount)
    let (scores, steps) = (study.scores, study.steps)
    LimitAmbiguity.forEach(layout, scores, steps, fit) { cell, precision, shift in atLimit[cell] += precision * abs(shift) }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let p = LimitAmbiguity.precision(s, layout, fit)
      var sum = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 1, atLimit[c] > 0 else { continue }
        let own = steps.isAtEnd(scores[o], criterion: Int(layout.criterion[o])) ? abs(LimitAmbiguity.shift(s, o, layout, fit)) : 0
        sum += own + max(0, atLimit[c] - p * own) / max(fit.cellPrecision[c] - p, 1e-12)
      }
      ambiguity[s] = sum / Double(layout.comparable[s])
    }
    ofSheet = ambiguity
  }

  /// The residual nearest to 0 that the marks allow.
  func shrink(_ residual: Double, sheet s: Int) -> Double {
    residual > 0 ? max(0, residual - ofSheet[s]) : min(0, residual + ofSheet[s])
  }

  /// Calls `body` with every mark at a limit: its cell, its weight in the cell's mean, and b + d.
  static func forEach(
    _ layout: Layout, _ scores: [Double], _ steps: ScaleSteps, _ fit: HonestFit,
    _ body: (_ cell: Int, _ precision: Double, _ shift: Double) -> Void
  ) {
    for s in 0..<layout.sheetCount {
      let p = precision(s, layout, fit)
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] where steps.isAtEnd(scores[o], criterion: Int(layout.criterion[o])) {
        body(Int(layout.cell[o]), p, shift(s, o, layout, fit))
      }
    }
  }

  /// b + d of the rater on the criterion.
  @inline(__always)
  private static func shift(_ s: Int, _ o: Int, _ layout: Layout, _ fit: HonestFit) -> Double {
    let r = Int(layout.sheetRater[s])
    return fit.raterEffect[r] + fit.profile(r, Int(layout.criterion[o]), layout)
  }

  /// The weight of the sheet in the means of its cells.
  @inline(__always)
  static func precision(_ s: Int, _ layout: Layout, _ fit: HonestFit) -> Double {
    let h = fit.unitNoise[Int(layout.sheetUnit[s])]
    return max(fit.weight[s], 1e-9) / (fit.raterNoise[Int(layout.sheetRater[s])] * h * h * fit.panelFactor[s])
  }
}
