internal import Foundation
internal import Statistics

extension HonestFitter {
  func result(lastChange: Double) -> HonestFit {
    let sheets = layout.sheetCount
    var variance = [Double](repeating: .nan, count: sheets)
    var standardized = variance
    var profile = variance
    var deleted = variance
    var plainSquare = variance
    var factors = variance
    var leverages = variance
    var ownNoises = variance
    var totals = [Double](repeating: 0, count: layout.raterCount)
    for s in 0..<sheets where layout.comparable[s] > 0 {
      (variance[s], factors[s]) = spread(s)
      totals[Int(layout.sheetRater[s])] += weight[s] / variance[s]
    }
    for s in 0..<sheets where layout.comparable[s] > 0 {
      let v = variance[s]
      let r = Int(layout.sheetRater[s])
      // The rater's severity was estimated with this sheet in it; take the sheet out of it again.
      let leverage = min(0.9, weight[s] / v / (totals[r] + 1 / max(raterVariance, 1e-6 * sheetMeanVariance)))
      leverages[s] = leverage
      ownNoises[s] = ownNoise(s)
      deleted[s] = residual[s] / (1 - leverage)
      variance[s] = v / (1 - leverage)
      standardized[s] = deleted[s] / variance[s].squareRoot()
      let factor = testFactor(s, noise: 1)
      plainSquare[s] = squared(deleted[s]) * (1 - leverage) / levelVariance(s, factor: factor)
      if layout.comparable[s] > 1 { profile[s] = profileVariance[s] / (cellVariance * factor) }
    }
    let own = max(0, sheetMeanVariance - cellVariance / typicalCells)
    // Raters whose other sheets are noisy, or who favour many, say nothing of the tails of ordinary ones; a sheet that alone makes its rater noisy does.
    let tail = (0..<sheets).compactMap { s in layout.comparable[s] > 0 && ownNoises[s] == 1 ? standardized[s] : nil }
    var fit = HonestFit(
      criterionScale: criterionScale, criterionNoise: criterionNoise, cellSD: cellVariance.squareRoot(),
      sheetMeanSD: sheetMeanVariance.squareRoot(), sheetSD: own.squareRoot(), typicalCells: typicalCells, unitNoise: unitNoise,
      unitNoiseError: unitNoiseError, othersNoise: othersNoise,
      sheetTail: .infinity, cellTail: .infinity, raterEffect: raterEffect, raterError: raterError,
      raterSD: raterVariance.squareRoot(), raterCriterion: raterCriterion, raterCriterionSD: raterCriterionVariance.squareRoot(),
      raterNoise: raterNoise, residual: deleted, level: response, deviation: deviations, variance: variance, standardized: standardized,
      plainSquare: plainSquare, weight: weight, panelFactor: panelFactor, leverage: leverages, ownNoise: ownNoises, profile: profile,
      profileFactor: factors,
      restVariance: restVariance, slopeVariance: slopeVariance,
      cellPrecision: cellPrecision, merit: merit, unitSD: unitVariance.squareRoot(),
      iterations: HonestFitter.rounds, lastChange: lastChange)
    fit.sheetTail = residualTail(of: tail, marks: fit.marksOfResidual).degreesOfFreedom
    fit.cellTail = CellResiduals.tail(layout: layout, y: y, fit: fit)
    return fit
  }
}
