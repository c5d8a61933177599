import Foundation
import Testing

@testable import Statistics

@Suite struct AuditSamplingTests {
  /// AICPA, Audit Guide: Audit Sampling, table A-1: 5 % risk, large populations.
  @Test func aicpaTableA1() {
    let tolerable = [0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.15, 0.20]
    let none = [149, 99, 74, 59, 49, 42, 36, 32, 29, 19, 14]
    let one = [590, 257, 156, 93, 78, 66, 58, 51, 46, 30, 22]
    for (i, rate) in tolerable.enumerated() {
      #expect(AuditSampling.plan(tolerable: rate)?.size == none[i], "\(rate)")
      #expect(AuditSampling.plan(tolerable: rate, expected: 0.01)?.size == one[i], "\(rate), 1 % expected")
    }
  }

  /// The same guide, table C-1: monetary-unit sampling, 5 % risk, expected misstatement none or half of the tolerable.
  @Test func aicpaTableC1() {
    let tolerable = [0.5, 0.3, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.005]
    let none = [6, 10, 30, 38, 50, 60, 75, 100, 150, 300, 600]
    let half = [24, 39, 116, 145, 193, 231, 289, 385, 577, 1154, 2308]
    for (i, rate) in tolerable.enumerated() {
      #expect(AuditSampling.plan(tolerable: rate, model: .poisson)?.size == none[i], "\(rate)")
      #expect(AuditSampling.plan(tolerable: rate, expected: 0.5 * rate, model: .poisson)?.size == half[i], "\(rate), half expected")
    }
  }

  @Test func finitePopulations() throws {
    // A finite population needs fewer; the whole of it is always enough, and a very large one is as good as infinite.
    let small = try #require(AuditSampling.plan(tolerable: 0.05, model: .hypergeometric(population: 200)))
    #expect(small.size < 59 && Hypergeometric(population: 200, successes: 10, draws: small.size).lowerTail(0) <= 0.05)
    #expect(Hypergeometric(population: 200, successes: 10, draws: small.size - 1).lowerTail(0) > 0.05)
    #expect(AuditSampling.plan(tolerable: 0.05, model: .hypergeometric(population: 10_000_000))?.size == 59)
    #expect(AuditSampling.plan(tolerable: 0.01, expected: 0.02) == nil && AuditSampling.plan(tolerable: 0.001, largest: 100) == nil)
  }

  @Test func bounds() {
    // The plan and the bound are one statement: with no errors among 59 the bound is just below 5 %.
    #expect(AuditSampling.upperBound(errors: 0, size: 59) < 0.05 && AuditSampling.upperBound(errors: 0, size: 58) > 0.05)
    #expect(relativeError(AuditSampling.upperBound(errors: 0, size: 100, model: .poisson), 0.02995732273553991) < 1e-13)
    #expect(AuditSampling.upperBound(errors: 3, size: 3) == 1)
    let finite = AuditSampling.upperBound(errors: 1, size: 40, model: .hypergeometric(population: 200))
    let k = Int((finite * 200).rounded())
    #expect(Hypergeometric(population: 200, successes: k, draws: 40).lowerTail(1) > 0.05)
    #expect(Hypergeometric(population: 200, successes: k + 1, draws: 40).lowerTail(1) <= 0.05)
  }

  @Test func stringer() {
    // Full taints give the bound for that many errors, no taint the bound for none; the order of taints does not matter.
    let full = AuditSampling.stringerBound(taints: [1, 1], size: 60)
    #expect(relativeError(full, AuditSampling.upperBound(errors: 2, size: 60)) < 1e-14)
    #expect(AuditSampling.stringerBound(taints: [], size: 60) == AuditSampling.upperBound(errors: 0, size: 60))
    #expect(AuditSampling.stringerBound(taints: [0.2, 0.7], size: 60) == AuditSampling.stringerBound(taints: [0.7, 0.2], size: 60))
  }
}
