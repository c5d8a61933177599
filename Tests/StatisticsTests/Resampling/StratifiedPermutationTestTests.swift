import Foundation
import Testing

@testable import Statistics

/// Every arrangement, one by one.
private func enumerate(_ values: [Double], _ labelled: [Bool], _ strata: [Int]) -> [Double] {
  var sums: [Double] = [0]
  for h in Set(strata).sorted() {
    let members = values.indices.filter { strata[$0] == h }
    let m = members.count { labelled[$0] }
    var part: [Double] = []
    for mask in 0..<(1 << members.count) where mask.nonzeroBitCount == m {
      part.append(members.indices.reduce(0) { mask >> $1 & 1 == 1 ? $0 + values[members[$1]] : $0 })
    }
    sums = sums.flatMap { a in part.map { a + $0 } }
  }
  return sums
}

private func makeCase(
  _ stream: inout RandomStream, strata: Int, size: ClosedRange<Int>, labels: ClosedRange<Int>, shift: Double,
  value: (inout RandomStream) -> Double
) -> (values: [Double], labelled: [Bool], strata: [Int]) {
  var (values, labelled, numbers): ([Double], [Bool], [Int]) = ([], [], [])
  for h in 0..<strata {
    let n = size.lowerBound + stream.below(size.count)
    let m = min(n - 1, labels.lowerBound + stream.below(labels.count))
    let level = Double(stream.below(10))
    for i in 0..<n {
      values.append(level + value(&stream) + (i < m ? shift : 0))
      labelled.append(i < m)
      numbers.append(h * 7 - 3)
    }
  }
  return (values, labelled, numbers)
}

