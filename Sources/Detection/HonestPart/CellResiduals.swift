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
      errors.removeAll(keepingCapacity: true)
      var sum = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 1 else {
          errors.append(.nan)
          continue
        }
        let a = y[o] - fit.raterEffect[r] - (hasProfile ? fit.raterCriterion[r * criteria + Int(layout.criterion[o])] : 0)
        let others = max(fit.cellPrecision[c] - p, 1e-12)
        let e = a - (fit.merit[c] * fit.cellPrecision[c] - p * a) / others
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
        let sd = fit.cellSD * noise * ((factor + fit.restVariance[s]) * (1 + 1 / (n - 1))).squareRoot()
        body(o, s, e - (sum - e) / (n - 1), sd)
      }
    }
  }

  /// Student-t degrees of freedom of single scores' residuals, from their centre; 10 when there are too few to tell.
  static func tail(layout: Layout, y: [Double], fit: HonestFit) -> Double {
    var histogram = TailHistogram()
    forEach(layout: layout, y: y, fit: fit) { _, s, residual, sd in
      if fit.raterNoise[Int(layout.sheetRater[s])] == 1 { histogram.add(residual / sd) }
    }
    return histogram.degreesOfFreedom()
  }
}
