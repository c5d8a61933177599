internal import Foundation
internal import Statistics

/// Residuals of single scores: against the rest of the cell's panel and against the rest of the rater's own sheet.
enum CellResiduals {
  /// Calls `body` with every observation that has two others on its cell and another cell on its sheet, its residual in common points and the residual's
  /// standard deviation. One pass; nothing is kept.
  ///
  /// The residual is e − ē, e being score − severity − mean of the others on the cell (weighted by their precision) and ē the mean e of the
  /// sheet's other cells: a favoured sheet is no outlier cell by cell.
  static func forEach(
    layout: Layout, y: [Double], fit: HonestFit, _ body: (_ observation: Int, _ sheet: Int, _ residual: Double, _ sd: Double) -> Void
  ) {
    let criteria = layout.criterionCount
    let hasProfile = !fit.raterCriterion.isEmpty
    var errors: [Double] = []
    for s in 0..<layout.sheetCount where layout.comparable[s] > 1 {
      let r = Int(layout.sheetRater[s])
      let h = fit.unitNoise[Int(layout.sheetUnit[s])]
      let factor = fit.raterNoise[r] * h * h
      let p = max(fit.weight[s], 1e-9) / (factor * fit.panelFactor[s])
      let others = squared(fit.othersNoise[s] / h)
      errors.removeAll(keepingCapacity: true)
      var sum = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 1 else {
          errors.append(.nan)
          continue
        }
        let a = y[o] - fit.raterEffect[r] - (hasProfile ? fit.raterCriterion[r * criteria + Int(layout.criterion[o])] : 0)
        let rest = max(fit.cellPrecision[c] - p, 1e-12)
        let e = a - (fit.merit[c] * fit.cellPrecision[c] - p * a) / rest
        errors.append(e)
        sum += e
      }
      let n = Double(layout.comparable[s])
      let start = layout.sheetStart[s]
      for (j, e) in errors.enumerated() where !e.isNaN {
        let o = start + j
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 2 else { continue }
        let noise = fit.criterionNoise[Int(layout.criterion[o])]
        let sd = fit.cellSD * noise * ((factor + fit.restVariance[s]) * others * (1 + 1 / (n - 1))).squareRoot()
        body(o, s, e - (sum - e) / (n - 1), sd)
      }
    }
  }

  /// Student-t degrees of freedom of the noise of single scores, from their residuals; where a sheet is one score, from the sheets'.
  ///
  /// A residual is a score's own noise less means of others', which are nearer to normal: its centre looks lighter than the noise is, but far out it is the
  /// one score's own noise that is seen. For independent parts with weights w, excess kurtosis shrinks by Σw⁴/(Σw²)²; the noise has that much
  /// more, and for Student-t κ = 6/(ν − 4).
  static func tail(layout: Layout, y: [Double], fit: HonestFit) -> Double {
    let single = !layout.comparable.contains { $0 > 1 }
    var freedom = fit.sheetTail
    if !single {
      var histogram = TailHistogram()
      forEach(layout: layout, y: y, fit: fit) { _, s, residual, sd in
        if fit.raterNoise[Int(layout.sheetRater[s])] == 1 { histogram.add(residual / sd) }
      }
      freedom = histogram.tail().degreesOfFreedom
    }
    guard freedom.isFinite, freedom > 4 else { return freedom }
    var share = 0.0
    var sheets = 0.0
    for s in 0..<layout.sheetCount where layout.comparable[s] > (single ? 0 : 1) {
      share += kurtosisShare(fit.restVariance[s]) * (single ? 1 : kurtosisShare(1 / (Double(layout.comparable[s]) - 1)))
      sheets += 1
    }
    return sheets > 0 ? 4 + (freedom - 4) * share / sheets : freedom
  }

  /// Σw⁴/(Σw²)² of one part with weight 1 and 1/`rest` equal parts whose mean is taken off.
  private static func kurtosisShare(_ rest: Double) -> Double { (1 + rest * rest * rest) / squared(1 + rest) }
}
