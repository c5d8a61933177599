import Scores
import Statistics
import Testing

@testable import Detection

@Suite struct GroupContrastsTests {
  static let groups = ["East", "North", "South", "West"]

  /// 12 raters and 48 units of four groups; every rater scores every unit. `extra` is what a rater of one group gives a unit of another.
  static func study(seed: UInt64 = 4, _ extra: (_ rater: Int, _ from: String, _ to: String) -> Double) throws -> Study {
    var records = Records()
    var random = RandomStream(seed: seed)
    for u in 0..<48 {
      let merit = 60 + 8 * random.normal()
      for r in 0..<12 {
        let (from, to) = (groups[r % 4], groups[u % 4])
        records.rows.append(
          .init(
            rater: Rater(name: "R\(10 + r)", group: from), unit: Unit(name: "County \(100 + u)", group: to), criterion: "A",
            score: (merit + 2.5 * random.normal() + extra(r, from, to)).rounded()))
      }
    }
    return try Study(table: records.table, campaign: Campaign())
  }

  @Test func `contrasts are weighted means of residuals, own group left out`() throws {
    let study = try Self.study { _, _, _ in 0 }
    let fit = try #require(study.fit)
    let layout = study.layout
    let contrasts = try #require(study.groupContrasts)
    #expect(contrasts.groups == Self.groups)
    for entry in contrasts.entries {
      #expect(study.table.raters[entry.rater].group != Self.groups[entry.group])
      var sums = [Bool: (weight: Double, residual: Double)]()
      for s in 0..<layout.sheetCount where Int(layout.sheetRater[s]) == entry.rater && !study.isOwn[s] {
        let variance = fit.variance[s] / fit.profileFactor[s]
        let p = 1 / variance
        let e = max(-4 * variance.squareRoot(), min(4 * variance.squareRoot(), fit.residual[s]))
        let inside = study.unit(ofSheet: s).group == Self.groups[entry.group]
        #expect(entry.sheets.contains(s) == inside)
        let old = sums[inside, default: (0, 0)]
        sums[inside] = (old.weight + p, old.residual + p * e)
      }
      let (a, b) = try (#require(sums[true]), #require(sums[false]))
      #expect(agree(entry.contrast, a.residual / a.weight - b.residual / b.weight, 1e-9))
      #expect(agree(entry.standardError, (1 / a.weight + 1 / b.weight).squareRoot(), 1e-9))
    }
  }

  @Test func `a rater's favour of one group is found with its size`() throws {
    let study = try Self.study { r, _, to in r == 5 && to == "West" ? 6 : 0 }
    let tests = try #require(ClaimTests(RaterGroupFavouritism.self, study))
    let first = try #require(tests.first)
    let claim = tests.family.claim(first)
    #expect(claim.subjects.raters == ["R15"] && claim.subjects.groups == ["West"])
    let effect = try #require(claim.effect)
    #expect(effect.low! < 6 && 6 < effect.high!, "\(effect)")
    #expect(Set(claim.corrections.map(\.points)) == [effect.value])
  }

  @Test func `both directions make an exchange, one does not`() throws {
    func p(_ extra: (_ rater: Int, _ from: String, _ to: String) -> Double) throws -> Double {
      let tests = try #require(ClaimTests(Reciprocity.self, try Self.study(extra)))
      let i = try #require(tests.family.pValues.indices.first { tests.family.subjects($0).groups == ["East", "North"] })
      return tests.family.pValues[i]
    }
    #expect(try p { _, from, to in Set([from, to]) == ["East", "North"] ? 5 : 0 } < 1e-4)
    #expect(try p { _, from, to in from == "East" && to == "North" ? 5 : 0 } > 0.01)
  }

  @Test(arguments: ["rater-group-favouritism", "reciprocity"]) func `without groups there is nothing to say`(id: String) throws {
    let records = Records(try Self.study { _, _, _ in 0 }.table)
    let rule = try #require(RuleRegistry.rule(id))
    let noUnits = try Study(table: records.changed { $0.unit.group = nil }.table, campaign: Campaign())
    #expect(ClaimTests(rule, noUnits) == nil)
    let noRaters = try Study(table: records.changed { $0.rater.group = nil }.table, campaign: Campaign())
    #expect((ClaimTests(rule, noRaters) == nil) == (id == "reciprocity"))
  }
}
