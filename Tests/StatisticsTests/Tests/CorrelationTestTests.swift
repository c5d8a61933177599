import Foundation
import Testing

@testable import Statistics

/// R 4.2.2: cor.test; tuna lightness and panel scores (Hollander and Wolfe 1973, p. 187).
@Suite struct CorrelationTestTests {
  private static let x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
  private static let y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]

  @Test func exact() {
    let kendall = CorrelationTest.kendall(Self.x, Self.y, alternative: .greater)
    expectTest(kendall, 26, 0.0597194664902998)
    #expect(abs((kendall.estimate ?? 0) - 0.44444444444444453) < 1e-15)
    let spearman = CorrelationTest.spearman(Self.x, Self.y)
    #expect(abs(spearman.statistic - 0.6) < 1e-15 && relativeError(spearman.pValue, 0.096797839506172836) < 1e-13)
  }

  /// `cars`: with ties R's normal approximation of Kendall's test; τ_b.
  @Test func ties() {
    let kendall = CorrelationTest.kendall(Cars.speed, Cars.distance)
    expectTest(kendall, 6.6654658883680078, 2.6382708478345358e-11)
    #expect(relativeError(kendall.estimate ?? 0, 0.66899014998587514) < 1e-14)
    let pearson = CorrelationTest.pearson(Cars.speed, Cars.distance)
    expectTest(pearson, 9.4639899902983675, 1.4898364962950928e-12)
    #expect(relativeError(pearson.interval?.lowerBound ?? 0, 0.68164222209430547) < 1e-13)
    #expect(relativeError(pearson.interval?.upperBound ?? 0, 0.88620362852601486) < 1e-13)
  }

  @Test func monotoneChangesDoNotMatter() {
    let changed = CorrelationTest.spearman(Self.x.map { exp($0 / 10) }, Self.y.map { -1 / $0 })
    #expect(changed == CorrelationTest.spearman(Self.x, Self.y))
    #expect(CorrelationTest.kendall(Self.x.reversed(), Self.y.reversed()).pValue == CorrelationTest.kendall(Self.x, Self.y).pValue)
    #expect(CorrelationTest.pearson([1, 2], [1, 2]).pValue.isNaN && CorrelationTest.kendall([1, 1, 1], [1, 2, 3]).pValue.isNaN)
    #expect(CorrelationTest.pearson([1, 2, 3], [2, 4, 6]).pValue < 1e-7)
  }
}

/// R's `cars` (Ezekiel 1930).
enum Cars {
  static let speed: [Double] = [
    4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18,
    19, 19, 19,
    20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25,
  ]
  static let distance: [Double] = [
    2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76,
    84, 36, 46,
    68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85,
  ]
}
