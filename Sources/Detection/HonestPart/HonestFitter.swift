internal import Foundation
internal import Models
internal import Statistics

/// Fits the honest part with bounded influence.
///
/// Each round (1) takes every cell's weighted mean over its panel, (2) compares every sheet with the means of its unit's other sheets, (3) lowers the weight of
/// sheets and raters far from the rest (Student-t weights, a rater-wise noise factor, and the disagreement of the sheet's profile
/// with the panel's), and (4) solves for all severities at once at these weights through `CrossedModel`, so that thinly linked designs are solved
/// exactly and not by slow back-fitting. A round costs two passes over the scores and one factorisation over the raters.
struct HonestFitter {
  let layout: Layout
  /// Scores in common points, by observation.
  let y: [Double]
  let criterionScale: [Double]
  let criterionNoise: [Double]
  var unitNoise: [Double]

  /// Influence of a sheet on what others are compared with: full up to 2.5 standard deviations, a quarter at 5.
  static func influence(_ squaredDeviation: Double) -> Double { min(1, 6.25 / max(squaredDeviation, 1e-12)) }
  /// A rater's noise factor is shrunk towards 1 as if by this many ordinary sheets.
  static let noisePrior = 10.0
  /// Weight of the honest value, in degrees of freedom, in a sheet's profile variance.
  static let profilePrior = 40.0
  /// Squared residuals count at most this much in a rater's noise.
  static let noiseCap = 12.0
  static let rounds = 8
  /// The rounds in which severities are solved for; between them only weights and profiles move.
  static let solvingRounds: Set = [0, 2, 4, 7]

  // Working state.
  private let sheetsByRater: GroupedIndices
  private var raterEffect: [Double]
  private var raterError: [Double?]
  private var raterCriterion: [Double]
  private var raterNoise: [Double]
  /// Sum of capped squares and sheets behind each rater's noise factor, so that a sheet can be taken out of it.
  private var levelSquares: [Double]
  private var levelSheets: [Double]
  private var weight: [Double]
  private var merit: [Double]
  private var cellPrecision: [Double]
  /// Σ p² v over the panel: what the variance of its weighted mean is made of.
  private var cellSquare: [Double]
  private var residual: [Double]
  /// Variance of the rest of the panel's weighted mean, on average over the sheet's comparable cells, in units of one sheet's.
  private var restVariance: [Double]
  private var profileVariance: [Double]
  private var response: [Double]
  private var deviations: [Double]
  private var sheetMeanVariance = 1.0
  private var cellVariance = 1.0
  private var typicalCells = 1.0
  private var raterVariance = 0.0
  /// Variance of rounding one mark to its step, in common points.
  private var roundingVariance = 1e-12
  private var unitVariance = 1.0
  private var raterCriterionVariance = 0.0

  /// Fits, or returns nil when no unit was scored by two raters on a common criterion.
  static func fit(
    layout: Layout, y: [Double], criterionScale: [Double], criterionNoise: [Double], roundingVariance: Double
  ) throws(MixedModelError) -> HonestFit? {
    guard layout.comparable.contains(where: { $0 > 0 }) else { return nil }
    var fitter = HonestFitter(layout: layout, y: y, criterionScale: criterionScale, criterionNoise: criterionNoise)
    fitter.roundingVariance = max(roundingVariance, 1e-12)
    return try fitter.run()
  }

  private init(layout: Layout, y: [Double], criterionScale: [Double], criterionNoise: [Double]) {
    self.layout = layout
    self.y = y
    self.criterionScale = criterionScale
    self.criterionNoise = criterionNoise
    unitNoise = [Double](repeating: 1, count: layout.unitCount)
    sheetsByRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    raterEffect = [Double](repeating: 0, count: layout.raterCount)
    raterError = [Double?](repeating: nil, count: layout.raterCount)
    raterNoise = [Double](repeating: 1, count: layout.raterCount)
    levelSquares = [Double](repeating: 0, count: layout.raterCount)
    levelSheets = levelSquares
    // A rater's own profile over the criteria is worth estimating where raters score a criterion several times.
    let entries = layout.raterCount * layout.criterionCount
    let worthwhile = layout.criterionCount > 1 && entries <= layout.observationCount / 3
    raterCriterion = worthwhile ? [Double](repeating: 0, count: entries) : []
    let sheets = layout.sheetCount
    weight = layout.comparable.map { $0 > 0 ? 1 : 0 }
    residual = [Double](repeating: .nan, count: sheets)
    restVariance = [Double](repeating: .nan, count: sheets)
    profileVariance = [Double](repeating: .nan, count: sheets)
    response = [Double](repeating: 0, count: sheets)
    deviations = residual
    merit = [Double](repeating: .nan, count: layout.cellCount)
    cellPrecision = [Double](repeating: 0, count: layout.cellCount)
    cellSquare = cellPrecision
  }

