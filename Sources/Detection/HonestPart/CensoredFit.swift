internal import Foundation
internal import Models
internal import Statistics

/// The honest part as it would be on a scale without ends.
///
/// Nobody can give more than full marks. Where many do, the severity of lenient raters is cut off and that of strict ones is not, so that honest strictness looks
/// extreme; and merits, noise and the spread of severities all look smaller than they are. Here a mark at an end of its scale says only
/// that the mark meant was there or beyond:
///
///     y = min(max(y*, low), high),   y*[u,r,c] = m[u,c] + b[r] + d[r,c] + e,   m[u,c] ~ N(M[u] + C[c], ω²),   M[u] ~ N(0, υ²),   b[r] ~ N(0, τ²)
///
/// with the ends half a step inside the scale (a mark is rounded), e = a part of the sheet and one of the score, normal and alike for all raters and units (that
/// the lenient and the good scatter less is the cut's doing), and d as fitted. Each round takes one Newton step for the merits (the residual of a mark at an
/// end is its expectation σλ beyond the end, its information λ(λ − α), λ being the inverse Mills ratio at α), and solves for all severities at once through
/// `CrossedModel` at the sheets' mean expected residuals and informations; sheets far off lose weight; variances take EM steps, that of severities with a
/// robust scale. Some twenty passes over the scores, and a factorisation over the raters a round.
///
/// Source: Tobin 1958, Econometrica 26:24; Henderson 1975, Biometrics 31:423.
struct CensoredFit: Sendable {
  /// b[r] in common points; positive is lenient.
  private(set) var raterEffect: [Double]
  /// Root of its prediction error variance; nil for raters who cannot be compared with anybody.
  private(set) var raterError: [Double?]
  private(set) var raterSD: Double
  /// m[u,c] in common points, by cell of the layout, and its standard error.
  private(set) var merit: [Double]
  private(set) var meritError: [Double]
  /// Standard deviations of the sheet's part of noise and of the score's.
  private(set) var sheetSD: Double
  private(set) var cellSD: Double

  /// Fewer marks at the ends of the scale, of those that can be compared, are not worth the trouble.
  static let minimumShare = 0.05
  static let rounds = 8

  private let study: Study
  private let fit: HonestFit
  /// Marks from which on, and down to which, nothing is known but the direction; in common points by criterion.
  private let low: [Double]
  private let high: [Double]
  /// Influence of every sheet, its expected mean residual, and the mean information of its marks.
  private var weight: [Double]
  private var residual: [Double]
  private var information: [Double]
  private var unitLevel: [Double]
  private var criterionLevel: [Double]
  private var cellVariance: Double
  private var unitVariance: Double

  /// Nil where few marks are at an end of their scale, so that the plain fit says all there is to say, or the model cannot be solved.
  init?(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let steps = study.steps
    self.study = study
    self.fit = fit
    low = steps.minimum.indices.map { (steps.minimum[$0] + 0.5 * steps.step[$0]) * fit.criterionScale[$0] }
    high = steps.maximum.indices.map { (steps.maximum[$0] - 0.5 * steps.step[$0]) * fit.criterionScale[$0] }
    raterEffect = fit.raterEffect
    raterError = fit.raterError
    raterSD = fit.raterSD
    merit = fit.merit
    meritError = [Double](repeating: 0, count: layout.cellCount)
    sheetSD = fit.sheetSD
    cellSD = fit.cellSD
    weight = [Double](repeating: 1, count: layout.sheetCount)
    residual = [Double](repeating: 0, count: layout.sheetCount)
    information = residual
    unitLevel = [Double](repeating: 0, count: layout.unitCount)
    criterionLevel = [Double](repeating: 0, count: layout.criterionCount)
    unitVariance = squared(fit.unitSD)
    cellVariance = squared(fit.sheetSD) + squared(fit.cellSD)
    guard shareAtEnds() >= CensoredFit.minimumShare else { return nil }
    startLevels()
    for round in 0..<CensoredFit.rounds {
      updateMerits()
      updateLevels()
      updateNoise()
      // Approached from above: from a spread of nothing the steps would hardly rise.
      if round == 0 { raterSD = max(raterSD, meanVariance(1).squareRoot()) }
      guard (try? solveSeverities()) != nil else { return nil }
    }
  }

