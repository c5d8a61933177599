import Foundation
import Testing

@testable import Statistics

/// How far a log probability may be off: relative error of the probability, or of its logarithm where that is larger.
private func agrees(_ value: Double, _ expected: Double, _ tolerance: Double, _ where: String) {
  let scale = max(1, abs(expected)) < 20 ? min(1, abs(expected)) : abs(expected) / 20
  #expect(value == expected || abs(value - expected) <= tolerance * max(scale, 1e-12), "\(`where`): \(value) instead of \(expected)")
}

@Suite struct DistributionTests {
  @Test(arguments: MPMath.logGamma) func logGammaAgrees(row: [Double]) {
    #expect(relativeError(Statistics.logGamma(row[0]), row[1]) < 4e-15, "at \(row[0]): \(Statistics.logGamma(row[0]))")
  }

  @Test(arguments: MPMath.normal) func normalTails(row: [Double]) {
    let (z, logQ) = (row[0], row[1])
    agrees(Normal.logUpperTail(z), logQ, 8e-15, "log Q(\(z))")
    #expect(Normal.logLowerTail(-z) == Normal.logUpperTail(z))
    if logQ > -700 { #expect(relativeError(Normal.upperTail(z), exp(logQ)) < 1e-15 + 3e-16 * abs(logQ)) }
    if z > -8 { #expect(abs(Normal.quantile(logUpperTail: logQ) - z) <= 4e-15 * max(1, abs(z)), "quantile of \(logQ)") }
    if z < 37 && z > -8 {
      let back = z > 0 ? Normal.quantile(upperTail: exp(logQ)) : Normal.quantile(Normal.lowerTail(z))
      #expect(abs(back - z) <= 4e-15 * max(1, abs(z)))
    }
  }

  @Test(arguments: MPMath.studentT) func studentTTails(row: [Double]) {
    let t = StudentT(degreesOfFreedom: row[0])
    agrees(t.logUpperTail(row[1]), row[2], 4e-14, "t(\(row[0])) at \(row[1])")
    agrees(t.logLowerTail(-row[1]), row[2], 4e-14, "t(\(row[0])) at \(-row[1])")
    #expect(abs(t.upperTail(-row[1]) - (1 - exp(row[2]))) < 1e-15)
    #expect(abs(t.quantile(logUpperTail: row[2]) - row[1]) <= 2e-13 * max(0.01, row[1]), "quantile for ν = \(row[0]), t = \(row[1])")
    #expect(relativeError(t.twoSided(row[1]), 2 * exp(row[2])) < 1e-13 + 1e-15 * abs(row[2]))
    #expect(abs(Normal.logUpperTail(t.zScore(row[1])) - row[2]) < 1e-13 * max(1, abs(row[2])))
  }

  @Test(arguments: MPMath.gamma) func gammaTails(row: [Double]) {
    let gamma = Gamma(shape: row[0])
    agrees(gamma.logLowerTail(row[1]), row[2], 5e-14, "P(\(row[0]), \(row[1]))")
    agrees(gamma.logUpperTail(row[1]), row[3], 5e-14, "Q(\(row[0]), \(row[1]))")
    let x = row[2] < row[3] ? gamma.quantile(logLowerTail: row[2]) : gamma.quantile(logUpperTail: row[3])
    #expect(relativeError(x, row[1]) < 1e-12 / min(1, row[0]), "quantile for a = \(row[0]), x = \(row[1]): \(x)")
    let chi = ChiSquared(degreesOfFreedom: 2 * row[0])
    agrees(chi.logUpperTail(2 * row[1]), row[3], 5e-14, "χ²")
  }

  @Test(arguments: MPMath.beta) func betaTails(row: [Double]) {
    let beta = Beta(row[0], row[1])
    agrees(beta.logLowerTail(row[2]), row[3], 4e-14, "I(\(row[0]), \(row[1]); \(row[2]))")
    agrees(beta.logUpperTail(row[2]), row[4], 4e-14, "1 − I(\(row[0]), \(row[1]); \(row[2]))")
    let x = row[3] < row[4] ? beta.quantile(logLowerTail: row[3]) : beta.quantile(logUpperTail: row[4])
    #expect(abs(x - row[2]) < 1e-13 + 1e-12 * row[2], "quantile for \(row)")
  }

  @Test(arguments: MPMath.f) func fTails(row: [Double]) {
    let f = FDistribution(numerator: row[0], denominator: row[1])
    agrees(f.logLowerTail(row[2]), row[3], 3e-14, "F \(row)")
    agrees(f.logUpperTail(row[2]), row[4], 3e-14, "F \(row)")
    let x = row[3] < row[4] ? f.quantile(logLowerTail: row[3]) : f.quantile(logUpperTail: row[4])
    #expect(relativeError(x, row[2]) < 1e-12, "quantile for \(row)")
  }

  @Test(arguments: MPMath.binomial) func binomial(row: [Double]) {
    let binomial = Binomial(trials: Int(row[0]), probability: row[1])
    let k = Int(row[2])
    agrees(binomial.logMass(k), row[3], 1e-13, "mass \(row)")
    agrees(binomial.logLowerTail(k), row[4], 2e-13, "lower \(row)")
    agrees(binomial.logUpperTail(k), row[5], 2e-13, "upper \(row)")
    #expect(relativeError(binomial.midUpperTail(k), exp(row[5]) - 0.5 * exp(row[3])) < 1e-11)
  }

  @Test(arguments: MPMath.poisson) func poisson(row: [Double]) {
    let poisson = Poisson(mean: row[0])
    agrees(poisson.logMass(Int(row[1])), row[2], 1e-13, "mass \(row)")
    agrees(poisson.logLowerTail(Int(row[1])), row[3], 2e-13, "lower \(row)")
    agrees(poisson.logUpperTail(Int(row[1])), row[4], 2e-13, "upper \(row)")
  }

  /// Densities are the slopes of the tails; a five-point difference quotient sees an error of 1e-7.
  @Test func densitiesAreSlopesOfTails() {
    func check(_ d: some ContinuousDistribution, _ xs: [Double], _ name: String) {
      for x in xs {
        let h = 1e-3 * max(abs(x), 0.1)
        let slope = (d.lowerTail(x - 2 * h) - 8 * d.lowerTail(x - h) + 8 * d.lowerTail(x + h) - d.lowerTail(x + 2 * h)) / (12 * h)
        #expect(relativeError(slope, d.density(x)) < 1e-6, "\(name) at \(x)")
      }
    }
    check(StudentT(degreesOfFreedom: 4.5), [-2, 0, 0.7, 5], "t")
    check(StudentT(degreesOfFreedom: 300), [-2, 0, 0.7, 3], "t")
    check(StudentT(degreesOfFreedom: 1e6), [-2, 0.3, 0.7, 3], "t")
    check(Gamma(shape: 3.3, scale: 2), [0.5, 6, 20], "gamma")
    check(Beta(2.2, 5), [0.1, 0.4, 0.8], "beta")
    check(FDistribution(numerator: 4, denominator: 9), [0.2, 1, 4], "F")
    check(ChiSquared(degreesOfFreedom: 7), [1, 7, 20], "χ²")
  }

  @Test func endsOfTheScale() {
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity && Normal.quantile(0.5) == 0)
    #expect(Normal.quantile(-0.1).isNaN && Normal.quantile(.nan).isNaN && Normal.upperTail(.nan).isNaN)
    #expect(Normal.upperTail(.infinity) == 0 && Normal.upperTail(-.infinity) == 1 && Normal.logUpperTail(.infinity) == -.infinity)
    let t = StudentT(degreesOfFreedom: 3)
    #expect(t.upperTail(0) == 0.5 && t.quantile(0.5) == 0 && t.quantile(1) == .infinity && t.upperTail(.nan).isNaN)
    #expect(t.upperTail(.infinity) == 0 && abs(t.logUpperTail(1e200) + 3 * log(1e200)) < 3)
    #expect(StudentT(degreesOfFreedom: .infinity).logUpperTail(1.3) == Normal.logUpperTail(1.3))
    #expect(Gamma(shape: 2).lowerTail(0) == 0 && Gamma(shape: 2).upperTail(.infinity) == 0 && Gamma(shape: 2).quantile(0) == 0)
    #expect(Beta(2, 3).quantile(0) == 0 && Beta(2, 3).quantile(1) == 1 && Beta(2, 3).lowerTail(2) == 1)
    #expect(FDistribution(numerator: 2, denominator: 3).upperTail(0) == 1)
    #expect(Binomial(trials: 5, probability: 0).upperTail(1) == 0 && Binomial(trials: 5, probability: 1).lowerTail(4) == 0)
    #expect(Poisson(mean: 0).lowerTail(0) == 1)
  }

  /// Values of R 4.2.2 in the shared file: pt, qt, pchisq, pbeta and others.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence)) func agreesWithR() throws {
    struct Values: Decodable {
      let pt, qt, pf, pchisq, qchisq, pnorm, pnormLog, qnorm, pbeta, lgamma: [Double]
      let qf, qbeta, pgamma, pbinom: Double
      enum CodingKeys: String, CodingKey {
        case pt, qt, pf, pchisq, qchisq, pnorm, qnorm, pbeta, lgamma, qf, qbeta, pgamma, pbinom
        case pnormLog = "pnorm_log"
      }
    }
    let r = try Oracle.read("R", "distributions", as: Values.self)
    let f = FDistribution(numerator: 5, denominator: 15)
    let pairs: [(String, [Double], [Double])] = [
      ("pt", [1, 2.5, 17, 1e3, 1e7].map { StudentT(degreesOfFreedom: $0).lowerTail(-2.5) }, r.pt),
      ("qt", [1, 2.5, 17.776, 1e3].map { StudentT(degreesOfFreedom: $0).quantile(0.975) }, r.qt),
      ("pf", [0.3, 1, 11.027].map { f.upperTail($0) }, r.pf),
      ("qf", [FDistribution(numerator: 5, denominator: 15.5).quantile(0.975)], [r.qf]),
      ("pchisq", [1, 20, 300].map { ChiSquared(degreesOfFreedom: 5).upperTail($0) }, r.pchisq),
      (
        "qchisq", [ChiSquared(degreesOfFreedom: 3).quantile(0.5), ChiSquared(degreesOfFreedom: 50).quantile(0.975)],
        r.qchisq
      ),
      ("pnorm", [-1, -5, -10, -30].map { Normal.lowerTail($0) }, r.pnorm),
      ("pnorm log", [-10, -40].map { Normal.logLowerTail($0) }, r.pnormLog),
      ("qnorm", [1e-20, 1e-5, 0.3].map { Normal.quantile($0) }, r.qnorm),
      ("pbeta", [0.1, 0.5].map { Beta(2.5, 7).lowerTail($0) }, r.pbeta),
      ("qbeta", [Beta(2, 10).quantile(0.025)], [r.qbeta]),
      ("pgamma", [Gamma(shape: 2.2).lowerTail(3)], [r.pgamma]),
      ("pbinom", [Binomial(trials: 10, probability: 0.2).lowerTail(3)], [r.pbinom]),
      ("lgamma", [0.5, 100.3].map { logGamma($0) }, r.lgamma),
    ]
    for (name, ours, theirs) in pairs {
      #expect(ours.count == theirs.count)
      // The file has 15 digits.
      for (a, b) in zip(ours, theirs) { #expect(relativeError(a, b) < 1e-13, "\(name): \(a), R \(b)") }
    }
  }

  @Test func clopperPearson() {
    // scipy 1.17.1: beta.ppf(.025, 7, 14), beta.ppf(.975, 8, 13)
    let interval = Binomial.interval(successes: 7, trials: 20)
    #expect(abs(interval.lowerBound - 0.15390920478454118) < 1e-14 && abs(interval.upperBound - 0.5921885345328282) < 1e-14)
    #expect(Binomial.interval(successes: 0, trials: 10).lowerBound == 0)
    #expect(abs(Binomial.interval(successes: 0, trials: 10).upperBound - (1 - pow(0.025, 0.1))) < 1e-14)
  }

  @Test func kolmogorov() {
    // 1 − K(x) at the classical critical values 1.3581 (5 %) and 1.6276 (1 %); the two series meet at 1.18.
    #expect(abs(Kolmogorov.upperTail(1.3580986) - 0.05) < 1e-7)
    #expect(abs(Kolmogorov.upperTail(1.6276236) - 0.01) < 1e-7)
    #expect(abs(Kolmogorov.upperTail(1.18 - 1e-12) - Kolmogorov.upperTail(1.18)) < 1e-11)
    #expect(Kolmogorov.uniformityPValue((0..<1000).map { (Double($0) + 0.5) / 1000 * 0.9 }) < 1e-6)
  }
}
