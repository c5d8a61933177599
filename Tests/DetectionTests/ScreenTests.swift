import Scores
import Simulation
import Testing

@testable import Detection

@Suite struct ScreenTests {
  /// 14 raters, 20 units, 2 criteria: small, because calibration simulates it again and again.
  static func small(_ planted: [PlantedAnomaly] = [], seed: UInt64 = 4) throws -> ScoreTable {
    var plan = CampaignPlan(
      raters: 14, units: 20, criteria: 2, teamSize: 4, groups: 3, design: .crossed(ratersPerUnit: 4), planted: planted)
    plan.mean = 55
    plan.magnitudes.favouredPair = 30
    return try Simulator.run(plan, seed: seed).table()
  }

  static func run(_ table: ScoreTable, only: [String] = [], campaign: Campaign = Campaign(), threads: Int = 1, calibrations: Int = 12)
    throws -> Screen.Result
  {
    var options = Screen.Options()
    options.only = only
    options.threads = threads
    options.calibrations = calibrations...calibrations
    return try Screen.run(table, campaign: campaign, options: options)
  }

  /// Every field of the report in a text, for comparison and for figures that are none.
  static func text(_ report: ScreenReport) -> String { String(reflecting: report) }

  @Test func `one thread and two give the same report`() throws {
    let table = try Self.small([.init(.favourPair, .number(2)), .init(.random, .number(1))])
    let one = try Self.run(table, campaign: Simulated.declared)
    let two = try Self.run(table, campaign: Simulated.declared, threads: 2)
    #expect(Self.text(one.report) == Self.text(two.report))
    #expect(one.report.calibration?.campaigns == 12)
    #expect(one.tests.map(\.calibrated) == two.tests.map(\.calibrated))
  }

