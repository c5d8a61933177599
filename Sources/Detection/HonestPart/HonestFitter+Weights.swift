internal import Foundation
internal import Statistics

extension HonestFitter {
  /// Sheets that repeat another sheet of their panel get less weight in it.
  mutating func estimateDependence() {
    panelFactor = SheetDependence(
      layout: layout, y: y, criterionPrecision: criterionPrecision, raterEffect: raterEffect, raterCriterion: raterCriterion,
      raterNoise: rawNoise,
      sheetMeanVariance: sheetMeanVariance, cellVariance: cellVariance
    ).factors(sheetsByRater: sheetsByRater, weight: weight)
  }

  /// Variance of a sheet's own mean relative to the typical sheet's: fewer criteria, or a noisier level, make it less certain.
  @inline(__always)
  func sheetFactor(_ s: Int, noise: Double) -> Double {
    let h = unitNoise[Int(layout.sheetUnit[s])]
    return noise * h * h
  }

  /// Variance of a sheet against the rest of its panel relative to the typical sheet's own, with the unit's noise as the other sheets show it.
  @inline(__always)
  func testFactor(_ s: Int, noise: Double) -> Double {
    let h = othersNoise[s] / unitNoise[Int(layout.sheetUnit[s])]
    return (sheetFactor(s, noise: noise) + restVariance[s]) * h * h
  }

  /// Honest variance of a sheet's level at a factor on the typical sheet's noise.
  @inline(__always)
  func levelVariance(_ s: Int, factor: Double) -> Double { sheetMeanVariance * sizeFactor(s) * factor + slopeVariance[s] }

  /// Variance of a mean over `count` cells relative to one over the typical number of them.
  @inline(__always)
  func sizeFactor(_ s: Int) -> Double {
    let count = Double(layout.comparable[s])
    if count == typicalCells { return 1 }
    let own = max(0, sheetMeanVariance - cellVariance / typicalCells)
    return (own + cellVariance / count) / (own + cellVariance / typicalCells)
  }