  private mutating func run() throws(MixedModelError) -> HonestFit {
    typicalCells = max(1, median(layout.comparable.compactMap { $0 > 0 ? Double($0) : nil }))
    compare()
    startFromMedians()
    var change = Double.infinity
    for round in 0..<HonestFitter.rounds {
      compare()
      estimateNoise()
      if round == HonestFitter.rounds / 2 { estimateUnitNoise() }
      reweigh()
      if HonestFitter.solvingRounds.contains(round) { change = try solve() }
      estimateRaterCriterion()
    }
    compare()
    estimateNoise()
    return result(lastChange: change)
  }

  /// Variance of a sheet's own mean relative to the typical sheet's: fewer criteria, or a noisier level, make it less certain.
  @inline(__always)
  private func sheetFactor(_ s: Int, noise: Double) -> Double {
    let h = unitNoise[Int(layout.sheetUnit[s])]
    return noise * h * h
  }

  /// Variance of a mean over `count` cells relative to one over the typical number of them.
  @inline(__always)
  private func sizeFactor(_ s: Int) -> Double {
    let count = Double(layout.comparable[s])
    if count == typicalCells { return 1 }
    let own = max(0, sheetMeanVariance - cellVariance / typicalCells)
    return (own + cellVariance / count) / (own + cellVariance / typicalCells)
  }

