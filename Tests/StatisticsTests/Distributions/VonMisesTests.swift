import Foundation
import Testing

@testable import Statistics

@Suite struct VonMisesTests {
  @Test(arguments: MPMath.vonMises) func tails(row: [Double]) {
    let d = VonMises(concentration: row[0])
    expectTails(d, at: row[1], lower: row[2], upper: row[3], 5e-14, "κ = \(row[0])")
    // Turning the circle changes nothing but rounding of the angle.
    let turned = VonMises(mean: 10, concentration: row[0])
    #expect(relativeError(turned.logUpperTail(row[1] + 10), row[3]) < 1e-13 * max(1, row[0]) || abs(row[3]) < 1e-14)
  }

  @Test func uniform() {
    let d = VonMises(concentration: 0)
    #expect(abs(d.upperTail(1) - (0.5 - 0.5 / Double.pi)) < 1e-15 && abs(d.quantile(0.75) - Double.pi / 2) < 1e-14)
    #expect(relativeError(d.density(2), 0.5 / Double.pi) < 1e-14)
  }

  @Test func densityIsSlope() { expectDensity(VonMises(mean: 0.3, concentration: 2.5), [-1, 0.3, 2], "von Mises") }

  /// scipy 1.12.0: special.ive(0, k), special.ive(1, k).
  @Test func bessels() {
    for (k, zero, one) in [
      (0.5, 0.6450352704491501, 0.15642080318487167), (10, 0.12783333716342862, 0.12126268138445553),
      (700, 0.015081295651531358, 0.015070519444716846),
    ] {
      let ours = VonMises.scaledBessels(k)
      #expect(relativeError(ours.zero, zero) < 1e-14 && relativeError(ours.one, one) < 1e-14, "κ = \(k): \(ours)")
    }
  }

  @Test func estimates() {
    for k in [1e-3, 0.4, 3, 55, 800] {
      let (zero, one) = VonMises.scaledBessels(k)
      #expect(relativeError(CircularSummary.concentration(resultantLength: one / zero), k) < 1e-10)
    }
    #expect(CircularSummary.concentration(resultantLength: 1) == .infinity && CircularSummary.concentration(resultantLength: 0) == 0)
    // Zar (2010), example 26.1/27.1: eight trees' directions; R̄ = 0.82522, mean 99°, and Rayleigh z = 5.448, 0.001 < P < 0.002.
    let summary = CircularSummary([45, 55, 81, 96, 110, 117, 132, 154].map { $0 * Double.pi / 180 })
    #expect(abs(summary.resultantLength - 0.82522) < 1e-5 && abs(summary.meanDirection * 180 / Double.pi - 99) < 0.5)
    #expect(summary.rayleighPValue > 0.001 && summary.rayleighPValue < 0.002)
    #expect(CircularSummary([]).rayleighPValue == 1 && CircularSummary([]).meanDirection.isNaN)
  }
}
