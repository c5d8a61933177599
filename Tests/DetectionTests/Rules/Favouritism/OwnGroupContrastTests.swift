import Foundation
import Scores
import Statistics
import Testing

@testable import Detection

@Suite struct OwnGroupContrastTests {
  /// 8 raters on 24 units, R0 lifts the 10 units of its own group by 6 points; the others are of a group without units.
  static let study = Result {
    var records = Records()
    var random = RandomStream(seed: 17)
    for u in 0..<24 {
      let merit = 60 + 8 * random.normal()
      for r in 0..<8 {
        let own = u < 10
        records.rows.append(
          .init(
            rater: Rater(name: "R\(r)", group: r < 3 ? "East" : "South"),
            unit: Unit(name: "County \(100 + u)", group: own ? "East" : "West"), criterion: "A",
            score: (merit + 3 * random.normal() + (r == 0 && own ? 6 : 0)).rounded()))
      }
    }
    return try Study(table: records.table, campaign: Campaign())
  }

  /// Number of arrangements of `values` in which the sum of `own` of them reaches that of the first `own`, over all arrangements.
  static func enumerated(_ values: [Double], own: Int) -> Double {
    let observed = values[..<own].reduce(0, +) - 1e-9
    let n = values.count
    var reached = 0
    var all = 0
    // Revolving sums: choose positions in ascending order, and add the last one in a loop.
    func choose(_ left: Int, _ from: Int, _ sum: Double) {
      if left == 1 {
        for i in from..<n {
          all += 1
          if sum + values[i] >= observed { reached += 1 }
        }
        return
      }
      for i in from...(n - left) { choose(left - 1, i + 1, sum + values[i]) }
    }
    choose(own, 0, 0)
    return Double(reached) / Double(all)
  }

  @Test func `the permutation p-value is that of all arrangements`() throws {
    let study = try Self.study.get()
    let fit = try #require(study.fit)
    let own = OwnGroupContrast(study, fit)
    #expect(own.raters == [0, 1, 2])
    let sheets = (0..<study.layout.sheetCount).filter { study.layout.sheetRater[$0] == 0 }
    let values = sheets.map { fit.residual[$0] / (fit.variance[$0] / fit.profileFactor[$0]).squareRoot() }
    // Units are in order of name, so the first ten are the rater's own.
    for centre in [0.0, 0.4] {
      let exact = Self.enumerated(values.enumerated().map { $1 - ($0 < 10 ? centre : 0) }, own: 10)
      let p = try #require(own.permutationPValue(0, beyond: centre, study, fit))
      // The saddlepoint may stand in for the enumeration, and is good to some per cent in the tail.
      #expect(abs(log(p / exact)) < 0.1, "\(p), exact \(exact)")
      #expect(exact < 0.01)
    }
  }

  @Test func `few arrangements are not permuted`() throws {
    let records = try Records(Self.study.get().table)
    var few = records
    few.rows = records.rows.filter { $0.unit.name < "County 112" }
    let study = try Study(table: few.table, campaign: Campaign())
    let fit = try #require(study.fit)
    #expect(OwnGroupContrast(study, fit).permutationPValue(0, beyond: 0, study, fit) == nil)
  }

  @Test func `the contrast is the planted one, and the robust mean forgets the rater`() throws {
    let study = try Self.study.get()
    let own = OwnGroupContrast(study, try #require(study.fit))
    #expect(abs(own.points[0] - 6) < 1.96 * own.pointsError[0] + 1, "\(own.points[0])")
    #expect(own.points[0] > 2 * abs(own.points[1]) && own.points[0] > 2 * abs(own.points[2]))
    #expect(robustMean([1, 1.2, 0.8, 50], [1, 1, 1, 1]) < 3)
    #expect(abs(robustMean([2, 4], [1, 1e-3]) - 4) < 0.01)
    #expect(robustMean([], []) == 0)
  }
}
