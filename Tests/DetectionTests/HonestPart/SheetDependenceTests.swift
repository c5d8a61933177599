import Foundation
import Scores
import Simulation
import Testing

@testable import Detection

/// Sheets that repeat each other count as one opinion.
@Suite struct SheetDependenceTests {
  @Test func `the distance of two sheets is that of their common criteria`() throws {
    var campaign = SmallCampaign()
    for (criterion, first, second) in [("A", 60.0, 50.0), ("B", 70, 66), ("C", 80, 81), ("D", 40, .nan)] {
      campaign.add("R1", "U1", criterion, first)
      if !second.isNaN { campaign.add("R2", "U1", criterion, second) }
    }
    let study = try Study(table: campaign.table, campaign: Campaign())
    let y = study.scores
    let pair = SheetPair(
      0, 1, layout: study.layout, y: y, raterEffect: [1, -2], raterCriterion: [0.5, 0, -0.5, 0, 0, 0, 0, 0],
      criterionPrecision: [1, 0.25, 1, 1])
    // Differences less severities and criterion effects: 10 − 3 − 0.5, 4 − 3, −1 − 3 + 0.5.
    let d = [6.5, 1, -3.5]
    let mean = d.reduce(0, +) / 3
    #expect(pair.cells == 3)
    #expect(abs(pair.level - mean) < 1e-12)
    let expected = (d[0] - mean) * (d[0] - mean) + (d[1] - mean) * (d[1] - mean) / 4 + (d[2] - mean) * (d[2] - mean)
    #expect(abs(pair.profile - expected) < 1e-12)
  }

  @Test func `z of a chi-squared variable by its cube root`() {
    // Upper and lower 5 % points of χ² with 30 degrees of freedom, Pearson and Hartley: 43.773 and 18.493.
    #expect(abs(wilsonHilferty(43.773, 30) - 1.645) < 0.005)
    #expect(abs(wilsonHilferty(18.493, 30) + 1.645) < 0.005)
  }

  static func study(copier: Bool) throws -> (Study, SimulatedCampaign) {
    var plan = CampaignPlan(
      raters: 30, units: 90, criteria: 8, teamSize: 5, groups: 3, design: .crossed(ratersPerUnit: 5),
      planted: copier ? [.init(.copier, .number(1))] : [])
    plan.mean = 55
    let simulated = try Simulator.run(plan, seed: 11)
    return (try Study(table: simulated.table(), campaign: Simulated.declared), simulated)
  }

  @Test func `honest sheets stand for themselves`() throws {
    let (study, _) = try Self.study(copier: false)
    let fit = try #require(study.fit)
    #expect(fit.panelFactor.allSatisfy { $0 == 1 })
  }

  @Test func `a copied sheet and its copy share one weight`() throws {
    let (study, simulated) = try Self.study(copier: true)
    let fit = try #require(study.fit)
    let names = Set(simulated.raters.filter { $0.label == "copier" || $0.label == "copied" }.map(\.name))
    #expect(names.count == 2)
    let shared = (0..<study.layout.sheetCount).filter { fit.panelFactor[$0] > 1 }
    #expect(shared.count >= 8)
    for s in shared {
      #expect(names.contains(study.rater(ofSheet: s).name))
      #expect(fit.panelFactor[s] >= 2)
    }
  }
}
