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

  /// Every subset of h observations, by definition.
  @Test func findsTheMinimumOverAllSubsets() throws {
    let (x, y) = MMRegressionTests.sample(14, bad: 4)
    let lts = try LeastTrimmedSquares(x, y)
    let design = try RegressionDesign(x, y, intercept: true)
    var best = Double.infinity
    var rows = Array(0..<lts.subset.count)
    repeat {
      var weights = [Double](repeating: 0, count: 14)
      for i in rows { weights[i] = 1 }
      let residuals = design.residuals(try #require(design.fit(weights: weights)))
      best = min(best, rows.map { residuals[$0] * residuals[$0] }.reduce(0, +))
    } while Combinations.advance(&rows, count: 14)
    #expect(lts.subset.count == 9)
    #expect(relativeError(lts.objective, best) < 1e-9)
  }

  @Test func orderOfRowsPlaysNoPart() throws {
    let (x, y) = MMRegressionTests.sample(200, bad: 60)
    var stream = RandomStream(seed: 34, 1)
    let order = stream.permutation(200)
    let a = try LeastTrimmedSquares(x, y)
    let b = try LeastTrimmedSquares(Observations(x).selecting(order).matrix, order.map { y[$0] })
    #expect(a.coefficients == b.coefficients && a.scale == b.scale && a.objective == b.objective)
    #expect(Set(a.outliers()).isSuperset(of: 0..<60))
    #expect(b.outliers().map { order[$0] }.sorted() == a.outliers())
  }

  @Test func withoutIntercept() throws {
    let (x, y) = MMRegressionTests.sample(100)
    var options = LeastTrimmedSquares.Options()
    options.intercept = false
    let constant = Matrix(rows: 100, columns: 3, elements: [Double](repeating: 1, count: 100) + x.elements)
    let a = try LeastTrimmedSquares(constant, y, options: options)
    let b = try LeastTrimmedSquares(x, y)
    for j in 0..<3 { #expect(relativeError(a.rawCoefficients[j], b.rawCoefficients[j]) < 1e-9) }
  }
}
