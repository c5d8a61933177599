import Foundation
import Testing

@testable import Statistics

/// R's `InsectSprays` (Beall 1942): counts under six sprays.
enum InsectSprays {
  static let counts: [Double] = [
    10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13, 11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13, 0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4, 3, 5,
    12, 6, 4,
    3, 5, 5, 5, 5, 2, 4, 3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4, 11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13,
  ]
  static let samples = (0..<6).map { Array(counts[(12 * $0)..<(12 * $0 + 12)]) }
}

/// R 4.2.2: wilcox.test, kruskal.test, friedman.test on the examples of their help pages.
@Suite struct RankTestTests {
  private static let before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
  private static let after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
  private static let x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
  private static let y = [1.15, 0.88, 0.90, 0.74, 1.21]
  /// Rounding first base (Hollander and Wolfe 1973, p. 140).
  private static let bases = [
    [5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70], [5.45, 5.55, 5.60],
    [5.40, 5.40, 5.35],
    [5.45, 5.50, 5.35], [5.25, 5.15, 5.00], [5.85, 5.80, 5.70], [5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45],
    [5.05, 5.00, 4.95],
    [5.50, 5.50, 5.40], [5.45, 5.55, 5.50], [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40],
    [5.70, 5.65, 5.55],
    [6.30, 6.30, 6.25],
  ]

  @Test func signedRank() {
    let d = zip(Self.before, Self.after).map { $0 - $1 }
    expectTest(RankTest.signedRank(d, alternative: .greater), 40, 0.01953125)
    expectTest(RankTest.signedRank(d), 40, 0.0390625)
    // With ties and a zero R has the normal approximation only.
    let sleep = zip(Sleep.first, Sleep.second).map { $0 - $1 }
    #expect(relativeError(RankTest.signedRank(sleep, exactLimit: 0).pValue, 0.0090906980159250559) < 1e-13)
    // All nine differences that are not 0 are negative: 2/2⁹ exactly.
    #expect(RankTest.signedRank(sleep).pValue == 2.0 / 512)
  }

  @Test func mannWhitney() {
    expectTest(RankTest.mannWhitney(Self.x, Self.y, alternative: .greater), 35, 0.1272061272061272)
    expectTest(RankTest.mannWhitney(Self.x, Self.y), 35, 0.2544122544122544)
    #expect(relativeError(RankTest.mannWhitney(Sleep.first, Sleep.second, exactCost: 0).pValue, 0.069327575433626581) < 1e-13)
    let turned = RankTest.mannWhitney(Self.y, Self.x, alternative: .less)
    #expect(turned.statistic == 15 && relativeError(turned.pValue, 0.1272061272061272) < 1e-13)
  }

  /// Given the ties, against all C(7, 3) ways to choose the first sample.
  @Test func mannWhitneyWithTies() {
    let pooled: [Double] = [1, 2, 2, 2, 3, 3, 5]
    let chosen = [1, 3, 6]
    let ranks = Ranks.midranks(pooled)
    let observed = chosen.reduce(0) { $0 + ranks[$1] }
    var (hits, all) = (0, 0)
    for a in 0..<7 {
      for b in 0..<a {
        for c in 0..<b {
          all += 1
          if ranks[a] + ranks[b] + ranks[c] >= observed { hits += 1 }
        }
      }
    }
    let test = RankTest.mannWhitney(
      chosen.map { pooled[$0] }, [0, 2, 4, 5].map { pooled[$0] }, alternative: .greater)
    #expect(all == 35 && abs(test.pValue - Double(hits) / 35) < 1e-15 && test.basis == .exact)
  }

  @Test func kruskalWallis() {
    let test = RankTest.kruskalWallis(InsectSprays.samples)
    expectTest(test, 54.691344622371446, 1.5108444394185103e-10)
    let drawn = RankTest.kruskalWallis([[1, 2, 3], [4, 5, 6]], draws: 20_000)
    // Two of the 20 splits are as extreme.
    #expect(abs(drawn.pValue - 0.1) < 5 * drawn.standardError && drawn == RankTest.kruskalWallis([[1, 2, 3], [4, 5, 6]], draws: 20_000))
    #expect(RankTest.kruskalWallis([[1, 1], [1, 1]]).pValue.isNaN && RankTest.kruskalWallis([[1, 2]]).pValue.isNaN)
  }

  @Test func friedman() {
    let limit = RankTest.friedman(Self.bases, exactStates: 0)
    expectTest(limit, 11.142857142857142, 0.003805040775511363)
    let exact = RankTest.friedman(Self.bases)
    #expect(exact.basis == .exact && exact.pValue < limit.pValue && exact.pValue > 0.5 * limit.pValue)
    // Friedman (1937), table V: 3 treatments in 4 blocks, P(χ² ≥ 6.5) = 0.042 and P(χ² ≥ 8) = 0.0046.
    let agree: [[Double]] = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    expectTest(RankTest.friedman(agree), 8, 1.0 / 216)
    let nearly: [[Double]] = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [2, 1, 3]]
    let test = RankTest.friedman(nearly)
    #expect(abs(test.statistic - 6.5) < 1e-12 && abs(test.pValue - 0.042) < 5e-4)
  }

  /// The exact p-value against all 6³ orders of three blocks, one of them with a tie.
  @Test func friedmanNaively() {
    let blocks: [[Double]] = [[3, 1, 2], [2.5, 1, 2.5], [3, 1, 2]]
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    func spread(_ rows: [[Double]]) -> Double {
      (0..<3).reduce(0) { sum, j in
        let r = rows.reduce(0) { $0 + $1[j] } - 6
        return sum + r * r
      }
    }
    var hits = 0
    for a in orders {
      for b in orders {
        for c in orders {
          let rows = zip(blocks, [a, b, c]).map { row, order in order.map { row[$0] } }
          if spread(rows) >= spread(blocks) - 1e-9 { hits += 1 }
        }
      }
    }
    #expect(abs(RankTest.friedman(blocks).pValue - Double(hits) / 216) < 1e-14)
  }

  /// Durbin's test of complete blocks is Friedman's, and of incomplete ones the formula of Durbin (1951).
  @Test func durbin() {
    let complete = RankTest.durbin(Self.bases.map { row in row.enumerated().map { ($0.offset, $0.element) } })
    expectTest(complete, 11.142857142857142, 0.003805040775511363)
    let tasters: [[(treatment: Int, value: Double)]] = [
      [(0, 2), (1, 3), (3, 1)], [(1, 3), (2, 1), (4, 2)], [(2, 2), (3, 1), (5, 3)], [(3, 1), (4, 2), (6, 3)], [(4, 3), (5, 1), (0, 2)],
      [(5, 3), (6, 1), (1, 2)], [(6, 3), (0, 1), (2, 2)],
    ]
    let test = RankTest.durbin(tasters)
    var sums = [Double](repeating: 0, count: 7)
    for taster in tasters { for cell in taster { sums[cell.treatment] += cell.value } }
    // T = 12 (t − 1)/(r t (k² − 1)) Σ (R_j − r(k + 1)/2)² without ties.
    let naive = 12.0 * 6 / (3 * 7 * 8) * sums.reduce(0) { $0 + ($1 - 6) * ($1 - 6) }
    #expect(abs(test.statistic - naive) < 1e-12 && test.degreesOfFreedom == [6])
  }
}
