import Statistics
import Testing

@testable import Models

@Suite struct RotatedDesignTests {
  /// A few raters for each unit, who give all criteria; without some sheets.
  private func table(units: Int, raters: Int, criteria: Int, seed: UInt64, spread: Double = 1) -> ([Double], GeneralizabilityDesign) {
    var stream = RandomStream(seed: seed)
    let (u, r, c) = (
      (0..<units).map { _ in 2 * stream.normal() }, (0..<raters).map { _ in stream.normal() }, (0..<criteria).map { _ in stream.normal() }
    )
    let (uc, rc) = (
      (0..<(units * criteria)).map { _ in spread * stream.normal() }, (0..<(raters * criteria)).map { _ in spread * stream.normal() }
    )
    var (unit, rater, criterion): ([Int32], [Int32], [Int32]) = ([], [], [])
    var values: [Double] = []
    for i in 0..<units {
      for j in 0..<raters where (3 * i + 5 * j) % 4 != 0 {
        let sheet = stream.normal()
        for k in 0..<criteria {
          unit.append(Int32(i))
          rater.append(Int32(j))
          criterion.append(Int32(k))
          values.append(u[i] + r[j] + c[k] + uc[i * criteria + k] + rc[j * criteria + k] + sheet + stream.normal())
        }
      }
    }
    let design = try! GeneralizabilityDesign(
      object: GroupingFactor("unit", codes: unit, levels: units),
      facets: [GroupingFactor("rater", codes: rater, levels: raters), GroupingFactor("criterion", codes: criterion, levels: criteria)])
    return (values, design)
  }

  /// Against the mixed model of all effects, which knows nothing of sheets; the last table has more raters than units and no unit × criterion.
  @Test(arguments: [(12, 7, 4, 1.0), (9, 8, 2, 0.5), (30, 5, 3, 0.0), (6, 14, 5, 1.0)])
  func asTheMixedModelOfAllEffects(units: Int, raters: Int, criteria: Int, spread: Double) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let (values, design) = table(units: units, raters: raters, criteria: criteria, seed: seed, spread: spread)
      let rotated = try #require(RotatedDesign(values, design)).reml()
      let whole = try reml(
        values, design.effects.dropLast().map { GroupingFactor($0.name, codes: $0.levels.codes, levels: $0.levels.levels) })
      let total = whole.variances.reduce(0, +)
      for (i, (a, b)) in zip(rotated.variances, whole.variances).enumerated() {
        #expect(abs(a - b) < 1e-8 * total, "\(design.effects[i].name)")
        for j in whole.variances.indices { #expect(abs(rotated.covariance[i, j] - whole.covariance[i][j]) < 1e-6 * total * total) }
      }
    }
  }

  @Test func incompleteSheetsAreAnotherDesign() throws {
    let (values, design) = table(units: 8, raters: 6, criteria: 3, seed: 1)
    let keep = values.indices.filter { $0 != 4 }
    func without(_ f: GroupingFactor) -> GroupingFactor { GroupingFactor(f.name, codes: keep.map { f.codes[$0] }, levels: f.levels) }
    let less = try GeneralizabilityDesign(object: without(design.facets[0]), facets: design.facets.dropFirst().map(without))
    #expect(RotatedDesign(values, design) != nil)
    #expect(RotatedDesign(keep.map { values[$0] }, less) == nil)
  }
}
