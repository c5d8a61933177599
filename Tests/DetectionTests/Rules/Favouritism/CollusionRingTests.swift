import Scores
import Statistics
import Testing

@testable import Detection

@Suite struct CollusionRingTests {
  static let criteria = ["A", "B", "C", "D", "E", "F", "G", "H"]
  static let count = Double(criteria.count)

  /// 12 raters in changing panels of 5 on 120 units. `opinion` is what a rater adds to a unit's score on a criterion, and by what factor the rater's own
  /// noise is reduced there.
  static func study(seed: UInt64 = 9, _ opinion: (_ rater: Int, _ unit: Int, _ criterion: Int) -> (shift: Double, noise: Double)) throws
    -> Study
  {
    var records = Records()
    var random = RandomStream(seed: seed)
    for u in 0..<120 {
      let merit = 60 + 8 * random.normal()
      for k in 0..<5 {
        let r = (u * 5 + k * (1 + u % 2 * 4)) % 12
        for (c, criterion) in criteria.enumerated() {
          let own = opinion(r, u, c)
          records.rows.append(
            .init(
              rater: Rater(name: "R\(10 + r)"), unit: Unit(name: "County \(100 + u)"), criterion: criterion,
              score: ((merit + Double(3 * c) + own.shift + 4 * own.noise * random.normal()) * 2).rounded() / 2))
        }
      }
    }
    return try Study(table: records.table, campaign: Campaign())
  }

  /// What a ring adds to unit and criterion: the same for each of its members, and as often up as down.
  static func shared(_ u: Int, _ c: Int, _ size: Double) -> Double {
    var random = RandomStream(seed: UInt64(1000 * u + c))
    return size * random.normal()
  }

  private static func ring(_ study: Study) throws -> (claim: Claim, p: Double, bar: Double) {
    let tests = try #require(ClaimTests(CollusionRing.self, study))
    let first = try #require(tests.first)
    return (tests.family.claim(first), tests.family.pValues[first], tests.bar)
  }

