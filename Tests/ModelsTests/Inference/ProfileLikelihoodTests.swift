import Foundation
import Models
import Testing

/// `confint` of lme4 1.1-31, R 4.2: it interpolates the profile, so it has four to six digits.
@Suite struct ProfileLikelihoodTests {
  func compare(_ fit: LinearMixedFit, _ expected: [(Double?, Double?)], digits: Double = 2e-4) throws {
    let intervals = try fit.profileIntervals()
    #expect(intervals.count == expected.count)
    for (interval, (lower, upper)) in zip(intervals, expected) {
      if let lower, let found = interval.lower {
        #expect(abs(found - lower) < digits * max(1, abs(lower)), "\(interval)")
      } else {
        #expect(interval.lower == nil && lower == nil, "\(interval)")
      }
      if let upper, let found = interval.upper {
        #expect(abs(found - upper) < digits * max(1, abs(upper)), "\(interval)")
      } else {
        #expect(interval.upper == nil && upper == nil, "\(interval)")
      }
    }
  }

  @Test func dyestuff() throws {
    try compare(
      PublishedTables.fit("score ~ 1 + (1 | unit)", "dyestuff"),
      [(12.198535, 84.063047), (38.229985, 67.657696), (1486.451500, 1568.548494)])
  }

  @Test func penicillin() throws {
    try compare(
      PublishedTables.fit("diameter ~ 1 + (1 | plate) + (1 | sample)", "penicillin"),
      [(0.63356579, 1.18210398), (1.09578927, 3.55629191), (0.48584540, 0.62945348), (21.26662738, 24.67781762)])
  }

  /// Units of equal means: their variance is zero at the estimates, and not where the mean is far from them or σ is small. Balanced, so the deviance has a
  /// closed form: with τ² = σ² + mσ_u² it is n log 2π + U log τ² + U(m − 1) log σ² + SSB/τ² + SSW/σ².
  @Test func aVarianceOfZeroMayRiseAlongTheProfile() throws {
    let scores: [[Double]] = [[1, 5, 9], [2, 5, 8], [3, 5, 7], [0, 5, 10], [4, 5, 6]]
    let (units, m) = (Double(scores.count), 3.0)
    var frame = ModelFrame()
    frame.add("unit", labels: scores.indices.flatMap { ["U\($0)", "U\($0)", "U\($0)"] })
    frame.add("score", scores.flatMap { $0 })
    let within = scores.reduce(0) { $0 + 2 * ($1[0] - 5) * ($1[0] - 5) }
    func deviance(_ between: Double, _ variance: Double) -> Double {
      let tau = max(variance, between / units)
      return units * m * log(2 * Double.pi) + units * log(tau) + units * (m - 1) * log(variance) + between / tau + within / variance
    }
    let least = deviance(0, within / (units * m))
    let fit = try LinearMixedModel(ModelDesign(ModelFormula("score ~ 1 + (1 | unit)"), frame)).fit(.ml)
    #expect(fit.terms[0].covariance[0, 0] == 0 && abs(fit.criterion - least) < 1e-9)
    let intervals = try fit.profileIntervals()
    let z2 = 1.959963984540054 * 1.959963984540054
    for end in [intervals[1].lower, intervals[1].upper] {
      #expect(abs(deviance(0, end! * end!) - least - z2) < 1e-5)
    }
    for end in [intervals[2].lower, intervals[2].upper] {
      let between = m * units * (end! - 5) * (end! - 5)
      #expect(abs(deviance(between, min(within / (units * (m - 1)), (within + between) / (units * m))) - least - z2) < 1e-5)
    }
  }

  /// Zero is not rejected for the batches.
  @Test func pastes() throws {
    try compare(
      PublishedTables.fit("strength ~ 1 + (1 | batch/cask)", "pastes"),
      [(0, 2.94659111), (2.15793371, 4.05358894), (0.65202336, 1.08544810), (58.66365038, 61.44301637)])
  }

  @Test func sleepstudy() throws {
    try compare(
      PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy"),
      [
        (14.38140588, 37.71599631), (-0.48150074, 0.68498598), (3.80116411, 8.75338317), (22.89826687, 28.85799654),
        (237.68069549, 265.12951462), (7.35865326, 13.57591875),
      ])
  }

  /// The correlation has no upper end: one is not rejected. R's interpolation is coarse beside the places where a deviation vanishes or the
  /// correlation becomes one: for these two ends the deviance was minimised with `optim` on lme4's `devFunOnly` function, which gave a signed root of
  /// 1.959964017 at 0.2316314 (R's own end, 0.2421287, has 1.9477), and 2.0107 at a correlation of −0.69.
  @Test func crossedSlopes() throws {
    let fit = try CrossedSlopes().fit("y ~ x + own + (x | rater) + (1 | unit)")
    try compare(
      fit,
      [
        (0.2316314, 3.460704261), (-0.6766242, nil), (0.747885697, 2.523478761), (2.003676890, 4.579688117), (2.149846137, 2.824209559),
        (58.612687359, 63.058365824), (0.127076041, 2.388841883), (0.401751151, 2.316245628),
      ])
  }
}
