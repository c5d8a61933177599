import Foundation
import Models
import Testing

@Suite struct WaldIntervalsTests {
  /// lme4 1.1-31, R 4.2, at a minimum polished by Nelder–Mead: `confint(method = "Wald")` and `vcov`.
  @Test func sleepstudyCoefficients() throws {
    let fit = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy")
    let intervals = fit.waldIntervals([])
    let expected = [(238.029219184904, 264.780990512060), (7.43759541983795, 13.4969764993535)]
    #expect(intervals.count == 2)
    for (interval, (lower, upper)) in zip(intervals, expected) {
      #expect(relativeError(interval.lower!, lower) < 1e-7 && relativeError(interval.upper!, upper) < 1e-7)
    }
    let covariance = fit.coefficientCovariance
    let published = [[46.57457638782819, -1.45109574566272], [-1.45109574566272, 2.38946327297584]]
    for i in 0..<2 { for j in 0..<2 { #expect(relativeError(covariance[i, j], published[i][j]) < 1e-6) } }
  }

  /// The formulas written out: deviations on the logarithmic scale, a correlation by Fisher's z, coefficients by t.
  @Test func everyKindOfParameter() throws {
    let fit = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy")
    let components = try fit.componentEstimates()
    let tests = try fit.fixedEffectTests(.satterthwaite)
    let intervals = fit.waldIntervals(components, tests, level: 0.9)
    #expect(intervals.count == 6)
    let z = 1.6448536269514722
    for (component, interval) in zip(components, intervals) {
      let (value, error) = (component.estimate, component.standardError!)
      if case .correlation = component.kind {
        #expect(abs(atanh(interval.upper!) - atanh(value) - z * error / (1 - value * value)) < 1e-9)
        #expect(abs(atanh(value) - atanh(interval.lower!) - z * error / (1 - value * value)) < 1e-9)
      } else {
        #expect(abs(log(interval.upper! / value) - z * error / value) < 1e-9)
        #expect(abs(log(value / interval.lower!) - z * error / value) < 1e-9)
      }
    }
    // 17 degrees of freedom for both; R 4.2: qt(0.95, 17) = 1.739606726075.
    for (test, interval) in zip(tests.coefficients, intervals.dropFirst(4)) {
      #expect(relativeError(interval.upper! - test.estimate, 1.739606726075 * test.standardError) < 1e-5)
    }
  }
}
