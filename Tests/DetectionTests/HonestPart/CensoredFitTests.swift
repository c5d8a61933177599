import Foundation
import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct CensoredFitTests {
  /// An honest campaign, and the same marks cut at `ceiling`.
  static func pair(seed: UInt64, ceiling: Double, planted: [PlantedAnomaly] = []) throws -> (whole: Study, cut: Study) {
    let records = Records(try Simulated.campaign(planted, seed: seed).table())
    var campaign = Simulated.declared
    campaign.scale = Scale(minimum: 0, maximum: ceiling, step: 0.5)
    let cut = records.changed { $0.score = min($0.score, ceiling) }
    return (try Study(table: records.table, campaign: Simulated.declared), try Study(table: cut.table, campaign: campaign))
  }

  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let meanA = a.reduce(0, +) / Double(a.count)
    let meanB = b.reduce(0, +) / Double(b.count)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }

  @Test func `a campaign away from its limits is left to the plain fit`() throws {
    let study = try Study(table: Simulated.campaign(seed: 2).table(), campaign: Simulated.declared)
    #expect(study.censored == nil)
  }

  /// Marks cut where about half of them lie give back what the whole marks gave.
  @Test(arguments: [1, 2, 3] as [UInt64]) func `severities and noise are those before the cut`(seed: UInt64) throws {
    let (whole, cut) = try Self.pair(seed: seed, ceiling: 55)
    let truth = try #require(whole.fit)
    let plain = try #require(cut.fit)
    let censored = try #require(cut.censored)
    #expect(Self.correlation(censored.raterEffect, truth.raterEffect) > 0.9)
    #expect(Self.correlation(censored.raterEffect, truth.raterEffect) > Self.correlation(plain.raterEffect, truth.raterEffect))
    #expect(abs(log(censored.raterSD / truth.raterSD)) < 0.25, "\(censored.raterSD) for \(truth.raterSD)")
    #expect(plain.raterSD < 0.8 * truth.raterSD)
    // What was simulated.
    let noise = (censored.cellSD.reduce(0) { $0 + $1 * $1 } / Double(censored.cellSD.count)).squareRoot()
    #expect(abs(noise / 4 - 1) < 0.2, "\(noise)")
    #expect(abs(censored.raterCriterionSD / 1.5 - 1) < 0.4, "\(censored.raterCriterionSD)")
    #expect(censored.sheetSD < 1.2, "\(censored.sheetSD)")
    // The more of a rater's marks are cut, the less is known.
    let strict = try #require(truth.raterEffect.indices.min { truth.raterEffect[$0] < truth.raterEffect[$1] })
    let lenient = try #require(truth.raterEffect.indices.max { truth.raterEffect[$0] < truth.raterEffect[$1] })
    let errors = try (#require(censored.raterError[lenient]), #require(censored.raterError[strict]))
    #expect(errors.0 > errors.1)
  }

  /// A scale turned upside down has the same severities with the opposite sign.
  @Test func `a floor is a ceiling upside down`() throws {
    let (_, ceiling) = try Self.pair(seed: 4, ceiling: 58)
    var campaign = Simulated.declared
    campaign.scale = Scale(minimum: -58, maximum: 0, step: 0.5)
    let floor = try Study(table: Records(ceiling.table).changed { $0.score = -$0.score }.table, campaign: campaign)
    let up = try #require(ceiling.censored)
    let down = try #require(floor.censored)
    for r in up.raterEffect.indices { #expect(agree(up.raterEffect[r], -down.raterEffect[r], 1e-6)) }
    #expect(agree(up.raterSD, down.raterSD, 1e-6))
  }

  /// An error that the marks of a sheet share is told from that of single marks.
  @Test(arguments: [52.0, 60]) func `a part of the sheet is found below the cut`(ceiling: Double) throws {
    var campaign = Simulated.declared
    campaign.scale = Scale(minimum: 0, maximum: ceiling, step: 0.5)
    var (sheet, cell) = (0.0, 0.0)
    for seed in 1...4 as ClosedRange<UInt64> {
      let records = Records(try Simulated.campaign(seed: seed) { $0.spread.sheet = 2.5 }.table())
      let study = try Study(table: records.changed { $0.score = min($0.score, ceiling) }.table, campaign: campaign)
      let censored = try #require(study.censored)
      sheet += censored.sheetSD / 4
      cell += (censored.cellSD.reduce(0) { $0 + $1 * $1 } / Double(censored.cellSD.count)).squareRoot() / 4
    }
    #expect((1.2...3).contains(sheet), "\(sheet)")
    #expect((3.4...4.8).contains(cell), "\(cell)")
  }

  /// At the variances it ends with, the effects are the mode of the penalised likelihood, found here by the plainest of searches: one effect at a time, by
  /// bisection on the slope.
  @Test func `effects are the mode that a naive search finds`() throws {
    let study = try Study(
      table: Records(
        try Simulated.campaign(seed: 9) {
          $0.raters = 10
          $0.units = 16
          $0.criteria = 3
          $0.groups = 2
          $0.spread.sheet = 2
        }.table()
      ).changed { $0.score = min($0.score, 58) }.table, campaign: Self.scaled(to: 58))
    let fit = try #require(study.fit)
    let layout = study.layout
    let found = try #require(
      CensoredFit(layout, scores: study.scores, common: study.commonScores, steps: study.steps, fit: fit, rounds: 400))
    try #require(!found.raterCriterion.isEmpty && fit.panelFactor.allSatisfy { $0 == 1 })
    var naive = NaiveMode(study, found, at: 58)
    for _ in 0..<400 { naive.sweep() }
    for r in naive.rater.indices { #expect(abs(naive.rater[r] - found.raterEffect[r]) < 0.02, "rater \(r)") }
    for c in naive.merit.indices { #expect(abs(naive.merit[c] - found.merit[c]) < 0.02, "cell \(c)") }
    for s in naive.sheet.indices { #expect(abs(naive.sheet[s] - found.sheetEffect[s]) < 0.02, "sheet \(s)") }
  }

  static func scaled(to maximum: Double) -> Campaign {
    var campaign = Simulated.declared
    campaign.scale = Scale(minimum: 0, maximum: maximum, step: 0.5)
    return campaign
  }

  @Test func `honest strictness below a ceiling is no finding, a severe rater is`() throws {
    var below = 0
    for seed in 1...10 {
      let (_, cut) = try Self.pair(seed: UInt64(seed), ceiling: 55)
      let tests = try #require(ClaimTests(RaterSeverity.self, cut))
      below += tests.family.pValues.count { $0 < 0.01 }
    }
    // Of 400 tests four are expected.
    #expect(below <= 10, "\(below)")
    let (_, cut) = try Self.pair(seed: 6, ceiling: 55)
    var records = Records(cut.table)
    let name = records.rows[0].rater.name
    for i in records.rows.indices where records.rows[i].rater.name == name { records.rows[i].score -= 25 }
    let study = try Study(table: records.table, campaign: cut.campaign)
    let tests = try #require(ClaimTests(RaterSeverity.self, study))
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [name])
    #expect(tests.family.pValues[first] < tests.bar)
  }

  /// Honest campaigns drawn from the fit crowd at the ceiling as the campaign does.
  @Test func `simulated campaigns have as many full marks`() throws {
    let (_, cut) = try Self.pair(seed: 3, ceiling: 55)
    let fit = try #require(cut.fit)
    let source = HonestCampaign(study: cut, fit: fit, raterNoiseSpread: 0, teamSD: 0)
    func full(_ scores: [Double]) -> Double { Double(scores.count { $0 == 55 }) / Double(scores.count) }
    let drawn = (0..<6).reduce(0) { $0 + full(source.draw(seed: 1, replicate: UInt64($1))) / 6 }
    #expect(abs(drawn - full(cut.scores)) < 0.05, "\(drawn) for \(full(cut.scores))")
    let again = try cut.replacingScores(source.draw(seed: 1, replicate: 0))
    let drawnSD = try #require(again.censored).raterSD
    let fittedSD = try #require(cut.censored).raterSD
    #expect(abs(log(drawnSD / fittedSD)) < 0.5)
  }
}

/// The penalised log-likelihood of `CensoredFit` at its d and its weights, climbed one effect at a time.
private struct NaiveMode {
  let study: Study
  let fit: CensoredFit
  let end: Double
  var unit: [Double]
  var rater: [Double]
  var merit: [Double]
  var sheet: [Double]

  init(_ study: Study, _ fit: CensoredFit, at ceiling: Double) {
    self.study = study
    self.fit = fit
    end = ceiling - 0.25
    unit = [Double](repeating: 0, count: study.layout.unitCount)
    rater = [Double](repeating: 0, count: study.layout.raterCount)
    merit = study.layout.cellCriterion.map { fit.criterionLevel[Int($0)] }
    sheet = [Double](repeating: 0, count: study.layout.sheetCount)
  }

  /// d log f(y | expected) / d expected.
  private func slope(_ o: Int, _ expected: Double) -> Double {
    let sd = fit.cellSD[Int(study.layout.criterion[o])]
    if study.scores[o] < end { return (study.scores[o] - expected) / (sd * sd) }
    let alpha = (end - expected) / sd
    return exp(-0.5 * alpha * alpha) / (2 * Double.pi).squareRoot() / (0.5 * erfc(alpha / 2.0.squareRoot())) / sd
  }

  /// Where the slope of marks and prior together is nil; both fall as the effect grows.
  private static func root(_ slope: (Double) -> Double) -> Double {
    var (low, high) = (-200.0, 200.0)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  mutating func sweep() {
    let layout = study.layout
    let cellsOf = (0..<layout.unitCount).map { layout.unitCellStart[$0]..<layout.unitCellStart[$0 + 1] }
    let sheetOf = (0..<layout.sheetCount).flatMap { s in [Int](repeating: s, count: layout.sheetStart[s + 1] - layout.sheetStart[s]) }
    let marks = layout.cell.indices
    func expected(_ o: Int) -> Double {
      let s = sheetOf[o]
      let r = Int(layout.sheetRater[s])
      return merit[Int(layout.cell[o])] + rater[r] + sheet[s] + fit.raterCriterion[r * layout.criterionCount + Int(layout.criterion[o])]
    }
    for c in merit.indices {
      let own = marks.filter { Int(layout.cell[$0]) == c }
      let prior = unit[cellsOf.firstIndex { $0.contains(c) }!] + fit.criterionLevel[Int(layout.cellCriterion[c])]
      let old = merit[c]
      let rest = own.map { expected($0) - old }
      merit[c] = Self.root { x in
        zip(own, rest).reduce((prior - x) / fit.cellVariance) { $0 + fit.weight[sheetOf[$1.0]] * slope($1.0, $1.1 + x) }
      }
    }
    for u in unit.indices {
      let sum = cellsOf[u].reduce(0) { $0 + merit[$1] - fit.criterionLevel[Int(layout.cellCriterion[$1])] }
      unit[u] = sum / fit.cellVariance / (Double(cellsOf[u].count) / fit.cellVariance + 1 / fit.unitVariance)
    }
    for r in rater.indices {
      let own = marks.filter { Int(layout.sheetRater[sheetOf[$0]]) == r }
      let rest = own.map { expected($0) - rater[r] }
      rater[r] = Self.root { x in
        zip(own, rest).reduce(-x / (fit.raterSD * fit.raterSD)) { $0 + fit.weight[sheetOf[$1.0]] * slope($1.0, $1.1 + x) }
      }
    }
    for s in sheet.indices {
      let own = marks.filter { sheetOf[$0] == s }
      let rest = own.map { expected($0) - sheet[s] }
      sheet[s] = Self.root { x in zip(own, rest).reduce(-x / (fit.sheetSD * fit.sheetSD)) { $0 + slope($1.0, $1.1 + x) } }
    }
  }
}
