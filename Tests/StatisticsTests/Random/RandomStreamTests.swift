import Foundation
import Statistics
import Testing

@Suite struct RandomStreamTests {
  /// First outputs for the state (1, 2, 3, 4): the sequence in the tests of rand_xoshiro (Rust), and of the reference C code.
  @Test func reproducesPublishedSequence() {
    var generator = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807, 15_849_039_046_786_891_736,
      10_450_023_813_501_588_000,
    ]
    #expect((0..<10).map { _ in generator.next() } == expected)
  }

  /// A change of these numbers changes every published result: they were written down when the generator was made.
  @Test func namesAreStable() {
    var a = RandomStream(seed: 7, 3, 11)
    var b = RandomStream(seed: 7, 3).substream(11)
    #expect(a == b)
    let first = [a.next(), a.next()]
    #expect(first == [b.next(), b.next()])
    #expect(first == [11_166_376_654_607_663_577, 8_660_913_164_940_889_400])
    _ = b.next()
    #expect(b.substream(4) == RandomStream(seed: 7, 3, 11, 4))
  }

  @Test func differentNamesGiveDifferentStreams() {
    var firsts = Set<UInt64>()
    let names: [RandomStream] =
      [RandomStream(seed: 1), RandomStream(seed: 1, 0), RandomStream(seed: 0, 1), RandomStream(seed: 1, 0, 0), RandomStream(seed: 0)]
      + (0..<1000).map { RandomStream(seed: 5, $0) } + (0..<1000).map { RandomStream(seed: 5, $0, 1) }
      + (0..<1000).map { RandomStream(seed: 5, 1, $0 + 2) }
    for var stream in names { firsts.insert(stream.next()) }
    #expect(firsts.count == names.count)
  }

  @Test func uniformStaysInsideAndIsUniform() {
    var stream = RandomStream(seed: 11)
    let sample = (0..<20_000).map { _ in stream.uniform() }
    #expect(sample.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(Kolmogorov.uniformityPValue(sample) > 1e-3)
    // First numbers of consecutive streams must be as good as consecutive numbers of one.
    let across = (0..<20_000).map { i in
      var s = RandomStream(seed: 3, UInt64(i))
      return s.uniform()
    }
    #expect(Kolmogorov.uniformityPValue(across) > 1e-3)
  }

  @Test func normalHasTheNormalDistributionInCentreAndTail() {
    var stream = RandomStream(seed: 12)
    var z = [Double](repeating: 0, count: 2_000_000)
    stream.fillNormal(&z)
    #expect(Kolmogorov.uniformityPValue(z.prefix(200_000).map { Normal.lowerTail($0) }) > 1e-3)
    // Counts beyond points on both sides of the ziggurat's layers and tail, against the binomial distribution.
    for cut in [0.5, 1.5, 2.5, 3.3, 3.654152885361009, 4.2] {
      for sign in [1.0, -1.0] {
        let count = z.count { sign * $0 > cut }
        let binomial = Binomial(trials: z.count, probability: Normal.upperTail(cut))
        #expect(min(binomial.upperTail(count), binomial.lowerTail(count)) > 1e-4, "beyond \(sign * cut): \(count)")
      }
    }
  }

  @Test(arguments: [0.8, 1, 3.5, 20, 1e13])
  func studentTHasItsDistribution(degreesOfFreedom: Double) {
    var stream = RandomStream(seed: 13, UInt64(degreesOfFreedom))
    let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    #expect(Kolmogorov.uniformityPValue((0..<50_000).map { _ in distribution.lowerTail(stream.studentT(degreesOfFreedom)) }) > 1e-3)
  }

  @Test(arguments: [0.2, 1, 7.5])
  func gammaHasItsDistribution(shape: Double) {
    var stream = RandomStream(seed: 14, UInt64(shape * 10))
    let distribution = Gamma(shape: shape)
    #expect(Kolmogorov.uniformityPValue((0..<50_000).map { _ in distribution.lowerTail(stream.gamma(shape: shape)) }) > 1e-3)
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func belowIsUnbiased(bound: Int) {
    var stream = RandomStream(seed: 15, UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    let draws = 100_000
    for _ in 0..<draws { counts[stream.below(bound)] += 1 }
    guard bound > 1 else { return }
    let expected = Double(draws) / Double(bound)
    let chi = counts.reduce(0.0) { $0 + pow(Double($1) - expected, 2) / expected }
    #expect(ChiSquared(degreesOfFreedom: Double(bound - 1)).upperTail(chi) > 1e-3)
  }

  @Test func belowRejectsRatherThanFolds() {
    // For 3·2^62 a fold would give the first quarter twice the chance of the rest.
    var stream = RandomStream(seed: 16)
    let bound = 3 << 61
    let low = (0..<30_000).count { _ in stream.below(bound) < 1 << 61 }
    #expect(abs(Double(low) / 30_000 - 1.0 / 3) < 0.012)
  }

  @Test func shuffleIsUniformOverPermutations() {
    var stream = RandomStream(seed: 17)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[stream.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    let chi = counts.values.reduce(0.0) { $0 + pow(Double($1) - 1000, 2) / 1000 }
    #expect(ChiSquared(degreesOfFreedom: 23).upperTail(chi) > 1e-3)
    var part = [0, 1, 2, 3, 4, 5]
    for _ in 0..<20 { stream.shuffle(&part, in: 2..<4) }
    #expect(Array(part[..<2]) == [0, 1] && Array(part[4...]) == [4, 5] && Set(part[2..<4]) == [2, 3])
  }

  @Test func bernoulliAndExponential() {
    var stream = RandomStream(seed: 18)
    let heads = (0..<100_000).count { _ in stream.bernoulli(0.3) }
    #expect(abs(heads - 30_000) < 600)
    #expect(Kolmogorov.uniformityPValue((0..<20_000).map { _ in exp(-stream.exponential()) }) > 1e-3)
  }
}
