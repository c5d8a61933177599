import Foundation
import Testing

@testable import Statistics

@Suite struct TracyWidomTests {
  @Test(arguments: MPMath.airy) func airy(row: [Double]) {
    let (value, slope) = Airy.valueAndSlope(row[0])
    // Relative above 0; below, relative to the envelope |x|^(∓1/4)/√π.
    let envelope = row[0] > 0 ? (abs(row[1]), abs(row[2])) : (0.56 / pow(max(0.5, -row[0]), 0.25), 0.56 * pow(max(0.5, -row[0]), 0.25))
    #expect(
      abs(value - row[1]) < 2e-14 * envelope.0 * max(1, row[0]) && abs(slope - row[2]) < 2e-14 * envelope.1 * max(1, row[0]),
      "Ai at \(row[0])")
  }

  /// Determinants of order 90 with 32 digits.
  @Test(arguments: MPMath.tracyWidom) func tails(row: [Double]) {
    for (i, symmetry) in TracyWidom.Symmetry.allCases.enumerated() {
      let d = TracyWidom(symmetry)
      let (lower, upper) = (row[1 + 2 * i], row[2 + 2 * i])
      #expect(abs(d.lowerTail(row[0]) - exp(lower)) < 1e-14, "F at \(row[0])")
      #expect(relativeError(d.upperTail(row[0]), exp(upper)) < 1e-13 * max(1, row[0]) + 3e-14, "1 − F\(symmetry.rawValue) at \(row[0])")
    }
  }

  /// Bornemann (2010): F₂(−2) = 0.41322 41425 05125 75, and means and variances of the three.
  @Test func bornemann2010() {
    #expect(abs(TracyWidom(.unitary).lowerTail(-2) - 0.413224142505121) < 5e-15)
    let moments: [(TracyWidom.Symmetry, Double, Double)] = [
      (.orthogonal, -1.206533574582, 1.607781034581), (.unitary, -1.771086807411, 0.8131947928329),
      (.symplectic, -3.262427902849, 1.035447441541),
    ]
    for (symmetry, mean, variance) in moments {
      let d = TracyWidom(symmetry)
      // The trapezoidal rule on a density with such tails is exact.
      var (total, first, second) = (0.0, 0.0, 0.0)
      for i in 0...55 {
        let s = -11 + 0.4 * Double(i)
        let f = 0.4 * d.density(s)
        total += f
        first += s * f
        second += s * s * f
      }
      #expect(
        abs(total - 1) < 1e-7 && abs(first - mean) < 1e-6 && abs(second - first * first - variance) < 1e-5, "β = \(symmetry.rawValue)")
    }
  }

  /// Johnstone (2001), table 1: percentiles of F₁.
  @Test func johnstone2001() {
    for (s, p) in [
      (-3.90, 0.01), (-3.18, 0.05), (-2.78, 0.10), (-1.91, 0.30), (-1.27, 0.50), (-0.59, 0.70), (0.45, 0.90), (0.98, 0.95), (2.02, 0.99),
    ] {
      #expect(abs(TracyWidom().quantile(p) - s) < 0.006)
    }
  }

  @Test func quantilesAndSlopes() {
    for symmetry in TracyWidom.Symmetry.allCases {
      let d = TracyWidom(symmetry)
      for p in [1e-30, 1e-5, 0.2] {
        #expect(abs(d.logUpperTail(d.quantile(upperTail: p)) - log(p)) < 1e-11, "\(p)")
      }
      #expect(abs(d.lowerTail(d.quantile(1e-4)) - 1e-4) < 1e-13)
      expectDensity(d, [-4, -1.5, 1], "β = \(symmetry.rawValue)")
    }
  }

  /// Determinant and asymptotic series meet to about 1 %, and the tail goes on downwards.
  @Test func farLeft() {
    for symmetry in TracyWidom.Symmetry.allCases {
      let d = TracyWidom(symmetry)
      #expect(abs(d.logLowerTail(-7.5 - 1e-9) - d.logLowerTail(-7.5 + 1e-9)) < 0.02, "β = \(symmetry.rawValue)")
      #expect(d.logLowerTail(-30) < -1000 && d.quantile(logLowerTail: d.logLowerTail(-20)) < -19.99)
    }
    #expect(TracyWidom().upperTail(200) == 0 && TracyWidom().upperTail(-200) == 1 && TracyWidom().upperTail(.nan).isNaN)
  }
}
