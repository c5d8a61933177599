import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

/// The outliers that the literature knows, and those that other programs flag, in the classical data sets.
@Suite(.enabled(if: RobustClassics.isPresent)) struct KnownOutlierTests {
  /// A list that R's JSON writer shortens to its only element.
  struct Cases: Decodable {
    let numbers: [Int]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let one = try? container.decode(Int.self) { numbers = [one] } else { numbers = try container.decode([Int].self) }
    }
  }

  static let multivariate = [
    "hbk": RobustClassics.explanatory["hbk"]!, "wood": RobustClassics.explanatory["wood"]!,
    "starsCYG": ["log.Te", "log.light"], "Animals": ["log_body", "log_brain"],
  ]

  /// Hawkins, Bradu and Kass (1984); Rousseeuw and Leroy (1987) p. 243, p. 27, p. 57.
  @Test(arguments: multivariate.keys.sorted()) func mcdFindsThem(_ set: String) throws {
    let known = try RobustClassics.expected([set, "published", "outliers_multivariate"], as: Cases.self).numbers
    let m = try MinimumCovarianceDeterminant(RobustClassics.matrix(set, Self.multivariate[set]!))
    #expect(Set(m.outliers.map { $0 + 1 }).isSuperset(of: known))
    // They are the farthest of all. (Small samples have others beyond the cut, as the exact search of robustbase 0.95-0 has.)
    let farthest = m.distances.indices.sorted { m.distances[$0] > m.distances[$1] }.prefix(known.count)
    #expect(farthest.map { $0 + 1 }.sorted() == known)
  }

  /// Masking: classical distances show 12 and 14 only (package documentation: at most 12, 13 and 14).
  @Test func classicalDistancesAreMasked() throws {
    let x = try RobustClassics.design("hbk")
    let distances = try LocationScatter.classical(Observations(x)).squaredDistances(x)
    let cut = ChiSquared(degreesOfFreedom: 3).quantile(0.975)
    let expected = try RobustClassics.expected(["hbk", "recomputed", "mcd", "classical_flag975"], as: Cases.self).numbers
    #expect(distances.indices.filter { distances[$0] > cut }.map { $0 + 1 } == expected)
  }

  /// Rousseeuw and Leroy (1987): every regression outlier, and exactly what `ltsReg(nsamp = "exact")` flags.
  @Test(arguments: RobustClassics.response.keys.sorted()) func ltsFindsThem(_ set: String) throws {
    let known = try RobustClassics.expected([set, "published", "outliers_regression"], as: Cases.self).numbers
    let lts = try LeastTrimmedSquares(RobustClassics.design(set), RobustClassics.response(set))
    let found = lts.outliers().map { $0 + 1 }
    #expect(Set(found).isSuperset(of: known))
    #expect(found == (try RobustClassics.expected([set, "recomputed", "reg", "lts", "flag2.5"], as: Cases.self).numbers))
  }

  /// robustbase 0.95-0: `lmrob` with its defaults, robustness weights below 0.1. (On stackloss that is case 21 only.)
  @Test(arguments: RobustClassics.response.keys.sorted()) func mmFindsWhatLmrobFinds(_ set: String) throws {
    struct Fit: Decodable { let rweights: [Double] }
    let mm = try MMRegression(RobustClassics.design(set), RobustClassics.response(set))
    let peer = try RobustClassics.expected([set, "recomputed", "reg", "lmrob_default"], as: Fit.self)
    let flagged = try RobustClassics.expected([set, "recomputed", "reg", "lmrob_default", "flag_w0.1"], as: Cases.self).numbers
    #expect(mm.outliers().map { $0 + 1 } == flagged)
    // lmrob stops at a relative change of 1e-7.
    for i in peer.rweights.indices { #expect(abs(mm.weights[i] - peer.rweights[i]) < 1e-5) }
  }
}
