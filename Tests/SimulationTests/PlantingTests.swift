import Testing

@testable import Simulation

/// The same seed with and without an anomaly differs by what was planted and nothing else.
@Suite struct PlantingTests {
  /// Scores far from both limits, so that a planted shift is never cut off.
  static func plan(_ planted: [PlantedAnomaly], nested: Bool = false) -> CampaignPlan {
    var plan = nested ? Preset.nested.plan : Preset.small.plan
    plan.planted = planted
    plan.mean = 50
    plan.spread = ComponentSpread(unit: 4, rater: 2, criterion: 1, noise: 3)
    plan.auditShare = 0
    return plan
  }

  struct Difference {
    var planted: SimulatedCampaign
    /// Mean difference of every sheet's scores.
    var sheets: [Double]
    var largestDeparture: Double
  }

  static func difference(_ planted: [PlantedAnomaly], nested: Bool = false) throws -> Difference {
    let with = try Simulator.run(plan(planted, nested: nested), seed: 21)
    let without = try Simulator.run(plan([], nested: nested), seed: 21)
    try #require(with.sheetRater == without.sheetRater && with.sheetUnit == without.sheetUnit)
    var sheets: [Double] = []
    var departure = 0.0
    for s in 0..<with.sheetCount {
      let cells = with.sheetStart[s]..<with.sheetStart[s + 1]
      let d = cells.map { with.scores[$0] - without.scores[$0] }
      let mean = d.reduce(0, +) / Double(d.count)
      sheets.append(mean)
      departure = max(departure, d.map { abs($0 - mean) }.max() ?? 0)
    }
    return Difference(planted: with, sheets: sheets, largestDeparture: departure)
  }

  /// How many facts of each kind the truth of a campaign must hold.
  static func asked(_ plan: CampaignPlan, sheets: Int) -> [Anomaly: Int] {
    var asked: [Anomaly: Int] = [:]
    for plant in plan.planted {
      switch plant.anomaly {
      // Of quartets.
      case .clique: asked[.clique] = 4 * plant.count(of: plan.raters / 4)
      case .favourPair: asked[.favourPair] = plant.count(of: sheets)
      default: asked[plant.anomaly] = plant.count(of: plan.raters)
      }
    }
    return asked
  }

  @Test(arguments: Preset.allCases) func theTruthHoldsWhatWasAskedFor(preset: Preset) throws {
    let plan = preset.plan
    for seed in 1...(preset == .large ? 1 : preset == .medium ? 5 : 50) as ClosedRange<UInt64> {
      let campaign = try Simulator.run(plan, seed: seed)
      let found = Dictionary(grouping: campaign.truth, by: \.anomaly).mapValues(\.count)
      #expect(found == Self.asked(plan, sheets: campaign.sheetCount), "seed \(seed)")
    }
  }

