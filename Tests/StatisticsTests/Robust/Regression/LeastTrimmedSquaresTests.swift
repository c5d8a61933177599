import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct LeastTrimmedSquaresTests {
  struct Peer: Decodable {
    let coef: [Double]
    let scale: Double
    let stdres: [Double]
  }

  /// robustbase 0.95-0: `ltsReg(nsamp = "exact")`, to the ten digits of the file.
  @Test(.enabled(if: RobustClassics.isPresent), arguments: RobustClassics.response.keys.sorted())
  func ltsRegOfRobustbase(_ set: String) throws {
    let peer = try RobustClassics.expected([set, "recomputed", "reg", "lts"], as: Peer.self)
    let lts = try LeastTrimmedSquares(RobustClassics.design(set), RobustClassics.response(set))
    #expect(relativeError(lts.scale, peer.scale) < 1e-9)
    for (ours, theirs) in zip(lts.coefficients, peer.coef) { #expect(relativeError(ours, theirs) < 1e-8) }
    for (ours, theirs) in zip(lts.standardizedResiduals, peer.stdres) { #expect(abs(ours - theirs) < 1e-8 * (1 + abs(theirs))) }
  }
}
