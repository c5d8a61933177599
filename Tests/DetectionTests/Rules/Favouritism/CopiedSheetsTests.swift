import Foundation
import Scores
import Statistics
import Testing

@testable import Detection

@Suite struct CopiedSheetsTests {
  /// ∫ (1 − |x|/h) φ(x − d) dx over |x| < h, by the midpoint rule.
  static func integral(_ d: Double, _ h: Double) -> Double {
    let n = 20_000
    var sum = 0.0
    for i in 0..<n {
      let x = h * (2 * (Double(i) + 0.5) / Double(n) - 1)
      sum += (1 - abs(x) / h) * exp(-0.5 * (x - d) * (x - d))
    }
    return sum * 2 * h / Double(n) / (2 * Double.pi).squareRoot()
  }

  @Test func `the probability of equal marks is the integral it stands for`() {
    for h in [0.02, 0.1, 0.5, 1, 1.5, 2, 6] {
      for d in [0.0, 0.3, 1, 2] {
        let exact = Self.integral(d, h)
        let p = PairMatches.probability(d, h)
        // Simpson's rule up to one standard deviation, the closed form beyond.
        #expect(abs(p - exact) < (h > 1 ? 1e-6 : 0.01 * Self.integral(0, h)), "d = \(d), h = \(h): \(p), \(exact)")
        #expect(agree(p, PairMatches.probability(-d, h), 1e-12))
      }
    }
  }

  @Test func `equal marks and equal differences are counted, ends of the scale and flat sheets left out`() throws {
    var records = Records()
    var scores: [String: [Double]] = [:]
    for u in 0..<12 {
      for r in 0..<4 {
        for k in 0..<5 {
          let score = Double((u * 7 + k * 5 + r * (k + 2)) % 9)
          records.add("R\(r)", "County \(100 + u)", "C\(k)", r == 3 && u < 2 ? 4 : score)
          scores["\(u).\(r)", default: []].append(r == 3 && u < 2 ? 4 : score)
        }
      }
    }
    let study = try Study(table: records.table, campaign: Campaign())
    let pairs = PairMatches(study, try #require(study.fit))
    #expect(pairs.first.count == 6)
    for i in pairs.first.indices {
      var cells = 0
      var equal = 0
      var units = 0
      var differences: [Int: Int] = [:]
      for u in 0..<12 {
        let a = try #require(scores["\(u).\(pairs.first[i])"])
        let b = try #require(scores["\(u).\(pairs.second[i])"])
        guard Set(a).count > 1, Set(b).count > 1 else { continue }
        units += 1
        for (k, (x, y)) in zip(a, b).enumerated()
        where x > study.steps.minimum[k] && x < study.steps.maximum[k]
          && y > study.steps.minimum[k] && y < study.steps.maximum[k]
        {
          cells += 1
          if x == y { equal += 1 } else { differences[Int(y - x), default: 0] += 1 }
        }
      }
      #expect(pairs.cells[i] == cells && pairs.equal[i] == equal, "\(pairs.first[i]), \(pairs.second[i])")
      #expect(pairs.expected[i] >= 0 && pairs.expected[i] <= Double(cells))
      #expect(pairs.shifted[i] == differences.values.max() && pairs.shifted[i] == differences[pairs.shift[i]] && pairs.units[i] == units)
      // No difference, 0 among them, is expected more often than the ceiling says.
      #expect(pairs.ceiling[i] >= 0.98 * pairs.expected[i] && pairs.ceiling[i] <= Double(cells))
    }
  }

  /// One of several shared units copied to the mark is told as that, and names it.
  @Test func `one copied sheet is found by itself`() throws {
    let campaign = try Simulated.campaign(change: { $0.criteria = 12 })
    let records = Records(campaign.table())
    let unit = records.rows[0].unit.name
    let raters = Set(records.rows.filter { $0.unit.name == unit }.map(\.rater.name)).sorted()
    let (from, to) = (raters[1], raters[3])
    var source: [String: Double] = [:]
    for row in records.rows where row.unit.name == unit && row.rater.name == from { source[row.criterion] = row.score }
    let copied = records.changed { row in
      if row.unit.name == unit && row.rater.name == to { row.score = source[row.criterion]! }
    }
    let tests = try #require(ClaimTests(CopiedSheets.self, try Study(table: copied.table, campaign: Simulated.declared)))
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == [from, to] && tests.family.pValues[first] < tests.bar)
    let claim = tests.family.claim(first)
    #expect(claim.count("equalMarks") == 12 && claim.count("comparedMarks") == 12)
  }

  @Test func `the closest units are those that are least likely together, all choices paid for`() {
    func sheet(_ unit: Int, _ equal: Int) -> PairMatches.ClosestSheets { .init(unit: unit, equal: equal, cells: 10, ceiling: 3) }
    func logP(_ equal: Int, of cells: Int) -> Double { Binomial(trials: cells, probability: 0.3).logUpperTail(equal) }
    let one = PairMatches.ClosestSheets(of: [sheet(4, 10)], shared: 6)
    #expect(one.units == [4] && agree(one.logP, log(6) + log(2) + logP(10, of: 10), 1e-9))
    let two = PairMatches.ClosestSheets(of: [sheet(3, 9), sheet(8, 5), sheet(5, 9)], shared: 6)
    #expect(two.units == [3, 5] && two.equal == 18 && two.cells == 20 && two.ceiling == 6)
    #expect(agree(two.logP, log(15) + log(6) + logP(18, of: 20), 1e-9))
    #expect(PairMatches.ClosestSheets(of: [], shared: 6).logP == 0)
  }

  @Test func `a copy with points added says how many`() throws {
    let campaign = try Simulated.campaign([.init(.shiftedCopier, .number(1))])
    let tests = try #require(ClaimTests(CopiedSheets.self, try Study(table: campaign.table(), campaign: Simulated.declared)))
    let claim = tests.family.claim(try #require(tests.first))
    #expect(claim.count("steps").map(abs) == 4 && claim.message.en.contains("exactly 2 points above"), "\(claim.message.en)")
  }

  /// Over all pairs of an honest campaign as many equal marks as expected, but for chance; pairs share sheets, so they vary more than the sum
  /// of independent cells would.
  @Test(arguments: [UInt64(5), 6]) func `honest raters agree as often as expected`(seed: UInt64) throws {
    let records = Records(try Simulated.campaign(seed: seed).table())
    let study = try Study(table: records.table, campaign: Simulated.declared)
    let pairs = PairMatches(study, try #require(study.fit))
    let (equal, expected) = (Double(pairs.equal.reduce(0, +)), pairs.expected.reduce(0, +))
    #expect(expected > 100)
    #expect(abs(equal - expected) < 5 * pairs.variance.reduce(0, +).squareRoot(), "\(equal), \(expected)")
  }
}
