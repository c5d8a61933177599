import Foundation
import Statistics
import Testing

@testable import Detection

@Suite struct RobustScalesTests {
  static func normals(_ count: Int, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in random.normal() }
  }

  /// The largest root of mean min((x − c)² / v, k²) = e, by bisection from above: the left side falls with v.
  static func naiveProposal2(_ values: [Double], center: Double, cut: Double, expectation: Double) -> Double {
    func mean(_ v: Double) -> Double {
      var sum = 0.0
      for x in values { sum += min((x - center) * (x - center) / v, cut * cut) }
      return sum / Double(values.count)
    }
    var low = 1e-12
    var high = 1e12
    for _ in 0..<300 {
      let middle = (low * high).squareRoot()
      if mean(middle) > expectation { low = middle } else { high = middle }
    }
    return low.squareRoot()
  }

  @Test(arguments: [UInt64(1), 2, 3]) func `proposal 2 solves its equation`(seed: UInt64) {
    for count in [5, 40, 401] {
      var values = Self.normals(count, seed: seed).map { 3 * $0 + 1 }
      values[0] = 400
      for (cut, expectation) in [(2.0, 0.9205), (1.5, 0.7784)] {
        let value = proposal2(values, center: 1, cut: cut, expectation: expectation)
        let naive = Self.naiveProposal2(values, center: 1, cut: cut, expectation: expectation)
        #expect(abs(value / naive - 1) < 1e-3, "\(count), \(cut)")
      }
    }
  }

  /// E min(z², k²) = P(χ²₃ < k²) + k² P(χ²₁ > k²), by the trapezoidal rule here.
  @Test func `normal expectations are those of the normal`() {
    for (cut, stated) in [(2.0, 0.9205), (1.5, 0.7784)] {
      var sum = 0.0
      let h = 1e-4
      for i in -100_000..<100_000 {
        let z = (Double(i) + 0.5) * h
        sum += min(z * z, cut * cut) * exp(-0.5 * z * z) * h
      }
      #expect(abs(sum / (2 * Double.pi).squareRoot() - stated) < 1e-4)
    }
  }

  @Test func `spread and scale of a normal sample are its standard deviation`() {
    let values = Self.normals(20_000, seed: 4).map { 2.5 * $0 + 7 }
    #expect(abs(robustSpread(values) - 2.5) < 0.05)
    #expect(abs(residualScale(values.map { $0 - 7 }) - 2.5) < 0.07)
    #expect(abs(medianAbsoluteDeviation(values, center: nil) - 2.5) < 0.07)
  }

  @Test func `a tenth of wild values raises the spread by no more than three tenths`() {
    var values = Self.normals(2000, seed: 5)
    for i in 0..<200 { values[i] = 1e6 * (i % 2 == 0 ? 1 : -1) }
    #expect(robustSpread(values) < 1.3 && robustSpread(values) > 1.1)
    #expect(residualScale(values) < 1.35)
  }

  @Test func `the bulk of a sample is where it was without its wild values`() {
    let normals = Self.normals(2000, seed: 6).map { 2.5 * $0 + 7 }
    #expect(abs(bulkSpread(normals) - 2.5) < 0.1 && abs(bulkCentre(normals) - 7) < 0.15)
    for size in [60, 2000] {
      let sample = Array(normals[..<size])
      let (spread, centre) = (bulkSpread(sample), bulkCentre(sample))
      for (share, raised) in [(0.1, 1.1), (0.2, 1.2), (0.3, 1.4)] {
        var values = sample
        for i in 0..<Int(share * Double(size)) { values[i] -= 50 }
        #expect(bulkSpread(values) < raised * spread && bulkSpread(values) > 0.9 * spread, "\(size), \(share)")
        #expect(abs(bulkCentre(values) - centre) < 0.3 * spread, "\(size), \(share)")
      }
    }
    let few = Array(normals[..<10])
    #expect(bulkSpread(few) == robustSpread(few))
    #expect(bulkSpread([3, 3, 3]) == 0 && bulkCentre([3, 3, 3]) == 3 && bulkCentre([]) == 0)
  }

  @Test func `equal marks do not collapse the scale of residuals`() {
    // 60 % zeros: the median absolute deviation is 0.
    let values = (0..<1000).map { $0 % 5 < 3 ? 0 : $0 % 2 == 0 ? 1.0 : -1.0 }
    #expect(medianAbsoluteDeviation(values, center: 0) == 0)
    #expect(residualScale(values) > 0.6 && residualScale(values) < 0.8)
    #expect(residualScale([Double](repeating: 0, count: 10)) == 0)
  }

  @Test func `few values`() {
    #expect(robustSpread([]) == 0 && robustSpread([3]) == 0 && robustSpread([3, 3, 3]) == 0)
    #expect(residualScale([]) == 0 && medianAbsoluteDeviation([], center: nil) == 0)
    var odd = [3.0, 1, 2]
    var even = [4.0, 1, 2, 3]
    #expect(smallMedian(&odd) == 2 && smallMedian(&even) == 2.5)
  }
}
