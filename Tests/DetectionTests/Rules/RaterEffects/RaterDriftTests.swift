import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct RaterDriftTests {
  static let honest = Result { try Simulated.campaign([], seed: 11).table() }

  /// The honest campaign with `shift` added to the first rater's scores, by the share of the rater's sheets that came before.
  static func shifted(_ shift: (Double) -> Double) throws -> (records: Records, rater: String) {
    let records = Records(try honest.get())
    let rater = records.rows[0].rater.name
    let times = Set(records.rows.filter { $0.rater.name == rater }.map(\.time)).sorted()
    return (
      records.changed { row in
        if row.rater.name == rater { row.score += shift(Double(times.firstIndex(of: row.time)!) / Double(times.count - 1)) }
      }, rater
    )
  }

  static func tests(_ table: ScoreTable) throws -> ClaimTests {
    try #require(ClaimTests(RaterDrift.self, try Study(table: table, campaign: Simulated.declared)))
  }

  @Test(arguments: [20.0, -20.0]) func `a standard that moves steadily`(change: Double) throws {
    let (records, rater) = try Self.shifted { change * ($0 - 0.5) }
    let tests = try Self.tests(records.table)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater] && tests.family.pValues[first] <= tests.bar)
    let claim = tests.family.claim(first)
    let effect = try #require(claim.effect)
    #expect(effect.low! < change && change < effect.high!, "\(effect)")
    #expect(claim.message.en.contains(change > 0 ? "rose" : "fell") && claim.message.zh.contains(change > 0 ? "升高" : "降低"))
    // What is taken off adds up to nothing: the rater is neither severe nor lenient for it.
    #expect(abs(claim.corrections.reduce(0) { $0 + $1.points }) < 1e-9)
    #expect(tests.family.pValues.count { $0 <= tests.bar } == 1)
  }

  @Test func `a step, and where it is`() throws {
    let (records, rater) = try Self.shifted { $0 > 0.6 ? -12 : 0 }
    let tests = try Self.tests(records.table)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater] && tests.family.pValues[first] <= tests.bar)
    let claim = tests.family.claim(first)
    let effect = try #require(claim.effect)
    #expect(effect.low! < -12 && -12 < effect.high!, "\(effect)")
    let count = try #require(claim.count("sheets"))
    #expect(claim.count("fromSheet").map { abs(Double($0 - 1) - 0.6 * Double(count - 1)) <= 1.01 } == true)
    #expect(claim.message.en.contains("lower than before"))
  }

  /// All become stricter together, each seeing a unit at a time of their own: what all do singles nobody out.
  @Test func `a drift of all is nobody's`() throws {
    let records = Records(try Self.honest.get())
    let last = records.rows.map(\.time).max()!
    let moved = records.changed { $0.score -= 15 * $0.time / last }
    let tests = try Self.tests(moved.table)
    #expect(tests.family.pValues.allSatisfy { $0 > tests.bar })
  }

  @Test func `only the order counts`() throws {
    let (records, _) = try Self.shifted { 10 * $0 }
    let a = try Self.tests(records.table).bySubject()
    let b = try Self.tests(records.changed { $0.time = 1e9 + $0.time * $0.time }.table).bySubject()
    #expect(a == b)
    // Backwards, the same changes have the other sign.
    let c = try Self.tests(records.changed { $0.time = -$0.time }.table).bySubject()
    for (rater, values) in a { #expect(agree(values[2], -c[rater]![2], 1e-6) && agree(values[1], c[rater]![1], 1e-6), "\(rater)") }
  }

  @Test func `places of equal times are shared`() throws {
    var records = Records()
    for (u, time) in [1.0, 1, 2, 5, 5, 5].enumerated() {
      for rater in ["A", "B"] {
        records.add(rater, "U\(u)", "C", Double(60 + u))
        records.rows[records.rows.count - 1].time = rater == "A" ? time : .nan
      }
    }
    let study = try Study(table: records.table, campaign: Campaign())
    let runs = try #require(study.order).runs
    // B's times are not known.
    #expect(runs.map(\.rater) == [0] && runs[0].times == [1, 1, 2, 5, 5, 5])
    #expect(zip(runs[0].places, [-0.4, -0.4, -0.1, 0.3, 0.3, 0.3]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `without times it is not evaluated`() throws {
    let table = Records(try Self.honest.get()).changed { $0.time = .nan }.table
    guard case .notEvaluated(let reason) = RaterDrift().examine(try Study(table: table, campaign: Simulated.declared)) else {
      Issue.record("evaluated")
      return
    }
    #expect(reason.en.contains("no column of time") && reason.zh.contains("时间列"))
  }

  @Test func `a column of times that cannot be read is the reason`() throws {
    let text = "rater,unit,score,time\nA,u,1,2026-03-05\nB,u,2,上午\nA,v,3,2026-03-06\nB,v,4,2026-03-06\n"
    let table = try ScoreReader.read(.bytes(Array(text.utf8), name: "scores.csv")).table
    guard case .notEvaluated(let reason) = RaterDrift().examine(try Study(table: table, campaign: Campaign())) else {
      Issue.record("evaluated")
      return
    }
    #expect(reason == table.unreadTimes.first?.note && reason.en.contains("line 3") && reason.zh.contains("第 3 行"))
    // The rule says so in a screen; where it does not run, the report does.
    var options = Screen.Options()
    #expect(try Screen.run(table, campaign: Campaign(), options: options).report.remarks == [])
    options.except = ["rater-drift"]
    #expect(try Screen.run(table, campaign: Campaign(), options: options).report.remarks == [reason])
  }
}