@Suite struct StratifiedPermutationTestTests {
  /// R's `sleep` data, all C(20, 10) splits: two-sided p from the enumeration in the shared file.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence)) func agreesWithExhaustiveEnumerationInR() throws {
    let drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    let drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    let labelled = (0..<20).map { $0 < 10 }
    let test = StratifiedPermutationTest(values: drug1 + drug2, labelled: labelled, strata: [Int](repeating: 1, count: 20))
    struct Sleep: Decodable {
      let exactTwoSided: Double
      enum CodingKeys: String, CodingKey { case exactTwoSided = "perm_exact_mean_two_sided" }
    }
    let r = try Oracle.read("R", "tests_sleep", as: Sleep.self)
    let exact = try #require(test.exact())
    #expect(relativeError(exact.twoSided, r.exactTwoSided) < 1e-12)
    #expect(relativeError(test.saddlepoint().twoSided, r.exactTwoSided) < 0.01)
    #expect(abs(test.effect - (0.75 - 2.33)) < 1e-12)
  }

  @Test func exactAgreesWithEnumerationOnAndOffTheLattice() throws {
    var stream = RandomStream(seed: 41)
    for round in 0..<60 {
      let lattice = round % 2 == 0
      let c = makeCase(&stream, strata: 3, size: 2...6, labels: 1...4, shift: 0.5) { lattice ? Double($0.below(6)) * 0.25 : $0.normal() }
      let all = enumerate(c.values, c.labelled, c.strata)
      let test = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
      guard test.variance > 0 else { continue }
      let observed = test.observed
      #expect(abs(test.mean - all.reduce(0, +) / Double(all.count)) < 1e-10)
      let variance = all.reduce(0) { $0 + ($1 - test.mean) * ($1 - test.mean) } / Double(all.count)
      #expect(relativeError(test.variance, variance) < 1e-10)
      let exact = try #require(test.exact())
      #expect(relativeError(exact.upper, Double(all.count { $0 >= observed - 1e-9 }) / Double(all.count)) < 1e-10)
      #expect(relativeError(exact.lower, Double(all.count { $0 <= observed + 1e-9 }) / Double(all.count)) < 1e-10)
      #expect(relativeError(exp(exact.logPoint), Double(all.count { abs($0 - observed) < 1e-9 }) / Double(all.count)) < 1e-9)
      #expect(abs(exact.midUpper + exact.midLower - 1) < 1e-10)
    }
  }

  /// Saddlepoint against the exact lattice distribution, from the centre to the far tail.
  @Test(arguments: [1, 2, 3]) func saddlepointIsAccurateInTheTails(labels: Int) throws {
    var worst = 0.0
    var worstBeyond = 0.0
    var smallest = 1.0
    for round in 0..<60 {
      var stream = RandomStream(seed: 42, UInt64(labels), UInt64(round))
      let shift = Double(round % 12) * 0.25
      let c = makeCase(&stream, strata: 25, size: 5...9, labels: 1...labels, shift: shift) { (4 * $0.normal()).rounded() * 0.25 }
      let test = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
      let exact = try #require(test.exact())
      let approximate = test.saddlepoint()
      for (a, b) in [(approximate.logUpper, exact.logUpper), (approximate.logLower, exact.logLower)] where b > -46 {
        if b > log(1e-8) { worst = max(worst, abs(expm1(a - b))) }
        worstBeyond = max(worstBeyond, abs(expm1(a - b)))
        smallest = min(smallest, exp(b))
      }
      if exact.logUpper > -18 { #expect(relativeError(exp(approximate.logPoint), exp(exact.logPoint)) < 0.1) }
    }
    // Beyond 1e-8 these cases come close to the last few arrangements there are.
    #expect(worst < 0.02 && worstBeyond < 0.1, "worst relative errors \(worst), \(worstBeyond), down to \(smallest)")
    #expect(smallest < 1e-10)
  }

  /// One judge with few panels, values off any lattice: enumeration is possible, so the approximation can be measured.
  @Test func saddlepointIsUsableForSmallContinuousCases() throws {
    var worst = 0.0
    for round in 0..<60 {
      var stream = RandomStream(seed: 43, UInt64(round))
      let c = makeCase(&stream, strata: 6, size: 6...8, labels: 1...1, shift: Double(round % 4)) { $0.normal() }
      let test = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
      guard let exact = test.exact(), exact.logUpper > log(0.002), exact.logLower > log(0.002) else { continue }
      // The approximation takes S for continuous, so compare with the mid-p value.
      worst = max(worst, relativeError(exp(test.saddlepoint().logUpper), exact.midUpper))
    }
    #expect(worst < 0.05, "worst relative error \(worst)")
  }

  /// Strata too long for the polynomial recursion use the inner saddlepoint; both must agree on a case at the border.
  @Test func longStrataAgreeWithTheRecursion() {
    var stream = RandomStream(seed: 44)
    let values = (0..<300).map { _ in stream.normal() }
    let labelled = (0..<300).map { $0 < 13 }
    let direct = StratifiedSample(values: values, labelled: labelled, strata: [Int](repeating: 0, count: 300))
    let long = StratifiedSample(
      values: values + values, labelled: labelled + labelled, strata: [Int](repeating: 0, count: 600))
    for t in [-2.0, -0.3, 0.1, 1, 3] {
      let a = direct.cumulants(t)
      let h = 1e-4
      #expect(abs((direct.cumulants(t + h).k - direct.cumulants(t - h).k) / (2 * h) - a.mean) < 1e-5)
      #expect(abs((direct.cumulants(t + h).mean - direct.cumulants(t - h).mean) / (2 * h) - a.variance) < 1e-4)
      let b = long.cumulants(t)
      #expect(abs((long.cumulants(t + h).k - long.cumulants(t - h).k) / (2 * h) - b.mean) < 1e-4)
      #expect(relativeError((long.cumulants(t + h).mean - long.cumulants(t - h).mean) / (2 * h), b.variance) < 0.02)
    }
    let zero = long.cumulants(0)
    #expect(abs(zero.k) < 1e-10 && relativeError(zero.mean, long.moments.mean) < 1e-9)
    #expect(relativeError(zero.variance, long.moments.variance) < 1e-9)
    // 26 of 600 is just under the border of 4096 when halved twice: 13 of 300 exactly against the same stratum approximated.
    let border = StratifiedPermutationTest(
      values: (0..<400).map { _ in stream.normal() }, labelled: (0..<400).map { $0 < 40 }, strata: [Int](repeating: 0, count: 400))
    let (monteCarlo, error) = border.monteCarlo(draws: 40_000, stream: RandomStream(seed: 45))
    #expect(abs(border.saddlepoint().upper - monteCarlo.upper) < 4 * error + 1e-3)
  }

  @Test func monteCarloAgreesWithinItsError() throws {
    var stream = RandomStream(seed: 46)
    let c = makeCase(&stream, strata: 30, size: 4...9, labels: 1...3, shift: 0.3) { $0.normal() }
    let test = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
    let (result, error) = test.monteCarlo(draws: 50_000, stream: stream.substream(1))
    #expect(abs(result.upper - test.result().upper) < 4 * error)
    #expect(error > 0 && error < 0.003)
    #expect(
      test.monteCarlo(draws: 100, stream: stream.substream(1)).result == test.monteCarlo(draws: 100, stream: stream.substream(1)).result)
  }

  @Test func doesNotDependOnOrder() {
    var stream = RandomStream(seed: 47)
    let c = makeCase(&stream, strata: 40, size: 3...9, labels: 1...2, shift: 0.4) { $0.normal() }
    let order = stream.permutation(c.values.count)
    let a = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
    let b = StratifiedPermutationTest(
      values: order.map { c.values[$0] }, labelled: order.map { c.labelled[$0] }, strata: order.map { c.strata[$0] })
    #expect(a.result() == b.result() && a.effect == b.effect && a.interval() == b.interval() && a.variance == b.variance)
  }

  /// Under the null the p-values are uniform, and the interval covers the shift as often as promised.
  @Test func isCalibratedAndCovers() throws {
    var p: [Double] = []
    var covered = 0
    let rounds = 600
    for round in 0..<rounds {
      var stream = RandomStream(seed: 48, UInt64(round))
      let c = makeCase(&stream, strata: 20, size: 4...7, labels: 1...2, shift: 0) { $0.studentT(3) }
      p.append(StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata).saddlepoint().upper)
      let shifted = c.values.indices.map { c.values[$0] + (c.labelled[$0] ? 1.5 : 0) }
      let interval = try #require(
        StratifiedPermutationTest(values: shifted, labelled: c.labelled, strata: c.strata).interval(confidence: 0.9))
      if interval.contains(1.5) { covered += 1 }
    }
    #expect(Kolmogorov.uniformityPValue(p) > 1e-3)
    #expect(abs(Double(covered) / Double(rounds) - 0.9) < 0.04, "\(covered) of \(rounds)")
  }

  @Test func intervalEndsAreRejectedAtTheLevel() throws {
    var stream = RandomStream(seed: 49)
    let c = makeCase(&stream, strata: 30, size: 5...9, labels: 1...1, shift: 2) { $0.normal() }
    let test = StratifiedPermutationTest(values: c.values, labelled: c.labelled, strata: c.strata)
    let interval = try #require(test.interval(confidence: 0.95))
    for (end, upper) in [(interval.lowerBound, true), (interval.upperBound, false)] {
      let shifted = c.values.indices.map { c.values[$0] - (c.labelled[$0] ? end : 0) }
      let result = StratifiedPermutationTest(values: shifted, labelled: c.labelled, strata: c.strata).saddlepoint()
      #expect(abs((upper ? result.upper : result.lower) - 0.025) < 2e-4)
    }
    #expect(interval.contains(test.effect))
  }

  @Test func degenerateInput() {
    let none = StratifiedPermutationTest(values: [], labelled: [], strata: [])
    #expect(none.result().twoSided == 1 && none.effect.isNaN && none.interval() == nil && none.strata == 0)
    let all = StratifiedPermutationTest(values: [1, 2], labelled: [true, true], strata: [0, 0])
    #expect(all.result().upper == 1 && all.strata == 0)
    let equal = StratifiedPermutationTest(values: [3, 3, 3], labelled: [true, false, false], strata: [0, 0, 0])
    #expect(equal.result().upper == 1 && equal.effect == 0)
    // The highest of three: p = 1/3 above, and no 95 % interval can exist.
    let three = StratifiedPermutationTest(values: [3, 1, 2], labelled: [true, false, false], strata: [0, 0, 0])
    #expect(abs(three.result().upper - 1.0 / 3) < 1e-12 && three.result().lower == 1)
    #expect(three.interval() == -.infinity ... .infinity)
    #expect(abs(three.saddlepoint().upper - 1.0 / 3) < 1e-12)
    // Every label on top of forty strata of five: p = 5^−40, exact and by saddlepoint.
    let values = (0..<200).map { Double($0 % 5) }
    let top = StratifiedPermutationTest(values: values, labelled: values.map { $0 == 4 }, strata: (0..<200).map { $0 / 5 })
    #expect(relativeError(top.result().logUpper, -40 * log(5)) < 1e-9)
    #expect(relativeError(top.saddlepoint().logUpper, -40 * log(5)) < 1e-9)
  }
}