  private func shareAtEnds() -> Double {
    let layout = study.layout
    var ends = 0.0
    var total = 0.0
    for o in 0..<layout.observationCount where layout.cellPanel[Int(layout.cell[o])] > 1 {
      total += 1
      if isAtEnd(o) { ends += 1 }
    }
    return total > 0 ? ends / total : 0
  }

  @inline(__always)
  private func isAtEnd(_ o: Int) -> Bool {
    let k = Int(study.layout.criterion[o])
    return study.scores[o] >= study.steps.maximum[k] || study.scores[o] <= study.steps.minimum[k]
  }

  /// The residual of a mark about `expected`, its mean square relative to the variance, and its information.
  @inline(__always)
  private func score(_ o: Int, expected: Double, sd: Double) -> (residual: Double, square: Double, information: Double) {
    let k = Int(study.layout.criterion[o])
    let y = study.scores[o]
    let upper = y >= study.steps.maximum[k]
    guard upper || y <= study.steps.minimum[k] else {
      let e = study.commonScores[o] - expected
      return (e, e * e / (sd * sd), 1)
    }
    let sign = upper ? 1.0 : -1.0
    let alpha = sign * ((upper ? high[k] : low[k]) - expected) / sd
    let lambda = exp(Normal.logDensity(alpha) - Normal.logUpperTail(alpha))
    return (sign * sd * lambda, 1 + alpha * lambda, min(max(lambda * (lambda - alpha), 1e-6), 1))
  }

