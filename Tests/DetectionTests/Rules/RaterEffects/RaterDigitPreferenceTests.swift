import Foundation
import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct RaterDigitPreferenceTests {
  static func tests(_ table: ScoreTable, _ campaign: Campaign = Simulated.declared) throws -> ClaimTests {
    try #require(ClaimTests(RaterDigitPreference.self, try Study(table: table, campaign: campaign)))
  }

  /// The honest campaign with the marks of one of its raters written otherwise.
  static func changed(_ write: (Double) -> Double) throws -> (table: ScoreTable, rater: String) {
    let records = Records(try RaterDriftTests.honest.get())
    let rater = records.rows[7].rater.name
    return (records.changed { if $0.rater.name == rater { $0.score = write($0.score) } }.table, rater)
  }

  @Test(arguments: [(5.0, "multiples of 5"), (10, "multiples of 10"), (1, "multiples of 1,")]) func `marks kept to round figures`(
    interval: Double, words: String
  ) throws {
    let (table, rater) = try Self.changed { ($0 / interval).rounded() * interval }
    let tests = try Self.tests(table)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater] && tests.family.pValues[first] < 1e-4)
    let claim = tests.family.claim(first)
    #expect(claim.message.en.contains(words), "\(claim.message.en)")
    #expect(try #require(claim.effect).value > 0.9 && claim.corrections.isEmpty)
    #expect(tests.family.pValues.count { $0 < 0.001 } == 1)
  }

  @Test func `a digit of one's own`() throws {
    let (table, rater) = try Self.changed { (($0 - 8) / 10).rounded() * 10 + 8 }
    let tests = try Self.tests(table)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater] && tests.family.pValues[first] < 1e-4)
    let claim = tests.family.claim(first)
    #expect(claim.message.en.contains("end like") && claim.message.en.contains("58"), "\(claim.message.en)")
    #expect(claim.message.zh.contains("尾数"))
  }

  @Test func `half of the marks are enough, a tenth is not`() throws {
    var n = 0
    func some(_ every: Int, _ mark: Double) -> Double {
      n += 1
      return n % every == 0 ? (mark / 5).rounded() * 5 : mark
    }
    let (half, rater) = try Self.changed { some(2, $0) }
    let tests = try Self.tests(half)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater] && tests.family.pValues[first] < 0.05 / 40)
    let few = try Self.tests(try Self.changed { some(10, $0) }.table)
    #expect(few.family.pValues.allSatisfy { $0 > 0.01 })
  }

  @Test func `marks that lie close together are no preference, nor are full ones`() throws {
    // All of one rater's marks about 80, and another's full as often as not.
    let near = try Self.tests(try Self.changed { 80 + (($0 - 55) / 10).rounded() / 2 }.table)
    #expect(near.family.pValues.allSatisfy { $0 > 0.01 })
    let full = try Self.tests(try Self.changed { $0 > 55 ? 100 : $0 }.table)
    #expect(full.family.pValues.allSatisfy { $0 > 0.01 })
  }

  @Test func `what most do is no finding`() throws {
    let fives = Records(try RaterDriftTests.honest.get()).changed { row in
      if row.rater.name.utf8.reduce(0, { $0 + Int($1) }) % 4 > 0 { row.score = (row.score / 5).rounded() * 5 }
    }
    #expect(try Self.tests(fives.table).family.pValues.allSatisfy { $0 > 0.05 })
  }

  @Test func `honest campaigns have none`() throws {
    for seed in UInt64(21)...26 {
      let tests = try Self.tests(try Simulated.campaign([], seed: seed).table())
      #expect(tests.family.pValues.allSatisfy { $0 * Double(tests.family.total) > 0.05 })
    }
  }

  @Test func `tenfold marks mean the same`() throws {
    let (table, _) = try Self.changed { ($0 / 5).rounded() * 5 }
    let plain = try Self.tests(table, Campaign()).family
    let tenfold = try Self.tests(Records(table).changed { $0.score *= 10 }.table, Campaign()).family
    #expect(zip(plain.statistics, tenfold.statistics).allSatisfy { agree($0, $1, 1e-9) })
  }

  @Test func `a short scale has no digits`() throws {
    let table = try Simulated.campaign([], seed: 3) { plan in
      plan = CampaignPlan(raters: 20, units: 40, criteria: 4, teamSize: 5, groups: 4, variant: .ordinal, design: .crossed(ratersPerUnit: 4))
    }.table()
    guard case .notEvaluated(let reason) = RaterDigitPreference().examine(try Study(table: table, campaign: Campaign())) else {
      Issue.record("evaluated")
      return
    }
    #expect(reason.en.contains("10 different marks"))
  }

  /// A note at most, and the claims' share of the budget is what it was.
  @Test func `it takes nothing from the error budget`() throws {
    let table = try ScreenTests.small([.init(.favourPair, .number(1)), .init(.heaped, .number(1))])
    let claim = "rater-unit-favouritism"
    let alone = try ScreenTests.run(table, only: [claim], campaign: Simulated.declared)
    let both = try ScreenTests.run(table, only: [claim, "rater-digit-preference"], campaign: Simulated.declared)
    #expect(alone.tests[0].qValues == both.tests.first { $0.rule == claim }!.qValues)
    #expect(both.report.findings.filter { $0.rule == "rater-digit-preference" }.allSatisfy { $0.level == .note })
  }

  /// Against the definition: a discrete normal distribution between a rater's lowest and highest mark.
  @Test func `what is expected, by the definition`() throws {
    let study = try Study(table: try RaterDriftTests.honest.get(), campaign: Simulated.declared)
    let habits = study.markHabits
    let marks = study.scores.indices.filter { o in
      study.layout.sheetRater[study.layout.sheetStart.lastIndex { $0 <= o }!] == 3 && study.scores[o] > 0 && study.scores[o] < 100
    }.map { study.scores[$0] }
    let mean = marks.reduce(0, +) / Double(marks.count)
    let variance = marks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(marks.count)
    let levels = stride(from: marks.min()!, through: marks.max()!, by: 0.5)
    func weight(_ x: Double) -> Double { exp(-(x - mean) * (x - mean) / (2 * variance)) }
    let total = levels.reduce(0) { $0 + weight($1) }
    let fives = levels.filter { $0.truncatingRemainder(dividingBy: 5) == 0 }.reduce(0) { $0 + weight($1) }
    let place = try #require(MarkHabits.intervals.firstIndex(of: 5))
    let habit = try #require(habits.habits[3][.round(place)])
    #expect(agree(habit.expected, Double(marks.count) * fives / total, 1e-9))
    #expect(habit.found == Double(marks.count { $0.truncatingRemainder(dividingBy: 5) == 0 }) && habit.marks == Double(marks.count))
  }
}
