import Scores
import Simulation
import Testing

@testable import Detection

/// p-values in honest campaigns are not too small, before any calibration.
@Suite struct HonestPValuesTests {
  static let campaigns = 20
  static let threshold = 0.01

  struct Count: Sendable {
    var below = 0
    var total = 0
    /// By campaign, so that the error of the share allows for tests of one campaign that move together.
    var shares: [Double] = []
  }

  /// By rule, over honest campaigns of the preset's kind, of 40 raters, 80 units and 8 criteria.
  static func count(_ change: (inout CampaignPlan) -> Void, seed: UInt64) throws -> [String: Count] {
    var counts: [String: Count] = [:]
    for k in 0..<campaigns {
      let campaign = try Simulated.campaign(seed: seed + UInt64(k), change: change)
      let study = try Study(table: campaign.table(), campaign: Simulated.declared)
      for rule in ClaimTests.rules {
        guard let tests = ClaimTests(rule, study) else { continue }
        let below = tests.family.pValues.count { $0 < threshold }
        counts[rule.card.id, default: Count()].below += below
        counts[rule.card.id, default: Count()].total += tests.family.total
        counts[rule.card.id, default: Count()].shares.append(Double(below) / Double(max(1, tests.family.total)))
      }
    }
    return counts
  }

  private func expectNotTooSmall(_ counts: [String: Count]) {
    #expect(counts.count == ClaimTests.rules.count)
    for (rule, count) in counts.sorted(by: { $0.key < $1.key }) {
      let n = Double(count.shares.count)
      let mean = count.shares.reduce(0, +) / n
      let spread = count.shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      let binomial = Self.threshold * (1 - Self.threshold) / Double(count.total)
      let error = max(binomial, spread / n).squareRoot()
      let share = Double(count.below) / Double(count.total)
      #expect(
        share <= Self.threshold + 4 * error, "\(rule): \(count.below) of \(count.total) below \(Self.threshold), standard error \(error)")
    }
  }

  @Test func `of normal noise`() throws {
    expectNotTooSmall(try Self.count({ _ in }, seed: 100))
  }

  @Test func `of heavy tails, noise that depends on level and rater, and missing sheets`() throws {
    expectNotTooSmall(
      try Self.count(
        {
          $0.noise.tailDegreesOfFreedom = 5
          $0.noise.levelSlope = 0.2
          $0.noise.raterLogSpread = 0.15
          $0.noise.missingSheetShare = 0.1
          $0.spread.sheet = 1.5
        }, seed: 300))
  }
}