  /// Calls `body` with every observation that can be compared, its sheet, cell, precision and score at the present values.
  @inline(__always)
  private func forEach(
    _ body: (_ sheet: Int, _ cell: Int, _ precision: Double, _ score: (residual: Double, square: Double, information: Double)) -> Void
  ) {
    let layout = study.layout
    let sd = fit.criterionNoise.map { (squared(sheetSD) + squared(cellSD * $0)).squareRoot() }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let r = Int(layout.sheetRater[s])
      let share = weight[s] / fit.panelFactor[s]
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.cell[o])
        guard layout.cellPanel[c] > 1 else { continue }
        let k = Int(layout.criterion[o])
        let own = fit.raterCriterion.isEmpty ? 0 : fit.raterCriterion[r * layout.criterionCount + k]
        body(s, c, share / squared(sd[k]), score(o, expected: merit[c] + raterEffect[r] + own, sd: sd[k]))
      }
    }
  }

  /// Variance of the mean residual of a sheet with `cells` comparable scores.
  private func meanVariance(_ cells: Double) -> Double { squared(sheetSD) + squared(cellSD) / cells }

  private mutating func updateMerits() {
    let layout = study.layout
    var gradient = [Double](repeating: 0, count: layout.cellCount)
    var precision = gradient
    forEach { _, c, p, score in
      gradient[c] += p * score.residual
      precision[c] += p * score.information
    }
    for u in 0..<layout.unitCount {
      for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] {
        let prior = unitLevel[u] + criterionLevel[Int(layout.cellCriterion[c])]
        let total = precision[c] + 1 / cellVariance
        merit[c] += (gradient[c] + (prior - merit[c]) / cellVariance) / total
        meritError[c] = (1 / total).squareRoot()
      }
    }
  }

  private mutating func startLevels() {
    let layout = study.layout
    var count = criterionLevel
    for c in merit.indices where layout.cellPanel[c] > 1 {
      criterionLevel[Int(layout.cellCriterion[c])] += merit[c]
      count[Int(layout.cellCriterion[c])] += 1
    }
    for k in criterionLevel.indices { criterionLevel[k] /= max(1, count[k]) }
    updateLevels()
  }

  /// Levels of units and criteria, and the spreads about them, from the merits.
  private mutating func updateLevels() {
    let layout = study.layout
    var sums = [Double](repeating: 0, count: layout.criterionCount)
    var counts = sums
    var squares = 0.0
    var cells = 0.0
    var unitSquares = 0.0
    var units = 0.0
    for u in 0..<layout.unitCount {
      let own = (layout.unitCellStart[u]..<layout.unitCellStart[u + 1]).filter { layout.cellPanel[$0] > 1 }
      guard !own.isEmpty else { continue }
      let total = Double(own.count) / cellVariance + 1 / max(unitVariance, 1e-9)
      unitLevel[u] = own.reduce(0) { $0 + merit[$1] - criterionLevel[Int(layout.cellCriterion[$1])] } / cellVariance / total
      unitSquares += squared(unitLevel[u]) + 1 / total
      units += 1
      for c in own {
        let k = Int(layout.cellCriterion[c])
        sums[k] += merit[c] - unitLevel[u]
        counts[k] += 1
        squares += squared(merit[c] - unitLevel[u] - criterionLevel[k]) + squared(meritError[c])
        cells += 1
      }
    }
    for k in sums.indices where counts[k] > 0 { criterionLevel[k] = sums[k] / counts[k] }
    let floor = 1e-4 * (squared(fit.sheetSD) + squared(fit.cellSD))
    cellVariance = max(squares / max(1, cells), floor)
    unitVariance = max(unitSquares / max(1, units), floor)
  }

  /// Expected residuals of the sheets, and from their squares and those of the scores the two variances of noise, capped as in the plain fit.
  private mutating func updateNoise() {
    let layout = study.layout
    var residual = [Double](repeating: 0, count: layout.sheetCount)
    var information = residual
    var freedom = residual
    var squares = 0.0
    var total = 0.0
    forEach { s, c, p, score in
      residual[s] += score.residual
      information[s] += score.information
      // What the merit takes: the mark's share in it.
      let free = 1 - min(1, p * score.information * squared(meritError[c]))
      freedom[s] += free
      squares += weight[s] * min(score.square, HonestFitter.noiseCap)
      total += weight[s] * free
    }
    var meanSquares = 0.0
    var meanTotal = 0.0
    for s in residual.indices where layout.comparable[s] > 0 {
      let cells = Double(layout.comparable[s])
      residual[s] /= cells
      information[s] /= cells
      let variance = meanVariance(cells)
      // The part of a mark that is beyond the end varies too.
      let hidden = squared(cellSD) / cells * (1 - information[s])
      meanSquares += weight[s] * min((squared(residual[s]) + hidden) / variance, HonestFitter.noiseCap)
      meanTotal += weight[s] * freedom[s] / cells
      weight[s] = HonestFitter.influence(squared(residual[s]) / (variance * information[s]))
    }
    self.residual = residual
    self.information = information
    guard total > 0 else { return }
    let cells = fit.typicalCells
    let ofScores = (squared(sheetSD) + squared(cellSD)) * squares / total
    let ofMeans = meanVariance(cells) * meanSquares / meanTotal
    let ofCells = cells > 1 ? max(ofScores - ofMeans, 0.25 * ofScores) * cells / (cells - 1) : ofScores
    sheetSD = max(0, ofMeans - ofCells / cells).squareRoot()
    cellSD = ofCells.squareRoot()
  }

  /// All severities at once, linearised at the present values.
  private mutating func solveSeverities() throws(MixedModelError) {
    let layout = study.layout
    var weights = [Double](repeating: 0, count: layout.sheetCount)
    var response = weights
    let variance = meanVariance(fit.typicalCells)
    let unitMean = (0..<layout.unitCount).map { u in
      let own = (layout.unitCellStart[u]..<layout.unitCellStart[u + 1]).filter { layout.cellPanel[$0] > 1 }
      return own.reduce(0) { $0 + merit[$1] - criterionLevel[Int(layout.cellCriterion[$1])] } / Double(max(1, own.count))
    }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let r = Int(layout.sheetRater[s])
      let u = Int(layout.sheetUnit[s])
      weights[s] = information[s] * weight[s] * variance / (meanVariance(Double(layout.comparable[s])) * fit.panelFactor[s])
      response[s] = residual[s] / information[s] + unitMean[u] + raterEffect[r]
    }
    let model = try CrossedModel(
      response: response, weights: weights,
      factors: [
        GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount),
        GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount),
      ])
    let effects = try model.effects(at: [unitVariance + cellVariance / fit.typicalCells, max(squared(raterSD), 1e-6 * variance), variance])[
      1]
    let raters = raterError.indices.filter { fit.raterError[$0] != nil }
    for r in raters {
      raterEffect[r] = effects.values[r]
      raterError[r] = effects.standardErrors[r]
    }
    let spread = robustSpread(raters.map { effects.values[$0] })
    raterSD = (squared(spread) + median(raters.map { squared(effects.standardErrors[$0]) })).squareRoot()
  }
}
