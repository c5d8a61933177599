internal import Foundation
internal import Models
internal import Statistics

/// The honest part as it would be on a scale without ends.
///
/// Nobody can give more than full marks. Where many do, the severity of lenient raters is cut off and that of strict ones is not, so that honest strictness looks
/// extreme; and merits, noise and the spread of severities all look smaller than they are. Here a mark at an end of its scale says only
/// that the mark meant was there or beyond (`CensoredMark`):
///
///     y = min(max(y*, low), high),   y*[u,r,c] = m[u,c] + b[r] + d[r,c] + s[u,r] + e[u,r,c]
///     m[u,c] ~ N(M[u] + C[c], ω²),   M ~ N(0, υ²),   b ~ N(0, τ²),   d ~ N(0, δ²),   s ~ N(0, ψ²),   e[·,·,c] ~ N(0, σ[c]²)
///
/// with the ends half a step inside the scale (a mark is rounded), and noise alike for all raters and units (that the lenient and the good scatter less is the cut's
/// doing). The mode of all effects together at the present variances, by rounds of one Newton step for m, one for d and one for s, and one solution for all M and b at
/// once through `CrossedModel`; sheets far off lose weight. Variances move by Fisher scoring (`VarianceStep`), σ[c] by expected squares over their degrees of freedom, τ by
/// a robust scale. Started at the plain fit. Three passes over the scores and a factorisation over the raters a round.
///
/// Source: Tobin 1958, Econometrica 26:24; Henderson 1975, Biometrics 31:423; Schall 1991, Biometrika 78:719.
struct CensoredFit: Sendable {
  /// b[r] in common points; positive is lenient.
  private(set) var raterEffect: [Double]
  /// Root of its prediction error variance; nil for raters who cannot be compared with anybody.
  private(set) var raterError: [Double?]
  private(set) var raterSD: Double
  /// d[r,c] at `r * criteria + c`, empty where the plain fit's is, and its standard deviation.
  private(set) var raterCriterion: [Double]
  private(set) var raterCriterionSD: Double
  /// m[u,c] in common points, by cell of the layout, and its standard error.
  private(set) var merit: [Double]
  private(set) var meritError: [Double]
  /// s[u,r] by sheet, and its standard deviation.
  private(set) var sheetEffect: [Double]
  private(set) var sheetSD: Double
  /// Standard deviation of e by criterion.
  private(set) var cellSD: [Double]
  /// M[u] + b[r] + s[u,r] as the sheet alone has it, its precision as part of a panel, and the standard deviation of units at this level: what a mixed model is fitted to.
  private(set) var level: [Double]
  private(set) var precision: [Double]
  var unitSD: Double { (unitVariance + cellVariance / typicalCells).squareRoot() }
  /// C[c].
  private(set) var criterionLevel: [Double]
  private(set) var unitVariance: Double
  private(set) var cellVariance: Double

  /// Fewer marks at the ends of the scale, of those that can be compared, are not worth the trouble.
  static let minimumShare = 0.05
  static let rounds = 8

  private let layout: Layout
  private let marks: Marks
  private let typicalCells: Double
  /// Factor on a sheet's variance as part of a panel; its influence.
  private let panelFactor: [Double]
  private(set) var weight: [Double]
  private var unitLevel: [Double]
  /// Below this no variance falls: a ten thousandth of the plain fit's noise.
  private let floor: Double

