import Models
import Testing

@Suite struct RatingsTableTests {
  let units = GroupingFactor("unit", codes: [2, 0, 0, 1, 2], levels: 3)
  let raters = GroupingFactor("rater", codes: [1, 1, 0, 0, 0], levels: 2)

  @Test func sortsByUnitAndRater() throws {
    let table = try RatingsTable(units: units, raters: raters, values: [5, 3, 1, .nan, -0.0])
    #expect(table.unitStart == [0, 2, 2, 4] && table.rater == [0, 1, 0, 1] && table.value == [1, 3, 0, 5])
    #expect(table.categories == [0, 1, 3, 5] && table.category == [1, 2, 0, 3])
    #expect(table.place(unit: 2, rater: 1) == 3 && table.place(unit: 1, rater: 0) == nil)
    #expect(table.removing(rater: 0).value == [3, 5] && table.removing(unit: 0).value == [0, 5])
    #expect(table.activeRaters == [0, 1] && table.units(withAtLeast: 1) == [0, 2])
  }

  @Test func givenCategories() throws {
    let table = try RatingsTable(units: units, raters: raters, values: [5, 3, 1, .nan, 1], categories: [5, 4, 3, 2, 1])
    #expect(table.categories == [1, 2, 3, 4, 5] && table.category == [0, 2, 0, 4])
    #expect(throws: AgreementError.notACategory(value: 3, observation: 1)) {
      try RatingsTable(units: units, raters: raters, values: [5, 3, 1, .nan, 1], categories: [1, 5])
    }
  }

  @Test func manyCategories() throws {
    let n = 3000
    let codes = GroupingFactor("unit", codes: (0..<Int32(n)).map { $0 }, levels: n)
    let table = try RatingsTable(
      units: codes, raters: GroupingFactor("rater", codes: [Int32](repeating: 0, count: n), levels: 1),
      values: (0..<n).map { Double(($0 * 1009) % n) / 7 })
    #expect(table.categories.count == n && table.categories == table.categories.sorted())
    #expect(table.category.enumerated().allSatisfy { Int($1) == ($0 * 1009) % n })
  }

  @Test func errors() {
    #expect(throws: AgreementError.wrongLength(of: "rater", count: 5, expected: 4)) {
      try RatingsTable(units: GroupingFactor("unit", codes: [0, 0, 0, 0], levels: 1), raters: raters, values: [1, 2, 3, 4])
    }
    #expect(throws: AgreementError.notFinite(observation: 1)) {
      try RatingsTable(units: units, raters: raters, values: [1, .infinity, 3, 4, 5])
    }
    #expect(throws: AgreementError.codeOutOfRange(factor: "unit", observation: 0)) {
      try RatingsTable(units: GroupingFactor("unit", codes: [3, 0, 0, 0, 0], levels: 3), raters: raters, values: [1, 2, 3, 4, 5])
    }
    #expect(throws: AgreementError.repeatedRating(unit: 0, rater: 1)) {
      try RatingsTable(
        units: GroupingFactor("unit", codes: [0, 0], levels: 1), raters: GroupingFactor("rater", codes: [1, 1], levels: 2), values: [1, 2])
    }
  }
}
