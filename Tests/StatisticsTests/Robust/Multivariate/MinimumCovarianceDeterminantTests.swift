import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct MinimumCovarianceDeterminantTests {
  struct Peer: Decodable {
    struct Fit: Decodable {
      let crit: Double
      let quan: Int
      let best: [Int]
      let center: [Double]
      let cov: [[Double]]
      let raw_center: [Double]
      let raw_cov: [[Double]]
      let cnp2, raw_cnp2: [Double]
      let wt: [Double]
      let mah, raw_mah: [Double]
    }
    let input: [[Double]]
    let fast, deterministic, fast75: Fit
    let exact: Fit?
  }

  private func expectSame(_ m: MinimumCovarianceDeterminant, _ peer: Peer.Fit, _ tolerance: Double = 1e-9) {
    #expect(m.subset.map { $0 + 1 } == peer.best)
    // covMcd's criterion has the divisor h − 1 as well.
    #expect(abs(m.objective - peer.crit) < 1e-9)
    #expect(relativeError(m.rawFactors.consistency, peer.raw_cnp2[0]) < 1e-10)
    #expect(relativeError(m.rawFactors.smallSample, peer.raw_cnp2[1]) < 1e-10)
    #expect(relativeError(m.factors.consistency, peer.cnp2[0]) < 1e-10)
    #expect(relativeError(m.factors.smallSample, peer.cnp2[1]) < 1e-10)
    for j in peer.center.indices {
      #expect(relativeError(m.reweighted.center[j], peer.center[j]) < tolerance)
      #expect(relativeError(m.raw.center[j], peer.raw_center[j]) < tolerance)
      for k in peer.center.indices {
        #expect(abs(m.reweighted.scatter[j, k] - peer.cov[j][k]) < tolerance * abs(peer.cov[j][j]))
        #expect(abs(m.raw.scatter[j, k] - peer.raw_cov[j][k]) < tolerance * abs(peer.raw_cov[j][j]))
      }
    }
    for i in peer.mah.indices {
      #expect(relativeError(m.distances[i], peer.mah[i]) < 1e-8)
      #expect(relativeError(m.rawDistances[i], peer.raw_mah[i]) < 1e-8)
    }
  }

  /// robustbase 0.95-0, `covMcd(nsamp = "exact")`: every elemental subset.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence), arguments: ["covMcd_stackloss", "covMcd_wood", "covMcd_starsCYG"])
  func exactSearchOfRobustbase(_ name: String) throws {
    let peer = try Oracle.read("R", name, as: Peer.self)
    var options = MinimumCovarianceDeterminant.Options()
    options.search = .exhaustive
    let m = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    if let exact = peer.exact { expectSame(m, exact) }
    #expect(m.objective <= min(peer.fast.crit, peer.deterministic.crit) + 1e-9)
  }

  /// robustbase 0.95-0: whatever it finds, the automatic search finds no worse.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence), arguments: ["covMcd_hbk", "covMcd_stackloss", "covMcd_wood", "covMcd_starsCYG"])
  func noWorseThanRobustbase(_ name: String) throws {
    let peer = try Oracle.read("R", name, as: Peer.self)
    let m = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input))
    #expect(m.subset.count == peer.fast.quan)
    #expect(m.objective <= min(peer.fast.crit, peer.deterministic.crit) + 1e-9)
    var options = MinimumCovarianceDeterminant.Options()
    options.share = 0.75
    let wide = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    #expect(wide.objective <= peer.fast75.crit + 1e-9)
    if wide.objective > peer.fast75.crit - 1e-9 { expectSame(wide, peer.fast75) }
    options.share = 0.5
    options.search = .deterministic
    let det = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    if abs(det.objective - peer.deterministic.crit) < 1e-9 { expectSame(det, peer.deterministic) }
  }
}
