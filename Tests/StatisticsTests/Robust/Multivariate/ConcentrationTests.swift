import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct ConcentrationTests {
  /// Ties at the border go to the first; also where a sample brackets the rank.
  @Test(arguments: [10, 1000, 50_000]) func smallestByDefinition(_ n: Int) {
    var stream = RandomStream(seed: 41, UInt64(n))
    let values = (0..<n).map { _ in Double(stream.below(n / 5)) }
    for k in [1, n / 3, n / 2, n - 1, n] {
      let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(k).sorted().map { Int32($0) }
      #expect(Concentration.smallest(k, of: values) == expected)
    }
  }

  @Test func bracketSurvivesOrder() {
    // Increasing values, all of one value, and a large share at one end: the sample may mislead.
    let rising = (0..<60_000).map(Double.init)
    #expect(Concentration.value(ofRank: 31_000, in: rising) == 31_000)
    #expect(Concentration.value(ofRank: 59_999, in: rising) == 59_999 && Concentration.value(ofRank: 0, in: rising) == 0)
    #expect(Concentration.value(ofRank: 500, in: [Double](repeating: 2, count: 30_000)) == 2)
    let periodic = (0..<40_000).map { Double($0 % 20) }
    #expect(Concentration.value(ofRank: 20_000, in: periodic) == periodic.sorted()[20_000])
  }

  /// Rousseeuw and Van Driessen (1999), theorem 1.
  @Test func stepsNeverRaiseTheDeterminant() throws {
    let part = Concentration(data: Observations(MinimumCovarianceDeterminantTests.contaminated(200, 4)), size: 110)
    var stream = RandomStream(seed: 42, 1)
    for _ in 0..<20 {
      var current = part.subset(stream.permutation(200).prefix(110).sorted().map { Int32($0) })
      for _ in 0..<6 {
        let rows = try #require(part.nearest(to: current.mean, current.covariance))
        let next = part.subset(rows, about: current.mean)
        #expect(next.logDeterminant <= current.logDeterminant + 1e-12)
        current = next
      }
    }
  }
}
