import Simulation
import Testing

@Suite struct ResponseStylesTests {
  static func sheets(of rater: Int, in campaign: SimulatedCampaign) -> [UInt32: ArraySlice<Double>] {
    var found: [UInt32: ArraySlice<Double>] = [:]
    for s in 0..<campaign.sheetCount where Int(campaign.sheetRater[s]) == rater {
      found[campaign.sheetUnit[s]] = campaign.scores[campaign.sheetStart[s]..<campaign.sheetStart[s + 1]]
    }
    return found
  }

  @Test(arguments: [Preset.small, .ordinal, .nested, .case])
  func copiesAreCopies(preset: Preset) throws {
    let campaign = try Simulator.run(preset.plan, seed: 31)
    let copies = campaign.truth.filter { $0.anomaly == .copier }
    #expect(!copies.isEmpty)
    for copy in copies {
      let copier = try #require(copy.rater)
      let source = try #require(campaign.raters.firstIndex { $0.name == copy.partner })
      let mine = Self.sheets(of: copier, in: campaign)
      let theirs = Self.sheets(of: source, in: campaign)
      let shared = mine.keys.filter { theirs[$0] != nil }
      #expect(shared.count >= Int(copy.magnitude) && copy.magnitude >= 4)
      var same = 0
      var near = 0
      var cells = 0
      for unit in shared {
        for (a, b) in zip(mine[unit] ?? [], theirs[unit] ?? []) {
          cells += 1
          same += a == b ? 1 : 0
          near += abs(a - b) <= 1 ? 1 : 0
        }
      }
      // 85 in a hundred are the same and the others a step away.
      #expect(Double(same) > 0.72 * Double(cells))
      #expect(near == cells || Int(copy.magnitude) < shared.count)
    }
  }

  @Test func shiftedCopiesAreTwoPointsAbove() throws {
    let campaign = try Simulator.run(PlantingTests.plan([.init(.shiftedCopier, .number(1))]), seed: 31)
    let fact = try #require(campaign.truth.first)
    let mine = Self.sheets(of: try #require(fact.rater), in: campaign)
    let theirs = Self.sheets(of: try #require(campaign.raters.firstIndex { $0.name == fact.partner }), in: campaign)
    let apart = mine.keys.flatMap { unit in zip(mine[unit] ?? [], theirs[unit] ?? []).map { $0 - $1 } }
    #expect(fact.magnitude >= 4 && Double(apart.count { $0 == 2 }) > 0.72 * fact.magnitude * Double(campaign.plan.criteria))
  }

  @Test func aRepeatedSheetIsTheFirstOne() throws {
    let campaign = try Simulator.run(PlantingTests.plan([.init(.repeatedSheet, .number(1))]), seed: 31)
    let fact = try #require(campaign.truth.first)
    let sheets = Self.sheets(of: try #require(fact.rater), in: campaign)
    #expect(Set(sheets.values.map(Array.init)).count == 1 && Int(fact.magnitude) == sheets.count - 1)
  }

  @Test(arguments: [Preset.small, .fullMarks, .case])
  func straightLinesAreStraight(preset: Preset) throws {
    let campaign = try Simulator.run(preset.plan, seed: 12)
    let liners = campaign.truth.filter { $0.anomaly == .straightline }.compactMap(\.rater)
    #expect(!liners.isEmpty)
    for rater in liners {
      for (_, scores) in Self.sheets(of: rater, in: campaign) {
        let shares = zip(scores, campaign.criteria).map { $0 / Double($1.scale.maximum) }
        let steps = campaign.criteria.map { $0.scale.step / Double($0.scale.maximum) }.max() ?? 0
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= steps + 1e-12)
      }
    }
  }

  @Test func heapedScoresAreRound() throws {
    for (preset, allowed) in [(Preset.small, 5.0), (.ordinal, 3.0)] {
      let campaign = try Simulator.run(preset.plan, seed: 12)
      let heapers = campaign.truth.filter { $0.anomaly == .heaped }.compactMap(\.rater)
      #expect(!heapers.isEmpty)
      let low = Double(campaign.criteria[0].scale.minimum)
      for rater in heapers {
        for (_, scores) in Self.sheets(of: rater, in: campaign) {
          #expect(scores.allSatisfy { (($0 - low) / allowed).rounded() * allowed == $0 - low })
        }
      }
    }
  }

  @Test func randomSheetsHaveNothingToDoWithTheUnits() throws {
    var plan = Preset.medium.plan
    plan.planted = [.init(.random, .number(20))]
    let campaign = try Simulator.run(plan, seed: 4)
    let random = Set(campaign.truth.compactMap(\.rater))
    func correlation(_ pick: (Int) -> Bool) -> Double {
      var n = 0.0
      var x = 0.0
      var y = 0.0
      var xx = 0.0
      var yy = 0.0
      var xy = 0.0
      for s in 0..<campaign.sheetCount where pick(Int(campaign.sheetRater[s])) {
        let cells = campaign.sheetStart[s]..<campaign.sheetStart[s + 1]
        let a = campaign.scores[cells].reduce(0, +) / Double(cells.count)
        let b = campaign.units[Int(campaign.sheetUnit[s])].effect
        n += 1
        x += a
        y += b
        xx += a * a
        yy += b * b
        xy += a * b
      }
      return (xy - x * y / n) / ((xx - x * x / n) * (yy - y * y / n)).squareRoot()
    }
    // About 830 sheets of random raters: a correlation of independent columns is within ±0.14 (4/√830).
    #expect(abs(correlation { random.contains($0) }) < 0.14)
    #expect(correlation { !random.contains($0) } > 0.85)
  }
}
