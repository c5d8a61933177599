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
    let fit = try #require(study.fit)
    #expect(CensoredFit(study, fit) == nil)
  }

  /// Marks cut where about half of them lie give back what the whole marks gave.
  @Test(arguments: [1, 2, 3] as [UInt64]) func `severities and noise are those before the cut`(seed: UInt64) throws {
    let (whole, cut) = try Self.pair(seed: seed, ceiling: 55)
    let truth = try #require(whole.fit)
    let plain = try #require(cut.fit)
    let censored = try #require(CensoredFit(cut, plain))
    #expect(Self.correlation(censored.raterEffect, truth.raterEffect) > 0.9)
    #expect(Self.correlation(censored.raterEffect, truth.raterEffect) > Self.correlation(plain.raterEffect, truth.raterEffect))
    #expect(abs(log(censored.raterSD / truth.raterSD)) < 0.3, "\(censored.raterSD) for \(truth.raterSD)")
    #expect(plain.raterSD < 0.8 * truth.raterSD)
    func noise(_ cellSD: Double, _ fit: HonestFit) -> Double {
      cellSD * (fit.criterionNoise.reduce(0) { $0 + $1 * $1 } / Double(fit.criterionNoise.count)).squareRoot()
    }
    let (found, expected) = (noise(censored.cellSD, plain), noise(truth.cellSD, truth))
    #expect(abs(log(found / expected)) < 0.5, "\(found) for \(expected)")
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
    let fits = try (#require(ceiling.fit), #require(floor.fit))
    let up = try #require(CensoredFit(ceiling, fits.0))
    let down = try #require(CensoredFit(floor, fits.1))
    for r in up.raterEffect.indices { #expect(agree(up.raterEffect[r], -down.raterEffect[r], 1e-6)) }
    #expect(agree(up.raterSD, down.raterSD, 1e-6))
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
    let plain = try #require(again.fit)
    let drawnSD = try #require(CensoredFit(again, plain)).raterSD
    let fittedSD = try #require(CensoredFit(cut, fit)).raterSD
    #expect(abs(log(drawnSD / fittedSD)) < 0.5)
  }
}
