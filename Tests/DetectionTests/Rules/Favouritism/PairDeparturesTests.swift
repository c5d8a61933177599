import Foundation
import Scores
import Statistics
import Testing

@testable import Detection

@Suite struct PairDeparturesTests {
  static let raters = 12

  /// One mark a sheet: 12 raters in changing panels of `panel` on 120 units. `opinion` is what a rater adds to a unit's mark, and by what factor the rater's
  /// own noise is changed there.
  static func records(
    seed: UInt64 = 3, panel: Int = 6, round: (Int) -> String? = { _ in nil },
    _ opinion: (_ rater: Int, _ unit: Int) -> (shift: Double, noise: Double)
  ) -> Records {
    var records = Records()
    var random = RandomStream(seed: seed)
    let severity = (0..<raters).map { _ in 3 * random.normal() }
    for u in 0..<120 {
      let merit = 60 + 8 * random.normal()
      for r in random.permutation(raters).prefix(panel).sorted() {
        let own = opinion(r, u)
        let mark = merit + severity[r] + own.shift + 4 * own.noise * random.normal()
        records.rows.append(
          .init(
            rater: Rater(name: "R\(10 + r)"), unit: Unit(name: "County \(100 + u)", round: round(u)), criterion: "Overall",
            score: (mark * 2).rounded() / 2))
      }
    }
    return records
  }

  static func study(_ records: Records) throws -> Study { try Study(table: records.table, campaign: Campaign()) }

  static func honest(seed: UInt64, panel: Int = 6, noise: (_ rater: Int, _ unit: Int) -> Double = { _, _ in 1 }) throws -> Study {
    try study(records(seed: seed, panel: panel) { (0, noise($0, $1)) })
  }

  /// What two raters share on a unit.
  static func shared(_ u: Int) -> Double {
    var random = RandomStream(seed: UInt64(u))
    return 6 * random.normal()
  }

