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
  private(set) var y: [Double]
  /// Variance of what y was adjusted by, by sheet: 0 where raters use the scale alike (`ScaleUse`).
  private(set) var slopeVariance: [Double]
  let criterionScale: [Double]
  let criterionNoise: [Double]
  /// 1 / criterionNoise².
  let criterionPrecision: [Double]
  /// Noise factors by unit: what its level explains, all of it, and the same as the unit's other sheets show it.
  var levelNoise: [Double]
  var unitNoise: [Double]
  var othersNoise: [Double]
  var unitNoiseError: [Double]

  /// Influence of a sheet on what others are compared with: full up to 2.5 standard deviations, a quarter at 5.
  static func influence(_ squaredDeviation: Double) -> Double { min(1, 6.25 / max(squaredDeviation, 1e-12)) }
  /// A rater's noise factor is shrunk towards 1 as if by this many ordinary sheets.
  static let noisePrior = 10.0
  /// Weight of the honest value, in degrees of freedom, in a sheet's profile variance.
  static let profilePrior = 40.0
  /// Squared residuals count at most this much in a rater's noise.
  static let noiseCap = 12.0
  static let rounds = 8
  /// The rounds that a fit to slightly other scores takes from where the first one ended.
  static let laterRounds = 4..<rounds
  /// The rounds after which sheets that repeat each other are looked for.
  static let dependenceRounds: Set = [3, 6]
  /// The rounds in which units' own noise is estimated: it takes from the raters' what it explains, and the other way round.
  static let unitNoiseRounds: Set = [4, 5, 6]
  /// The rounds in which severities are solved for; between them only weights and profiles move.
  static let solvingRounds: Set = [0, 2, 4, 7]

  // Working state.
  let sheetsByRater: GroupedIndices
  var raterEffect: [Double]
  var raterError: [Double?]
  var raterCriterion: [Double]
  var raterNoise: [Double]
  /// The same before small excesses are taken for chance.
  var rawNoise: [Double]
  /// Factor on the variance of a sheet as part of a panel: above 1 where it repeats another's opinion (`SheetDependence`).
  var panelFactor: [Double]
  /// Sum of capped squares and sheets behind each rater's noise factor, so that a sheet can be taken out of it.
  var levelSquares: [Double]
  var levelSheets: [Double]
  var weight: [Double]
  var merit: [Double]
  var cellPrecision: [Double]
  /// Σ p² v over the panel: what the variance of its weighted mean is made of.
  var cellSquare: [Double]
  var residual: [Double]
  /// Variance of the rest of the panel's weighted mean, on average over the sheet's comparable cells, in units of one sheet's.
  var restVariance: [Double]
  var profileVariance: [Double]
  var response: [Double]
  var deviations: [Double]
  var sheetMeanVariance = 1.0
  var cellVariance = 1.0
  var typicalCells = 1.0
  var raterVariance = 0.0
  /// Variance of rounding one mark to its step, in common points.
  let roundingVariance: Double
  var unitVariance = 1.0
  var raterCriterionVariance = 0.0

  /// Nil when no unit was scored by two raters on a common criterion.
  init?(layout: Layout, y: [Double], criterionScale: [Double], criterionNoise: [Double], roundingVariance: Double) {
    guard layout.comparable.contains(where: { $0 > 0 }) else { return nil }
    self.layout = layout
    self.y = y
    slopeVariance = [Double](repeating: 0, count: layout.sheetCount)
    self.criterionScale = criterionScale
    self.criterionNoise = criterionNoise
    criterionPrecision = criterionNoise.map { 1 / squared($0) }
    self.roundingVariance = max(roundingVariance, 1e-12)
    unitNoise = [Double](repeating: 1, count: layout.unitCount)
    levelNoise = unitNoise
    othersNoise = [Double](repeating: 1, count: layout.sheetCount)
    unitNoiseError = [Double](repeating: 0, count: layout.unitCount)
    sheetsByRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    raterEffect = [Double](repeating: 0, count: layout.raterCount)
    raterError = [Double?](repeating: nil, count: layout.raterCount)
    raterNoise = [Double](repeating: 1, count: layout.raterCount)
    rawNoise = raterNoise
    panelFactor = [Double](repeating: 1, count: layout.sheetCount)
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

  /// The fit from scratch.
  mutating func fit() throws(MixedModelError) -> HonestFit {
    typicalCells = max(1, median(layout.comparable.compactMap { $0 > 0 ? Double($0) : nil }))
    compare()
    startFromMedians()
    return try run(0..<HonestFitter.rounds)
  }

  /// The fit to scores that were adjusted by sheet, from where `fit` ended: weights, noise and profiles hardly move.
  mutating func refit(to y: [Double], slopeVariance: [Double]) throws(MixedModelError) -> HonestFit {
    self.y = y
    self.slopeVariance = slopeVariance
    return try run(HonestFitter.laterRounds)
  }

  private mutating func run(_ rounds: Range<Int>) throws(MixedModelError) -> HonestFit {
    var change = Double.infinity
    for round in rounds {
      compare()
      estimateNoise()
      if round == HonestFitter.rounds / 2 { estimateLevelNoise() }
      if HonestFitter.unitNoiseRounds.contains(round) { estimateUnitNoise() }
      reweigh()
      if HonestFitter.solvingRounds.contains(round) { change = try solve() }
      estimateRaterCriterion()
      if HonestFitter.dependenceRounds.contains(round) { estimateDependence() }
    }
    compare()
    estimateNoise()
    return result(lastChange: change)
  }

  /// Every cell's mean over its panel at the present weights, and every sheet against the means of the other sheets.
  mutating func compare() {
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
        let factor = sheetFactor(s, noise: raterNoise[r]) * panelFactor[s]
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
      for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] {
        merit[c] /= cellPrecision[c]
        guard layout.cellPanel[c] > 1 else { continue }
        unitMean += merit[c]
        unitCells += 1
      }
      unitMean /= max(1, unitCells)
      for s in sheets where layout.comparable[s] > 0 {
        let r = Int(layout.sheetRater[s])
        let factor = sheetFactor(s, noise: raterNoise[r]) * panelFactor[s]
        let p = max(weight[s], 1e-9) / factor
        let b = raterEffect[r]
        var sum = 0.0
        var squares = 0.0
        var scaledSum = 0.0
        var precision = 0.0
        var rest = 0.0
        var deviation = 0.0
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let c = Int(layout.cell[o])
          guard layout.cellPanel[c] > 1 else { continue }
          let k = Int(layout.criterion[o])
          let a = y[o] - b - (hasProfile ? raterCriterion[r * criteria + k] : 0)
          let others = 1 / max(cellPrecision[c] - p, 1e-12)
          let below = a - merit[c]
          let e = below * cellPrecision[c] * others
          let w = criterionPrecision[k]
          sum += e
          squares += e * e * w
          scaledSum += e * w
          precision += w
          rest += max(cellSquare[c] - p * p * factor, 0) * others * others
          deviation += below
        }
        let n = Double(layout.comparable[s])
        let mean = sum / n
        residual[s] = mean
        restVariance[s] = rest / n
        // Σ ((e − mean) / noise)², expanded.
        let spread = squares - 2 * mean * scaledSum + mean * mean * precision
        profileVariance[s] = n > 1 ? max(0, spread) / (n - 1) : .nan
        deviations[s] = deviation / n
        response[s] = deviation / n + unitMean + b
      }
    }
  }
}