  @Test func `a favoured sheet is found, weighed and ranked`() throws {
    let table = try Self.small([.init(.favourPair, .number(1))])
    let result = try Self.run(table, only: ["rater-unit-favouritism"], campaign: Simulated.declared, calibrations: 40)
    let finding = try #require(result.report.findings.first)
    #expect(finding.rule == "rater-unit-favouritism")
    let p = try #require(finding.pValue)
    let q = try #require(finding.qValue)
    #expect(p <= q && q <= 0.05)
    #expect(finding.level == (finding.impact.changesResults ? .error : .warning))
    // 30 points on one of four sheets: the unit's result falls by about 7 when they are taken off.
    #expect(abs(finding.effect!.value - 30) < 15)
    let tests = try #require(result.tests.first)
    #expect(zip(tests.family.pValues, tests.calibrated).allSatisfy { $1 >= $0 * (1 - 1e-12) })
    #expect(
      try Self.run(table, only: ["rater-unit-favouritism"], campaign: Simulated.declared).report.findings.map(\.id)
        == result.report.findings.map(\.id))
  }

  @Test func `only and except choose the rules`() throws {
    let table = try Self.small()
    var options = Screen.Options()
    options.only = ["rater-severity", "panel-too-small"]
    options.except = ["rater-severity"]
    let report = try Screen.run(table, campaign: Campaign(), options: options).report
    #expect(report.rules.map(\.id) == ["panel-too-small"])
    #expect(report.calibration == nil)
  }

  // MARK: Shapes that no campaign should have

  static func grid(_ raters: Int, _ units: Int, _ criteria: Int, _ score: (Int, Int, Int) -> Double) -> Records {
    var records = Records()
    for u in 0..<units {
      for r in 0..<raters {
        for k in 0..<criteria {
          records.rows.append(
            .init(
              rater: Rater(name: "R\(100 + r)", group: "G\(r % 3)", team: "T\(r % 4)"),
              unit: Unit(name: "County \(100 + u)", group: "G\(u % 3)"), criterion: "C\(1000 + k)", score: score(r, u, k)))
        }
      }
    }
    return records
  }

  /// Marks from 0 to 22 that look like nothing in particular.
  static func mark(_ r: Int, _ u: Int, _ k: Int) -> Double { Double((r * r * 13 + u * u * 7 + k * k * 5 + r * u * 3 + u * k * 11) % 23) }

  static let hostile: [(name: String, records: Records)] = {
    var twice = grid(7, 8, 2, mark)
    twice.rows += twice.rows
    return [
      ("one score", grid(1, 1, 1) { _, _, _ in 5 }), ("one rater", grid(1, 30, 2, mark)), ("one unit", grid(12, 1, 4, mark)),
      ("two raters, one unit", grid(2, 1, 1, mark)), ("two raters, one unit, many criteria", grid(2, 1, 40, mark)),
      ("all equal", grid(7, 8, 2) { _, _, _ in 90 }), ("all equal but one", grid(7, 8, 2) { $0 + $1 + $2 == 0 ? 10 : 90 }),
      ("every sheet twice", twice), ("one criterion", grid(8, 10, 1, mark)), ("2,000 criteria", grid(6, 3, 2000, mark)),
      ("raters agree exactly", grid(7, 10, 2) { _, u, k in Double((u * 7 + k * 3) % 19) }),
      ("units do not differ", grid(7, 10, 2) { r, _, k in Double((r * 7 + k * 3) % 19) }),
      ("a rater far off", grid(7, 8, 2) { mark($0, $1, $2) + ($0 == 3 ? 1e9 : 0) }),
      ("a score far off", grid(7, 8, 2) { mark($0, $1, $2) + ($0 == 3 && $1 == 4 && $2 == 0 ? 1e12 : 0) }),
      ("a huge scale", grid(7, 8, 2) { 1e12 * mark($0, $1, $2) }), ("a tiny scale", grid(7, 8, 2) { 1e-9 * mark($0, $1, $2) }),
      ("a huge shift", grid(7, 8, 2) { 1e12 + mark($0, $1, $2) }), ("below zero", grid(7, 8, 2) { -mark($0, $1, $2) }),
      ("two marks", grid(7, 10, 2) { mark($0, $1, $2) > 15 ? 1 : 0 }),
    ]
  }()

  static func hasNoFigure(_ text: String) -> Bool { text.contains(/\b(nan|inf|infinity)\b/) }

  @Test(arguments: 0..<18) func `whatever the shape, a report without figures that are none`(shape: Int) throws {
    let (name, records) = Self.hostile[shape]
    let result = try Self.run(records.table, calibrations: 4)
    #expect(!Self.hasNoFigure(Self.text(result.report)), "\(name)")
    #expect(result.report.rules.count == RuleRegistry.all.count, "\(name)")
    for finding in result.report.findings {
      if let p = finding.pValue { #expect((0...1).contains(p), "\(name): \(finding.message.en)") }
      if let q = finding.qValue { #expect((0...1).contains(q), "\(name): \(finding.message.en)") }
    }
    for tests in result.tests { #expect(tests.family.pValues.allSatisfy { (0...1).contains($0) }, "\(name): \(tests.rule)") }
  }

  @Test func `2,000 criteria`() throws {
    // Facts through the whole screen; claims without the simulated campaigns, which take long in debug builds.
    let table = Self.grid(6, 2, 2000, Self.mark).table
    let facts = RuleRegistry.all.filter { $0.card.kind == .fact }.map { $0.card.id }
    #expect(!Self.hasNoFigure(Self.text(try Self.run(table, only: facts).report)))
    let study = try Study(table: table, campaign: Campaign())
    for rule in ClaimTests.rules {
      guard let tests = ClaimTests(rule, study) else { continue }
      #expect(tests.family.pValues.allSatisfy { (0...1).contains($0) }, "\(rule.card.id)")
      guard let first = tests.first else { continue }
      #expect(!Self.hasNoFigure(String(reflecting: tests.family.claim(first))), "\(rule.card.id)")
    }
  }
}
