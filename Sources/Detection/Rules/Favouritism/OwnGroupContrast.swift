internal import Foundation
internal import Statistics

/// What raters give units of their own group beyond what the panels and their own severities explain.
struct OwnGroupContrast: Sendable {
  /// Raters with at least one own sheet and two others that can be compared.
  var raters: [Int] = []
  /// Mean own minus mean other standardised residual, by rater, with its standard error.
  var contrast: [Double] = []
  var standardError: [Double] = []
  /// The same in result points.
  var points: [Double] = []
  var pointsError: [Double] = []
  var ownSheets: [[Int]] = []
  /// Robust centre of the contrasts: what raters as a whole do.
  var centre = 0.0
  /// All of each rater's sheets, own and other, for permutation.
  private var allSheets: [[Int]] = []
  /// Sheets on which own and other can be told apart.
  var ownTotal = 0
  var otherTotal = 0

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    for r in 0..<layout.raterCount where study.table.raters[r].group != nil {
      var own = Side()
      var other = Side()
      var sheets: [Int] = []
      var all: [Int] = []
      for s in grouped.members(of: r) where layout.comparable[s] > 0 && study.table.units[Int(layout.sheetUnit[s])].group != nil {
        all.append(s)
        // The profile over the criteria says nothing of a preference for the own group, and would only add noise here.
        let variance = fit.variance[s] / fit.profileFactor[s]
        let influence = HonestFitter.influence(squared(fit.residual[s]) / variance)
        if study.isOwn[s] {
          own.add(fit.residual[s], study.pointsPerCommon[s], influence, variance)
          sheets.append(s)
        } else {
          other.add(fit.residual[s], study.pointsPerCommon[s], influence, variance)
        }
      }
      guard own.count >= 1, other.count >= 2 else { continue }
      raters.append(r)
      ownSheets.append(sheets)
      allSheets.append(all)
      ownTotal += own.count
      otherTotal += other.count
      // In units of a sheet of average precision, so that raters on noisy and quiet units compare.
      let unit = (own.precision + other.precision) / Double(own.count + other.count)
      contrast.append((own.mean - other.mean) * unit.squareRoot())
      standardError.append((unit / own.precision + unit / other.precision).squareRoot())
      points.append(own.pointsMean - other.pointsMean)
      pointsError.append(
        ((own.pointsMean - other.pointsMean) == 0 ? 0 : own.pointsScale) * (1 / own.precision + 1 / other.precision).squareRoot())
    }
    guard !raters.isEmpty else { return }
    centre = robustMean(contrast, standardError)
  }

  /// The exact stratified permutation p-value of rater `i`'s excess over the field, values permuted within rounds; nil where the rater's sheets can be
  /// arranged in fewer than a million ways, so that no arrangement could be remarkable enough.
  ///
  /// - Parameter centre: what is taken off own sheets first: the field's preference, or 0 to ask whether there is any.
  func permutationPValue(_ i: Int, beyond centre: Double, _ study: Study, _ fit: HonestFit) -> Double? {
    let sheets = allSheets[i]
    var rounds: [String: Int] = [:]
    let test = StratifiedPermutationTest(
      values: sheets.map { s in
        let value = fit.residual[s] / (fit.variance[s] / fit.profileFactor[s]).squareRoot()
        return study.isOwn[s] ? value - centre : value
      },
      labelled: sheets.map { study.isOwn[$0] },
      strata: sheets.map { s in
        let round = study.unit(ofSheet: s).round ?? ""
        let known = rounds[round] ?? rounds.count
        rounds[round] = known
        return known
      })
    guard test.variance > 0, test.mostExtremeLogProbability < log(1e-6) else { return nil }
    // An unremarkable excess needs no exact tail.
    return test.standardized < 1.8 ? Normal.upperTail(test.standardized) : test.result(exactBudget: 1e4).upper
  }

  private struct Side {
    var count = 0
    private var weight = 0.0
    /// Σ w² v, the variance of the weighted sum.
    private var square = 0.0
    private var sum = 0.0
    private var pointsSum = 0.0
    private var scaleSum = 0.0

    mutating func add(_ residual: Double, _ pointsPerCommon: Double, _ influence: Double, _ variance: Double) {
      count += 1
      let p = influence / variance
      weight += p
      square += influence * p
      sum += p * residual
      pointsSum += residual * pointsPerCommon
      scaleSum += pointsPerCommon
    }

    var mean: Double { sum / weight }
    /// The inverse variance of the mean. A sheet that lies far out alone is held to be less certain; where several do, it is they that agree.
    var precision: Double { count > 1 ? weight * weight / square : weight }
    var pointsMean: Double { pointsSum / Double(count) }
    var pointsScale: Double { scaleSum / Double(count) }
  }
}

/// A mean of values with known errors that a minority of far values cannot pull: Huber weights with c = 1.5, from the median on.
func robustMean(_ values: [Double], _ errors: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  var centre = median(values)
  let scale = max(1, medianAbsoluteDeviation(values.indices.map { (values[$0] - centre) / errors[$0] }, center: 0))
  for _ in 0..<20 {
    var sum = 0.0
    var total = 0.0
    for i in values.indices {
      let z = abs(values[i] - centre) / (errors[i] * scale)
      let w = (z <= 1.5 ? 1 : 1.5 / z) / (errors[i] * errors[i])
      sum += w * values[i]
      total += w
    }
    centre = sum / total
  }
  return centre
}
