internal import Foundation
internal import Models
internal import Statistics

extension HonestFitter {
  /// Medians over panels and over raters in turn: a start that a minority of bad sheets cannot pull far.
  mutating func startFromMedians() {
    var buffer: [Double] = []
    var unitLevel = [Double](repeating: 0, count: layout.unitCount)
    for _ in 0..<4 {
      for u in 0..<layout.unitCount {
        buffer.removeAll(keepingCapacity: true)
        for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where layout.comparable[s] > 0 {
          buffer.append(response[s] - raterEffect[Int(layout.sheetRater[s])])
        }
        if !buffer.isEmpty { unitLevel[u] = smallMedian(&buffer) }
      }
      for r in 0..<layout.raterCount {
        buffer.removeAll(keepingCapacity: true)
        for s in sheetsByRater.members(of: r) where layout.comparable[s] > 0 {
          buffer.append(response[s] - unitLevel[Int(layout.sheetUnit[s])])
        }
        if !buffer.isEmpty { raterEffect[r] = smallMedian(&buffer) }
      }
    }
    var deviations: [Double] = []
    deviations.reserveCapacity(layout.sheetCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      deviations.append(response[s] - unitLevel[Int(layout.sheetUnit[s])] - raterEffect[Int(layout.sheetRater[s])])
    }
    let scale = max(residualScale(deviations), (roundingVariance / typicalCells).squareRoot())
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let z = (response[s] - unitLevel[Int(layout.sheetUnit[s])] - raterEffect[Int(layout.sheetRater[s])]) / (1.3 * scale)
      weight[s] = HonestFitter.influence(z * z)
    }
    // Approached from above: from a spread of nothing the steps below would hardly rise.
    raterVariance = max(squared(bulkSpread(raterEffect)), 0.25 * squared(scale))
    unitVariance = max(squared(medianAbsoluteDeviation(unitLevel, center: nil)), 1e-9)
  }

  /// All severities at once at the present weights. Returns the largest change relative to the noise of a sheet.
  mutating func solve() throws(MixedModelError) -> Double {
    var weights = [Double](repeating: 0, count: layout.sheetCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      weights[s] = weight[s] / (sheetFactor(s, noise: raterNoise[Int(layout.sheetRater[s])]) * sizeFactor(s) * panelFactor[s])
    }
    let model = try CrossedModel(
      response: response, weights: weights,
      factors: [
        GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount),
        GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount),
      ])
    let floor = 1e-6 * sheetMeanVariance
    let predictions = try model.effects(at: [max(unitVariance, floor), max(raterVariance, floor), sheetMeanVariance])
    let (units, effects) = (predictions[0], predictions[1])
    var change = 0.0
    var spread: [Double] = []
    var uncertainty: [Double] = []
    for r in 0..<layout.raterCount {
      let compared = sheetsByRater.members(of: r).contains { layout.comparable[$0] > 0 }
      guard compared else {
        raterEffect[r] = 0
        raterError[r] = nil
        continue
      }
      change = max(change, abs(effects.values[r] - raterEffect[r]))
      raterEffect[r] = effects.values[r]
      raterError[r] = effects.standardErrors[r]
      spread.append(effects.values[r])
      uncertainty.append(squared(effects.standardErrors[r]))
    }
    // One EM step for the spread of honest raters, with a robust scale in place of the mean square.
    raterVariance = squared(bulkSpread(spread)) + median(uncertainty)
    if uncertainty.count > 1, squared(bulkSpread(spread)) == 0 { raterVariance = max(raterVariance, floor) }
    unitVariance = max(squared(robustSpread(units.values)), floor)
    return change / sheetMeanVariance.squareRoot()
  }

  /// Each rater's own mean deviation on each criterion, shrunk by its estimated spread.
  mutating func estimateRaterCriterion() {
    guard !raterCriterion.isEmpty else { return }
    let criteria = layout.criterionCount
    var sums = [Double](repeating: 0, count: raterCriterion.count)
    var precisions = sums
    for u in 0..<layout.unitCount {
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where layout.comparable[s] > 1 {
        let r = Int(layout.sheetRater[s])
        let p = max(weight[s], 1e-9) / (sheetFactor(s, noise: raterNoise[r]) * panelFactor[s])
        let b = raterEffect[r]
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let c = Int(layout.cell[o])
          guard layout.cellPanel[c] > 1 else { continue }
          let j = r * criteria + Int(layout.criterion[o])
          // Against the mean with this sheet in it: given the means, every rater's step then lowers the same sum of squares, and the rounds cannot diverge.
          sums[j] += p * (y[o] - b - raterCriterion[j] - merit[c] - deviations[s])
          precisions[j] += p
        }
      }
    }
    var raw: [Double] = []
    var inverse: [Double] = []
    for j in raterCriterion.indices where precisions[j] > 1 {
      raw.append(raterCriterion[j] + sums[j] / precisions[j])
      inverse.append(1 / precisions[j])
    }
    guard raw.count > 4 else { return }
    let floor = 1e-4 * cellVariance
    raterCriterionVariance = max(
      floor, squared(medianAbsoluteDeviation(raw, center: 0)) - cellVariance * median(inverse))
    let shrinkage = cellVariance / raterCriterionVariance
    for r in 0..<layout.raterCount {
      var mean = 0.0
      var count = 0.0
      for k in 0..<criteria where precisions[r * criteria + k] > 0 {
        let j = r * criteria + k
        // At convergence Σ w (a − d) = κ d, so that d is the shrunk mean and not the raw one.
        raterCriterion[j] = (raterCriterion[j] * precisions[j] + sums[j]) / (precisions[j] + shrinkage)
        mean += raterCriterion[j]
        count += 1
      }
      guard count > 0 else { continue }
      for k in 0..<criteria where precisions[r * criteria + k] > 0 { raterCriterion[r * criteria + k] -= mean / count }
    }
  }
}
