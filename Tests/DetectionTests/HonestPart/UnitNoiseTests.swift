import Foundation
import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct UnitNoiseTests {
  static let units = 80
  static let criteria = 8

  /// 5 raters on 80 units.
  static let layout: Layout = {
    var records = Records()
    for u in 0..<units { for r in 0..<5 { for c in 0..<criteria { records.add("R\(r)", "County \(100 + u)", "C\(c)", Double(r + u)) } } }
    return Layout.make(of: records.table).layout
  }()

  /// Scatter of the sheets of a table of noise (sheet by criterion) about the means of their units, less the sheets in `excluded`.
  static func scatters(_ noise: [[Double]], without excluded: Int? = nil) -> [SheetScatter?] {
    var result = [SheetScatter?](repeating: nil, count: noise.count)
    for u in 0..<units {
      let sheets = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter { $0 != excluded }
      let mean = (0..<criteria).map { c in sheets.reduce(0) { $0 + noise[$1][c] } / Double(sheets.count) }
      for s in sheets {
        let e = (0..<criteria).map { noise[s][$0] - mean[$0] }
        let level = e.reduce(0, +) / Double(criteria)
        result[s] = SheetScatter(
          share: 1, precision: 1, level: level * level * Double(criteria), profile: e.reduce(0) { $0 + ($1 - level) * ($1 - level) },
          cells: Double(criteria))
      }
    }
    return result
  }

  static func noise(seed: UInt64, tail: Double = .infinity, _ scale: (_ unit: Int) -> Double) -> [[Double]] {
    var random = RandomStream(seed: seed)
    return (0..<layout.sheetCount).map { s in
      (0..<criteria).map { _ in scale(Int(layout.sheetUnit[s])) * (tail.isFinite ? random.studentT(tail) : random.normal()) }
    }
  }

  static func factors(_ noise: [[Double]], without excluded: Int? = nil) -> UnitNoise {
    let scatters = scatters(noise, without: excluded)
    return UnitNoise(layout, scatter: { scatters[$0] })
  }

  @Test(arguments: [Double.infinity, 4]) func `equal noise is left alone, whatever its tails`(tail: Double) {
    let adjusted = (1...40).count { seed in
      Self.factors(Self.noise(seed: UInt64(seed), tail: tail) { _ in 1 }).ofOthers.contains { $0 != 1 }
    }
    #expect(adjusted <= 3, "\(adjusted)")
  }

  @Test func `units on which everybody scatters are found, and the others left near 1`() {
    let factors = Self.factors(Self.noise(seed: 3) { $0 % 7 == 0 ? 5 : 1 })
    for s in 0..<Self.layout.sheetCount {
      let expected = Self.layout.sheetUnit[s] % 7 == 0 ? 5.0 : 1
      #expect(abs(log(factors.ofOthers[s] / expected)) < 0.6, "\(factors.ofOthers[s])")
    }
  }

  @Test func `an odd sheet does not excuse itself, nor make its unit noisy`() {
    var noise = Self.noise(seed: 4) { $0 % 7 == 0 ? 3 : 1 }
    let s = Self.layout.unitSheetStart[1]
    let before = Self.factors(noise).ofOthers[s]
    for c in 0..<Self.criteria { noise[s][c] += 10 * (c % 2 == 0 ? 1 : -0.5) }
    let after = Self.factors(noise)
    #expect(abs(after.ofOthers[s] / before - 1) < 0.1)
    #expect(after.ofUnit[1] > 1.5)
  }

  /// What the others show is what they show without the sheet, to the constants that the whole campaign sets.
  @Test func `leaving a sheet out by formula is leaving it out`() {
    let noise = Self.noise(seed: 5) { $0 % 7 == 0 ? 4 : 1 }
    let all = Self.factors(noise)
    for s in [0, 7, 33, 201] {
      let unit = Int(Self.layout.sheetUnit[s])
      #expect(abs(Self.factors(noise, without: s).ofUnit[unit] / all.ofOthers[s] - 1) < 0.02)
    }
  }

  @Test func `sheets that repeat each other are no agreement of a unit`() {
    var noise = Self.noise(seed: 6) { $0 % 7 == 0 ? 4 : 1 }
    let unit = Self.layout.unitSheetStart[2]..<Self.layout.unitSheetStart[3]
    for s in unit.dropFirst(2) { noise[s] = noise[unit.lowerBound + 1] }
    var scatters = Self.scatters(noise)
    let plain = UnitNoise(Self.layout, scatter: { scatters[$0] }).ofOthers[unit.lowerBound]
    for s in unit.dropFirst() {
      scatters[s]?.share = 0.25
      scatters[s]?.precision = 0.25
    }
    let shared = UnitNoise(Self.layout, scatter: { scatters[$0] }).ofOthers[unit.lowerBound]
    #expect(shared > plain)
  }

  /// A simulated honest campaign in which raters scatter `factor` times as widely on every seventh unit.
  static func hardUnits(seed: UInt64, factor: Double = 5, planted: [PlantedAnomaly] = []) throws -> (SimulatedCampaign, ScoreTable) {
    let campaign = try Simulated.campaign(planted, seed: seed)
    var random = RandomStream(seed: seed)
    var unit = 0
    var last = ""
    let records = Records(campaign.table()).changed { row in
      if row.unit.name != last {
        unit += 1
        last = row.unit.name
      }
      guard unit % 7 == 0 else { return }
      let noise = 4 * (factor * factor - 1).squareRoot() * random.normal()
      row.score = min(max((2 * (row.score + noise)).rounded() / 2, 0), 100)
    }
    return (campaign, records.table)
  }

  @Test func `a far sheet on a unit where everybody scatters is no finding`() throws {
    var findings = 0
    for seed in 1...8 {
      var options = Screen.Options()
      options.calibrations = 20...20
      let (_, table) = try Self.hardUnits(seed: UInt64(seed))
      let report = try Screen.run(table, campaign: Simulated.declared, options: options).report
      findings += report.findings.count { $0.level >= .warning }
    }
    #expect(findings <= 1, "\(findings)")
  }

  @Test func `a favoured unit is found beside units that are hard to judge`() throws {
    let (_, table) = try Self.hardUnits(seed: 2)
    var records = Records(table)
    let rows = records.rows.indices.filter { records.rows[$0].unit.name == records.rows[0].unit.name }
    let rater = records.rows[rows[0]].rater.name
    for i in rows where records.rows[i].rater.name == rater { records.rows[i].score = min(100, records.rows[i].score + 15) }
    let study = try Study(table: records.table, campaign: Simulated.declared)
    let tests = try #require(ClaimTests(RaterUnitFavouritism.self, study))
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater])
    #expect(tests.family.pValues[first] < tests.bar)
    #expect(tests.family.claim(first).explanations.isEmpty)
  }

  @Test func `a finding says that others differed on the unit too`() throws {
    let study = try Study(table: Self.hardUnits(seed: 2).1, campaign: Simulated.declared)
    let fit = try #require(study.fit)
    let tests = try #require(ClaimTests(RaterUnitFavouritism.self, study))
    var told = 0
    for i in tests.family.pValues.indices {
      let claim = tests.family.claim(i)
      guard
        let s = (0..<study.layout.sheetCount).first(where: {
          [study.rater(ofSheet: $0).name] == claim.subjects.raters && [study.unit(ofSheet: $0).name] == claim.subjects.units
        })
      else { continue }
      #expect(claim.explanations.isEmpty == (fit.othersNoise[s] < WideScatter.remarkable))
      told += claim.explanations.count
    }
    #expect(told >= 40)
  }
}