  @Test func `distances are squared differences over their honest variance`() throws {
    let study = try Self.study { _, _, _ in (0, 1) }
    let fit = try #require(study.fit)
    let layout = study.layout
    let prior = min(2 / max(RaterNoise(study.layout, fit).honestSD * RaterNoise(study.layout, fit).honestSD, 1e-9), 1000)
    func profile(_ s: Int) -> Double { min(fit.profile[s], RaterNoise.profileCap) * (Self.count - 1) }
    func sheet(_ u: Int, _ r: Int) -> Int? {
      (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).first { Int(layout.sheetRater[$0]) == r }
    }
    func adjusted(_ s: Int) -> [Double] {
      let r = Int(layout.sheetRater[s])
      return Self.criteria.indices.map {
        study.commonScores[layout.sheetStart[s] + $0] - fit.raterEffect[r]
          - (fit.raterCriterion.isEmpty ? 0 : fit.raterCriterion[r * Self.criteria.count + $0])
      }
    }
    let pairs = PairDistances(study, fit).pairs
    #expect(pairs.count > 20)
    for pair in pairs {
      var distance = 0.0
      var units = 0
      var own = [0.0, 0.0]
      for u in 0..<layout.unitCount {
        guard let s = sheet(u, pair.first), let t = sheet(u, pair.second) else { continue }
        let d = zip(adjusted(s), adjusted(t)).map { $0 - $1 }
        let level = d.reduce(0, +) / Self.count
        let h = min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])
        let scaled = d.indices.map { (d[$0] - level) / fit.criterionNoise[Int(layout.criterion[layout.sheetStart[s] + $0])] }
        let squares = scaled.reduce(0) { $0 + $1 * $1 }
        distance += min(
          3 * Self.count,
          level * level / (2 * h * h * (fit.sheetSD * fit.sheetSD + fit.cellSD * fit.cellSD / Self.count)) + squares
            / (2 * h * h * fit.cellSD * fit.cellSD))
        units += 1
        own[0] += profile(s)
        own[1] += profile(t)
      }
      let noise = [pair.first, pair.second].enumerated().map { i, r in
        let sheets = (0..<layout.sheetCount).filter { Int(layout.sheetRater[$0]) == r }
        return (sheets.reduce(0) { $0 + profile($1) } - own[i] + prior) / ((Self.count - 1) * Double(sheets.count - units) + prior)
      }
      #expect(pair.units == units && pair.cells == Self.count * Double(units))
      #expect(agree(pair.closeness, distance / (pair.cells * 0.5 * (noise[0] + noise[1])), 1e-9))
    }
  }

  @Test func `deviates of honest pairs are standard normal`() throws {
    var close: [Double] = []
    var company: [Double] = []
    for seed in 1...12 {
      let study = try Self.study(seed: UInt64(seed)) { _, _, _ in (0, 1) }
      let pairs = PairDistances(study, try #require(study.fit)).pairs
      close += pairs.map(\.closenessZ)
      company += pairs.map(\.companyZ)
    }
    // Some 600 deviates each: standard errors of a mean 0.04, of a standard deviation 0.03; pairs that share raters widen both a little.
    for z in [close, company] {
      let mean = z.reduce(0, +) / Double(z.count)
      let deviation = (z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(z.count)).squareRoot()
      #expect(abs(mean) < 0.15 && abs(deviation - 1) < 0.15, "\(mean), \(deviation)")
    }
  }

  @Test func `raters who settle their scores are a ring of all of them`() throws {
    let ring: Set = [2, 5, 7]
    let study = try Self.study { r, u, c in ring.contains(r) && u % 5 != 0 ? (Self.shared(u, c, 3), 0.4) : (0, 1) }
    let found = try Self.ring(study)
    #expect(found.claim.subjects.raters == ["R12", "R15", "R17"])
    #expect(found.p < found.bar, "\(found.p)")
    let effect = try #require(found.claim.effect)
    #expect(effect.high! < 1 && effect.low! < effect.value, "\(effect)")
    #expect(found.claim.message.en.contains("R12, R15 and R17 agree far more closely"))
  }

  @Test func `raters who push the same units are found though each keeps their own noise`() throws {
    let study = try Self.study { r, u, _ in (r == 3 || r == 4) ? (Self.shared(u, 0, 6), 1) : (0, 1) }
    let found = try Self.ring(study)
    #expect(found.claim.subjects.raters == ["R13", "R14"])
    #expect(found.p < found.bar, "\(found.p)")
    #expect(found.claim.message.en.contains("R13 and R14 depart from the rest of their panels together"), "\(found.claim.message.en)")
    // Their shift is taken off their sheets as far as it is not noise.
    #expect(!found.claim.corrections.isEmpty && found.claim.corrections.allSatisfy { abs($0.points) < 25 })
  }

  @Test func `copies are left to the rule of copied sheets`() throws {
    var marks: [Int: Double] = [:]
    var random = RandomStream(seed: 77)
    // R14 and R19 give the same noise to the last digit.
    let study = try Self.study { r, u, c in
      guard r == 4 || r == 9 else { return (0, 1) }
      let key = 10 * u + c
      let own = marks[key] ?? 4 * random.normal()
      marks[key] = own
      return (own, 0)
    }
    let family = try #require(ClaimTests(CollusionRing.self, study)).family
    #expect(family.pValues.indices.allSatisfy { Set(family.subjects($0).raters) != ["R14", "R19"] })
    #expect(try #require(ClaimTests(CopiedSheets.self, study)).family.pValues.min()! < 1e-9)
  }

  @Test func `raters who never meet often enough cannot be judged`() throws {
    var campaign = SmallCampaign()
    campaign.cross(["R1", "R2", "R3"], ["U1", "U2", "U3"], ["A", "B", "C", "D"])
    guard case .notEvaluated(let reason) = try campaign.examined(by: "collusion-ring") else {
      Issue.record("judged")
      return
    }
    #expect(reason.en.contains("no two raters share 4 units"))
  }
}
