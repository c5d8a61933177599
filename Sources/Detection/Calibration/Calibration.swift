internal import Foundation
internal import Parallel
internal import Statistics

/// What honest campaigns on this design do to every rule.
struct Calibration: Sendable {
  /// By rule id.
  var tails: [String: NullTail] = [:]
  var campaigns = 0
  /// Share of simulated honest campaigns with any finding, at calibrated and inflated p-values.
  var falseAlarmShare = 0.0
  /// What every q-value is multiplied by so that this share keeps to the budget; 1 when it does anyhow.
  var inflation = 1.0

  /// What all campaigns may cost together, in observations (a sheet costs as much as ten of them); their number follows from it.
  static let cost = 8_000_000
  static let campaignRange = 4...200

  /// Simulates honest campaigns and lets the same rules examine them.
  static func run(
    _ study: Study, rules: [any Rule.Type], errorBudget: Double, range: ClosedRange<Int> = campaignRange, seed: UInt64, threads: Int,
    progress: @escaping @Sendable (Double) -> Void
  ) -> Calibration {
    guard let fit = study.fit, !rules.isEmpty else { return Calibration() }
    let single = study.layout.observationCount + 10 * study.layout.sheetCount
    // An even number, so that two cores end together.
    let count = min(max(cost / max(1, single) & ~1, range.lowerBound), range.upperBound)
    let source = HonestCampaign(study: study, fit: fit, raterNoiseSpread: RaterNoise(study.layout, fit).honestSD, teamSD: 0)
    let done = Counter()
    let campaigns = parallelMap(count, threads: threads) { i -> [Summary] in
      defer { progress(Double(done.next()) / Double(count)) }
      let scores = source.draw(seed: seed, replicate: UInt64(i))
      guard let honest = try? study.replacingScores(scores) else { return [] }
      return rules.map { rule in
        guard case .tests(let family) = rule.init().examine(honest) else { return Summary() }
        return Summary(family)
      }
    }
    var result = Calibration()
    result.campaigns = count
    for (k, rule) in rules.enumerated() {
      var low: [Double] = []
      var tests = 0
      for campaign in campaigns where k < campaign.count {
        low += campaign[k].low
        tests += campaign[k].tests
      }
      result.tails[rule.card.id] = NullTail(below: low, tests: tests)
    }
    // Of each campaign the least q-value of all rules.
    let least = campaigns.map { campaign in
      campaign.indices.reduce(1.0) { least, k in
        guard let tail = result.tails[rules[k].card.id] else { return least }
        let q = FalseDiscoveryRate.benjaminiHochberg(
          campaign[k].low.map { tail.calibrated($0) }, tests: max(campaign[k].tests, campaign[k].low.count))
        return min(least, (q.min() ?? 1) * Double(rules.count))
      }
    }
    func share(_ inflation: Double) -> Double { Double(least.count { $0 * inflation <= errorBudget }) / Double(count) }
    result.inflation = max(1, share(1) / errorBudget)
    // What is left is counted again, not taken for granted.
    result.falseAlarmShare = share(result.inflation)
    return result
  }

  /// What is kept of one rule on one simulated campaign.
  private struct Summary: Sendable {
    var low: [Double] = []
    var tests = 0

    init() {}

    init(_ family: TestFamily) {
      low = family.pValues.filter { $0 < NullTail.threshold }
      tests = family.total
    }
  }
}
