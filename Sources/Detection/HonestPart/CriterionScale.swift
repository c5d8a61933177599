internal import Foundation
internal import Statistics

/// The criteria's own scales: full marks of 5, 10, 15 and 100 in one campaign must not let the last one decide alone.
struct CriterionScale: Sendable {
  /// Common points per point, by criterion; 1 everywhere when the criteria share one scale.
  var toCommon: [Double]
  /// Standard deviation of residuals in common points, by criterion, relative to the typical criterion.
  var noise: [Double]

  /// Scales whose noise differs by less than this factor are one scale with noisier and quieter criteria.
  static let sameScaleRatio = 3.0
  /// Residuals looked at per criterion: enough for a scale known to 1 %.
  static let sampleSize = 20_000

  /// Estimates the scales from the deviations of scores from the means of their cells. Criteria whose marks have the same range are of one scale: where many
  /// marks are cut off at an end, those that are left scatter less for that alone.
  static func estimate(_ layout: Layout, _ scores: [Double], _ steps: ScaleSteps) -> CriterionScale {
    let criteria = layout.criterionCount
    var count = [Int](repeating: 0, count: criteria)
    for o in 0..<layout.observationCount where layout.cellPanel[Int(layout.cell[o])] > 1 { count[Int(layout.criterion[o])] += 1 }
    let stride = count.map { max(1, $0 / sampleSize) }
    var seen = [Int](repeating: 0, count: criteria)
    var samples = [[Double]](repeating: [], count: criteria)
    var means = [Double](repeating: 0, count: layout.cellCount)
    for o in 0..<layout.observationCount {
      let c = Int(layout.cell[o])
      means[c] += scores[o] / Double(layout.cellPanel[c])
    }
    for o in 0..<layout.observationCount {
      let c = Int(layout.cell[o])
      let k = Int(layout.criterion[o])
      let n = Double(layout.cellPanel[c])
      guard n > 1 else { continue }
      seen[k] += 1
      if seen[k] % stride[k] == 0 { samples[k].append(abs(scores[o] - means[c]) * (n / (n - 1)).squareRoot()) }
    }
    // A criterion on which most raters agree exactly has a zero median; its mean deviation still tells its scale.
    let scales = samples.map { sample -> Double in
      guard sample.count >= 5 else { return 0 }
      let robust = 1.4826 * median(sample)
      return robust > 0 ? robust : 1.2533 * sample.reduce(0, +) / Double(sample.count)
    }
    let known = scales.filter { $0 > 0 }
    guard let smallest = known.min(), let largest = known.max() else {
      return CriterionScale(toCommon: [Double](repeating: 1, count: criteria), noise: [Double](repeating: 1, count: criteria))
    }
    let typical = exp(known.reduce(0) { $0 + log($1) } / Double(known.count))
    let relative = scales.map { $0 > 0 ? $0 / typical : 1 }
    let ranges = Set(steps.minimum.indices.map { [steps.minimum[$0], steps.maximum[$0]] })
    guard ranges.count > 1, largest / smallest > sameScaleRatio else {
      return CriterionScale(toCommon: [Double](repeating: 1, count: criteria), noise: relative.map { min(max($0, 0.3), 3) })
    }
    return CriterionScale(toCommon: relative.map { 1 / $0 }, noise: [Double](repeating: 1, count: criteria))
  }
}
