import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct OrthogonalizedPairsTests {
  struct Peer: Decodable {
    struct Fit: Decodable {
      let center: [Double]
      let cov: [[Double]]
      let wcenter: [Double]
      let wcov: [[Double]]
    }
    let input: [[Double]]
    let ogk: Fit

    enum CodingKeys: String, CodingKey {
      case input
      case ogk = "ogk_tau"
    }
  }

  /// robustbase 0.95-0: `covOGK(x, sigmamu = scaleTau2)`, weights by `hard.rejection` at 0.9.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence), arguments: ["covMcd_hbk", "covMcd_stackloss", "covMcd_wood", "covMcd_starsCYG"])
  func covOGKOfRobustbase(_ name: String) throws {
    let peer = try Oracle.read("R", name, as: Peer.self)
    let ogk = try OrthogonalizedPairs(Matrix(rowArrays: peer.input))
    for j in peer.ogk.center.indices {
      #expect(relativeError(ogk.raw.center[j], peer.ogk.center[j]) < 1e-9)
      #expect(relativeError(ogk.reweighted.center[j], peer.ogk.wcenter[j]) < 1e-9)
      for k in peer.ogk.center.indices {
        #expect(abs(ogk.raw.scatter[j, k] - peer.ogk.cov[j][k]) < 1e-9 * peer.ogk.cov[j][j])
        #expect(abs(ogk.reweighted.scatter[j, k] - peer.ogk.wcov[j][k]) < 1e-9 * peer.ogk.wcov[j][j])
      }
    }
  }

  @Test func tauScaleIsConsistentAndResistant() {
    var stream = RandomStream(seed: 3, 1)
    var x = [Double](repeating: 0, count: 200_000)
    stream.fillNormal(&x)
    let clean = RobustScale.tau(x)
    #expect(abs(clean.scale - 1) < 0.01 && abs(clean.location) < 0.01)
    for i in 0..<90_000 { x[i] = 1e9 }
    let dirty = RobustScale.tau(x)
    #expect(dirty.scale < 6 && abs(dirty.location) < 2)
    #expect(RobustScale.tau([2, 2, 2, 5]).scale == 0)
    #expect(RobustScale.tau([]).scale.isNaN)
  }

  @Test func followsScalesAndPermutationsOfVariables() throws {
    var stream = RandomStream(seed: 4, 1)
    var x = Matrix(rows: 80, columns: 3)
    for i in 0..<80 {
      let a = stream.normal()
      x[i, 0] = a + (i < 10 ? 20 : 0)
      x[i, 1] = 0.5 * a + stream.normal()
      x[i, 2] = stream.normal() - a
    }
    let ogk = try OrthogonalizedPairs(x)
    let factors = [2.0, 0.1, 30]
    var other = Matrix(rows: 80, columns: 3)
    for i in 0..<80 { for j in 0..<3 { other[i, 2 - j] = 7 + factors[j] * x[i, j] } }
    let moved = try OrthogonalizedPairs(other)
    for j in 0..<3 {
      #expect(relativeError(moved.reweighted.center[2 - j], 7 + factors[j] * ogk.reweighted.center[j]) < 1e-9)
      for k in 0..<3 {
        #expect(abs(moved.raw.scatter[2 - j, 2 - k] - factors[j] * factors[k] * ogk.raw.scatter[j, k]) < 1e-9 * factors[j] * factors[k])
      }
    }
    #expect(ogk.weights.prefix(10).allSatisfy { !$0 })
    #expect(throws: RobustEstimateError.noScale(column: 1)) {
      try OrthogonalizedPairs(Matrix(rowArrays: [[1, 2], [2, 2], [3, 2], [4, 5]]))
    }
  }
}
