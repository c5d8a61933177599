import Foundation
import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct ScaleUseTests {
  /// A simulated campaign in which every rater stretches all the rater gives about 55, by a log-normal factor.
  struct Stretched {
    var records: Records
    var slope: [String: Double]

    init(seed: UInt64, spread: Double = 0.2, planted: [PlantedAnomaly] = []) throws {
      records = Records(try Simulated.campaign(planted, seed: seed).table())
      var random = RandomStream(seed: seed, 77)
      var slope: [String: Double] = [:]
      for rater in Set(records.rows.map(\.rater.name)).sorted() { slope[rater] = exp(spread * random.normal()) }
      self.slope = slope
      records = records.changed { row in
        row.score = min(max((2 * (55 + slope[row.rater.name]! * (row.score - 55))).rounded() / 2, 0), 100)
      }
    }

    func study() throws -> Study { try Study(table: records.table, campaign: Simulated.declared) }
  }

  static let stretched = Result { try Stretched(seed: 3) }
  static let study = Result { try stretched.get().study() }

  @Test func `raters who use the scale alike are left alone`() throws {
    var adjusted = 0
    for seed in 1...20 {
      let study = try Study(table: Simulated.campaign(seed: UInt64(seed)).table(), campaign: Simulated.declared)
      if study.scaleUse != nil { adjusted += 1 } else { #expect(study.adjustedScores == study.commonScores) }
    }
    #expect(adjusted <= 2, "\(adjusted)")
  }

  @Test func `slopes and their spread are found`() throws {
    let study = try Self.study.get()
    let use = try #require(study.scaleUse)
    let truth = try Self.stretched.get().slope
    let known = study.table.raters.map { truth[$0.name]! }
    let typical = exp(known.reduce(0) { $0 + log($1) } / Double(known.count))
    let errors = known.indices.map { (use.slope[$0] - known[$0] / typical) / use.slopeError[$0] }
    #expect((errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot() < 1.5)
    #expect((0.12...0.28).contains(use.spread), "\(use.spread)")
  }

  /// Beside the constants of the campaign a sheet has no part in what it is adjusted by, and no large one in what others are.
  @Test func `a favoured sheet does not pull what it is judged by`() throws {
    let study = try Self.study.get()
    let layout = study.layout
    // Of the scores as they are, before they are adjusted.
    var fitter = try #require(
      HonestFitter(
        layout: layout, y: study.commonScores, criterionScale: study.criterionScale.toCommon, criterionNoise: study.criterionScale.noise,
        roundingVariance: 1e-6))
    var fit = try fitter.fit()
    let before = try #require(ScaleUse(layout, fit))
    let s = (0..<layout.sheetCount).max { abs(before.shift[$0]) < abs(before.shift[$1]) }!
    let r = layout.sheetRater[s]
    fit.residual[s] += 40
    fit.level[s] += 40 * (1 - fit.leverage[s])
    let after = try #require(ScaleUse(layout, fit))
    #expect(abs(after.shift[s] - before.shift[s]) < 0.25 * before.variance[s].squareRoot())
    for t in 0..<layout.sheetCount where t != s && layout.sheetRater[t] == r {
      #expect(abs(after.shift[t] - before.shift[t]) < 3 * before.variance[t].squareRoot() + 1)
    }
  }

  @Test func `order and names of raters do not matter, nor the unit of measurement`() throws {
    let records = try Self.stretched.get().records
    let use = try #require(try Self.study.get().scaleUse)
    let names = try Self.study.get().table.raters.map(\.name)
    let mirrored = Dictionary(uniqueKeysWithValues: zip(names, names.reversed()))
    let renamed = try #require(
      try Study(table: records.changed { $0.rater.name = mirrored[$0.rater.name]! }.table, campaign: Simulated.declared).scaleUse)
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 100, maximum: 400, step: 1.5)
    let rescaled = try #require(try Study(table: records.changed { $0.score = 100 + 3 * $0.score }.table, campaign: campaign).scaleUse)
    for r in names.indices {
      #expect(abs(renamed.slope[names.count - 1 - r] - use.slope[r]) < 1e-6)
      #expect(abs(rescaled.slope[r] - use.slope[r]) < 1e-6)
    }
    #expect(zip(rescaled.shift, use.shift).allSatisfy { abs($0 - 3 * $1) < 1e-5 })
  }

  @Test func `raters who exaggerate or damp all they give are no finding`() throws {
    var findings = 0
    for seed in 1...6 {
      var options = Screen.Options()
      options.calibrations = 20...20
      let report = try Screen.run(Stretched(seed: UInt64(seed)).records.table, campaign: Simulated.declared, options: options).report
      findings += report.findings.count { $0.level >= .warning }
    }
    #expect(findings <= 1, "\(findings)")
  }

  @Test func `a favoured unit is found among them`() throws {
    var records = try Self.stretched.get().records
    let rows = records.rows.indices.filter { records.rows[$0].unit.name == records.rows[0].unit.name }
    let rater = records.rows[rows[0]].rater.name
    for i in rows where records.rows[i].rater.name == rater { records.rows[i].score = min(100, records.rows[i].score + 15) }
    let study = try Study(table: records.table, campaign: Simulated.declared)
    let tests = try #require(ClaimTests(RaterUnitFavouritism.self, study))
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [rater])
    #expect(tests.family.pValues[first] < tests.bar)
    #expect(tests.family.claim(first).message.en.contains("how widely each uses the scale"))
  }

  @Test func `a finding about a rater of unusual slope says so`() throws {
    let study = try Self.study.get()
    let use = try #require(study.scaleUse)
    let tests = try #require(ClaimTests(RaterSeverity.self, study))
    var told = 0
    for i in tests.family.pValues.indices {
      let claim = tests.family.claim(i)
      let r = try #require(study.table.raters.firstIndex { [$0.name] == claim.subjects.raters })
      #expect(claim.explanations.count <= 1)
      guard let text = claim.explanations.first else { continue }
      told += 1
      #expect(text.en.contains(use.slope[r] > 1 ? "more widely" : "more narrowly"))
      #expect(text.zh.contains(use.slope[r] > 1 ? "大于他人" : "小于他人"))
      #expect(abs(use.slope[r] - 1) > 0.19)
    }
    #expect(told > 0 && told < study.table.raters.count / 2, "\(told)")
  }

  @Test func `simulated campaigns have the fitted spread`() throws {
    let study = try Self.study.get()
    let spread = try #require(study.scaleUse).spread
    let source = HonestCampaign(study: study, fit: try #require(study.fit), raterNoiseSpread: 0.4, teamSD: 0)
    var ratio = 0.0
    for k in 0..<6 { ratio += (try study.replacingScores(source.draw(seed: 4, replicate: UInt64(k))).scaleUse?.spread ?? 0) / spread / 6 }
    #expect((0.75...1.25).contains(ratio), "\(ratio)")
  }

  /// Against the same integral by a hundred times finer steps over twice the range.
  @Test(arguments: [0.05, 0.15, 0.3]) func `the tail of stretched severities is that of its definition`(spread: Double) {
    let tail = StudentT(degreesOfFreedom: 50)
    for z in [-1, 0, 0.5, 2, 4, 6] {
      var sum = 0.0
      var total = 0.0
      for i in -3200...3200 {
        let x = 0.0025 * Double(i)
        sum += exp(-0.5 * x * x) * tail.upperTail(z / exp(spread * x))
        total += exp(-0.5 * x * x)
      }
      #expect(abs(ScaleUse.upperTail(z, tail, spread: spread) * total / sum - 1) < 0.02)
    }
  }
}
