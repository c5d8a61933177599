import Foundation
import Scores
import Statistics
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
    let rounding = study.markHabits
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

  /// Whatever the width of the distribution beside the stride: the formula, and sums term by term.
  @Test(arguments: [(0.0, 0.0, 0), (3.2, 0.4, 6), (40, 11, 100), (0, 25, 80), (512.3, 130, 900), (900, 400, 900), (7000, 2500, 20_000)])
  func `shares of a discrete normal are those of its sum`(_ mean: Double, _ deviation: Double, _ last: Int) {
    let distribution = DiscreteNormal(mean: mean, standardDeviation: deviation, last: last)
    let density = (0...last).map { deviation > 0 ? exp(-0.5 * squared((Double($0) - mean) / deviation)) : 1 }
    let total = density.reduce(0, +)
    for stride in [1, 2, 5, 10, 25, 100] {
      for first in [0, stride / 2, stride - 1] {
        let expected = Swift.stride(from: first, through: last, by: stride).reduce(0) { $0 + density[$1] } / total
        #expect(abs(distribution.share(from: first, by: stride) - expected) < 2e-6 * max(expected, 1e-3))
      }
    }
    let different = density.reduce(0) { $0 + 1 - pow(1 - $1 / total, 50) }
    #expect(abs(distribution.expectedDifferent(50) - different) < 1e-4)
  }
}
