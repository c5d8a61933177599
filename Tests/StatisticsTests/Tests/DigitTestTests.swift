import Foundation
import Testing

@testable import Statistics

@Suite struct DigitTestTests {
  private static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/datasets/sino_forest_2010/data.csv")
  private static let isPresent = FileManager.default.fileExists(atPath: url.path)

  /// The numbers of Sino-Forest's 2010 report against Benford's law: χ² and p as the R packages jfa, benford.analysis, BenfordTests and
  /// BeyondBenford give them, the Bayes factor as jfa does.
  @Test(.enabled(if: isPresent, "../shared/datasets/sino_forest_2010 is not beside the package")) func sinoForest() throws {
    let lines = try String(contentsOf: Self.url, encoding: .utf8).split(separator: "\n").dropFirst()
    let values = try lines.map { try #require(Double($0.split(separator: ",")[2])) }
    let test = DigitTest(values, position: .first, law: .benford)
    #expect(test.counts.reduce(0, +) == 772 && test.fit.degreesOfFreedom == [8])
    expectTest(test.fit, 7.6517426989499855, 0.46820638130036729)
    #expect(relativeError(test.bayesFactor, 6_899_678.1488) < 1e-11)
    #expect(abs(test.meanAbsoluteDeviation - 0.00659813521950867) < 1e-15)
    #expect(abs(DigitTest(values, position: .firstTwo, law: .benford).meanAbsoluteDeviation - 0.0034638868729169213) < 1e-15)
  }

  @Test func digits() {
    let first = DigitTest.Position.first
    #expect([0.3, 0.00021, -7e20, 12, 1e-300].map { first.digits(of: $0) } == [3, 2, 7, 1, 1])
    #expect(first.digits(of: 0) == nil && first.digits(of: .nan) == nil)
    #expect([0.3, 12.9, 5e30, 0.0104].map { DigitTest.Position.firstTwo.digits(of: $0) } == [30, 12, 50, 10])
    #expect([7, 7.1, 7.35, -0.2].map { DigitTest.Position.last(decimals: 1).digits(of: $0) } == [0, 1, 4, 2])
    #expect([123, 5, 1e16].map { DigitTest.Position.lastTwo(decimals: 0).digits(of: $0) } == [23, 5, nil])
  }

  @Test func lawsAndFactors() {
    // 100 even last digits: the law is favoured; 100 sevens: it is not.
    let even = DigitTest((0..<100).map { Double($0) }, position: .last(decimals: 0))
    #expect(even.fit.statistic < 1e-12 && even.fit.pValue > 1 - 1e-12 && even.logBayesFactor > 5 && even.meanAbsoluteDeviation < 1e-15)
    let sevens = DigitTest([Double](repeating: 7, count: 100), position: .last(decimals: 0), draws: 999)
    #expect(sevens.fit.pValue == 0.001 && sevens.logBayesFactor < -100 && abs(sevens.fit.statistic - 900) < 1e-9)
    // One digit of k = 2 outcomes: the factor is (1/2)/(1/2) whatever the digit.
    let benford = DigitTest([1, 2], position: .first, law: .benford)
    #expect(abs(benford.expected.reduce(0, +) - 1) < 1e-15 && abs(benford.expected[0] - 0.30102999566398120) < 1e-16)
  }

  /// Average frequency and entropy by their definitions: 1, 1, 1, 2, 2, 3 → (9 + 4 + 1)/6 and −Σ p log p.
  @Test func repeatedValues() {
    let values: [Double] = [2, 1, 3, 1, 2, 1]
    let r = RepeatedValues(values)
    #expect(r.count == 6 && r.distinct == 3 && abs(r.averageFrequency - 7.0 / 3) < 1e-15)
    let entropy: Double = 0.5 * log(2.0) + log(3.0) / 3 + log(6.0) / 6
    #expect(abs(r.entropy - entropy) < 1e-15)
    #expect(RepeatedValues([1, 2, 3]).averageFrequency == 1 && RepeatedValues([]).averageFrequency.isNaN)
    let copied = (0..<60).map { (i: Int) -> Double in Double(10 * (i % 6) + 3) }
    var stream = RandomStream(seed: 3)
    let honest = (0..<60).map { (_: Int) -> Double in Double(stream.below(1000)) }
    let bunched = (0..<60).map { (i: Int) -> Double in Double(100 * (i % 20) + 10 + i % 20) }
    #expect(RepeatedValues.bunchingTest(bunched, decimals: 0, digits: 2, draws: 2000).pValue < 0.001)
    #expect(RepeatedValues.bunchingTest(honest, decimals: 0, draws: 2000).pValue > 0.01)
    // Where all last digits are equal there is nothing to shuffle.
    #expect(RepeatedValues.bunchingTest(copied, decimals: 0, draws: 100).pValue == 1)
  }
}
