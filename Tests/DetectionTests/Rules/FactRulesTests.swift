import Detection
import Scores
import Simulation
import Testing

/// What holds of all rules of facts together.
@Suite struct FactRulesTests {
  static let rules = RuleRegistry.all.filter { $0.card.kind == .fact }

  /// The rules that the simulator's plan keeps to, as its campaign file declares them.
  private static func declared(_ simulated: SimulatedCampaign) -> Campaign {
    var campaign = Campaign()
    switch simulated.plan.design {
    case .crossed(let panel):
      campaign.panelSize = panel
      campaign.completeSheets = true
    case .nested:
      campaign.panelSize = simulated.plan.teamSize
      campaign.completeSheets = false
      campaign.roster = simulated.raters.map { Rater(name: $0.name, group: $0.group, team: $0.team) }
    }
    for criterion in simulated.criteria {
      let scale = criterion.scale
      campaign.criteria[criterion.name] = CriterionSettings(
        scale: Scale(minimum: Double(scale.minimum), maximum: Double(scale.maximum), step: 1 / Double(scale.perPoint)))
    }
    return campaign
  }

  @Test(arguments: [Preset.small, .ordinal, .fullMarks, .heavyTails, .ceiling, .nested, .nestedOrdinal, .case])
  func `an honest campaign raises no warning and no error`(preset: Preset) throws {
    var plan = preset.plan
    plan.planted = []
    let simulated = try Simulator.run(plan, seed: 11)
    for campaign in [Self.declared(simulated), Campaign()] {
      let study = try Study(table: simulated.table(), campaign: campaign)
      for rule in Self.rules {
        guard case .facts(let claims, _) = rule.init().examine(study) else { continue }
        for claim in claims { #expect(claim.level == .note, "\(rule.card.id): \(claim.message.en)") }
      }
    }
  }

  @Test func `a panel that the plan left short breaks the declared size, and only that`() throws {
    var plan = Preset.missing.plan
    plan.planted = []
    let simulated = try Simulator.run(plan, seed: 11)
    let study = try Study(table: simulated.table(), campaign: Self.declared(simulated))
    for rule in Self.rules {
      guard case .facts(let claims, _) = rule.init().examine(study) else { continue }
      #expect(claims.contains { $0.level > .note } == (rule.card.id == "panel-too-small"), "\(rule.card.id)")
    }
  }

  /// Shapes that no campaign should have.
  static let hostile: [(name: String, sample: SmallCampaign)] = {
    var one = SmallCampaign()
    one.add("R1", "County A", 5)
    var wide = SmallCampaign()
    for rater in ["R1", "R2", "R3"] {
      for c in 0..<1500 where (c + rater.utf8.count * 7 + Int(rater.utf8.last ?? 0)) % 5 > 0 {
        wide.add(rater, "County A", "Criterion \(c)", Double(c % 97))
      }
    }
    var broken = SmallCampaign()
    for u in 0..<40 {
      for r in 0..<(u % 5 + 1) {
        for k in 0...(r % 2) { broken.add("R\(u % 30)-\(r)", "County \(u)", "C\(k)", Double((u * 31 + r * 17) % 211)) }
      }
      broken.add("R\(u % 30)-0", "County \(u)", "C0", 3.3)
    }
    for record in broken.records { broken.teams[record.rater] = "Team \(record.rater)" }
    var equal = SmallCampaign()
    for r in 0..<6 { for u in 0..<6 { equal.add("R\(r)", "County \(u)", 90) } }
    return [("one score", one), ("many criteria", wide), ("everything wrong", broken), ("all equal", equal)]
  }()

  @Test(arguments: 0..<4) func `however bad the data, findings are few and short`(shape: Int) throws {
    let (name, sample) = Self.hostile[shape]
    var strict = Campaign()
    strict.completeSheets = true
    strict.panelSize = 7
    strict.scale = Scale(minimum: 0, maximum: 10, step: 1)
    strict.roster = [Rater(name: "Somebody else")]
    var found = 0
    for campaign in [strict, Campaign()] {
      let study = try Study(table: sample.table, campaign: campaign)
      for rule in Self.rules {
        guard case .facts(let claims, _) = rule.init().examine(study) else { continue }
        found += claims.count
        #expect(claims.count <= 22, "\(name): \(rule.card.id)")
        for claim in claims {
          let subjects = claim.subjects
          let named = [subjects.raters, subjects.units, subjects.teams, subjects.criteria]
          #expect(named.allSatisfy { $0.count <= 20 } && claim.scores.count <= 1000, "\(name): \(rule.card.id)")
          #expect(
            claim.message.en.count < 1000 && !claim.message.en.contains("  ") && claim.message.en.hasSuffix("."), "\(claim.message.en)")
          #expect(claim.message.zh.hasSuffix("。"), "\(claim.message.zh)")
          #expect(Set(claim.scores).isSubset(of: 0..<study.table.count))
        }
      }
    }
    #expect(found > 0, "\(name)")
  }
}
