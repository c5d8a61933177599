import Scores
import Simulation
import Testing

@testable import Detection

@Suite struct HonestCampaignTests {
  static let study = Result { try Study(table: Simulated.campaign(seed: 2).table(), campaign: Simulated.declared) }

  @Test func `the same seed and number give the same campaign, others another`() throws {
    let study = try Self.study.get()
    let source = HonestCampaign(study: study, fit: try #require(study.fit), raterNoiseSpread: 0.1, teamSD: 1)
    #expect(source.draw(seed: 1, replicate: 4) == source.draw(seed: 1, replicate: 4))
    #expect(source.draw(seed: 1, replicate: 4) != source.draw(seed: 1, replicate: 5))
    #expect(source.draw(seed: 1, replicate: 4) != source.draw(seed: 2, replicate: 4))
  }

  @Test func `marks keep to the scale`() throws {
    let study = try Self.study.get()
    let source = HonestCampaign(study: study, fit: try #require(study.fit), raterNoiseSpread: 0, teamSD: 0)
    for score in source.draw(seed: 3, replicate: 0) { #expect((0...100).contains(score) && (2 * score).rounded() == 2 * score) }
  }

  /// What is simulated is what was fitted: fitting the simulated campaign gives the same components back.
  @Test func `a simulated campaign has the fitted components`() throws {
    let study = try Self.study.get()
    let fit = try #require(study.fit)
    let source = HonestCampaign(study: study, fit: fit, raterNoiseSpread: 0, teamSD: 0)
    var cell = 0.0
    var rater = 0.0
    for k in 0..<6 {
      let again = try #require(study.replacingScores(source.draw(seed: 5, replicate: UInt64(k))).fit)
      cell += again.cellSD / fit.cellSD / 6
      rater += again.raterSD / fit.raterSD / 6
    }
    #expect(abs(cell - 1) < 0.06, "\(cell)")
    #expect(abs(rater - 1) < 0.25, "\(rater)")
  }
}
