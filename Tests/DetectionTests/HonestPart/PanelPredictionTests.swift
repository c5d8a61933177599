import Foundation
import Statistics
import Testing

@testable import Detection

/// The prediction of a sheet by the rest of its panel against its definition, written out.
@Suite struct PanelPredictionTests {
  /// Densities of the others' levels and profiles for every reading, by brute force over all kinds of all others.
  ///
  /// With a flat prior on the unit's merit, the density of values x with variances v is ∏ φ(xᵢ | m, vᵢ) · √(2π V) at m = Σ x/v · V, V = 1/Σ 1/v.
  static func reference(_ study: Study, _ fit: HonestFit, sheet s: Int, panel: [Int]) -> (z: Double, mean: Double) {
    let layout = study.layout
    let others = panel.filter { $0 != s }
    func adjusted(_ t: Int) -> [Double] {
      let r = Int(layout.sheetRater[t])
      return (layout.sheetStart[t]..<layout.sheetStart[t + 1]).map { o in
        let k = Int(layout.criterion[o])
        let d = fit.raterCriterion.isEmpty ? 0 : fit.raterCriterion[r * layout.criterionCount + k]
        return study.adjustedScores[o] - fit.raterEffect[r] - d
      }
    }
    func level(_ t: Int) -> Double { adjusted(t).reduce(0, +) / Double(layout.comparable[t]) }
    func logDensity(_ x: [Double], _ v: [Double]) -> (value: Double, mean: Double, variance: Double) {
      let spread = 1 / v.reduce(0) { $0 + 1 / $1 }
      let mean = zip(x, v).reduce(0) { $0 + $1.0 / $1.1 } * spread
      let value = zip(x, v).reduce(0.5 * log(2 * .pi * spread)) {
        $0 - 0.5 * log(2 * .pi * $1.1) - 0.5 * ($1.0 - mean) * ($1.0 - mean) / $1.1
      }
      return (value, mean, spread)
    }
    let h = fit.unitNoise[Int(layout.sheetUnit[s])]
    var readings: [(log: Double, mean: Double, variance: Double)] = []
    let kinds = PanelPrediction.kinds
    for code in 0..<Int(pow(Double(kinds.count), Double(others.count))) {
      let kind = others.indices.map { code / Int(pow(Double(kinds.count), Double($0))) % kinds.count }
      let unsound = kind.count { $0 > 0 }
      guard unsound <= 2, unsound < others.count else { continue }
      let v = others.indices.map { fit.ownVariance(others[$0], layout) * fit.panelFactor[others[$0]] * kinds[kind[$0]].level }
      let levels = logDensity(others.map(level), v)
      var value = levels.value + kind.reduce(0) { $0 + log(kinds[$1].prior) }
      // Profiles: orthonormal contrasts of the criteria, each a sample of its own.
      let count = Int(layout.comparable[s])
      let profileVariance = others.indices.map { i -> Double in
        let r = Int(layout.sheetRater[others[i]])
        return fit.cellSD * fit.cellSD * h * h * fit.raterNoise[r] * fit.panelFactor[others[i]] * kinds[kind[i]].profile
      }
      for k in 1..<count {
        let contrast = others.map { t -> Double in
          let a = adjusted(t)
          return (a[..<k].reduce(0, +) - Double(k) * a[k]) / Double(k * (k + 1)).squareRoot()
        }
        value += logDensity(contrast, profileVariance).value
      }
      readings.append((value, levels.mean, levels.variance))
    }
    let top = readings.map(\.log).max()!
    let total = readings.reduce(0) { $0 + exp($1.log - top) }
    let own = fit.ownVariance(s, layout) / fit.raterNoise[Int(layout.sheetRater[s])] * fit.ownNoise[s]
    let mean = readings.reduce(0) { $0 + exp($1.log - top) / total * (level(s) - $1.mean) }
    func tail(_ sign: Double) -> Double {
      readings.reduce(0) { sum, reading in
        let x = sign * (level(s) - reading.mean) / (own + reading.variance).squareRoot()
        return sum + exp(reading.log - top) / total * 0.5 * erfc(x / 2.0.squareRoot())
      }
    }
    return (tail(1), mean)
  }

  @Test func `the tail of the mixture is that of its definition`() throws {
    let study = try HonestFitterTests.study.get()
    var fit = try #require(study.fit)
    // The definition is written for criteria that are equally noisy.
    for k in fit.criterionNoise.indices { fit.criterionNoise[k] = 1 }
    let prediction = PanelPrediction(layout: study.layout, y: study.adjustedScores, fit: fit)
    var compared = 0
    for u in 0..<study.layout.unitCount {
      let panel = Array(study.layout.unitSheetStart[u]..<study.layout.unitSheetStart[u + 1])
      #expect(panel.count == 4)
      for s in panel {
        let expected = Self.reference(study, fit, sheet: s, panel: panel)
        let kept = 1 - fit.leverage[s]
        #expect(abs(prediction.residual[s] * kept - expected.mean) < 1e-9)
        let z = prediction.standardized[s] * kept.squareRoot()
        let upper = 0.5 * erfc(z / 2.0.squareRoot())
        guard upper > 1e-12, upper < 0.999 else { continue }
        #expect(abs(upper / expected.z - 1) < 1e-9, "sheet \(s): \(upper), \(expected.z)")
        compared += 1
      }
    }
    #expect(compared > 50)
  }

  @Test func `a panel of three finds the odd sheet and does not hold it against the others`() throws {
    // Panels of three who agree; in the last, one is 30 points below, and the others are each judged by two readings.
    var campaign = SmallCampaign()
    let raters = (1...6).map { "R\($0)" }
    var generator = RandomStream(seed: 7)
    for u in 1...40 {
      for (i, rater) in raters.enumerated() where (i + u) % 2 == 0 {
        for c in ["A", "B", "C", "D"] { campaign.add(rater, "U\(u)", c, 50 + Double(u % 7) * 4 + (generator.uniform() * 8).rounded()) }
      }
    }
    let first = "U40"
    for i in campaign.records.indices where campaign.records[i].unit == first && campaign.records[i].rater == "R2" {
      campaign.records[i].score -= 30
    }
    let study = try Study(table: campaign.table, campaign: campaign.campaign)
    let fit = try #require(study.fit)
    let prediction = PanelPrediction(layout: study.layout, y: study.adjustedScores, fit: fit)
    for s in 0..<study.layout.sheetCount where study.unit(ofSheet: s).name == first {
      if study.rater(ofSheet: s).name == "R2" {
        #expect(prediction.standardized[s] < -4)
      } else {
        // Both of the others agree with each other: the odd one moves what is expected of them only a little, and widens it.
        #expect(abs(prediction.standardized[s]) < 3)
        #expect(prediction.variance[s] > fit.ownVariance(s, study.layout))
      }
    }
  }
}
