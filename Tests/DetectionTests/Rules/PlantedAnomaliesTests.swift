import Scores
import Simulation
import Testing

@testable import Detection

/// Every rule of claims finds first what was planted for it, and says nothing of the same campaign without it.
@Suite struct PlantedAnomaliesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var anomaly: Anomaly
    var number = 1
    /// Larger than the presets plant, where the evidence is a handful of sheets.
    var change: @Sendable (inout CampaignPlan) -> Void = { _ in }
    /// Whether the subjects are those of the planted fact.
    var matches: @Sendable (Subjects, PlantedFact, SimulatedCampaign) -> Bool = { subjects, fact, campaign in
      subjects.raters == fact.rater.map { [campaign.raters[$0].name] }
    }
    var testDescription: String { "\(rule): \(anomaly.rawValue)" }
  }

  static let cases: [Case] = [
    Case(
      rule: "rater-severity", anomaly: .severe,
      change: {
        $0.magnitudes.shift = 18
        $0.spread.rater = 2.5
      }),
    Case(
      rule: "rater-severity", anomaly: .lenient,
      change: {
        $0.magnitudes.shift = 18
        $0.spread.rater = 2.5
      }),
    Case(rule: "rater-inconsistency", anomaly: .random),
    Case(rule: "rater-straight-lining", anomaly: .straightline),
    Case(rule: "rater-drift", anomaly: .drift, change: { $0.magnitudes.drift = 24 }),
    Case(
      rule: "team-severity", anomaly: .teamSevere,
      change: {
        $0.magnitudes.shift = 15
        $0.spread.rater = 1.5
      }, matches: { subjects, fact, _ in subjects.teams == [fact.group] }),
    Case(rule: "own-group-favouritism", anomaly: .owngroup, change: { $0.magnitudes.ownGroup = 17 }),
    Case(
      rule: "field-own-group-bias", anomaly: .owngroup, number: 25, change: { $0.magnitudes.ownGroup = 4 },
      matches: { subjects, _, _ in subjects == Subjects() }),
    Case(
      rule: "rater-unit-favouritism", anomaly: .favourPair, change: { $0.magnitudes.favouredPair = 16 },
      matches: { subjects, fact, campaign in
        subjects.raters == fact.rater.map { [campaign.raters[$0].name] } && subjects.units == fact.unit.map { [campaign.units[$0].name] }
      }),
    Case(
      rule: "copied-sheets", anomaly: .copier,
      matches: { subjects, fact, campaign in
        Set(subjects.raters) == Set([fact.partner].compactMap { $0 } + (fact.rater.map { [campaign.raters[$0].name] } ?? []))
      }),
    Case(
      rule: "copied-sheets", anomaly: .shiftedCopier,
      matches: { subjects, fact, campaign in
        Set(subjects.raters) == Set([fact.partner].compactMap { $0 } + (fact.rater.map { [campaign.raters[$0].name] } ?? []))
      }),
    Case(rule: "rater-repeated-sheets", anomaly: .repeatedSheet),
    Case(
      rule: "rater-group-favouritism", anomaly: .groupFavour,
      change: {
        $0.units = 240
        $0.magnitudes.ownGroup = 10
      },
      matches: { subjects, fact, campaign in
        subjects.raters == fact.rater.map { [campaign.raters[$0].name] } && subjects.groups == [fact.group]
      }),
    Case(
      rule: "reciprocity", anomaly: .exchange, change: { $0.magnitudes.ownGroup = 8 },
      matches: { subjects, fact, campaign in
        Set(subjects.groups) == Set([fact.group, fact.rater.map { campaign.raters[$0].group } ?? nil].compactMap { $0 })
      }),
    Case(
      rule: "collusion-ring", anomaly: .clique,
      matches: { subjects, fact, campaign in
        subjects.raters
          == campaign.truth.filter { $0.partner == fact.partner }.compactMap { $0.rater.map { campaign.raters[$0].name } }.sorted()
      }),
    Case(
      rule: "score-outlier", anomaly: .dataEntry,
      matches: { subjects, fact, campaign in
        subjects.raters == fact.rater.map { [campaign.raters[$0].name] } && subjects.criteria == [fact.partner]
          && subjects.units == fact.unit.map { [campaign.units[$0].name] }
      }),
    Case(
      rule: "rater-profile-outlier", anomaly: .profile, change: { $0.magnitudes.shift = 15 },
      matches: { subjects, fact, campaign in
        subjects.raters == fact.rater.map { [campaign.raters[$0].name] } && subjects.criteria == [fact.partner]
      }),
  ]

  @Test(arguments: cases) func `what is planted is found first`(planted: Case) throws {
    let campaign = try Simulated.campaign([.init(planted.anomaly, .number(planted.number))], change: planted.change)
    let rule = try #require(RuleRegistry.rule(planted.rule))
    let tests = try #require(ClaimTests(rule, try Study(table: campaign.table(), campaign: Simulated.declared)))
    let first = try #require(tests.first)
    let fact = try #require(campaign.truth.first { $0.anomaly == planted.anomaly })
    #expect(planted.matches(tests.family.subjects(first), fact, campaign), "\(tests.family.subjects(first)), not \(fact)")
    #expect(tests.family.pValues[first] <= tests.bar, "p = \(tests.family.pValues[first]), needed \(tests.bar)")
    // The claim speaks of the same subjects, with an effect that has the planted sign and an interval that holds it.
    let claim = tests.family.claim(first)
    #expect(claim.subjects.raters.starts(with: tests.family.subjects(first).raters))
    let effect = try #require(claim.effect)
    #expect(try #require(effect.low) <= effect.value && effect.value <= #require(effect.high))
    if let shift = [.severe: -18, .lenient: 18, .teamSevere: -15, .profile: 15][planted.anomaly] as Double? {
      #expect(effect.value * shift > 0 && abs(effect.value) > 0.4 * abs(shift), "\(effect)")
    }
    if planted.anomaly == .favourPair { #expect(effect.low! < 16 && 16 < effect.high!, "\(effect)") }
    if planted.anomaly == .dataEntry { #expect(effect.value * fact.magnitude > 0, "\(effect), \(fact.magnitude)") }
  }

  /// One rater in seven at fault, all in the same direction: the spread of honest raters and its middle stay where they are.
  @Test(arguments: [("rater-severity", Anomaly.severe), ("rater-inconsistency", .random)])
  func `a seventh of the raters do not hide each other`(rule: String, anomaly: Anomaly) throws {
    let campaign = try Simulated.campaign([.init(anomaly, .share(0.15, atLeast: 1))]) { $0.magnitudes.shift = 25 }
    let study = try Study(table: campaign.table(), campaign: Simulated.declared)
    let rule = try #require(RuleRegistry.rule(rule))
    let tests = try #require(ClaimTests(rule, study))
    let planted = Set(campaign.truth.compactMap { $0.rater.map { campaign.raters[$0].name } })
    #expect(planted.count >= 6)
    var named: Set<String> = []
    for i in tests.family.pValues.indices where tests.family.pValues[i] <= tests.bar { named.formUnion(tests.family.subjects(i).raters) }
    #expect(named.isSubset(of: planted) && named.count >= planted.count - 1, "\(named) of \(planted)")
  }

  @Test(arguments: cases) func `without it the rule is silent`(planted: Case) throws {
    let campaign = try Simulated.campaign(change: planted.change)
    let rule = try #require(RuleRegistry.rule(planted.rule))
    let tests = try #require(ClaimTests(rule, try Study(table: campaign.table(), campaign: Simulated.declared)))
    let smallest = tests.family.pValues.min() ?? 1
    #expect(smallest > tests.bar, "p = \(smallest), bar \(tests.bar)")
  }
}
