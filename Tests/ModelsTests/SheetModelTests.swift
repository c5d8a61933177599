import LinearAlgebra
import Models
import Testing

@Suite struct SheetModelTests {
  /// Effects, totals over these criteria and their prediction errors against dense matrices: the total of unit u has covariance λ_u + λ_uc/C with each of the unit's scores.
  @Test func totalsAgreeWithDenseMatrices() throws {
    let (unitCount, raterCount, criteria) = (8, 5, 3)
    var units: [Int32] = []
    var raters: [Int32] = []
    for u in 0..<unitCount {
      for r in 0..<raterCount where (u * 3 + r) % 4 != 0 {
        units.append(Int32(u))
        raters.append(Int32(r))
      }
    }
    var scores: [Double] = []
    for (u, r) in zip(units, raters) {
      for c in 0..<criteria {
        scores.append(60 + Double((Int(u) * 17 + Int(r) * 29 + c * 11 + Int(u) * Int(r) * 7 + Int(u) * c * 13) % 37))
      }
    }
    let unit = GroupingFactor("unit", codes: units, levels: unitCount)
    let rater = GroupingFactor("rater", codes: raters, levels: raterCount)
    let fit = try SheetModel(scores: scores, criteria: criteria, units: unit, raters: rater).fit()

    func perScore(_ factor: GroupingFactor) -> GroupingFactor {
      GroupingFactor(factor.name, codes: factor.codes.flatMap { [Int32](repeating: $0, count: criteria) }, levels: factor.levels)
    }
    let criterion = GroupingFactor("criterion", codes: scores.indices.map { Int32($0 % criteria) }, levels: criteria)
    let sides = [perScore(unit), perScore(rater)]
    let factors = sides + sides.map { $0.crossed(with: criterion) }
    let names = ["unit", "rater", "unit:criterion", "rater:criterion", "Residual"]
    let components = try names.map { try #require(fit.component($0)).variance }
    let columns = (0..<criteria).map { k in criterion.codes.map { Int($0) == k ? 1.0 : 0 } }
    let dense = try DenseReference(
      y: scores, weights: scores.map { _ in 1 }, x: columns, factors: factors, components: components, reml: true)
    #expect(relativeError(fit.criterion, dense.criterion) < 1e-12)
    let py = dense.projection.multiplied(by: scores)
    for (side, (effects, totals)) in [(fit.units, fit.unitTotals), (fit.raters, fit.raterTotals)].enumerated() {
      let shared = components[side] + components[side + 2] / Double(criteria)
      for level in 0..<sides[side].levels {
        #expect(abs(effects.values[level] - dense.effects[side][level]) < 1e-9)
        #expect(abs(effects.standardErrors[level] - dense.errors[side][level]) < 1e-9)
        let covariance = sides[side].codes.map { Int($0) == level ? shared : 0 }
        let error = (shared - dot(covariance, dense.projection.multiplied(by: covariance))).squareRoot()
        #expect(abs(totals.values[level] - dot(covariance, py)) < 1e-9)
        #expect(abs(totals.standardErrors[level] - error) < 1e-9)
      }
    }
  }
}
