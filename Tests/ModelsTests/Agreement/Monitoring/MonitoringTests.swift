import Foundation
import Testing

@testable import Models

@Suite struct MonitoringTests {
  /// Wilson (1927) as printed by R 4.2.2's prop.test(x, n, correct = FALSE): 5 of 17, 0 of 10.
  @Test func wilson() {
    let some = wilsonInterval(5, of: 17)
    #expect(isClose(some.low, 0.132799896, 5e-10) && isClose(some.high, 0.531331101, 5e-10), "\(some)")
    let none = wilsonInterval(0, of: 10)
    #expect(isClose(none.low, 0, 1e-15) && isClose(none.high, 0.2775328, 5e-7), "\(none)")
  }

  @Test func expertAgreement() throws {
    // Rater 0 is the expert; rater 1 adds one point, rater 2 is right on half the units; rater 3 shares none.
    let rows: [[Double]] = [[3, 4, 3, .nan], [5, 6, 4, .nan], [2, 3, 2, .nan], [6, 7, 8, .nan], [.nan, 5, 5, 5]]
    let found = ExpertAgreement.all(try PublishedRatings.table(byUnit: rows), expert: 0, tolerance: 1)
    #expect(found.map(\.rater) == [1, 2] && found.map(\.units) == [4, 4])
    #expect(found[0].bias == 1 && found[0].exact == 0 && found[0].withinTolerance == 4 && found[0].biasLow == 1)
    #expect(found[1].bias == 0.25 && found[1].exact == 2 && found[1].withinTolerance == 3 && found[1].meanAbsoluteDifference == 0.75)
    #expect(found[1].concordance > found[0].concordance && found[0].concordance > 0)
  }

  /// Shrout and Fleiss (1979), table 2, judge 1 as the expert: kappa by scikit-learn 1.9.1 (`cohen_kappa_score`, quadratic weights, labels
  /// 1 to 10), bias and its interval by `t.test` of R 4.2.
  @Test func shroutFleiss1979AgainstTheFirstJudge() throws {
    let table = try PublishedRatings.table(byUnit: PublishedRatings.shroutFleiss1979)
    let found = ExpertAgreement.all(table, expert: 0, tolerance: 1)
    let expected = [
      (0.106951871657754, -5.166666666666667, -6.39350435837164, -3.93982897496169),
      (0.20714285714285696, -3.3333333333333335, -4.60426300802677, -2.06240365863989),
      (0.6052631578947367, -1, -2.756041700642357, 0.756041700642357),
    ]
    #expect(found.count == 3)
    for (rater, (kappa, bias, low, high)) in zip(found, expected) {
      #expect(isClose(rater.quadraticKappa, kappa, 1e-12), "\(rater.quadraticKappa)")
      #expect(isClose(rater.bias, bias, 1e-12) && isClose(rater.biasLow, low, 1e-12) && isClose(rater.biasHigh, high, 1e-12), "\(rater)")
    }
  }

  /// What only one of the two scored says nothing of their agreement: with more such units κ stays scikit-learn's of those that both scored.
  @Test func expertAgreementOnSharedUnitsOnly() throws {
    let alone: [[Double]] = [[.nan, 1, 10, 5], [1, .nan, .nan, .nan], [10, .nan, .nan, .nan]]
    let found = ExpertAgreement.all(try PublishedRatings.table(byUnit: PublishedRatings.shroutFleiss1979 + alone), expert: 0, tolerance: 1)
    for (rater, kappa) in zip(found, [0.106951871657754, 0.20714285714285696, 0.6052631578947367]) {
      #expect(rater.units == 6 && isClose(rater.quadraticKappa, kappa, 1e-12), "\(rater.quadraticKappa)")
    }
  }

  /// Peers and tutors on submissions (Jones-Todd and Renelle 2025): correlation of the mean marks .848 [.809, .880].
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func peerGradingPublishedCorrelation() throws {
    let columns = try SharedData.columns("datasets/peer_grading_r_course/data.csv")
    var sheets: [String: [String: [String: [Double]]]] = [:]
    for i in columns["unit"]!.indices {
      sheets[columns["unit"]![i], default: [:]][columns["team"]![i], default: [:]][columns["rater"]![i], default: []].append(
        Double(columns["score"]![i])!)
    }
    let teams = Set(columns["team"]!).sorted()
    #expect(teams.count == 2)
    var rows: [[Double]] = []
    for unit in sheets.keys.sorted() {
      let means = teams.map { team -> Double in
        let totals = (sheets[unit]?[team] ?? [:]).sorted { $0.key < $1.key }.map { $0.value.reduce(0, +) }
        return totals.isEmpty ? .nan : totals.reduce(0, +) / Double(totals.count)
      }
      if !means.contains(where: \.isNaN) { rows.append(means) }
    }
    let table = try PublishedRatings.table(byUnit: rows)
    let found = MarkingIndicators.all(table, fullMarks: 14, threshold: 2)
    #expect(rows.count == 247 && isClose(found[0].consistency, 0.8480336494361562, 1e-10))
  }

  @Test func markingIndicators() throws {
    // Full marks 100: safe is 68 to 74.
    let rows: [[Double]] = [[70, 90, 72], [68, 40, 66], [74, 75, .nan], [67.9, .nan, 80], [50, .nan, .nan]]
    let found = MarkingIndicators.all(try PublishedRatings.table(byUnit: rows), fullMarks: 100, threshold: 15)
    #expect(found.map(\.marks) == [5, 3, 3] && found.map(\.safe) == [3, 0, 1])
    #expect(found[0].compared == 4 && found[0].third == 1)
    #expect(isClose(found[0].mean, 65.98, 1e-12) && found[0].lowest == 50 && found[0].highest == 74)
    #expect(found[1].third == 2)
  }
}
