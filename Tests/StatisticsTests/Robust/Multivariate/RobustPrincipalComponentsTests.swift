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
    print(peer.set, pca.eigenvalues, pca.center, pca.scoreCut, pca.orthogonalCut, pca.outliers, pca.loadings.elements)
  }
}
