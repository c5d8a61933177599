import Foundation
import Testing

@testable import Statistics

@Suite struct DiscreteCountsTests {
  private func expectMass(_ mass: Double, _ lower: Double, _ upper: Double, _ row: ArraySlice<Double>, _ what: String) {
    for (value, expected) in zip([mass, lower, upper], row) {
      #expect(
        abs(value - expected) <= 1e-13 * max(min(1, abs(expected)), abs(expected) / 20, 1e-10), "\(what): \(value), exact \(expected)")
    }
  }

  @Test(arguments: MPMath.hypergeometric) func hypergeometric(row: [Double]) {
    let d = Hypergeometric(population: Int(row[0]), successes: Int(row[1]), draws: Int(row[2]))
    let k = Int(row[3])
    expectMass(d.logMass(k), d.logLowerTail(k), d.logUpperTail(k), row[4...], "hypergeometric \(row)")
    // Items drawn and items marked may be exchanged.
    let turned = Hypergeometric(population: Int(row[0]), successes: Int(row[2]), draws: Int(row[1]))
    #expect(abs(turned.logMass(k) - d.logMass(k)) < 1e-12)
  }

  @Test(arguments: MPMath.negativeBinomial) func negativeBinomial(row: [Double]) {
    let d = NegativeBinomial(size: row[0], probability: row[1])
    let k = Int(row[2])
    expectMass(d.logMass(k), d.logLowerTail(k), d.logUpperTail(k), row[3...], "negative binomial \(row)")
  }

  @Test(arguments: MPMath.betaBinomial) func betaBinomial(row: [Double]) {
    let d = BetaBinomial(trials: Int(row[0]), a: row[1], b: row[2])
    let k = Int(row[3])
    expectMass(d.logMass(k), d.logLowerTail(k), d.logUpperTail(k), row[4...], "beta-binomial \(row)")
  }

  @Test func ends() {
    let h = Hypergeometric(population: 10, successes: 8, draws: 5)
    #expect(h.support == 3...5 && h.upperTail(3) == 1 && h.lowerTail(2) == 0 && h.upperTail(6) == 0 && h.lowerTail(5) == 1)
    #expect((3...5).reduce(0) { $0 + exp(h.logMass($1)) }.isNearly(1) && h.logMass(2) == -.infinity)
    #expect(exp(Hypergeometric(population: 0, successes: 0, draws: 0).logMass(0)) == 1)
    #expect(NegativeBinomial(size: 3, probability: 1).lowerTail(0) == 1 && NegativeBinomial(size: 3, probability: 0.5).upperTail(0) == 1)
    #expect(BetaBinomial(trials: 0, a: 1, b: 1).lowerTail(0) == 1 && BetaBinomial(trials: 4, a: 1, b: 1).upperTail(5) == 0)
  }
}

extension Double {
  fileprivate func isNearly(_ other: Double) -> Bool { abs(self - other) < 1e-14 }
}
