import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct RobustPrincipalComponentsTests {
  struct Peer: Sendable {
    let set: String
    let variables: [String]
    let components: Int
    let eigenvalues, center: [Double]
    /// Row by row.
    let loadings: [[Double]]
    let scoreCut, orthogonalCut: Double
    let orthogonalDistances: [Double]
    let outliers: [Int]
  }

  static let peers = [
    Peer(
      set: "wood", variables: ["x1", "x2", "x3", "x4", "x5"], components: 2, eigenvalues: [0.01036074234100827, 0.00375797406988595],
      center: [0.584983322054069, 0.128369316594758, 0.528941931558182, 0.533804273747548, 0.893691338742294],
      loadings: [
        [-0.7525157329701, -0.2730060397019], [-0.0658702581259, 0.1957806625667], [-0.4088062608607, -0.1984774022628],
        [0.2901125607475, -0.9205972137278], [0.4220110471356, -0.0156564784971],
      ], scoreCut: 2.716203031481, orthogonalCut: 0.120028929073,
      orthogonalDistances: [
        0.084937595, 0.038617895, 0.048289538, 0.041244772, 0.028470178, 0.037472191, 0.113333064, 0.023073999, 0.090695376, 0.085439604,
        0.059716880, 0.070209267, 0.066863307, 0.028377901, 0.034128345, 0.025747899, 0.048563508, 0.071060119, 0.030909455, 0.073592297,
      ], outliers: [4, 6, 8, 19]),
    Peer(
      set: "wood", variables: ["x1", "x2", "x3", "x4", "x5"], components: 3,
      eigenvalues: [0.01549629381140138, 0.00363882494121695, 0.00166555658260984],
      center: [0.555109410110662, 0.118865340353100, 0.508525553975902, 0.537940190321203, 0.888583490805232],
      loadings: [
        [0.8968920878437, 0.2478012943701, -0.3253639217996], [0.1819488073936, -0.0253216612668, 0.0213858023453],
        [0.4026432570789, -0.5021523764238, 0.7386992256378], [0.0107715203186, -0.5753259992616, -0.5400428613136],
        [0.0155433629060, -0.5956478132292, -0.2373986685633],
      ], scoreCut: 3.0575159205630, orthogonalCut: 0.0695469418096,
      orthogonalDistances: [
        0.0296761507, 0.0019136944, 0.0406374962, 0.1648727591, 0.0282572731, 0.1708993232, 0.0159522607, 0.1605449809, 0.0064290885,
        0.0091463758, 0.0354488353, 0.0187123589, 0.0067860181, 0.0179516447, 0.0231655237, 0.0295049718, 0.0038731335, 0.0151261872,
        0.1739150774, 0.0109871567,
      ], outliers: [4, 6, 7, 8, 19]),
    Peer(
      set: "stackloss", variables: ["Air.Flow", "Water.Temp", "Acid.Conc.", "stack.loss"], components: 2,
      eigenvalues: [112.9020501732334, 28.0160829134624],
      center: [57.3698142506171, 20.2818664602093, 85.8382517199203, 14.0552649888209],
      loadings: [
        [-0.605183303612, 0.332053066168], [-0.192759427195, 0.113625379921], [-0.529798288605, -0.846146395910],
        [-0.562059379112, 0.401081426864],
      ], scoreCut: 2.71620303148, orthogonalCut: 6.07630809569,
      orthogonalDistances: [
        4.19713365, 0.75653529, 4.39469949, 6.67638447, 0.52054834, 1.35176399, 2.16068402, 2.33113902, 2.41044307, 2.42227236, 2.35394814,
        3.32064102, 3.35720691, 1.82828419, 1.11696130, 0.23875894, 0.96822148, 1.06097316, 2.16050685, 1.42488362, 8.32332636,
      ], outliers: [1, 2, 3, 4, 21]),
  ]

  /// rrcov 1.7-2: `PcaHubert(x, k, mcd = FALSE, alpha = 0.75)`. With so few observations both take all pairs as directions.
  @Test(.enabled(if: RobustClassics.isPresent), arguments: peers.indices)
  func pcaHubertOfRrcov(_ number: Int) throws {
    let peer = Self.peers[number]
    var options = RobustPrincipalComponents.Options()
    options.components = peer.components
    let pca = try RobustPrincipalComponents(RobustClassics.matrix(peer.set, peer.variables), options: options)
    for l in 0..<peer.components {
      #expect(relativeError(pca.eigenvalues[l], peer.eigenvalues[l]) < 1e-11)
      // The sign of an axis is arbitrary; ours makes its largest element positive.
      let column = peer.loadings.map { $0[l] }
      let largest = column.max { abs($0) < abs($1) }!
      for j in column.indices { #expect(abs(pca.loadings[j, l] - (largest < 0 ? -1 : 1) * column[j]) < 1e-11) }
    }
    for j in peer.center.indices { #expect(relativeError(pca.center[j], peer.center[j]) < 1e-12) }
    for i in peer.orthogonalDistances.indices { #expect(relativeError(pca.orthogonalDistances[i], peer.orthogonalDistances[i]) < 3e-7) }
    #expect(relativeError(pca.scoreCut, peer.scoreCut) < 1e-11)
    // R rounds the constant of the median absolute deviation to 1.4826.
    #expect(relativeError(pca.orthogonalCut, peer.orthogonalCut) < 3e-6)
    #expect(pca.outliers.map { $0 + 1 } == peer.outliers)
  }

  /// Many variables, few observations, an outlier of each kind: beside the plane, far out within it, and both.
  private func planted() -> (matrix: Matrix, loadings: Matrix) {
    var stream = RandomStream(seed: 11, 1)
    let (n, p) = (60, 200)
    var axes = Matrix(rows: p, columns: 2)
    for j in 0..<p {
      axes[j, 0] = sin(Double(j) / 20)
      axes[j, 1] = cos(Double(j) / 9)
    }
    var x = Matrix(rows: n, columns: p)
    for i in 0..<n {
      let (a, b) = (4 * stream.normal(), 2 * stream.normal())
      for j in 0..<p { x[i, j] = 5 + a * axes[j, 0] + b * axes[j, 1] + 0.3 * stream.normal() }
    }
    for j in 0..<p {
      for i in 0..<4 { x[i, j] += j % 7 == i ? 15 : 0 }
      for i in 4..<8 { x[i, j] += 35 * axes[j, 0] }
      for i in 8..<12 { x[i, j] += 40 * axes[j, 1] + (j % 5 == i - 8 ? 15 : 0) }
    }
    return (x, axes)
  }

  @Test func findsPlantedOutliersOfAllKinds() throws {
    let (x, axes) = planted()
    var options = RobustPrincipalComponents.Options()
    options.components = 2
    let pca = try RobustPrincipalComponents(x, options: options)
    for i in 0..<4 { #expect(pca.orthogonalDistances[i] > 2 * pca.orthogonalCut) }
    for i in 4..<8 { #expect(pca.scoreDistances[i] > 2 * pca.scoreCut && pca.orthogonalDistances[i] < 2 * pca.orthogonalCut) }
    for i in 8..<12 { #expect(pca.scoreDistances[i] > 2 * pca.scoreCut && pca.orthogonalDistances[i] > 2 * pca.orthogonalCut) }
    #expect(pca.outliers.count < 12 + 8)
    // The plane is that of the honest observations.
    for k in 0..<2 {
      let axis = axes.column(k)
      let inside = pca.loadings.multiplied(by: pca.loadings.transposeMultiplied(by: axis))
      #expect(dot(inside, inside) > 0.99 * dot(axis, axis))
    }
    // Without a number of components two are found as well.
    #expect(try RobustPrincipalComponents(x).eigenvalues.count == 2)
  }

  @Test func orderOfRowsPlaysNoPart() throws {
    let (x, _) = planted()
    var stream = RandomStream(seed: 12, 1)
    let order = stream.permutation(x.rows)
    let a = try RobustPrincipalComponents(x)
    let b = try RobustPrincipalComponents(Observations(x).selecting(order).matrix)
    #expect(a.eigenvalues == b.eigenvalues && a.loadings == b.loadings && a.center == b.center)
    for (place, i) in order.enumerated() { #expect(b.scoreDistances[place] == a.scoreDistances[i]) }
  }

  /// Scores within the plane and off it rebuild the data: ‖x − center‖² = ‖t‖² + OD².
  @Test func distancesFollowPythagoras() throws {
    let (x, _) = planted()
    let pca = try RobustPrincipalComponents(x)
    for i in 0..<x.rows {
      var (whole, within, score) = (0.0, 0.0, 0.0)
      for j in 0..<x.columns { whole += (x[i, j] - pca.center[j]) * (x[i, j] - pca.center[j]) }
      for l in pca.eigenvalues.indices {
        within += pca.scores[i, l] * pca.scores[i, l]
        score += pca.scores[i, l] * pca.scores[i, l] / pca.eigenvalues[l]
      }
      #expect(relativeError(within + pca.orthogonalDistances[i] * pca.orthogonalDistances[i], whole) < 1e-9)
      #expect(relativeError(score.squareRoot(), pca.scoreDistances[i]) < 1e-12)
    }
  }
}
