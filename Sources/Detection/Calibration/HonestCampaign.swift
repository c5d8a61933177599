internal import Foundation
internal import Statistics

/// Draws honest campaigns on a study's own design: the same sheets, missing scores, limits and steps, with the fitted honest part.
///
/// Merits stay as fitted (where many marks are at an end of their scale, as they would be without ends); severities, rater-by-criterion
/// effects, sheet effects and noise are drawn anew, with the fitted tails, the fitted dependence of noise on level and unit, and raters who
/// differ in precision as the honest ones do.
struct HonestCampaign: Sendable {
  let study: Study
  let fit: HonestFit
  /// Standard deviation of the honest raters' log noise variance.
  let raterNoiseSpread: Double
  let teamSD: Double

  /// The scores of one honest campaign, by observation. The same `seed` and `replicate` give the same campaign on any machine.
  func draw(seed: UInt64, replicate: UInt64) -> [Double] {
    let layout = study.layout
    let censored = study.censored
    let criteria = layout.criterionCount
    var people = RandomStream(seed: seed, replicate, 0)
    var team = [Double](repeating: 0, count: study.teams.count)
    for t in team.indices { team[t] = teamSD * people.normal() }
    var severity = [Double](repeating: 0, count: layout.raterCount)
    var noise = severity
    for r in severity.indices {
      severity[r] = (censored?.raterSD ?? fit.raterSD) * people.normal()
      if study.teamOfRater[r] >= 0 { severity[r] += team[Int(study.teamOfRater[r])] }
      noise[r] = exp(0.5 * raterNoiseSpread * people.normal())
    }
    let slope = drawSlopes(&people, severity: &severity, noise: &noise)
    var profile = fit.raterCriterion
    for j in profile.indices { profile[j] = (censored?.raterCriterionSD ?? fit.raterCriterionSD) * people.normal() }

    let sheetTail = Tail(fit.sheetTail)
    let cellTail = Tail(fit.cellTail)
    let sheetSD = censored?.sheetSD ?? fit.sheetSD
    let cellSD = censored?.cellSD ?? fit.criterionNoise.map { fit.cellSD * $0 }
    var merit = censored?.merit ?? fit.merit
    var scores = [Double](repeating: 0, count: layout.observationCount)
    for u in 0..<layout.unitCount {
      var stream = RandomStream(seed: seed, replicate, 1, UInt64(u))
      // The better units of a crowded scale scatter less because their marks are cut, which they will be again.
      var level = censored == nil ? fit.unitNoise[u] : 1
      if fit.unitNoiseError[u] > 0 { level *= exp(fit.unitNoiseError[u] * stream.normal()) }
      if let censored {
        // All that is known of a merit beyond the end of the scale is that it is there.
        for c in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] { merit[c] += censored.meritError[c] * stream.normal() }
      }
      let unitLevel = study.scaleUse?.unitLevel[u] ?? 0
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] {
        let r = Int(layout.sheetRater[s])
        let factor = level * noise[r]
        let shift = severity[r] + (slope[r] - 1) * unitLevel + sheetSD * factor * sheetTail.draw(&stream)
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          let k = Int(layout.criterion[o])
          var y = merit[Int(layout.cell[o])] + shift
          if !profile.isEmpty { y += profile[r * criteria + k] }
          y += cellSD[k] * factor * cellTail.draw(&stream)
          scores[o] = study.steps.snap(y / fit.criterionScale[k], criterion: k)
        }
      }
    }
    return scores
  }

  /// Slopes of raters who use the scale unequally widely, 1 otherwise. Who exaggerates may exaggerate all they give: severities are stretched with the slope,
  /// and noise as far as raters differ in it.
  private func drawSlopes(_ people: inout RandomStream, severity: inout [Double], noise: inout [Double]) -> [Double] {
    guard let spread = study.scaleUse?.spread else { return [Double](repeating: 1, count: severity.count) }
    let noiseSpread = 0.5 * raterNoiseSpread
    let shared = min(spread, noiseSpread)
    // The rest of the spread of noise is independent of the slope.
    let rest = noiseSpread > 0 ? (squared(noiseSpread) - squared(shared)).squareRoot() / noiseSpread : 0
    return severity.indices.map { r in
      let z = people.normal()
      severity[r] *= exp(spread * z)
      noise[r] = pow(noise[r], rest) * exp(shared * z)
      return exp(spread * z)
    }
  }

  /// Standard normal draws, or Student-t ones scaled to the same quartiles.
  private struct Tail {
    let degreesOfFreedom: Double
    let scale: Double

    init(_ degreesOfFreedom: Double) {
      self.degreesOfFreedom = degreesOfFreedom
      scale = degreesOfFreedom.isFinite ? quartileScale(degreesOfFreedom) : 1
    }

    @inline(__always)
    func draw(_ stream: inout RandomStream) -> Double {
      degreesOfFreedom.isFinite ? stream.studentT(degreesOfFreedom) * scale : stream.normal()
    }
  }
}
