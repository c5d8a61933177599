import Foundation
import Testing

@testable import Statistics

@Suite struct PoissonBinomialTests {
  @Test func equalProbabilitiesAreBinomial() {
    let ours = PoissonBinomial([Double](repeating: 0.3, count: 50))
    let binomial = Binomial(trials: 50, probability: 0.3)
    for k in 0...50 {
      #expect(abs(ours.logUpperTail(k) - binomial.logUpperTail(k)) < 1e-11)
      #expect(abs(ours.logLowerTail(k) - binomial.logLowerTail(k)) < 1e-11)
    }
  }

  @Test func saddlepointAgreesWithConvolution() {
    var stream = RandomStream(seed: 61)
    let p = (0..<300).map { _ in stream.uniform() * 0.4 } + [1, 1, 0]
    let exact = PoissonBinomial(p)
    let approximate = PoissonBinomial(p, exactLimit: 0)
    #expect(exact.mean == approximate.mean)
    for k in stride(from: 5, through: 200, by: 3) {
      for (a, b) in [(approximate.logUpperTail(k), exact.logUpperTail(k)), (approximate.logLowerTail(k), exact.logLowerTail(k))]
      where b > -600 {
        // A few successes from an end the normal base is at its worst.
        #expect(abs(expm1(a - b)) < (b > -46 ? 2e-3 : 1.2e-2), "at \(k): \(a), \(b)")
      }
    }
    #expect(exact.upperTail(2) == 1 && exact.upperTail(303) == 0 && approximate.lowerTail(1) == 0)
  }
}