  /// Robust variances of sheet means and of single residuals at factor 1.
  mutating func estimateNoise() {
    var cellRatios: [Double] = []
    var sheetScores: [Double] = []
    var slopeRatios: [Double] = []
    cellRatios.reserveCapacity(layout.sheetCount)
    sheetScores.reserveCapacity(layout.sheetCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let factor = testFactor(s, noise: ownNoise(s))
      sheetScores.append(residual[s] / (factor * sizeFactor(s)).squareRoot())
      slopeRatios.append(slopeVariance[s] / (factor * sizeFactor(s)))
      if layout.comparable[s] > 1 { cellRatios.append(profileVariance[s] / factor) }
    }
    // Rounding to the campaign's step is noise of its own, below which nothing is known.
    let floor = roundingVariance / typicalCells
    sheetMeanVariance = max(squared(residualScale(sheetScores)), floor)
    if slopeRatios.contains(where: { $0 > 0 }) {
      // What is not known of the slopes is no noise of the sheets.
      let plain = zip(sheetScores, slopeRatios).map { $0 / (1 + $1 / sheetMeanVariance).squareRoot() }
      sheetMeanVariance = max(squared(residualScale(plain)), floor)
    }
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
  mutating func reweigh() {
    let cap = HonestFitter.noiseCap
    for r in 0..<layout.raterCount {
      var sheets = 0.0
      var level = 0.0
      var profile = 0.0
      var freedom = 0.0
      for s in sheetsByRater.members(of: r) where layout.comparable[s] > 0 {
        let factor = testFactor(s, noise: 1)
        sheets += 1
        level += min(squared(residual[s]) / levelVariance(s, factor: factor), cap)
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
      rawNoise[r] = noise
      levelSquares[r] = level
      levelSheets[r] = sheets
    }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let (variance, profileFactor) = spread(s)
      weight[s] = HonestFitter.influence(squared(residual[s]) / variance) / max(1, profileFactor - 0.3)
    }
  }

  /// Variance of a sheet against the rest of its panel, and the part of it that comes from its profile.
  func spread(_ s: Int) -> (variance: Double, profileFactor: Double) {
    let factor = testFactor(s, noise: ownNoise(s))
    let profile = profileFactor(s, factor)
    return (levelVariance(s, factor: factor) * profile, profile)
  }

  /// How much a sheet's profile over the criteria disagrees with its panel's, as a factor on its variance.
  private func profileFactor(_ s: Int, _ factor: Double) -> Double {
    guard layout.comparable[s] > 1 else { return 1 }
    let freedom = Double(layout.comparable[s] - 1)
    let ratio = profileVariance[s] / (cellVariance * factor)
    let prior = HonestFitter.profilePrior
    let shrunk = max(0.75, (prior + freedom * ratio) / (prior + freedom))
    // A profile that chance does not explain (χ², upper 1 % by Wilson and Hilferty) is taken at its word: such a sheet saw something else, or the rest of the panel did.
    let t = 2 / (9 * freedom)
    let root = 1 - t + 2.326 * t.squareRoot()
    return ratio > root * root * root ? max(shrunk, ratio) : shrunk
  }

  /// The noise factor of the sheet's rater on the rater's other sheets, so that an odd sheet does not excuse itself.
  func ownNoise(_ s: Int) -> Double {
    let r = Int(layout.sheetRater[s])
    guard levelSheets[r] > 1, raterNoise[r] > 1 else { return 1 }
    let own = min(squared(residual[s]) / levelVariance(s, factor: testFactor(s, noise: 1)), HonestFitter.noiseCap)
    let prior = HonestFitter.noisePrior
    let noise = (max(0, levelSquares[r] - own) + prior) / (levelSheets[r] - 1 + prior)
    return noise < 1.4 ? 1 : noise
  }

  /// Raters agree better on some levels of merit than on others: a noise factor over the level of the unit, shrunk to none.
  mutating func estimateLevelNoise() {
    let levels = (0..<layout.unitCount).map { u -> Double in
      let cells = layout.unitCellStart[u]..<layout.unitCellStart[u + 1]
      return cells.reduce(0) { $0 + merit[$1] } / Double(max(1, cells.count))
    }
    levelNoise = LevelNoise.factors(
      levels: levels, layout: layout,
      standardized: { s in
        guard layout.comparable[s] > 0 else { return nil }
        return residual[s] / levelVariance(s, factor: 1 + restVariance[s]).squareRoot()
      })
    unitNoise = levelNoise
    othersNoise = layout.sheetUnit.map { levelNoise[Int($0)] }
  }

  /// Some units are harder to judge than others of their level. Two passes over the scores.
  mutating func estimateUnitNoise() {
    let scatters = sheetScatters()
    let own = UnitNoise(layout, scatter: { scatters[$0] })
    unitNoise = levelNoise.indices.map { levelNoise[$0] * own.ofUnit[$0] }
    othersNoise = layout.sheetUnit.indices.map { levelNoise[Int(layout.sheetUnit[$0])] * own.ofOthers[$0] }
    unitNoiseError = own.logError
  }

  /// Every sheet about the mean of its panel, in which raters count by their precision alone: the weights of sheets would hide the scatter.
  private func sheetScatters() -> [SheetScatter?] {
    let criteria = layout.criterionCount
    func precision(_ s: Int) -> Double { 1 / (rawNoise[Int(layout.sheetRater[s])] * panelFactor[s]) }
    func adjusted(_ o: Int, _ r: Int) -> Double {
      y[o] - raterEffect[r] - (raterCriterion.isEmpty ? 0 : raterCriterion[r * criteria + Int(layout.criterion[o])])
    }
    var mean = [Double](repeating: 0, count: layout.cellCount)
    var total = mean
    for s in 0..<layout.sheetCount {
      let r = Int(layout.sheetRater[s])
      let p = precision(s)
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        mean[c] += p * adjusted(o, r)
        total[c] += p
      }
    }
    return (0..<layout.sheetCount).map { s in
      guard layout.comparable[s] > 0 else { return nil }
      let r = Int(layout.sheetRater[s])
      var sum = 0.0
      var squares = 0.0
      var scaledSum = 0.0
      var weights = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 1 else { continue }
        let e = adjusted(o, r) - mean[c] / total[c]
        let w = criterionPrecision[Int(layout.criterion[o])]
        sum += e
        squares += w * e * e
        scaledSum += w * e
        weights += w
      }
      let cells = Double(layout.comparable[s])
      let level = sum / cells
      let profile = cells > 1 ? max(0, squares - 2 * level * scaledSum + level * level * weights) : 0
      let h = squared(levelNoise[Int(layout.sheetUnit[s])])
      return SheetScatter(
        share: 1 / panelFactor[s], precision: precision(s), level: level * level / levelVariance(s, factor: h),
        profile: profile / (cellVariance * h), cells: cells)
    }
  }
}
