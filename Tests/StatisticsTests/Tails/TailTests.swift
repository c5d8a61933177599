import Foundation
import Statistics
import Testing

@Suite struct TailTests {
  @Test(arguments: [-0.3, 0, 0.25, 0.6]) func fitsRecoverTheParameters(shape: Double) throws {
    var stream = RandomStream(seed: 51, UInt64((shape + 1) * 100))
    let truth = GeneralizedPareto(shape: shape, scale: 2)
    let sample = (0..<20_000).map { _ in truth.quantile(logUpperTail: log(stream.uniform())) }
    let fit = try #require(GeneralizedPareto.fit(sample))
    #expect(abs(fit.shape - shape) < 0.03 && abs(fit.scale - 2) < 0.08, "\(fit)")
    if shape < 0.4 {
      let moments = try #require(GeneralizedPareto.probabilityWeightedMoments(sample))
      #expect(abs(moments.shape - shape) < 0.04 && abs(moments.scale - 2) < 0.1, "\(moments)")
    }
    for p in [0.9, 0.1, 1e-6] {
      #expect(abs(truth.logUpperTail(truth.quantile(logUpperTail: log(p))) - log(p)) < 1e-9)
    }
    #expect(GeneralizedPareto.fit([1, 2]) == nil && truth.logUpperTail(-1) == 0)
  }

  struct Parent: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let draw: @Sendable (inout RandomStream) -> Double
    let logTail: @Sendable (Double) -> Double
  }

  static let parents: [Parent] = [
    Parent(testDescription: "exponential", draw: { $0.exponential() }, logTail: { -max(0, $0) }),
    Parent(testDescription: "normal", draw: { $0.normal() }, logTail: { Normal.logUpperTail($0) }),
    Parent(testDescription: "chi-squared", draw: { 2 * $0.gamma(shape: 2) }, logTail: { ChiSquared(degreesOfFreedom: 4).logUpperTail($0) }),
    Parent(
      testDescription: "−log p of a t(4) taken for normal",
      draw: { -Normal.logTwoSided($0.studentT(4)) },
      logTail: { x in StudentT(degreesOfFreedom: 4).logTwoSided(Normal.quantile(logUpperTail: -x - log(2))) }),
    Parent(testDescription: "uniform", draw: { $0.uniform() }, logTail: { $0 >= 1 ? -.infinity : log1p(-max(0, $0)) }),
  ]

  /// p-values of new draws against calibrators of 2,000: uniform in the bulk, at most the promised rate in the tail.
  @Test(arguments: parents) func pValuesAreUniformAndConservativeInTheTail(parent: Parent) {
    var p: [Double] = []
    var rates = (thousand: 0.0, tenThousand: 0.0)
    let rounds = 60
    for round in 0..<rounds {
      var stream = RandomStream(seed: 52, UInt64(round))
      let calibrator = TailCalibrator((0..<2000).map { _ in parent.draw(&stream) })
      for _ in 0..<100 { p.append(calibrator.upperTail(parent.draw(&stream))) }
      // The true rate of p ≤ level, by finding the statistic at which p passes it.
      func rate(_ level: Double) -> Double {
        var (low, high) = (calibrator.threshold - 50, calibrator.threshold + 1e4)
        for _ in 0..<200 {
          let middle = 0.5 * (low + high)
          if calibrator.logUpperTail(middle) <= log(level) { high = middle } else { low = middle }
        }
        return exp(parent.logTail(high))
      }
      rates.thousand += rate(1e-3) / Double(rounds)
      rates.tenThousand += rate(1e-5) / Double(rounds)
    }
    #expect(Kolmogorov.uniformityPValue(p) > 1e-3)
    #expect(rates.thousand < 1.2e-3, "rate at 1e-3: \(rates.thousand)")
    #expect(rates.tenThousand < 2e-5, "rate at 1e-5: \(rates.tenThousand)")
  }

  @Test func isMonotoneAndCanGoBelowOneInN() {
    var stream = RandomStream(seed: 53)
    let calibrator = TailCalibrator((0..<5000).map { _ in stream.exponential() })
    var previous = 0.0
    for step in 0..<4000 {
      let value = calibrator.logUpperTail(-1 + Double(step) * 0.01)
      #expect(value <= previous + 1e-12)
      previous = value
    }
    #expect(calibrator.upperTail(30) < 1e-7 && calibrator.upperTail(30) > exp(-30))
    #expect(calibrator.upperTail(-1) == 1)
  }

  @Test func awkwardSamples() {
    #expect(TailCalibrator([]).upperTail(3) == 1)
    let few = TailCalibrator([1, 2, 3])
    #expect(few.upperTail(100) == 0.25 && few.upperTail(3) == 0.5 && few.upperTail(0) == 1)
    let ties = TailCalibrator([Double](repeating: 1, count: 1000))
    #expect(ties.upperTail(1) == 1 && abs(ties.upperTail(2) - 1.0 / 1001) < 1e-12)
    #expect(ties.logUpperTail(.nan).isNaN)
  }
}
