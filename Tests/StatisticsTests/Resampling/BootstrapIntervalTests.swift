import Statistics
import Testing

@Suite struct BootstrapIntervalTests {
  @Test func percentile() {
    let values = (0...1000).map { Double($0) / 1000 }
    let found = BootstrapInterval.percentile(values.reversed(), level: 0.9)
    #expect(abs(found.low - 0.05) < 1e-12 && abs(found.high - 0.95) < 1e-12)
    #expect(BootstrapInterval.percentile([.nan, .nan, 1]).low.isNaN)
    #expect(BootstrapInterval.percentile([]).low.isNaN)
  }

  /// Without bias and skew the corrected limits are the percentiles; bias moves both the same way, by 2 z₀ on the normal scale.
  @Test func corrected() {
    let normal = (1..<2000).map { Normal.quantile(Double($0) / 2000) }
    let symmetric = BootstrapInterval.biasCorrected(normal, estimate: 0, jackknife: [-1, 0, 1])
    let plain = BootstrapInterval.percentile(normal)
    #expect(abs(symmetric.low - plain.low) < 1e-9 && abs(symmetric.high - plain.high) < 1e-9)
    let moved = BootstrapInterval.biasCorrected(normal, estimate: 0.2, jackknife: [-1, 0, 1])
    #expect(abs(moved.low - (plain.low + 0.4)) < 0.02 && abs(moved.high - (plain.high + 0.4)) < 0.06)
  }

  /// Efron and Tibshirani (1993), section 14.3: with acceleration a and z₀ = 0 the levels are Φ(z/(1 − a z)).
  @Test func accelerated() {
    let values = (1..<100_000).map { Double($0) / 100_000 }
    let jackknife: [Double] = [0, 0, 0, 0, -4]
    // Mean −0.8: Σ d³ = 4·(−0.8)³ + 3.2³ = 30.72, Σ d² = 4·0.64 + 10.24 = 12.8.
    let a = 30.72 / (6 * 12.8 * 12.8.squareRoot())
    let z = Normal.quantile(0.975)
    let found = BootstrapInterval.biasCorrected(values, estimate: 0.5, jackknife: jackknife)
    #expect(abs(found.low - Normal.lowerTail(-z / (1 + a * z))) < 1e-4)
    #expect(abs(found.high - Normal.lowerTail(z / (1 - a * z))) < 1e-4)
  }
}