  @Test func `the correlation is that of departures beyond what the common comparison makes of it`() throws {
    let study = try Self.honest(seed: 4)
    let fit = try #require(study.fit)
    let layout = study.layout
    let sd = (fit.sheetSD * fit.sheetSD + fit.cellSD * fit.cellSD).squareRoot()
    func isUsed(_ s: Int) -> Bool {
      let y = study.scores[layout.sheetStart[s]]
      return y > study.steps.minimum[0] && y < study.steps.maximum[0]
    }
    let pairs = PairDepartures(study, fit).pairs
    #expect(pairs.count == 66)
    for pair in pairs {
      var rows: [(x: Double, y: Double, shared: Double, level: Double)] = []
      for u in 0..<layout.unitCount {
        let panel = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter(isUsed)
        guard let s = panel.first(where: { Int(layout.sheetRater[$0]) == pair.first }),
          let t = panel.first(where: { Int(layout.sheetRater[$0]) == pair.second })
        else { continue }
        let h = min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])
        func e(_ s: Int) -> Double {
          let limit = 3 * fit.raterNoise[Int(layout.sheetRater[s])].squareRoot()
          return min(max(fit.deviation[s] / (sd * fit.unitNoise[u]), -limit), limit) * fit.unitNoise[u] / h
        }
        func w(_ s: Int) -> Double { fit.weight[s] / (fit.raterNoise[Int(layout.sheetRater[s])] * fit.panelFactor[s]) }
        let others = panel.filter { $0 != s && $0 != t }
        let mean = others.reduce(0) { $0 + w($1) * e($1) } / others.reduce(0) { $0 + w($1) }
        var (sum, weights) = (0.0, 0.0)
        for o in others {
          for p in others where p != o {
            sum += w(o) * w(p) * (e(s) - e(o)) * (e(t) - e(p))
            weights += w(o) * w(p)
          }
        }
        let (x, y) = (e(s) - mean, e(t) - mean)
        rows.append((x, y, x * y - sum / weights, fit.merit[layout.unitCellStart[u]]))
      }
      let n = Double(rows.count)
      func centred(_ values: [Double]) -> [Double] { values.map { $0 - values.reduce(0, +) / n } }
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      let level = centred(rows.map(\.level))
      func residual(_ values: [Double]) -> [Double] {
        let c = centred(values)
        let slope = dot(c, level) / dot(level, level)
        return zip(c, level).map { $0 - slope * $1 }
      }
      let (x, y) = (residual(rows.map(\.x)), residual(rows.map(\.y)))
      let scale = (dot(x, x) * dot(y, y)).squareRoot()
      let (r, honest) = (dot(x, y) / scale, rows.reduce(0) { $0 + $1.shared } * (n - 2) / n / scale)
      #expect(agree(try #require(pair.departure).correlation, (r - honest) / (1 - r * honest), 1e-8))
      #expect(pair.units == rows.count)
    }
  }

  @Test(arguments: [3, 4, 9]) func `deviates of honest pairs are standard normal`(panel: Int) throws {
    var close: [Double] = []
    var company: [Double] = []
    for seed in 1...8 {
      let study = try Self.honest(seed: UInt64(seed), panel: panel)
      let pairs = PairDepartures(study, try #require(study.fit)).pairs
      close += pairs.map(\.closenessZ)
      company += pairs.filter { $0.departure != nil }.map(\.companyZ)
    }
    // Some 500 deviates each: standard errors of a mean 0.045, of a standard deviation 0.03; pairs share raters.
    for z in [close, company] where !z.isEmpty {
      let mean = z.reduce(0, +) / Double(z.count)
      let deviation = (z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(z.count)).squareRoot()
      #expect(abs(mean) < 0.2 && deviation < 1.15 && deviation > 0.75, "\(mean), \(deviation)")
    }
    #expect(company.isEmpty == (panel < 4))
  }

  @Test func `raters who push the same units are named, and their departures are told`() throws {
    let study = try Self.study(Self.records { r, u in (r == 3 || r == 8) && u % 6 != 0 ? (Self.shared(u), 0.4) : (0, 1) })
    let tests = try #require(ClaimTests(CollusionRing.self, study))
    let claim = tests.family.claim(try #require(tests.first))
    #expect(claim.subjects.raters == ["R13", "R18"])
    #expect(tests.family.pValues.min()! < tests.bar)
    #expect(claim.evidence.contains { $0.key == "correlation" })
    #expect(!claim.corrections.isEmpty)
  }

  @Test func `neither hard units nor an erratic or severe rater make rings of the others`() throws {
    for seed: UInt64 in 1...6 {
      let hard = try Self.honest(seed: seed) { _, u in u % 7 == 0 ? 5 : 1 }
      let erratic = try Self.honest(seed: seed, panel: 4) { r, _ in r == 2 ? 5 : 1 }
      for study in [hard, erratic] {
        let tests = try #require(ClaimTests(CollusionRing.self, study))
        #expect(tests.family.pValues.min()! > tests.bar)
      }
    }
  }

  @Test func `two raters who each use the scale more widely are no ring`() throws {
    var records = Self.records { _, _ in (0, 1) }
    let merit = Dictionary(grouping: records.rows, by: \.unit.name).mapValues { $0.reduce(0) { $0 + $1.score } / Double($0.count) }
    records = records.changed { row in
      if ["R11", "R15"].contains(row.rater.name) { row.score += (0.8 * (merit[row.unit.name]! - 60)).rounded() }
    }
    let tests = try #require(ClaimTests(CollusionRing.self, try Self.study(records)))
    #expect(tests.family.pValues.min()! > tests.bar)
  }

  @Test func `severities that differ from round to round are no ring`() throws {
    var records = Self.records(round: { "Day \($0 / 20)" }, { _, _ in (0, 1) })
    records = records.changed { row in
      var random = RandomStream(seed: UInt64(row.unit.round!.utf8.last!) * 3)
      let shift = 8 * random.normal()
      if ["R11", "R15"].contains(row.rater.name) { row.score += shift.rounded() }
    }
    let tests = try #require(ClaimTests(CollusionRing.self, try Self.study(records)))
    #expect(tests.family.pValues.min()! > tests.bar)
  }

  @Test func `the order of rows, names and the scale change nothing`() throws {
    let records = Self.records { r, u in (r == 3 || r == 8) && u % 4 == 0 ? (Self.shared(u), 0.5) : (0, 1) }
    let expected = try #require(ClaimTests(CollusionRing.self, Self.study(records))).bySubject()
    var shuffled = records
    var random = RandomStream(seed: 1)
    random.shuffle(&shuffled.rows)
    #expect(try #require(ClaimTests(CollusionRing.self, Self.study(shuffled))).bySubject() == expected)
    let changed = records.changed { row in
      row.score = 4 * row.score - 20
      row.rater.name = String(row.rater.name.reversed())
    }
    let tests = try #require(ClaimTests(CollusionRing.self, Self.study(changed)))
    let other = tests.bySubject { String($0.reversed()) }
    #expect(Set(other.keys) == Set(expected.keys))
    for (pair, values) in expected { #expect(zip(values, other[pair] ?? []).allSatisfy { agree($0, $1, 1e-4) }, "\(pair)") }
  }

  @Test func `two who only ever meet alone cannot be judged`() throws {
    var records = Records()
    var random = RandomStream(seed: 6)
    for team in 0..<6 {
      for u in 0..<20 {
        let merit = 60 + 8 * random.normal()
        for r in 0..<2 { records.add("R\(team)\(r)", "County \(100 + 20 * team + u)", "Overall", (merit + 4 * random.normal()).rounded()) }
      }
    }
    guard case .notEvaluated(let reason) = CollusionRing().examine(try Self.study(records)) else {
      Issue.record("judged")
      return
    }
    #expect(reason.en.contains("each scored by a third rater too"))
  }
}
