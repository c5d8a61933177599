import Foundation
import Testing

@testable import Statistics

/// R 4.2.2: ks.test, shapiro.test; scipy 1.12.0 where named.
@Suite struct GoodnessOfFitTests {
  private static let values = [
    0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37, 1.77, 1.09, -1.28, 2.36, 1.31, 1.05,
    -0.32, -0.40,
    1.06, -2.47,
  ]
  private static let x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
  private static let y = [1.15, 0.88, 0.90, 0.74, 1.21]

  @Test func kolmogorov() {
    expectTest(GoodnessOfFit.kolmogorov(Self.values.map { Normal.lowerTail($0) }), 0.17409188119887736, 0.38974117186791857)
  }

  /// Exact values of P(D ≥ d).
  @Test(arguments: KolmogorovReference.rows) func kolmogorovExactly(row: [Double]) {
    let p = Kolmogorov.upperTail(distance: row[1], count: Int(row[0]))
    #expect(relativeError(p, row[2]) < (row[2] < 1e-4 ? 1e-10 : 1e-11), "n = \(row[0]), d = \(row[1]): \(p)")
  }

  @Test func smirnov() {
    expectTest(GoodnessOfFit.smirnov(Self.x, Self.y), 0.60000000000000009, 0.16583416583416366)
    expectTest(GoodnessOfFit.smirnov([1, 2, 2, 3, 3, 4, 7], [2, 3, 5, 5, 6, 8, 8, 9]), 0.6071428571428571, 0.075369075369076555)
    #expect(GoodnessOfFit.smirnov([1, 2], [1, 2]).pValue == 1)
    let far = GoodnessOfFit.smirnov(Array(stride(from: 0.0, to: 40, by: 1)), Array(stride(from: 100.0, to: 150, by: 1)))
    // Two of the C(90, 40) orders.
    let exact = log(2) - logGamma(91) + logGamma(41) + logGamma(51)
    #expect(abs(log(far.pValue) - exact) < 1e-12)
  }

  @Test func shapiroWilk() {
    expectTest(GoodnessOfFit.shapiroWilk(Self.values), 0.98422404641237315, 0.95409246020660676, 1e-6)
    expectTest(GoodnessOfFit.shapiroWilk(Self.x), 0.9112893891477436, 0.28996573480239274, 1e-6)
    expectTest(GoodnessOfFit.shapiroWilk([1, 2, 4]), 0.96428571428571419, 0.6368868450289632, 1e-6)
    expectTest(GoodnessOfFit.shapiroWilk([2.1, 3, 3.3, 9]), 0.77553187329428996, 0.065091826395087468, 1e-6)
    expectTest(GoodnessOfFit.shapiroWilk(InsectSprays.counts), 0.92160128048624812, 0.00025252592039273671, 1e-6)
    expectTest(GoodnessOfFit.shapiroWilk(Cars.distance), 0.9514384784938511, 0.039099683693171114, 1e-6)
    #expect(GoodnessOfFit.shapiroWilk([1, 2]).pValue.isNaN && GoodnessOfFit.shapiroWilk([1, 1, 1]).pValue.isNaN)
  }

  /// mpmath 1.4.1: Laplace transform √(2πs/cos(π/2 √(1 − 8s))) inverted by Stehfest's method with 60 digits.
  @Test func andersonDarlingLimit() {
    let exact = [
      (0.5, 0.746814373530344484), (1.933, 0.0999946232082234987), (2.492, 0.0500221863596078662), (3.878, 0.0100014098845004573),
      (8, 0.000113814155726583024),
    ]
    for (z, p) in exact { #expect(abs(AndersonDarling.upperTail(z) - p) < 1e-14, "\(z): \(AndersonDarling.upperTail(z))") }
    #expect(abs(AndersonDarling.upperTail(24.9) / AndersonDarling.upperTail(25.1) - exp(0.2)) < 0.05)
    #expect(AndersonDarling.upperTail(0) == 1 && AndersonDarling.upperTail(1e-3) > 1 - 1e-12 && AndersonDarling.upperTail(500) < 1e-200)
  }

  /// mpmath 1.4.1: Laplace transform (√(2s)/sinh √(2s))^½ inverted likewise; 0.34730, 0.46136 and 0.74346 are the 10, 5 and 1 % points of
  /// Anderson and Darling (1952, table 1).
  @Test func cramerVonMisesLimit() {
    let exact = [
      (0.05, 0.876280931041348974), (0.3473, 0.100003082790199884), (0.46136, 0.0500003831326512782), (0.74346, 0.00999996191545536657),
      (1.5, 0.000172696219788018842),
    ]
    for (x, p) in exact { #expect(abs(CramerVonMises.upperTail(x) - p) < 1e-14, "\(x): \(CramerVonMises.upperTail(x))") }
    #expect(abs(CramerVonMises.upperTail(4.99) / CramerVonMises.upperTail(5.01) - exp(0.0987)) < 0.05)
    #expect(CramerVonMises.upperTail(0) == 1 && CramerVonMises.upperTail(.nan).isNaN)
  }

  @Test func uniformSamplesPass() {
    let even = (0..<50).map { (Double($0) + 0.5) / 50 }
    #expect(GoodnessOfFit.andersonDarling(even).pValue > 0.99 && GoodnessOfFit.cramerVonMises(even).pValue > 0.99)
    let skew = even.map { $0 * $0 }
    #expect(GoodnessOfFit.andersonDarling(skew).pValue < 0.01 && GoodnessOfFit.cramerVonMises(skew).pValue < 0.01)
    #expect(GoodnessOfFit.andersonDarlingNormality(Self.values).pValue > 0.5)
    #expect(GoodnessOfFit.andersonDarlingNormality(Self.values.map { exp($0) }).pValue < 0.001)
  }

  /// The runs test against all C(8, 3) sequences.
  @Test func runs() {
    let observed = [true, true, false, false, false, true, false, false]
    func runs(_ s: [Bool]) -> Int { 1 + (1..<s.count).count { s[$0] != s[$0 - 1] } }
    var (fewer, more, all) = (0, 0, 0)
    for mask in 0..<256 {
      let s = (0..<8).map { mask & (1 << $0) != 0 }
      guard s.count(where: { $0 }) == 3 else { continue }
      all += 1
      if runs(s) <= runs(observed) { fewer += 1 }
      if runs(s) >= runs(observed) { more += 1 }
    }
    #expect(all == 56 && runs(observed) == 4)
    #expect(abs(GoodnessOfFit.runs(observed, alternative: .less).pValue - Double(fewer) / 56) < 1e-13)
    #expect(abs(GoodnessOfFit.runs(observed, alternative: .greater).pValue - Double(more) / 56) < 1e-13)
    #expect(GoodnessOfFit.runs([true, true]).pValue.isNaN)
  }
}
