import Foundation
import Testing

@testable import Statistics

@Suite struct StudentizedRangeTests {
  /// ν = 0 in the table stands for infinite degrees of freedom.
  @Test(arguments: MPMath.studentizedRange) func tails(row: [Double]) {
    let d = StudentizedRange(groups: Int(row[0]), degreesOfFreedom: row[1] == 0 ? .infinity : row[1])
    expectTails(d, at: row[2], lower: row[3], upper: row[4], 2e-13, "q(\(row[0]), \(row[1]))")
  }

  /// Harter (1960), tables of the studentized range, as in every textbook: upper 5 % and 1 % points.
  @Test func harter1960() {
    let table: [(k: Int, nu: Double, p: Double, q: Double)] = [
      (2, 10, 0.05, 3.151), (3, 10, 0.05, 3.877), (5, 20, 0.05, 4.232), (10, 60, 0.05, 4.646), (3, 10, 0.01, 5.270), (20, 120, 0.01, 5.827),
    ]
    for row in table {
      let q = StudentizedRange(groups: row.k, degreesOfFreedom: row.nu).quantile(upperTail: row.p)
      #expect(abs(q - row.q) < 1e-3, "q(\(row.k), \(row.nu)) = \(q)")
    }
  }

  /// Of two groups the range is √2 |t|.
  @Test func twoGroups() {
    for nu in [1, 4.5, 30] {
      for q in [0.2, 2, 11] {
        let range = StudentizedRange(groups: 2, degreesOfFreedom: nu).upperTail(q)
        #expect(relativeError(range, StudentT(degreesOfFreedom: nu).twoSided(q / 2.0.squareRoot())) < 2e-13, "ν = \(nu), q = \(q)")
      }
    }
  }

  @Test func densityIsSlope() {
    expectDensity(StudentizedRange(groups: 4, degreesOfFreedom: 9), [0.8, 3], "q")
    expectDensity(StudentizedRange(groups: 3, degreesOfFreedom: .infinity), [0.8, 3], "range")
  }

  @Test func ends() {
    let d = StudentizedRange(groups: 3, degreesOfFreedom: 5)
    #expect(d.upperTail(0) == 1 && d.lowerTail(-1) == 0 && d.upperTail(.infinity) == 0 && d.quantile(0) == 0 && d.quantile(1) == .infinity)
    #expect(d.upperTail(.nan).isNaN && d.quantile(2).isNaN && d.density(0) == 0)
  }
}
