import Scores
import Testing

@testable import Detection

@Suite struct MarkHabitsTests {
  /// Eight raters with opinions of their own in whole points; the first two of them put down the nearest five.
  static func records() -> Records {
    ScreenTests.grid(8, 30, 5) { r, u, k in
      let mark = 60 + Double((u * 37 + k * 11) % 17) + Double((r * 29 + u * 13 + k * 7 + r * u * 5 + r * k * 3) % 11)
      return r < 2 ? (mark / 5).rounded() * 5 : mark
    }
  }

  @Test func `a habit is seen in those who have it`() throws {
    let study = try Study(table: Self.records().table, campaign: Campaign())
    let rounding = MarkHabits(study)
    let shared = rounding.common(0, 1)
    #expect(shared.count == 1 && shared[0].interval == 5 && shared[0].share == 1)
    #expect(rounding.common(0, 4).isEmpty && rounding.common(4, 5).isEmpty)
  }

  /// Two raters who round to fives agree more often than the scale's step of one lets expect, and that is all they do.
  @Test func `two raters who round alike are no copiers`() throws {
    let report = try ScreenTests.run(Self.records().table, only: ["copied-sheets"]).report
    #expect(report.findings.isEmpty)
  }

  @Test func `one who copies is found all the same`() throws {
    var source: [String: Double] = [:]
    let records = Self.records()
    for row in records.rows where row.rater.name == records.rows[0].rater.name { source[row.unit.name + row.criterion] = row.score }
    let names = Set(records.rows.map(\.rater.name)).sorted()
    let copied = records.changed { row in if row.rater.name == names[1] { row.score = source[row.unit.name + row.criterion]! } }
    let report = try ScreenTests.run(copied.table, only: ["copied-sheets"]).report
    #expect(report.findings.first?.subjects.raters == [names[0], names[1]])
  }
}
