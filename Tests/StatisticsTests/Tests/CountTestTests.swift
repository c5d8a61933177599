import Foundation
import Testing

@testable import Statistics

/// R 4.2.2: binom.test, prop.test, chisq.test, fisher.test, on the examples of their help pages where no other source is named.
@Suite struct CountTestTests {
  @Test func binomial() {
    let mendel = CountTest.binomial(successes: 682, trials: 925, probability: 0.75)
    expectTest(mendel, 682, 0.38249155957485192)
    #expect(relativeError(mendel.interval?.lowerBound ?? 0, 0.70766826407903904) < 1e-13)
    #expect(relativeError(mendel.interval?.upperBound ?? 0, 0.76540655824152526) < 1e-13)
    let less = CountTest.binomial(successes: 3, trials: 20, probability: 0.35, alternative: .less)
    expectTest(less, 3, 0.044375603446451792)
    #expect(less.interval?.lowerBound == 0 && relativeError(less.interval?.upperBound ?? 0, 0.3436638043142819) < 1e-13)
    expectTest(CountTest.binomial(successes: 9, trials: 24, probability: 0.2), 9, 0.040897354511708776)
    #expect(CountTest.binomial(successes: 5, trials: 10).pValue == 1)
  }

  /// The two-sided p-value by summing every mass that is no larger.
  @Test func binomialNaively() {
    for n in [1, 7, 30] {
      for p in [0.05, 0.31, 0.5, 0.9] {
        let d = Binomial(trials: n, probability: p)
        for k in 0...n {
          let naive = (0...n).filter { d.logMass($0) <= d.logMass(k) + 1e-7 }.reduce(0) { $0 + exp(d.logMass($1)) }
          #expect(abs(CountTest.binomial(successes: k, trials: n, probability: p).pValue - min(1, naive)) < 1e-12, "\(k) of \(n), \(p)")
        }
      }
    }
  }

  @Test func wilson() {
    let interval = CountTest.wilsonInterval(successes: 7, trials: 50)
    #expect(
      relativeError(interval.lowerBound, 0.069508334270162925) < 1e-13 && relativeError(interval.upperBound, 0.26186193710585542) < 1e-13)
    #expect(
      CountTest.wilsonInterval(successes: 0, trials: 9).lowerBound == 0 && CountTest.wilsonInterval(successes: 9, trials: 9).upperBound == 1
    )
  }

  @Test func mcNemar() {
    // Agresti (1990, p. 350): 150 and 86 changed their mind; binom.test(150, 236).
    #expect(relativeError(CountTest.mcNemar(150, 86).pValue, Binomial(trials: 236, probability: 0.5).upperTail(150) * 2) < 1e-12)
    #expect(CountTest.mcNemar(1, 9).pValue == CountTest.mcNemar(9, 1).pValue && CountTest.mcNemar(0, 0).pValue.isNaN)
  }

  @Test func fit() {
    let counts = [89, 37, 30, 28, 2]
    let shares = [0.4, 0.2, 0.2, 0.15, 0.05]
    expectTest(CountTest.fit(counts, probabilities: shares), 9.9901433691756267, 0.040594043344781221)
    // Multinomial of 4 in 3 cells, all outcomes: P(χ² ≥ observed) of (4, 0, 0) is 3/81.
    let drawn = CountTest.fit([4, 0, 0], draws: 40_000)
    #expect(abs(drawn.pValue - 3.0 / 81) < 5 * drawn.standardError)
    #expect(
      CountTest.fit([3]).pValue.isNaN && CountTest.fit([0, 0]).pValue.isNaN && CountTest.fit([1, 1], probabilities: [1, 0]).pValue == 0)
  }

  @Test func independence() {
    expectTest(CountTest.independence([[762, 327, 468], [484, 239, 477]]), 30.070149095754672, 2.9535891832117569e-07)
    expectTest(
      CountTest.independence([[762, 0, 327, 468], [0, 0, 0, 0], [484, 0, 239, 477]]), 30.070149095754672, 2.9535891832117569e-07)
  }

  @Test func fisherTwoByTwo() {
    let tea = FisherExactTest.twoByTwo(3, 1, 1, 3)
    #expect(relativeError(tea.pValue, 0.48571428571428582) < 1e-13 && relativeError(tea.estimate ?? 0, 6.4083088670057879) < 1e-4)
    let twins = FisherExactTest.twoByTwo(2, 15, 10, 3)
    #expect(relativeError(twins.pValue, 0.00053672411914343636) < 1e-12 && relativeError(twins.estimate ?? 0, 0.046936608827698907) < 1e-4)
    #expect(relativeError(FisherExactTest.twoByTwo(2, 15, 10, 3, alternative: .less).pValue, 0.0004651809433629053) < 1e-12)
    #expect(FisherExactTest.twoByTwo(2, 0, 5, 0).pValue.isNaN && FisherExactTest.twoByTwo(0, 3, 3, 0).estimate == 0)
  }

  @Test func fisherTables() {
    let job = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
    #expect(relativeError(FisherExactTest.table([[3, 2, 0], [1, 5, 2], [0, 1, 6]]).pValue, 0.0093937710036779802) < 1e-9)
    let two = FisherExactTest.table([[8, 3, 0, 2], [1, 4, 6, 2]])
    #expect(relativeError(two.pValue, 0.0048495279118511972) < 1e-9 && two.basis == .exact)
    #expect(FisherExactTest.table([[8, 1], [3, 4], [0, 6], [2, 2]]).pValue == two.pValue)
    let drawn = FisherExactTest.table(job, budget: 10, draws: 5000)
    #expect(drawn.basis == .monteCarlo(draws: 5000) && abs(drawn.pValue - 0.78268493896563884) < 5 * drawn.standardError)
  }
}
