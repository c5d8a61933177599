import Testing

@testable import Statistics

/// R 4.2.2 on `InsectSprays`: bartlett.test, fligner.test, and anova(lm(abs(count − center) ~ spray)) for Levene's.
@Suite struct SpreadTestTests {
  @Test func insectSprays() {
    expectTest(SpreadTest.bartlett(InsectSprays.samples), 25.959825320368687, 9.0851223329453131e-05)
    expectTest(SpreadTest.fligner(InsectSprays.samples), 14.482781038458608, 0.012816779189709193)
    expectTest(SpreadTest.levene(InsectSprays.samples, center: .mean), 6.4553527100866956, 6.1036338344821103e-05)
    expectTest(SpreadTest.levene(InsectSprays.samples), 3.8213563132259267, 0.0042227911389921156)
  }

  @Test func scaleAndPlace() {
    let moved = InsectSprays.samples.enumerated().map { i, sample in sample.map { 2 * $0 + 16 * Double(i) } }
    #expect(relativeError(SpreadTest.bartlett(moved).statistic, 25.959825320368687) < 1e-12)
    #expect(relativeError(SpreadTest.fligner(moved).statistic, 14.482781038458608) < 1e-12)
  }

  @Test func impossible() {
    #expect(SpreadTest.bartlett([[1, 1], [1, 2]]).pValue.isNaN && SpreadTest.levene([[1], [2]]).pValue.isNaN)
    #expect(SpreadTest.fligner([[1, 1], [2, 2]]).pValue.isNaN && SpreadTest.bartlett([]).pValue.isNaN)
  }
}
