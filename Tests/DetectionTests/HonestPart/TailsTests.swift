import Statistics
import Testing

@testable import Detection

@Suite struct TailsTests {
  static func sample(_ count: Int, freedom: Double, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in freedom.isFinite ? random.studentT(freedom) : random.normal() }
  }

  @Test func `a normal sample is given normal or nearly normal tails`() {
    for seed in UInt64(1)...3 { #expect(tailDegreesOfFreedom(Self.sample(20_000, freedom: .infinity, seed: seed)) >= 15) }
  }

  @Test func `five degrees of freedom are recognised`() {
    for seed in UInt64(1)...3 {
      let found = tailDegreesOfFreedom(Self.sample(20_000, freedom: 5, seed: seed))
      #expect((3.5...7).contains(found), "\(found)")
    }
  }

  @Test func `gross outliers do not teach the tail`() {
    var values = Self.sample(20_000, freedom: .infinity, seed: 4)
    for i in stride(from: 0, to: values.count, by: 33) { values[i] = 12 * (i % 2 == 0 ? 1 : -1) }
    #expect(tailDegreesOfFreedom(values) >= 12)
  }

  @Test func `the unit of measurement does not matter`() {
    let values = Self.sample(5000, freedom: 5, seed: 6)
    let found = tailDegreesOfFreedom(values)
    #expect(tailDegreesOfFreedom(values.map { -$0 }) == found)
    #expect(abs(tailDegreesOfFreedom(values.map { 1.3 * $0 }) - found) <= 1)
  }

  @Test func `few residuals cannot tell, and are not asked`() {
    #expect(tailDegreesOfFreedom([]) == 10)
    #expect(tailDegreesOfFreedom(Self.sample(199, freedom: .infinity, seed: 1)) == 10)
    let some = Self.sample(300, freedom: 5, seed: 1)
    #expect(tailDegreesOfFreedom(some + [.nan, .infinity]) == tailDegreesOfFreedom(some))
  }

  @Test(arguments: [3.0, 5, 30, .infinity]) func `quantile and tail undo each other, with the quartiles of the normal`(freedom: Double) {
    let tail = ResidualTail(freedom)
    for p in [0.25, 0.01, 1e-6, 1e-12] { #expect(abs(tail.upperTail(tail.quantile(upperTail: p)) / p - 1) < 1e-6) }
    #expect(abs(tail.upperTail(0.674489750196081743) - 0.25) < 1e-9)
    #expect(tail.twoSided(0) == 1)
    #expect(tail.twoSided(-2) == tail.twoSided(2))
  }

  @Test func `means have lighter tails than their terms`() {
    let tail = ResidualTail(5)
    #expect(tail.ofMean(over: 1).degreesOfFreedom == 5)
    // Excess kurtosis 6/(ν − 4): 6 for one residual, 6/10 for the mean of ten.
    #expect(6 / (tail.ofMean(over: 10).degreesOfFreedom - 4) == 0.6)
    #expect(ResidualTail(3).ofMean(over: 5).degreesOfFreedom == 5)
    #expect(ResidualTail(.infinity).ofMean(over: 5).degreesOfFreedom == .infinity)
  }
}
