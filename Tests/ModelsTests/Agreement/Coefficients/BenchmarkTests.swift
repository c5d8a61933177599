import Models
import Testing

@Suite struct BenchmarkTests {
  /// irrCAC (Python) 0.4.4, `Benchmark(coeff=.77544, se=.14295)`: cumulative probabilities to five decimals.
  @Test func irrCACBenchmark() {
    let expected: [(BenchmarkScale, [Double])] = [
      (.landisKoch, [0.39674, 0.88336, 0.99542, 0.99997, 1, 1]), (.altman, [0.39674, 0.88336, 0.99542, 0.99997, 1]),
      (.fleiss, [0.54414, 0.99542, 1]),
    ]
    for (scale, probabilities) in expected {
      for (found, probability) in zip(scale.memberships(0.77544, standardError: 0.14295), probabilities) {
        #expect(abs(found.cumulativeProbability - probability) < 6e-6)
      }
    }
    #expect(BenchmarkScale.landisKoch.label(0.77544, standardError: 0.14295)?.label == .moderate)
  }

  @Test func certaintyAndIgnorance() {
    #expect(BenchmarkScale.altman.label(0.7, standardError: 0)?.label == .good)
    #expect(BenchmarkScale.altman.label(-0.5, standardError: 0)?.label == .poor)
    #expect(BenchmarkScale.altman.label(0.7, standardError: 1e-9)?.label == .good)
    #expect(BenchmarkScale.altman.label(0.7, standardError: .nan) == nil)
  }

  /// Koo and Li (2016), J. Chiropractic Medicine 15:155–163: below .5 poor, to .75 moderate, to .9 good, above excellent.
  @Test(arguments: [(0.95, BenchmarkScale.Label.excellent), (0.9, .good), (0.8, .good), (0.75, .moderate), (0.6, .moderate), (0.4, .poor)])
  func kooLi2016(_ value: Double, _ label: BenchmarkScale.Label) {
    #expect(BenchmarkScale.kooLi.label(value, standardError: 0)?.label == label)
  }
}