  /// Nil where few marks are at an end of their scale, so that the plain fit says all there is to say, or the model cannot be solved.
  init?(_ layout: Layout, scores: [Double], common: [Double], steps: ScaleSteps, fit: HonestFit, rounds: Int = CensoredFit.rounds) {
    self.layout = layout
    marks = Marks(scores: scores, common: common, steps: steps, scale: fit.criterionScale)
    raterEffect = fit.raterEffect
    raterError = fit.raterError
    raterSD = fit.raterSD
    raterCriterion = fit.raterCriterion
    merit = fit.merit
    meritError = [Double](repeating: 0, count: layout.cellCount)
    sheetEffect = [Double](repeating: 0, count: layout.sheetCount)
    sheetSD = fit.sheetSD
    cellSD = fit.criterionNoise.map { fit.cellSD * $0 }
    level = sheetEffect
    precision = sheetEffect
    criterionLevel = [Double](repeating: 0, count: layout.criterionCount)
    unitLevel = [Double](repeating: 0, count: layout.unitCount)
    typicalCells = fit.typicalCells
    panelFactor = fit.panelFactor
    weight = [Double](repeating: 1, count: layout.sheetCount)
    let noise = squared(fit.sheetSD) + squared(fit.cellSD)
    floor = 1e-4 * noise
    raterCriterionSD = max(squared(fit.raterCriterionSD), floor).squareRoot()
    unitVariance = max(squared(fit.unitSD), floor)
    cellVariance = noise
    sheetSD = max(squared(fit.sheetSD), floor).squareRoot()
    guard marks.shareAtEnds(layout) >= CensoredFit.minimumShare else { return nil }
    startLevels()
    for round in 0..<rounds {
      updateMerits()
      updateLevels()
      updateRaterCriterion()
      let levels = updateSheets()
      // Approached from above: from a spread of nothing the steps would hardly rise.
      if round == 0 { raterSD = max(raterSD, noise.squareRoot()) }
      guard (try? solveSeverities(levels)) != nil else { return nil }
    }
  }

  // MARK: Marks

  /// Marks, and the ends from which on nothing is known of them but the direction.
  private struct Marks: Sendable {
    let scores: [Double]
    let common: [Double]
    let steps: ScaleSteps
    /// In common points, by criterion.
    let low: [Double]
    let high: [Double]

    init(scores: [Double], common: [Double], steps: ScaleSteps, scale: [Double]) {
      self.scores = scores
      self.common = common
      self.steps = steps
      low = scale.indices.map { (steps.minimum[$0] + 0.5 * steps.step[$0]) * scale[$0] }
      high = scale.indices.map { (steps.maximum[$0] - 0.5 * steps.step[$0]) * scale[$0] }
    }

    @inline(__always)
    func mark(_ o: Int, criterion k: Int, expected: Double, sd: Double) -> CensoredMark {
      if scores[o] >= steps.maximum[k] { return CensoredMark(beyond: high[k], sign: 1, expected: expected, sd: sd) }
      if scores[o] <= steps.minimum[k] { return CensoredMark(beyond: low[k], sign: -1, expected: expected, sd: sd) }
      return CensoredMark(common[o] - expected, sd: sd)
    }

    func shareAtEnds(_ layout: Layout) -> Double {
      var ends = 0.0
      var total = 0.0
      for o in 0..<layout.observationCount where layout.cellPanel[Int(layout.cell[o])] > 1 {
        let k = Int(layout.criterion[o])
        total += 1
        if scores[o] >= steps.maximum[k] || scores[o] <= steps.minimum[k] { ends += 1 }
      }
      return total > 0 ? ends / total : 0
    }
  }

