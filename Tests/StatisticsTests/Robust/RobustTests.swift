import Foundation
import Testing

@testable import Statistics

@Suite struct RobustTests {
  struct Rivers: Decodable {
    struct Huber: Decodable { let mu, s: Double }
    let input: [Double]
    let mad, qn, sn, iqr: Double
    let huberM: Huber
    let quantile7: [Double]
    enum CodingKeys: String, CodingKey {
      case input, mad, huberM, quantile7
      case qn = "Qn"
      case sn = "Sn"
      case iqr = "IQR"
    }
  }

  /// R 4.2.2, robustbase 0.95-0, on the lengths of 141 rivers.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence)) func agreesWithRobustbase() throws {
    let r = try Oracle.read("R", "robust_univariate_rivers", as: Rivers.self)
    #expect(relativeError(RobustScale.medianAbsoluteDeviation(r.input), r.mad) < 2e-6)  // R rounds the constant to 1.4826
    #expect(relativeError(RobustScale.qn(r.input), r.qn) < 3e-6)  // robustbase rounds the constant to 2.21914
    #expect(relativeError(RobustScale.sn(r.input), r.sn) < 1e-12)
    let huber = RobustLocation.mEstimate(r.input)
    #expect(relativeError(huber.location, r.huberM.mu) < 1e-6 && relativeError(huber.scale, r.mad) < 2e-6)  // huberM stops at 1e-6
    #expect(Quantiles.quantiles(r.input, [0.05, 0.25, 0.5, 0.75, 0.95]) == r.quantile7)
    #expect(abs(RobustScale.quantileRange(r.input) * 2 * Normal.quantile(0.75) - r.iqr) < 1e-9)
  }

  private func naiveSn(_ x: [Double]) -> Double {
    let inner = x.map { a in x.map { abs($0 - a) }.sorted()[x.count / 2] }.sorted()
    return inner[(x.count + 1) / 2 - 1]
  }

  private func naiveQn(_ x: [Double]) -> Double {
    let pairs = x.indices.flatMap { i in x.indices.filter { $0 > i }.map { abs(x[$0] - x[i]) } }.sorted()
    let h = x.count / 2 + 1
    return pairs[h * (h - 1) / 2 - 1]
  }

  /// Against the definitions in quadratic time, with and without ties. The corrections cancel in the ratio to a known sample.
  @Test func fastScalesFollowTheirDefinitions() {
    var stream = RandomStream(seed: 31)
    for n in Array(2...60) + [101, 200] {
      for coarse in [false, true] {
        let x = (0..<n).map { _ in coarse ? Double(stream.below(7)) : stream.normal() }
        let pairs = PairwiseDifferences(x.sorted())
        let h = n / 2 + 1
        #expect(pairs.value(ofRank: h * (h - 1) / 2) == naiveQn(x))
        #expect(pairs.value(ofRank: 1) == x.sorted().adjacentDifferences.min())
        let naive = naiveSn(x)
        let correction =
          n > 9
          ? (n % 2 == 1 ? Double(n) / (Double(n) - 0.9) : 1)
          : RobustScale.sn(Array(0..<n).map(Double.init)) / 1.1926 / naiveSn((0..<n).map(Double.init))
        #expect(abs(RobustScale.sn(x) - correction * 1.1926 * naive) < 1e-12)
      }
    }
  }

  @Test func scalesAreUnbiasedAtTheNormal() {
    for n in [4, 7, 10, 14, 25] {
      var sums = (qn: 0.0, sn: 0.0, mad: 0.0)
      let rounds = 4000
      for round in 0..<rounds {
        var stream = RandomStream(seed: 32, UInt64(n), UInt64(round))
        let x = (0..<n).map { _ in 3 + 2 * stream.normal() }
        sums.qn += RobustNormal(x, estimator: .qn).scale / Double(rounds)
        sums.sn += RobustNormal(x, estimator: .sn).scale / Double(rounds)
        sums.mad += RobustNormal(x, estimator: .medianAbsoluteDeviation).scale / Double(rounds)
      }
      #expect(abs(sums.qn - 2) < 0.05 && abs(sums.sn - 2) < 0.05 && abs(sums.mad - 2) < 0.2, "n = \(n): \(sums)")
    }
  }

  /// A new value against the spread of n others: the promised tail probabilities hold where normal ones fail.
  @Test(arguments: [8, 12, 30], RobustNormal.Estimator.allCases) func degreesOfFreedomCalibrateTails(
    n: Int, estimator: RobustNormal.Estimator
  ) {
    let rounds = 6000
    var exceed = (one: 0, ten: 0, normal: 0)
    for round in 0..<rounds {
      var stream = RandomStream(seed: 33, UInt64(n), UInt64(round))
      let x = (0..<n).map { _ in stream.normal() }
      let fit = RobustNormal(x, estimator: estimator, center: 0)
      let value = stream.normal()
      if fit.logTwoSided(value) < log(0.001) { exceed.one += 1 }
      if fit.logTwoSided(value) < log(0.01) { exceed.ten += 1 }
      if Normal.logTwoSided(fit.standardized(value)) < log(0.001) { exceed.normal += 1 }
    }
    // At n = 8 the t approximation gives about half of the promised rates, at 30 nearly all of them; the normal gives 28 times.
    #expect(Double(exceed.one) / Double(rounds) < 0.0024, "\(exceed)")
    #expect(Double(exceed.ten) / Double(rounds) < 0.014, "\(exceed)")
    // The median absolute deviation about a known centre is worth more than the formula says, so it may be cautious.
    if estimator != .medianAbsoluteDeviation { #expect(Double(exceed.ten) / Double(rounds) > 0.0035, "\(exceed)") }
    if n == 8 { #expect(exceed.normal > 3 * exceed.one, "\(exceed)") }
  }

  /// A million values: n log n, where all pairs would be 5·10¹¹. Qn and Sn of a normal sample are 1, a permutation changes nothing, and a tenth of the
  /// sample scaled by 10⁶ little.
  @Test func scalesOfAMillion() {
    var stream = RandomStream(seed: 51, 1)
    var x = [Double](repeating: 0, count: 1_000_000)
    stream.fillNormal(&x)
    let (qn, sn) = (RobustScale.qn(x), RobustScale.sn(x))
    #expect(abs(qn - 1) < 0.004 && abs(sn - 1) < 0.005)
    #expect(RobustScale.qn(x.reversed()) == qn && RobustScale.sn(x.reversed()) == sn)
    for i in 0..<100_000 { x[i] *= 1e6 }
    #expect(RobustScale.qn(x) < 1.35 && RobustScale.sn(x) < 1.35)
  }

  @Test func scalesSurviveBadValues() {
    var stream = RandomStream(seed: 34)
    let x = (0..<100).map { $0 < 30 ? 1e6 + stream.normal() : stream.normal() }
    for estimator in RobustNormal.Estimator.allCases {
      let fit = RobustNormal(x, estimator: estimator)
      #expect(fit.scale < 4 && fit.scale > 0.7 && abs(fit.center) < 1, "\(estimator): \(fit)")
    }
  }

  @Test func quantilesAndMedians() {
    var stream = RandomStream(seed: 35)
    for n in 1...60 {
      let x = (0..<n).map { _ in Double(stream.below(15)) }
      let s = x.sorted()
      #expect(Quantiles.median(x) == (s[(n - 1) / 2] + s[n / 2]) / 2)
      for p in [0, 0.1, 0.25, 0.5, 0.9, 1] {
        #expect(Quantiles.quantile(x, p) == Quantiles.quantile(sorted: s, p))
      }
      let weights = (0..<n).map { _ in Double(1 + stream.below(4)) }
      let repeated = zip(x, weights).flatMap { value, w in [Double](repeating: value, count: Int(w)) }
      #expect(Quantiles.weightedMedian(x, weights: weights) == Quantiles.median(repeated))
    }
    #expect(Quantiles.median([]).isNaN && Quantiles.median([1, .nan]).isNaN && Quantiles.median([1e308, 1.5e308]) == 1.25e308)
    #expect(RobustScale.qn([]).isNaN && RobustScale.qn([3]) == 0 && RobustScale.sn([3, 3, 3]) == 0 && RobustScale.qn([.nan, 1]).isNaN)
    // An organ pipe defeats a naive quickselect.
    let pipe = (0..<200_000).map { Double(min($0, 200_000 - $0)) }
    #expect(Quantiles.median(pipe) == 50_000)
  }

  /// Long columns take another way to their median; it has to be the one of the sorted column whatever its shape.
  @Test(arguments: [4096, 4097, 9000, 20_001]) func mediansOfManyValues(n: Int) {
    var stream = RandomStream(seed: 36, UInt64(n))
    let normal = (0..<n).map { _ in stream.normal() }
    // Whether the quick way answers itself; elsewhere it may leave the answer to selection.
    let shapes: [(name: String, values: [Double], isQuick: Bool)] = [
      ("normal", normal, true), ("sorted", normal.sorted(), true), ("falling", normal.sorted().reversed(), true),
      ("with infinities", normal.enumerated().map { $0 % 5 == 0 ? .infinity : $1 }, true),
      ("two humps", normal.enumerated().map { $0 % 2 == 0 ? $1 : $1 + 1e6 }, false),
      ("in the rhythm of the sample", (0..<n).map { $0 % (n / 1024) == n / 1024 / 2 ? 1e3 + Double($0) : Double($0) }, false),
      ("ties", normal.map { $0.rounded() }, false), ("constant", normal.map { _ in 3 }, false),
    ]
    for (name, values, isQuick) in shapes {
      let s = values.sorted()
      let middle = s[(n - 1) / 2] == s[n / 2] ? s[n / 2] : 0.5 * s[(n - 1) / 2] + 0.5 * s[n / 2]
      #expect(Quantiles.median(values) == middle, "\(name)")
      var copy = values
      #expect(Quantiles.median(reordering: &copy) == middle, "\(name)")
      if isQuick { #expect(BracketedMedian.median(values) == middle, "\(name)") }
    }
    #expect(Quantiles.median(normal + [.nan]).isNaN && BracketedMedian.median(normal + [.nan]) == nil)
  }

  @Test func lossFunctionsAreConsistent() {
    for loss in [LossFunction.huber95, .tukey95, .studentT(degreesOfFreedom: 4)] {
      for u in [-6.0, -2, -0.5, 0.3, 1, 3, 4.6] {
        let h = 1e-5
        #expect(abs((loss.loss(u + h) - loss.loss(u - h)) / (2 * h) - loss.influence(u)) < 1e-8)
      }
      #expect(loss.loss(0) == 0 && loss.weight(0) >= 1)
    }
  }

  @Test func locationsAndTrimming() {
    var stream = RandomStream(seed: 36)
    let x = (0..<2000).map { 10 + stream.normal() + ($0 < 100 ? 50 : 0) }
    let estimate = RobustLocation.mEstimate(x)
    #expect(abs(estimate.location - 10) < 0.15 && abs(estimate.standardError * 2000.squareRoot() - 1.1) < 0.25)
    #expect(RobustLocation.mEstimate([5, 5, 5, 9]).location == 5)
    // scipy 1.17.1: trim_mean([2,4,4,5,7,8,9,9,12,40], .1) = 7.25; Winsorised by hand: (4·2+4+5+7+8+9+9+12·2)/10.
    let sample: [Double] = [40, 2, 4, 9, 4, 5, 12, 7, 8, 9]
    let trimmed = RobustLocation.trimmed(sample, share: 0.1)
    #expect(abs(trimmed.mean - 7.25) < 1e-14 && abs(trimmed.winsorizedMean - 7.4) < 1e-14 && trimmed.degreesOfFreedom == 7)
    #expect(abs(RobustLocation.trimmedMean(sample, share: 0) - 10) < 1e-14)
  }

  @Test func centralFitFindsTheTail() throws {
    for (nu, expected) in [(4.0, 0.25), (10, 0.1), (Double.infinity, 0.0)] {
      var stream = RandomStream(seed: 37, UInt64(min(nu, 1000)))
      let x = (0..<40_000).map { _ in 1 + 3 * stream.studentT(nu) }
      let fit = try #require(CentralStudentT(x))
      #expect(abs(fit.best.tailWeight - expected) < 0.06, "ν = \(nu): \(fit.best)")
      #expect(abs(fit.best.scale - 3) < 0.15)
      #expect(fit.upper(confidence: 0.95).tailWeight >= fit.best.tailWeight)
      // Planted outliers beyond the cut change nothing but the cut itself.
      let planted = x.indices.map { $0 % 20 == 0 ? 100 + Double($0) : x[$0] }
      let again = try #require(CentralStudentT(planted, center: 1))
      #expect(abs(again.best.tailWeight - fit.best.tailWeight) < 0.07)
    }
    #expect(CentralStudentT([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]) == nil && CentralStudentT([1, 2, 3]) == nil)
  }

  /// The upper bound covers: t noise is given at least its true tail weight in the promised share of samples.
  @Test func upperTailWeightCovers() throws {
    var covered = 0
    for round in 0..<80 {
      var stream = RandomStream(seed: 38, UInt64(round))
      let x = (0..<600).map { _ in stream.studentT(5) }
      if try #require(CentralStudentT(x, priorMean: .infinity)).upper(confidence: 0.9).tailWeight >= 0.2 { covered += 1 }
    }
    #expect(covered >= 63, "\(covered) of 80")
  }
}

extension [Double] {
  fileprivate var adjacentDifferences: [Double] { zip(dropFirst(), self).map { $0 - $1 } }
}