  /// Favourers of a nested design give their part to their leader and are then free for another.
  @Test(arguments: [2, 12, 47, 48, 49, 60]) func everyRaterMayFavour(count: Int) throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      let favourers = try Simulator.run(Self.plan([.init(.owngroup, .number(count))], nested: true), seed: seed).truth.compactMap(\.rater)
      #expect(favourers.count == count && Set(favourers).count == count, "seed \(seed)")
    }
  }

  /// Favourers of one team do not take units of each other's groups.
  @Test(arguments: [2, 24, 60]) func everyFavourerHasUnitsToFavour(count: Int) throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      let campaign = try Simulator.run(Self.plan([.init(.owngroup, .number(count))], nested: true), seed: seed)
      var own: [Int: Int] = [:]
      for s in 0..<campaign.sheetCount {
        let rater = Int(campaign.sheetRater[s])
        if campaign.raters[rater].group == campaign.units[Int(campaign.sheetUnit[s])].group { own[rater, default: 0] += 1 }
      }
      // Two of a team have three of its six units each, five have one.
      for rater in campaign.truth.compactMap(\.rater) { #expect(own[rater, default: 0] >= (count == 60 ? 1 : 3), "seed \(seed)") }
    }
  }

  @Test(arguments: [Anomaly.severe, .lenient])
  func severityShiftsAllSheetsOfTheRaterAndNoOther(anomaly: Anomaly) throws {
    let found = try Self.difference([.init(anomaly, .number(2))])
    let raters = found.planted.truth.compactMap(\.rater)
    #expect(raters.count == 2)
    for (s, d) in found.sheets.enumerated() {
      #expect(d == (raters.contains(Int(found.planted.sheetRater[s])) ? (anomaly == .severe ? -10 : 10) : 0))
    }
    for rater in raters { #expect(found.planted.raters[rater].label == anomaly.rawValue) }
  }

  @Test(arguments: [false, true])
  func ownGroupExtraFallsOnOwnSheetsOnly(nested: Bool) throws {
    // Nested plans send the favourer to units of its group, so both runs must have the same affiliations: compare within one run.
    let with = try Simulator.run(Self.plan([.init(.owngroup, .number(2))], nested: nested), seed: 21)
    let without = try Simulator.run(Self.plan([], nested: nested), seed: 21)
    let favourers = with.truth.compactMap(\.rater)
    #expect(favourers.count == 2)
    var own = 0
    for s in 0..<with.sheetCount {
      let rater = Int(with.sheetRater[s])
      let isOwn = favourers.contains(rater) && with.raters[rater].group == with.units[Int(with.sheetUnit[s])].group
      own += isOwn ? 1 : 0
      for cell in with.sheetStart[s]..<with.sheetStart[s + 1] { #expect(with.scores[cell] - without.scores[cell] == (isOwn ? 6 : 0)) }
    }
    #expect(own >= (nested ? 6 : 4))
    for fact in with.truth { #expect(fact.group == fact.rater.map { with.raters[$0].group } && fact.magnitude == 6) }
  }

  @Test func favouredPairsAreSingleSheets() throws {
    let found = try Self.difference([.init(.favourPair, .number(7))])
    let moved = found.sheets.indices.filter { found.sheets[$0] != 0 }
    #expect(moved.count == 7)
    let pairs = Set(found.planted.truth.map { [$0.rater, $0.unit] })
    for s in moved {
      #expect(found.sheets[s] == 8)
      #expect(pairs.contains([Int(found.planted.sheetRater[s]), Int(found.planted.sheetUnit[s])]))
    }
  }

  @Test(arguments: [Anomaly.groupFavour, .exchange])
  func otherGroupsAreFavouredAsTheTruthSays(anomaly: Anomaly) throws {
    let found = try Self.difference([.init(anomaly, .number(1))])
    let favoured = Dictionary(uniqueKeysWithValues: found.planted.truth.map { ($0.rater, $0.group) })
    #expect(anomaly == .groupFavour ? favoured.count == 1 : favoured.count > 4)
    for (s, d) in found.sheets.enumerated() {
      let rater = Int(found.planted.sheetRater[s])
      let group = found.planted.units[Int(found.planted.sheetUnit[s])].group
      #expect(d == (favoured[rater].map { $0 == group } == true && group != found.planted.raters[rater].group ? 6 : 0))
    }
  }

  @Test(arguments: [false, true])
  func anOddProfileIsOneCriterionOnly(nested: Bool) throws {
    let with = try Simulator.run(Self.plan([.init(.profile, .number(2))], nested: nested), seed: 21)
    let without = try Simulator.run(Self.plan([], nested: nested), seed: 21)
    let odd = Dictionary(uniqueKeysWithValues: with.truth.map { ($0.rater, $0.partner) })
    #expect(odd.count == 2 && with.truth.allSatisfy { $0.magnitude == 10 })
    for s in 0..<with.sheetCount {
      for (offset, cell) in (with.sheetStart[s]..<with.sheetStart[s + 1]).enumerated() {
        let criterion = with.criteria[Int(with.sheetFirstCriterion[s]) + offset].name
        let isOdd = odd[Int(with.sheetRater[s])] == criterion
        #expect(with.scores[cell] - without.scores[cell] == (isOdd ? 10 : 0))
      }
    }
  }

  @Test func aSevereTeamIsSevereAsAWhole() throws {
    let found = try Self.difference([.init(.teamSevere, .number(1))], nested: true)
    let team = try #require(found.planted.truth.first?.group)
    for (s, d) in found.sheets.enumerated() {
      #expect(d == (found.planted.raters[Int(found.planted.sheetRater[s])].team == team ? -10 : 0))
    }
  }

  @Test func driftGrowsFromFirstSheetToLast() throws {
    let found = try Self.difference([.init(.drift, .number(3))])
    let raters = found.planted.truth.compactMap(\.rater)
    for (s, d) in found.sheets.enumerated() {
      let place = Double(s) / Double(found.planted.sheetCount) - 0.5
      // Scores move in half points, so a sheet's mean follows within a quarter or so.
      #expect(abs(d - (raters.contains(Int(found.planted.sheetRater[s])) ? 12 * place : 0)) <= 0.5)
    }
  }

  @Test func anAuditFindsInflationAndNothingElse() throws {
    var plan = Self.plan([.init(.inflate, .number(6))])
    plan.auditShare = 0.9
    let campaign = try Simulator.run(plan, seed: 9)
    let inflaters = Set(campaign.truth.compactMap(\.rater))
    var next = 0
    var gap = (inflated: [Double](), other: [Double]())
    for s in campaign.auditedSheets {
      let cells = campaign.sheetStart[s]..<campaign.sheetStart[s + 1]
      let mean =
        cells.map { campaign.scores[$0] - campaign.verifiedScores[next + $0 - cells.lowerBound] }.reduce(0, +) / Double(cells.count)
      next += cells.count
      if inflaters.contains(Int(campaign.sheetRater[s])) { gap.inflated.append(mean) } else { gap.other.append(mean) }
    }
    #expect(next == campaign.verifiedScores.count)
    #expect(abs(gap.other.reduce(0, +) / Double(gap.other.count)) < 0.3)
    // Two sheets in five are raised by 8 points.
    let raised = gap.inflated.count { $0 > 4 }
    #expect(abs(Double(raised) / Double(gap.inflated.count) - 0.4) < 0.25)
    #expect(gap.other.allSatisfy { abs($0) < 6 })
  }

  @Test func oneScoreIsTypedWrongly() throws {
    let with = try Simulator.run(Self.plan([.init(.dataEntry, .number(3))]), seed: 21)
    let without = try Simulator.run(Self.plan([]), seed: 21)
    let changed = with.scores.indices.filter { with.scores[$0] != without.scores[$0] }
    #expect(changed.count == 3)
    #expect(Set(changed.map { with.scores[$0] - without.scores[$0] }) == Set(with.truth.map(\.magnitude)))
    #expect(with.truth.allSatisfy { abs($0.magnitude) > 20 })
  }

  @Test func cliqueMembersMoveTheirUnitsTogether() throws {
    var plan = Preset.medium.plan
    plan.planted = [.init(.clique, .number(2))]
    let campaign = try Simulator.run(plan, seed: 6)
    // Co-deviations from the unit's true merit over shared units: planted 6 points shared, honest severity taken out.
    for name in ["K1", "K2"] {
      let members = campaign.truth.filter { $0.partner == name }.compactMap(\.rater)
      #expect(members.count == 4)
      var byUnit: [UInt32: [Double]] = [:]
      for s in 0..<campaign.sheetCount where members.contains(Int(campaign.sheetRater[s])) {
        let cells = campaign.sheetStart[s]..<campaign.sheetStart[s + 1]
        let mean = campaign.scores[cells].reduce(0, +) / Double(cells.count)
        byUnit[campaign.sheetUnit[s], default: []].append(
          mean - campaign.units[Int(campaign.sheetUnit[s])].effect + campaign.raters[Int(campaign.sheetRater[s])].severity)
      }
      let together = byUnit.values.filter { $0.count == 4 }
      #expect(together.count >= 20)
      let centre = together.flatMap { $0 }.reduce(0, +) / Double(4 * together.count)
      let product = together.map { ($0[0] - centre) * ($0[1] - centre) }.reduce(0, +) / Double(together.count)
      #expect(product > 18)  // 36 + 36/8 + 16/8 is expected, 2 without a clique (unit·criterion over 8 criteria)
    }
  }

  @Test func strengthScalesShiftsAndThinsStyles() throws {
    var plan = Self.plan([.init(.severe, .number(1)), .init(.straightline, .number(4))])
    plan.strength = 0.5
    let campaign = try Simulator.run(plan, seed: 2)
    #expect(campaign.truth.first?.magnitude == -5)
    let liners = Set(campaign.truth.filter { $0.anomaly == .straightline }.compactMap(\.rater))
    let sheets = (0..<campaign.sheetCount).filter { liners.contains(Int(campaign.sheetRater[$0])) }
    let straight = sheets.count { s in Set(campaign.scores[campaign.sheetStart[s]..<campaign.sheetStart[s + 1]]).count == 1 }
    #expect(straight > sheets.count / 5 && straight < sheets.count * 4 / 5)
  }
}
