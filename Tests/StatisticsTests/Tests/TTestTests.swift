import Foundation
import Testing

@testable import Statistics

/// Student's (1908) sleep data, R's `sleep`.
enum Sleep {
  static let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
  static let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
}

/// A result against the statistic and p-value of another program.
func expectTest(
  _ test: TestResult, _ statistic: Double, _ pValue: Double, _ tolerance: Double = 1e-13, at location: SourceLocation = #_sourceLocation
) {
  #expect(abs(test.statistic - statistic) <= tolerance * max(1, abs(statistic)), "statistic \(test.statistic)", sourceLocation: location)
  #expect(relativeError(test.pValue, pValue) <= 10 * tolerance, "p \(test.pValue)", sourceLocation: location)
}

/// R 4.2.2: t.test.
@Suite struct TTestTests {
  private func expectInterval(_ test: TestResult, _ low: Double, _ high: Double, at location: SourceLocation = #_sourceLocation) {
    let interval = test.interval ?? 0...0
    #expect(
      relativeError(interval.lowerBound, low) < 1e-12 && relativeError(interval.upperBound, high) < 1e-12, "\(interval)",
      sourceLocation: location)
  }

  @Test func welch() {
    let test = TTest.twoSample(Sleep.first, Sleep.second)
    expectTest(test, -1.8608134674868531, 0.079394140187358173)
    #expect(relativeError(test.degreesOfFreedom[0], 17.776473516178498) < 1e-14)
    expectInterval(test, -3.3654832307117104, 0.20548323071171018)
  }

  @Test func pooled() {
    let test = TTest.twoSample(Sleep.first, Sleep.second, pooled: true)
    expectTest(test, -1.8608134674868528, 0.079186714215938175)
    expectInterval(test, -3.3638740322875984, 0.20387403228759859)
  }

  @Test func paired() {
    let test = TTest.paired(Sleep.first, Sleep.second)
    expectTest(test, -4.0621276833820366, 0.0028328901973842702)
    expectInterval(test, -2.4598857632769824, -0.70011423672301754)
  }

  @Test func oneSided() {
    let less = TTest.oneSample(Sleep.first, mean: 1, alternative: .less)
    expectTest(less, -0.44190338023794046, 0.33449331180733743)
    expectInterval(less, -.infinity, 1.7870552787292593)
    let greater = TTest.oneSample(Sleep.second, mean: 1, alternative: .greater)
    expectTest(greater, 2.1005528498187132, 0.032529942834047719)
    expectInterval(greater, 1.1693340350169203, .infinity)
  }

  @Test func invariance() {
    let test = TTest.twoSample(Sleep.first, Sleep.second)
    let scaled = TTest.twoSample(Sleep.first.map { 4 * $0 - 8 }, Sleep.second.map { 4 * $0 - 8 })
    #expect(relativeError(scaled.statistic, test.statistic) < 1e-13)
    let turned = TTest.twoSample(Sleep.first.reversed(), Sleep.second.reversed())
    #expect(turned == test && TTest.twoSample(Sleep.second, Sleep.first).pValue == test.pValue)
    #expect(TTest.oneSample([1]).pValue.isNaN && TTest.oneSample([2, 2, 2]).pValue.isNaN && TTest.twoSample([], [1, 2]).pValue.isNaN)
  }
}
