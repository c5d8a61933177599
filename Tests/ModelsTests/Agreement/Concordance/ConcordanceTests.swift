import Foundation
import Testing

@testable import Models

@Suite struct ConcordanceTests {
  /// irr 0.84.1 on its data `anxiety` (20 subjects, 3 raters): kendall with and without correction for ties.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func irrKendall() throws {
    struct Answer: Decodable {
      let value: Double
      let statistic: Double
      let p: Double
      enum CodingKeys: String, CodingKey {
        case value, statistic
        case p = "p.value"
      }
    }
    struct Kendall: Decodable { let correct: Answer, uncorrected: Answer }
    let found = RankConcordance(try PublishedRatings.table(byUnit: PeerValues.matrix("irr_anxiety_input")))
    let peer = try PeerValues.read("kendall_W", as: Kendall.self)
    #expect(isClose(found.w, peer.correct.value, 1e-12) && isClose(found.uncorrectedW, peer.uncorrected.value, 1e-12))
    #expect(isClose(found.chiSquared, peer.correct.statistic, 1e-11) && isClose(found.pValue, peer.correct.p, 1e-12))
  }

  /// irr 0.84.1: mean Spearman correlation of `anxiety`, from the correlations of R 4.2.2; Finn's coefficient of `video`, six categories.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func irrMeanRhoAndFinn() throws {
    let r = try PeerValues.read("cor_anxiety", as: [String: [[Double]]].self)["spearman"]!
    let found = RankConcordance(try PublishedRatings.table(byUnit: PeerValues.matrix("irr_anxiety_input")))
    #expect(isClose(found.meanSpearman, (r[0][1] + r[0][2] + r[1][2]) / 3, 1e-12))
    #expect(isClose(found.meanSpearmanFisher, tanh((atanh(r[0][1]) + atanh(r[0][2]) + atanh(r[1][2])) / 3), 1e-12))
    struct Finn: Decodable { let value: Double, statistic: Double }
    struct Video: Decodable { let finn: Finn }
    let peer = try PeerValues.read("irr_video", as: Video.self).finn
    let table = try PublishedRatings.table(byUnit: PeerValues.matrix("irr_video_input"))
    let within = try WithinGroupAgreement(table, scale: (1, 6, 1))
    #expect(isClose(within.finn, peer.value, 1e-12))
    #expect(isClose(within.chanceVariance / within.withinMeanSquare, peer.statistic, 1e-11))
  }

  /// Without ties: mean ρ = (m W − 1)/(m − 1).
  @Test func kendallAndSpearman() throws {
    let rows: [[Double]] = [[1, 3, 2], [2, 1, 4], [5, 6, 3], [9, 8, 7], [4, 5, 9]]
    let found = RankConcordance(try PublishedRatings.table(byUnit: rows))
    #expect(isClose(found.meanSpearman, (3 * found.w - 1) / 2, 1e-14))
    let monotone = RankConcordance(try PublishedRatings.table(byUnit: rows.map { $0.map { exp($0) } }))
    #expect(monotone.w == found.w && monotone.meanSpearman == found.meanSpearman)
  }

  /// Bland and Altman (1986), Lancet: peak expiratory flow of 17 subjects, first readings of the Wright and the mini meter.
  static let wright: [(Double, Double)] = [
    (494, 490), (395, 397), (516, 512), (434, 401), (476, 470), (557, 611), (413, 415), (442, 431), (650, 638), (433, 429), (417, 420),
    (656, 633),
    (267, 275), (478, 492), (178, 165), (423, 372), (427, 421),
  ]
  static let mini: [(Double, Double)] = [
    (512, 525), (430, 415), (520, 508), (428, 444), (500, 500), (600, 625), (364, 460), (380, 390), (658, 642), (445, 432), (432, 420),
    (626, 605),
    (260, 227), (477, 467), (259, 268), (350, 370), (451, 443),
  ]

  @Test func blandAltman1986() throws {
    let found = try BlandAltman(ConcordanceTests.wright.map(\.0), ConcordanceTests.mini.map(\.0))
    #expect(isClose(found.bias, -2.1, 0.05) && isClose(found.standardDeviation, 38.8, 0.05))
    #expect(isClose(found.standardErrorOfBias, 9.4, 0.05) && isClose(found.standardErrorOfLimits, 16.3, 0.05))
    // The paper takes d̄ ± 2 s: −79.7 and 75.5.
    #expect(isClose(found.bias - 2 * found.standardDeviation, -79.7, 0.1) && isClose(found.bias + 2 * found.standardDeviation, 75.5, 0.1))
    let (low, high) = found.interval(around: found.bias, standardError: found.standardErrorOfBias)
    #expect(isClose(low, -22.0, 0.1) && isClose(high, 17.8, 0.1))
  }

  /// The same paper: coefficients of repeatability, 2 × SD of the differences about zero, 43.2 and 56.4 l/min.
  @Test func blandAltman1986Repeatability() throws {
    for (readings, printed) in [(ConcordanceTests.wright, 43.2), (ConcordanceTests.mini, 56.4)] {
      let found = try SelfConsistency(first: readings.map(\.0), second: readings.map(\.1), tolerance: 30)
      #expect(isClose(2 * 2.0.squareRoot() * found.withinDeviation, printed, 0.4), "\(found.withinDeviation)")
      #expect(found.withinTolerance == readings.count { abs($0.0 - $0.1) <= 30 })
    }
  }

  /// Lin's coefficient by its definition, and R's algebra: ρ_c = ρ C_b; equality, shift and scale.
  @Test func linConcordance() throws {
    let (x, y) = (ConcordanceTests.wright.map(\.0), ConcordanceTests.mini.map(\.0))
    let found = try LinConcordance(x, y)
    let n = Double(x.count)
    let distance = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / n
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) } / n + y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) } / n
    #expect(isClose(found.value, 1 - distance / (spread + (meanX - meanY) * (meanX - meanY)), 1e-12))
    #expect(isClose(found.value, found.precision * found.accuracy, 1e-12))
    let (low, high) = found.interval()
    #expect(low < found.value && found.value < high)
    #expect(try LinConcordance(x, x).value == 1)
    #expect(try LinConcordance(x, x.map { $0 + 50 }).value < 1)
    let scaled = try LinConcordance(x.map { 3 * $0 - 7 }, y.map { 3 * $0 - 7 })
    #expect(isClose(scaled.value, found.value, 1e-12))
  }

  /// By hand: four raters, five points; unit 1 rates 3, 3, 4, 4 (s² = 1/3), unit 2 rates 1, 5, 1, 5 (s² = 16/3); σ² = 2.
  @Test func withinGroupAgreement() throws {
    let found = try WithinGroupAgreement(PublishedRatings.table(byUnit: [[3, 3, 4, 4], [1, 5, 1, 5]]), scale: (1, 5, 1))
    #expect(isClose(found.chanceVariance, 2, 1e-14))
    #expect(isClose(found.units[0].rwg, 1 - 1.0 / 6, 1e-14) && isClose(found.units[1].rwg, 1 - 8.0 / 3, 1e-14))
    #expect(isClose(found.units[0].averageDeviation, 0.5, 1e-14) && isClose(found.units[1].averageDeviationFromMedian, 2, 1e-14))
    #expect(isClose(found.finn, 1 - (17.0 / 6) / 2, 1e-14))
    // A continuous scale, and half points of the same one.
    #expect(isClose(try WithinGroupAgreement(PublishedRatings.table(byUnit: [[0, 12]]), scale: (0, 12, nil)).chanceVariance, 12, 1e-14))
    let halves = try WithinGroupAgreement(
      PublishedRatings.table(byUnit: [[1.5, 1.5, 2, 2], [0.5, 2.5, 0.5, 2.5]]), scale: (0.5, 2.5, 0.5))
    #expect(isClose(halves.finn, found.finn, 1e-14))
  }

  /// Shrout and Fleiss (1979), table 2, on a scale of 1 to 10: numpy and scipy 1.12.0, the p-value `chi2.cdf(18 MSW/σ², 18)`.
  @Test func withinGroupMeansAndFinnsTest() throws {
    let found = try WithinGroupAgreement(PublishedRatings.table(byUnit: PublishedRatings.shroutFleiss1979), scale: (1, 10, 1))
    #expect(isClose(found.finn, 0.24074074074074073, 1e-14) && isClose(found.finnPValue, 0.24945212204163741, 1e-13))
    #expect(isClose(found.meanRwg, 0.24074074074074073, 1e-14))
    #expect(isClose(found.meanAverageDeviation, 1.9583333333333333, 1e-14))
    #expect(isClose(found.meanAverageDeviationFromMedian, 1.9583333333333333, 1e-14))
    // Means over the units of what `withinGroupAgreement` has by hand: 0.5 and 2, both about the mean and the median.
    let two = try WithinGroupAgreement(PublishedRatings.table(byUnit: [[3, 3, 4, 4], [1, 5, 1, 5]]), scale: (1, 5, 1))
    #expect(isClose(two.meanAverageDeviation, 1.25, 1e-14) && isClose(two.meanRwg, (1 - 1.0 / 6 + 1 - 8.0 / 3) / 2, 1e-14))
  }
}
