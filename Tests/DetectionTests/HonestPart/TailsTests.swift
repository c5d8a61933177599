import Statistics
import Testing

@testable import Detection

@Suite struct TailsTests {
  static func sample(_ count: Int, freedom: Double, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in freedom.isFinite ? random.studentT(freedom) : random.normal() }
  }

  static func freedom(_ values: [Double]) -> Double { residualTail(of: values).degreesOfFreedom }

  /// How far out a sheet must lie for a p-value of 1e-6.
  static func bar(_ values: [Double]) -> Double { residualTail(of: values).quantile(upperTail: 5e-7) }

  @Test func `a normal sample is given normal or nearly normal tails`() {
    for seed in UInt64(1)...3 {
      #expect(Self.freedom(Self.sample(20_000, freedom: .infinity, seed: seed)) >= 50)
      #expect(Self.bar(Self.sample(20_000, freedom: .infinity, seed: seed)) < 5.2)
    }
  }

  @Test(arguments: [3.0, 5, 8]) func `degrees of freedom are recognised`(freedom: Double) {
    for seed in UInt64(1)...3 {
      let found = Self.freedom(Self.sample(20_000, freedom: freedom, seed: seed))
      #expect((0.8 * freedom...1.3 * freedom).contains(found), "\(found)")
    }
  }

  @Test func `a hundred gross outliers in five thousand do not teach the tail`() {
    for seed in UInt64(4)...6 {
      var values = Self.sample(5000, freedom: .infinity, seed: seed)
      let before = Self.bar(values)
      for i in stride(from: 0, to: values.count, by: 50) { values[i] = [5.0, 8, 30][i / 50 % 3] * (i % 4 == 0 ? 1 : -1) }
      #expect(Self.bar(values) < before + 1)
    }
  }

  @Test func `a few hundred normal residuals suffice to say that tails are not heavy, and one favour does not unsay it`() {
    // 1e-5 is what a screen of 400 sheets by all rules asks for; a t law with 5 degrees of freedom has it at 14.
    var bars: [Double] = []
    for seed in UInt64(1)...20 {
      var values = Self.sample(400, freedom: .infinity, seed: seed)
      bars.append(residualTail(of: values).quantile(upperTail: 5e-6))
      values[7] = 10
      #expect(residualTail(of: values).twoSided(10) < 1e-4)
    }
    #expect(median(bars) < 6.5 && bars.max()! < 10, "\(bars.sorted())")
  }

  @Test func `the largest of heavy-tailed residuals is no wonder`() {
    // p of the largest of n is uniform for p·n below 1; one in a thousand of 100 samples would be one too many.
    let least = (0..<100).map { seed -> Double in
      let values = Self.sample(400, freedom: 4, seed: UInt64(100 + seed))
      let median = median(values.map(abs))
      return residualTail(of: values).twoSided(values.map { abs($0) * 0.674489750196081743 / median }.max()!) * 400
    }
    #expect(least.count { $0 < 0.004 } <= 3, "\(least.sorted().prefix(5))")
  }

  @Test func `the unit of measurement does not matter`() {
    let values = Self.sample(5000, freedom: 5, seed: 6)
    let found = Self.freedom(values)
    #expect(Self.freedom(values.map { -$0 }) == found)
    #expect(Self.freedom(values.reversed()) == found)
    #expect(abs(Self.freedom(values.map { 1.3 * $0 }) - found) < 0.2)
  }

  @Test func `few residuals leave open what was open before`() {
    let prior = Self.freedom([])
    #expect((10...14).contains(prior))
    #expect(abs(Self.freedom([0.5, -0.7, 1.1]) - prior) < 2)
    #expect(Self.freedom([0, 0, 0]).isFinite)
    let some = Self.sample(300, freedom: 5, seed: 1)
    #expect(Self.freedom(some + [.nan, .infinity]) == Self.freedom(some))
  }

  @Test func `the averaged tail is the average of its laws' tails, and its quantile undoes it`() {
    let tail = ResidualTail([(.infinity, 0.7), (5, 0.2), (3, 0.1)])
    for z in [0.1, 2, 6, 20] {
      let sum =
        0.7 * ResidualTail(.infinity).upperTail(z) + 0.2 * ResidualTail(5).upperTail(z) + 0.1 * ResidualTail(3).upperTail(z)
      #expect(abs(tail.upperTail(z) / sum - 1) < 1e-12)
    }
    for p in [0.25, 0.01, 1e-6, 1e-12] { #expect(abs(tail.upperTail(tail.quantile(upperTail: p)) / p - 1) < 1e-6) }
  }

  @Test func `interpolated tails are right to eight digits`() {
    let samples = [[], Self.sample(20_000, freedom: .infinity, seed: 1), Self.sample(20_000, freedom: 3, seed: 1)]
    for tabulated in samples.map({ residualTail(of: $0) }) {
      let exact = ResidualTail(tabulated.probabilities)
      for z in stride(from: 0.0, to: 20, by: 0.0137) {
        #expect(abs(tabulated.upperTail(z) / exact.upperTail(z) - 1) < 1e-8, "\(z)")
      }
    }
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
