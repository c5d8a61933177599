import Foundation
import Models

/// A linear congruence, so that every run sees the same campaign.
struct Congruence {
  var state: UInt64 = 7

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }

  mutating func uniform() -> Double { (Double(next()) + 0.5) / Double(1 << 31) }
  mutating func below(_ bound: Int) -> Int { Int(next()) % bound }

  /// Twelve uniform numbers less six: near enough to normal.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += Double(next()) / Double(1 << 31) }
    return sum
  }
}

/// Simulated scores: unit effect + rater effect + noise about 60, or about 3.5 on a scale of half stars.
struct SimulatedRatings {
  let factors: [GroupingFactor]
  let response: [Double]
  /// Realised variances of the effects and the noise, before rounding.
  let truth: [Double]

  /// - Parameter step: scores are rounded to it and kept within 0.5 to 5; nil for neither.
  init(
    units unitCount: Int, raters raterCount: Int, unitDeviation: Double, raterDeviation: Double, noise: Double, step: Double?,
    ratersOf: (Int, inout Congruence) -> [Int32]
  ) {
    var generator = Congruence()
    let raterEffects = (0..<raterCount).map { _ in raterDeviation * generator.normal() }
    var units: [Int32] = []
    var raters: [Int32] = []
    var y: [Double] = []
    var (unitSquares, noiseSquares) = (0.0, 0.0)
    for unit in 0..<unitCount {
      let effect = unitDeviation * generator.normal()
      unitSquares += effect * effect
      for rater in ratersOf(unit, &generator) {
        units.append(Int32(unit))
        raters.append(rater)
        let error = noise * generator.normal()
        noiseSquares += error * error
        let value = (step == nil ? 60 : 3.5) + effect + raterEffects[Int(rater)] + error
        y.append(step.map { min(max((value / $0).rounded() * $0, 0.5), 5) } ?? value)
      }
    }
    factors = [GroupingFactor("unit", codes: units, levels: unitCount), GroupingFactor("rater", codes: raters, levels: raterCount)]
    response = y
    truth = [
      unitSquares / Double(unitCount), raterEffects.reduce(0) { $0 + $1 * $1 } / Double(raterCount), noiseSquares / Double(max(y.count, 1)),
    ]
  }

  /// The shape of MovieLens 25M: 162,000 users, whose activity is log-normal with a median of 71 and at least 20, rate 59,000 films,
  /// whose popularity falls like rank^(−1) beyond the first hundred. Half stars from 0.5 to 5. No user rates a film twice.
  static func movieLensLike(ratings: Int) -> SimulatedRatings {
    let scale = Double(ratings) / 25_000_000
    let users = Int(162_000 * scale)
    let films = Int(59_000 * scale.squareRoot())
    let total = log(Double(films + 100) / 100)
    var seen = [Int32](repeating: -1, count: films)
    return SimulatedRatings(units: users, raters: films, unitDeviation: 0.45, raterDeviation: 0.5, noise: 0.8, step: 0.5) {
      user, generator in
      // The mean of exp(1.25 z) is 2.18: 25,000,000 / 162,000 ratings a user on average.
      let wanted = min(max(20, Int(71 * exp(1.25 * generator.normal()))), films / 4)
      var result: [Int32] = []
      result.reserveCapacity(wanted)
      while result.count < wanted {
        let film = min(Int(100 * (exp(generator.uniform() * total) - 1)), films - 1)
        if seen[film] != Int32(user) {
          seen[film] = Int32(user)
          result.append(Int32(film))
        }
      }
      return result
    }
  }
}

func fitSimulated(_ name: String, _ ratings: SimulatedRatings) throws {
  print("\(name): \(ratings.response.count) scores, \(ratings.factors.map(\.levels)) levels, true variances \(ratings.truth)")
  let (start, cpu) = (Date(), clock())
  let fit = try CrossedModel(response: ratings.response, factors: ratings.factors).fit()
  report(name, fit.criterion, fit.components, fit.account, since: start, cpu)
}

/// Seconds of user and system time against size. Every unit is seen by five raters, every rater sees 500 units, so raters grow with the scores:
/// 20 at 10⁴ to 20,000 at 10⁷. The dense block is used up to its limit, conjugate gradients beyond: both are named.
func costAgainstSize(_ sizes: [Int]) throws {
  for limit in [0, CrossedModel.denseLimit] {
    print(limit == 0 ? "conjugate gradients throughout" : "the engine chosen by size (dense up to \(limit) raters)")
    var points: [(Double, Double)] = []
    for size in sizes {
      let raters = size / 500
      let ratings = SimulatedRatings(
        units: size / 5, raters: raters, unitDeviation: 8, raterDeviation: 3.5, noise: 4, step: nil
      ) { _, generator in
        (0..<5).map { _ in Int32(generator.below(raters)) }
      }
      // The least of several runs; a short one takes part in more.
      var best = Double.infinity
      var account: FitAccount?
      var shares: [Double] = []
      for _ in 0..<max(2, min(7, 2_000_000 / size)) {
        let cpu = clock()
        let fit = try CrossedModel(response: ratings.response, factors: ratings.factors, denseLimit: limit).fit()
        best = min(best, Double(clock() - cpu) / Double(CLOCKS_PER_SEC))
        account = fit.account
        shares = fit.components.map(\.variance)
      }
      points.append((log10(Double(ratings.response.count)), log10(best)))
      print(
        "  \(ratings.response.count) scores, \(raters) raters: \(String(format: "%.4f", best)) cpu s"
          + "  evaluations \(account!.evaluations)  Monte Carlo error \(String(format: "%.1e", account!.monteCarloError))  \(shares)")
    }
    let (mx, my) = (points.reduce(0) { $0 + $1.0 } / Double(points.count), points.reduce(0) { $0 + $1.1 } / Double(points.count))
    let slope = points.reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / points.reduce(0) { $0 + ($1.0 - mx) * ($1.0 - mx) }
    print("  slope on the log–log plot \(String(format: "%.3f", slope))")
  }
}