  /// Every cell's mean over its panel at the present weights, and every sheet against the means of the other sheets.
  private mutating func compare() {
    let criteria = layout.criterionCount
    let hasProfile = !raterCriterion.isEmpty
    for u in 0..<layout.unitCount {
      let sheets = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] {
        merit[c] = 0
        cellPrecision[c] = 0
        cellSquare[c] = 0
      }
      for s in sheets {
        let r = Int(layout.sheetRater[s])
        // A sheet that cannot be compared still carries the merit of its own cells.
        let factor = sheetFactor(s, noise: raterNoise[r])
        let p = max(weight[s], 1e-9) / factor
        let b = raterEffect[r]
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let c = Int(layout.cell[o])
          let a = y[o] - b - (hasProfile ? raterCriterion[r * criteria + Int(layout.criterion[o])] : 0)
          merit[c] += p * a
          cellPrecision[c] += p
          cellSquare[c] += p * p * factor
        }
      }
      var unitMean = 0.0
      var unitCells = 0.0
      for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] where layout.cellPanel[c] > 1 {
        unitMean += merit[c] / cellPrecision[c]
        unitCells += 1
      }
      unitMean /= max(1, unitCells)
      for s in sheets where layout.comparable[s] > 0 {
        let r = Int(layout.sheetRater[s])
        let factor = sheetFactor(s, noise: raterNoise[r])
        let p = max(weight[s], 1e-9) / factor
        let b = raterEffect[r]
        var sum = 0.0
        var squares = 0.0
        var scaledSum = 0.0
        var noiseSum = 0.0
        var rest = 0.0
        var deviation = 0.0
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let c = Int(layout.cell[o])
          guard layout.cellPanel[c] > 1 else { continue }
          let k = Int(layout.criterion[o])
          let a = y[o] - b - (hasProfile ? raterCriterion[r * criteria + k] : 0)
          let others = max(cellPrecision[c] - p, 1e-12)
          let e = a - (merit[c] - p * a) / others
          let noise = criterionNoise[k]
          sum += e
          squares += e * e / (noise * noise)
          scaledSum += e / (noise * noise)
          noiseSum += 1 / (noise * noise)
          rest += max(cellSquare[c] - p * p * factor, 0) / (others * others)
          deviation += a - merit[c] / cellPrecision[c]
        }
        let n = Double(layout.comparable[s])
        let mean = sum / n
        residual[s] = mean
        restVariance[s] = rest / n
        // Σ ((e − mean) / noise)², expanded.
        let spread = squares - 2 * mean * scaledSum + mean * mean * noiseSum
        profileVariance[s] = n > 1 ? max(0, spread) / (n - 1) : .nan
        deviations[s] = deviation / n
        response[s] = deviation / n + unitMean + b
      }
      for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] { merit[c] /= cellPrecision[c] }
    }
  }

  /// Medians over panels and over raters in turn: a start that a minority of bad sheets cannot pull far.
  private mutating func startFromMedians() {
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
    raterVariance = max(squared(robustSpread(raterEffect)), 0.25 * squared(scale))
    unitVariance = max(squared(medianAbsoluteDeviation(unitLevel, center: nil)), 1e-9)
  }

  /// Robust variances of sheet means and of single residuals at factor 1.
  private mutating func estimateNoise() {
    var cellRatios: [Double] = []
    var sheetScores: [Double] = []
    cellRatios.reserveCapacity(layout.sheetCount)
    sheetScores.reserveCapacity(layout.sheetCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let factor = sheetFactor(s, noise: ownNoise(s)) + restVariance[s]
      sheetScores.append(residual[s] / (factor * sizeFactor(s)).squareRoot())
      if layout.comparable[s] > 1 { cellRatios.append(profileVariance[s] / factor) }
    }
    // Rounding to the campaign's step is noise of its own, below which nothing is known.
    sheetMeanVariance = max(squared(residualScale(sheetScores)), roundingVariance / typicalCells)
    if cellRatios.isEmpty {
      cellVariance = sheetMeanVariance
    } else {
      // The median of χ²/ν lies below 1 by about 2/(3ν) (Wilson–Hilferty).
      let freedom = max(1, typicalCells - 1)
      let correction = pow(1 - 2 / (9 * freedom), 3)
      cellVariance = max(median(cellRatios) / correction, roundingVariance)
    }
  }

  /// Noise factors of raters, then weights of sheets.
  private mutating func reweigh() {
    let cap = HonestFitter.noiseCap
    for r in 0..<layout.raterCount {
      var sheets = 0.0
      var level = 0.0
      var profile = 0.0
      var freedom = 0.0
      for s in sheetsByRater.members(of: r) where layout.comparable[s] > 0 {
        let factor = sheetFactor(s, noise: 1) + restVariance[s]
        sheets += 1
        level += min(squared(residual[s]) / (sheetMeanVariance * sizeFactor(s) * factor), cap)
        if layout.comparable[s] > 1 {
          let n = Double(layout.comparable[s] - 1)
          profile += min(profileVariance[s] / (cellVariance * factor), cap) * n
          freedom += n
        }
      }
      let prior = HonestFitter.noisePrior
      let noise = max((level + prior) / (sheets + prior), (profile + prior) / (freedom + prior))
      // Small excesses are chance; taking them at their word would only add noise to every comparison.
      raterNoise[r] = noise < 1.4 ? 1 : noise
      levelSquares[r] = level
      levelSheets[r] = sheets
    }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let z2 = squared(residual[s]) / testVariance(s)
      weight[s] = HonestFitter.influence(z2) / max(1, profileFactor(s) - 0.3)
    }
  }

  /// How much a sheet's profile over the criteria disagrees with its panel's, as a factor on its variance.
  private func profileFactor(_ s: Int) -> Double {
    guard layout.comparable[s] > 1 else { return 1 }
    let freedom = Double(layout.comparable[s] - 1)
    let factor = sheetFactor(s, noise: ownNoise(s)) + restVariance[s]
    let ratio = profileVariance[s] / (cellVariance * factor)
    let prior = HonestFitter.profilePrior
    let shrunk = max(0.75, (prior + freedom * ratio) / (prior + freedom))
    // A profile that chance does not explain (χ², upper 1 % by Wilson and Hilferty) is taken at its word: such a sheet saw something else, or the rest of the panel did.
    let t = 2 / (9 * freedom)
    return ratio > pow(1 - t + 2.326 * t.squareRoot(), 3) ? max(shrunk, ratio) : shrunk
  }

  /// The noise factor of the sheet's rater on the rater's other sheets, so that an odd sheet does not excuse itself.
  private func ownNoise(_ s: Int) -> Double {
    let r = Int(layout.sheetRater[s])
    guard levelSheets[r] > 1, raterNoise[r] > 1 else { return 1 }
    let own = min(
      squared(residual[s]) / (sheetMeanVariance * sizeFactor(s) * (sheetFactor(s, noise: 1) + restVariance[s])), HonestFitter.noiseCap)
    let prior = HonestFitter.noisePrior
    let noise = (max(0, levelSquares[r] - own) + prior) / (levelSheets[r] - 1 + prior)
    return noise < 1.4 ? 1 : noise
  }

  private func testVariance(_ s: Int) -> Double {
    let factor = sheetFactor(s, noise: ownNoise(s)) + restVariance[s]
    return sheetMeanVariance * sizeFactor(s) * factor * profileFactor(s)
  }

  /// All severities at once at the present weights. Returns the largest change relative to the noise of a sheet.
  private mutating func solve() throws(MixedModelError) -> Double {
    var weights = [Double](repeating: 0, count: layout.sheetCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      weights[s] = weight[s] / (sheetFactor(s, noise: raterNoise[Int(layout.sheetRater[s])]) * sizeFactor(s))
    }
    let model = try CrossedModel(
      response: response, weights: weights,
      factors: [
        GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount),
        GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount),
      ])
    let floor = 1e-6 * sheetMeanVariance
    let fit = try model.evaluate(at: [max(unitVariance, floor), max(raterVariance, floor), sheetMeanVariance])
    let effects = fit.effects(of: "rater")!
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
    raterVariance = squared(robustSpread(spread)) + median(uncertainty)
    if uncertainty.count > 1, squared(robustSpread(spread)) == 0 { raterVariance = max(raterVariance, floor) }
    let levels = fit.effects(of: "unit")!.values
    unitVariance = max(squared(robustSpread(levels)), floor)
    return change / sheetMeanVariance.squareRoot()
  }

  /// Each rater's own mean deviation on each criterion, shrunk by its estimated spread.
  private mutating func estimateRaterCriterion() {
    guard !raterCriterion.isEmpty else { return }
    let criteria = layout.criterionCount
    var sums = [Double](repeating: 0, count: raterCriterion.count)
    var precisions = sums
    for u in 0..<layout.unitCount {
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where layout.comparable[s] > 1 {
        let r = Int(layout.sheetRater[s])
        let p = max(weight[s], 1e-9) / sheetFactor(s, noise: raterNoise[r])
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

  /// Raters agree better on some levels of merit than on others: a step-wise noise factor over the level of the unit, shrunk to none.
  private mutating func estimateUnitNoise() {
    let levels = (0..<layout.unitCount).map { u -> Double in
      let cells = layout.unitCellStart[u]..<layout.unitCellStart[u + 1]
      return cells.reduce(0) { $0 + merit[$1] } / Double(max(1, cells.count))
    }
    unitNoise = LevelNoise.factors(
      levels: levels, layout: layout,
      standardized: { s in
        guard layout.comparable[s] > 0 else { return nil }
        return residual[s] / (sheetMeanVariance * sizeFactor(s) * (1 + restVariance[s])).squareRoot()
      })
  }

  private func result(lastChange: Double) -> HonestFit {
    let sheets = layout.sheetCount
    var variance = [Double](repeating: .nan, count: sheets)
    var standardized = variance
    var profile = variance
    var deleted = variance
    var plainSquare = variance
    var factors = variance
    var totals = [Double](repeating: 0, count: layout.raterCount)
    for s in 0..<sheets where layout.comparable[s] > 0 {
      totals[Int(layout.sheetRater[s])] += weight[s] / testVariance(s)
    }
    for s in 0..<sheets where layout.comparable[s] > 0 {
      let v = testVariance(s)
      let r = Int(layout.sheetRater[s])
      // The rater's severity was estimated with this sheet in it; take the sheet out of it again.
      let leverage = min(0.9, weight[s] / v / (totals[r] + 1 / max(raterVariance, 1e-6 * sheetMeanVariance)))
      deleted[s] = residual[s] / (1 - leverage)
      variance[s] = v / (1 - leverage)
      factors[s] = profileFactor(s)
      standardized[s] = deleted[s] / variance[s].squareRoot()
      let factor = sheetFactor(s, noise: 1) + restVariance[s]
      plainSquare[s] = squared(deleted[s]) * (1 - leverage) / (sheetMeanVariance * sizeFactor(s) * factor)
      if layout.comparable[s] > 1 { profile[s] = profileVariance[s] / (cellVariance * factor) }
    }
    let own = max(0, sheetMeanVariance - cellVariance / typicalCells)
    // Raters who are noisy as a whole say nothing of the tails of ordinary ones.
    let centre = (0..<sheets).compactMap { s in
      layout.comparable[s] > 0 && raterNoise[Int(layout.sheetRater[s])] == 1 ? standardized[s] : nil
    }
    var fit = HonestFit(
      criterionScale: criterionScale, criterionNoise: criterionNoise, cellSD: cellVariance.squareRoot(),
      sheetMeanSD: sheetMeanVariance.squareRoot(), sheetSD: own.squareRoot(), typicalCells: typicalCells, unitNoise: unitNoise,
      sheetTail: tailDegreesOfFreedom(centre), cellTail: .infinity, raterEffect: raterEffect, raterError: raterError,
      raterSD: raterVariance.squareRoot(), raterCriterion: raterCriterion, raterCriterionSD: raterCriterionVariance.squareRoot(),
      raterNoise: raterNoise, residual: deleted, level: response, deviation: deviations, variance: variance, standardized: standardized,
      plainSquare: plainSquare, weight: weight, profile: profile, profileFactor: factors,
      restVariance: restVariance, cellPrecision: cellPrecision, merit: merit, unitSD: unitVariance.squareRoot(),
      iterations: HonestFitter.rounds, lastChange: lastChange)
    fit.cellTail = CellResiduals.tail(layout: layout, y: y, fit: fit)
    return fit
  }
}
