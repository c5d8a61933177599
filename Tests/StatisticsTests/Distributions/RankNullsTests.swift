import Foundation
import Testing

@testable import Statistics

@Suite struct RankNullsTests {
  /// R 4.2.2: psignrank(20, 15), psignrank(300, 60), pwilcox(30, 8, 11), pwilcox(100, 20, 20).
  @Test func wilcoxonInR() {
    func ranks(_ n: Int) -> [Double] { (1...n).map(Double.init) }
    #expect(relativeError(RankNull.signedRank(ranks(15)).lowerTail(40), 0.010772705078125003) < 1e-13)
    #expect(relativeError(RankNull.signedRank(ranks(60)).lowerTail(600), 9.1954388122591521e-07) < 1e-12)
    #expect(relativeError(RankNull.rankSum(ranks(19), draws: 8).lowerTail(2 * (30 + 36)), 0.13614352623640549) < 1e-13)
    #expect(relativeError(RankNull.rankSum(ranks(40), draws: 20).lowerTail(2 * (100 + 210)), 0.0030724778246178836) < 1e-12)
  }

  /// Spearman and Kendall against all orders of six, with ties for Spearman.
  @Test func allOrders() {
    let first = [1, 2.5, 2.5, 4, 5, 6]
    let second = [1.5, 1.5, 3, 4, 5, 6]
    var spearman: [Int: Int] = [:]
    var kendall: [Int: Int] = [:]
    func visit(_ order: [Int]) {
      if order.count == 6 {
        spearman[Int(4 * zip(first, order).reduce(0) { $0 + $1.0 * second[$1.1] }), default: 0] += 1
        kendall[(0..<6).reduce(0) { sum, i in sum + (0..<i).count { order[$0] < order[i] } }, default: 0] += 1
        return
      }
      for i in 0..<6 where !order.contains(i) { visit(order + [i]) }
    }
    visit([])
    let s = RankNull.spearman(first, second)
    let k = RankNull.kendall(6)
    for (value, count) in spearman { #expect(abs(s.masses[value] - Double(count) / 720) < 1e-15) }
    for (value, count) in kendall { #expect(abs(k.masses[value] - Double(count) / 720) < 1e-15) }
    #expect(abs(s.masses.reduce(0, +) - 1) < 1e-14 && abs(k.masses.reduce(0, +) - 1) < 1e-14)
  }

  @Test func farTails() {
    // All of 60 signs alike, and the one best of C(60, 30) splits.
    #expect(RankNull.signedRank((1...60).map(Double.init)).upperTail(60 * 61) == pow(0.5, 60))
    let best = RankNull.rankSum((1...60).map(Double.init), draws: 30)
    let exact = exp(2 * logGamma(31) - logGamma(61))
    #expect(relativeError(best.lowerTail(30 * 31), exact) < 1e-12 && relativeError(best.upperTail(2 * 1365), exact) < 1e-12)
    #expect(best.lowerTail(-1) == 0 && best.upperTail(99_999) == 0 && best.twoSided(1830) > 0.99)
  }
}
