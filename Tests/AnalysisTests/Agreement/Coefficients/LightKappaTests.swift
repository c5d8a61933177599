import Models
import Testing

@testable import Analysis

@Suite struct LightKappaTests {
  /// Fleiss (1971) as irr 0.84.1 has it (`diagnoses`); a row a rater, a digit a patient.
  static let diagnoses = [
    "422521311512211311215221121215", "423521311542242311235421421235", "423523334544244311435444421435", "453543334544344341455454421435",
    "453543534544344351455454425435", "455543544544345552455454545435",
  ]
  /// `expsy` of psy 1.2, columns r1 to r3; a blank where the grade is missing.
  static let grades = [" 33433233333333443424334421224", "332432223343323443324434421123", "332434233243323443324324322124"]

  static func table(_ rows: [String]) throws -> RatingsTable {
    let n = rows[0].count
    return try RatingsTable(
      units: GroupingFactor("unit", codes: rows.flatMap { _ in 0..<Int32(n) }, levels: n),
      raters: GroupingFactor("rater", codes: rows.indices.flatMap { [Int32](repeating: Int32($0), count: n) }, levels: rows.count),
      values: rows.flatMap { $0.map { Double(String($0)) ?? .nan } })
  }

  static func kappa(_ rows: [String], _ weights: AgreementWeights.Kind = .identity) throws -> LightKappa {
    let table = try table(rows)
    return try LightKappa(table, weights: AgreementWeights(weights, categories: table.categories))
  }

  /// R 4.2.2: irr 0.84.1 `kappam.light(diagnoses)`; psy 1.2 `lkappa` of the grades as names, with squared and with absolute weights.
  @Test func otherPrograms() throws {
    #expect(abs(try Self.kappa(Self.diagnoses).value - 0.459412144434595) < 1e-14)
    #expect(abs(try Self.kappa(Self.grades).value - 0.547129419142903) < 1e-14)
    #expect(abs(try Self.kappa(Self.grades, .quadratic).value - 0.757117752317314) < 1e-14)
    #expect(abs(try Self.kappa(Self.grades, .linear).value - 0.647237261182951) < 1e-14)
  }

  /// Of two raters it is Cohen's.
  @Test func twoRaters() throws {
    let table = try Self.table(Array(Self.diagnoses[0...1]))
    let weights = try AgreementWeights(.quadratic, categories: table.categories)
    let cohen = try CongerKappa(table, weights: weights)
    let light = try LightKappa(table, weights: weights)
    #expect(abs(try cohen.estimate().value - light.value) < 1e-14)
    for (a, b) in zip(cohen.valuesWithoutUnit(), light.valuesWithoutUnit) { #expect(abs(a - b) < 1e-13) }
  }

  /// Without a unit: what the table without it gives, pairs that then have no κ left out.
  @Test(arguments: [AgreementWeights.Kind.identity, .linear]) func withoutUnits(_ kind: AgreementWeights.Kind) throws {
    // The last two raters share two units; without the first of them they agree on the same grade.
    let rows = Self.grades + [" " + "3" + String(repeating: " ", count: 28), "322" + String(repeating: " ", count: 27)]
    for rows in [rows, Self.grades, ["11122", "1112 ", "  12 "]] {
      let table = try Self.table(rows)
      let weights = try AgreementWeights(kind, categories: table.categories)
      let light = try LightKappa(table, weights: weights)
      for (u, without) in zip(table.units(withAtLeast: 2), light.valuesWithoutUnit) {
        let left = (try? LightKappa(table.removing(unit: u), weights: weights))?.value ?? .nan
        #expect(abs(left - without) < 1e-12 || left.isNaN && without.isNaN, "unit \(u): \(without), not \(left)")
      }
    }
  }

  @Test func noFigure() throws {
    #expect(throws: AgreementError.nothingToCompare) { try Self.kappa(["12 ", "  1"]) }
    #expect(throws: AgreementError.noVariation) { try Self.kappa(["11 ", "112"]) }
  }
}