  /// Calls `body` with every mark of sheet `s` that can be compared, its cell, its criterion and its precision at full influence.
  @inline(__always)
  private func forEachMark(ofSheet s: Int, _ body: (_ mark: CensoredMark, _ cell: Int, _ criterion: Int, _ precision: Double) -> Void) {
    let r = Int(layout.sheetRater[s])
    let base = raterEffect[r] + sheetEffect[s]
    for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
      let c = Int(layout.cell[o])
      guard layout.cellPanel[c] > 1 else { continue }
      let k = Int(layout.criterion[o])
      let own = raterCriterion.isEmpty ? 0 : raterCriterion[r * layout.criterionCount + k]
      body(marks.mark(o, criterion: k, expected: merit[c] + base + own, sd: cellSD[k]), c, k, 1 / squared(cellSD[k]))
    }
  }

  private func comparableCells(ofUnit u: Int) -> [Int] {
    (layout.unitCellStart[u]..<layout.unitCellStart[u + 1]).filter { layout.cellPanel[$0] > 1 }
  }

  // MARK: Steps of a round

  private mutating func updateMerits() {
    var scores = EffectScores(count: layout.cellCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let influence = weight[s] / panelFactor[s]
      forEachMark(ofSheet: s) { mark, c, _, p in scores.add(mark, precision: influence * p, to: c) }
    }
    var variance = VarianceStep()
    for u in 0..<layout.unitCount {
      let own = comparableCells(ofUnit: u)
      for c in own {
        let prior = unitLevel[u] + criterionLevel[Int(layout.cellCriterion[c])]
        let distance = merit[c] - prior
        variance.add(
          distance + scores.step(c), variance: cellVariance + scores.variance(c), share: 1 - 1 / Double(own.count))
        let total = scores.information[c] + 1 / cellVariance
        merit[c] += (scores.gradient[c] - distance / cellVariance) / total
        meritError[c] = (1 / total).squareRoot()
      }
    }
    cellVariance = variance.next(cellVariance, floor: floor)
  }

  private mutating func startLevels() {
    var count = criterionLevel
    for c in merit.indices where layout.cellPanel[c] > 1 {
      criterionLevel[Int(layout.cellCriterion[c])] += merit[c]
      count[Int(layout.cellCriterion[c])] += 1
    }
    for k in criterionLevel.indices { criterionLevel[k] /= max(1, count[k]) }
    updateLevels()
  }

  /// Levels of units and criteria, and the spread of units, from the merits.
  private mutating func updateLevels() {
    var sums = [Double](repeating: 0, count: layout.criterionCount)
    var counts = sums
    var squares = 0.0
    var units = 0.0
    for u in 0..<layout.unitCount {
      let own = comparableCells(ofUnit: u)
      guard !own.isEmpty else { continue }
      let total = Double(own.count) / cellVariance + 1 / unitVariance
      unitLevel[u] = own.reduce(0) { $0 + merit[$1] - criterionLevel[Int(layout.cellCriterion[$1])] } / cellVariance / total
      squares += squared(unitLevel[u]) + 1 / total
      units += 1
      for c in own {
        sums[Int(layout.cellCriterion[c])] += merit[c] - unitLevel[u]
        counts[Int(layout.cellCriterion[c])] += 1
      }
    }
    for k in sums.indices where counts[k] > 0 { criterionLevel[k] = sums[k] / counts[k] }
    unitVariance = max(squares / max(1, units), floor)
  }

  private mutating func updateRaterCriterion() {
    guard !raterCriterion.isEmpty else { return }
    let criteria = layout.criterionCount
    var scores = EffectScores(count: raterCriterion.count)
    // What the merits leave of the marks, and their number.
    var left = [Double](repeating: 0, count: raterCriterion.count)
    var count = left
    for s in 0..<layout.sheetCount where layout.comparable[s] > 1 {
      let influence = weight[s] / panelFactor[s]
      let first = Int(layout.sheetRater[s]) * criteria
      forEachMark(ofSheet: s) { mark, c, k, p in
        scores.add(mark, precision: influence * p, to: first + k)
        left[first + k] += 1 - min(1, influence * p * mark.information * squared(meritError[c]))
        count[first + k] += 1
      }
    }
    var variance = VarianceStep()
    let prior = squared(raterCriterionSD)
    // A rater's level is not part of the profile.
    let profile = 1 - 1 / Double(criteria)
    for r in 0..<layout.raterCount {
      let own = (r * criteria..<(r + 1) * criteria).filter { count[$0] > 0 }
      var mean = 0.0
      for j in own {
        variance.add(raterCriterion[j] + scores.step(j), variance: prior + scores.variance(j), share: profile * left[j] / count[j])
        raterCriterion[j] += (scores.gradient[j] - raterCriterion[j] / prior) / (scores.information[j] + 1 / prior)
        mean += raterCriterion[j] / Double(own.count)
      }
      for j in own { raterCriterion[j] -= mean }
    }
    raterCriterionSD = variance.next(prior, floor: floor).squareRoot()
  }

  /// What a sheet alone says of its own effect.
  private struct SheetLevel {
    var estimate = 0.0
    var variance = 1.0
  }

  /// Noise by criterion, the spread of sheets and their weights; the sheets' effects are settled once severities are.
  private mutating func updateSheets() -> [SheetLevel] {
    var levels = [SheetLevel](repeating: SheetLevel(), count: layout.sheetCount)
    var squares = [Double](repeating: 0, count: layout.criterionCount)
    var total = squares
    var variance = VarianceStep()
    let prior = squared(sheetSD)
    var free: [(criterion: Int, share: Double, information: Double)] = []
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let influence = weight[s] / panelFactor[s]
      var gradient = 0.0
      var information = 0.0
      var left = 0.0
      free.removeAll(keepingCapacity: true)
      forEachMark(ofSheet: s) { mark, c, k, p in
        gradient += p * mark.residual
        information += p * mark.information
        let share = 1 - min(1, influence * p * mark.information * squared(meritError[c]))
        left += share / Double(layout.comparable[s])
        free.append((k, share, p * mark.information))
        squares[k] += weight[s] * min(mark.square, HonestFitter.noiseCap)
      }
      let error = 1 / (information + 1 / prior)
      for mark in free { total[mark.criterion] += weight[s] * mark.share * (1 - mark.information * error) }
      let own = SheetLevel(estimate: sheetEffect[s] + gradient / information, variance: 1 / information)
      variance.add(own.estimate, variance: prior + own.variance, share: left, weight: weight[s])
      levels[s] = own
    }
    for k in cellSD.indices where total[k] > 0 { cellSD[k] = max(squared(cellSD[k]) * squares[k] / total[k], floor).squareRoot() }
    sheetSD = variance.next(prior, floor: floor).squareRoot()
    return levels
  }

  /// All levels of units and severities at once, linearised at the present values; then the sheets' own effects and weights.
  private mutating func solveSeverities(_ levels: [SheetLevel]) throws(MixedModelError) {
    let unitMean = (0..<layout.unitCount).map { u in
      let own = comparableCells(ofUnit: u)
      return own.reduce(0) { $0 + merit[$1] - criterionLevel[Int(layout.cellCriterion[$1])] } / Double(max(1, own.count))
    }
    let compared = layout.comparable.indices.filter { layout.comparable[$0] > 0 }
    for s in compared {
      level[s] = levels[s].estimate + unitMean[Int(layout.sheetUnit[s])] + raterEffect[Int(layout.sheetRater[s])]
      precision[s] = weight[s] / (panelFactor[s] * (squared(sheetSD) + levels[s].variance))
    }
    let model = try CrossedModel(
      response: level, weights: precision,
      factors: [
        GroupingFactor("unit", codes: layout.sheetUnit, levels: layout.unitCount),
        GroupingFactor("rater", codes: layout.sheetRater, levels: layout.raterCount),
      ])
    let effects = try model.effects(at: [squared(unitSD), max(squared(raterSD), floor), 1])
    let (units, raters) = (effects[0].values, effects[1].values)
    // The level of all scores, by the normal equation of the intercept.
    var sum = 0.0
    var total = 0.0
    for s in compared {
      sum += precision[s] * (level[s] - units[Int(layout.sheetUnit[s])] - raters[Int(layout.sheetRater[s])])
      total += precision[s]
    }
    let intercept = sum / total
    for s in compared {
      let own = level[s] - intercept - units[Int(layout.sheetUnit[s])] - raters[Int(layout.sheetRater[s])]
      let variance = squared(sheetSD) + levels[s].variance
      weight[s] = HonestFitter.influence(squared(own) / variance)
      sheetEffect[s] = own * squared(sheetSD) / variance
    }
    for u in 0..<layout.unitCount {
      for c in comparableCells(ofUnit: u) { merit[c] += intercept + units[u] - unitMean[u] }
    }
    let known = raterError.indices.filter { raterError[$0] != nil }
    for r in known {
      raterEffect[r] = raters[r]
      raterError[r] = effects[1].standardErrors[r]
    }
    let spread = bulkSpread(known.map { raters[$0] })
    raterSD = (squared(spread) + median(known.map { squared(effects[1].standardErrors[$0]) })).squareRoot()
  }
}
