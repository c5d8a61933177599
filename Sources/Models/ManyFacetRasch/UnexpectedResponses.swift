/// A response far from what the model expects.
public struct UnexpectedResponse: Sendable, Equatable {
  /// Number of the response in the model's own order of scores.
  public let response: Int
  public let score: Int
  public let expected: Double
  /// (x − E)/√V at the point estimates.
  public let standardisedResidual: Double
}

extension ManyFacetRaschFit {
  /// Active responses with |z| of at least `threshold`, largest first; of equal ones the smaller scores' canonical order decides.
  public func unexpectedResponses(threshold: Double = 2) -> [UnexpectedResponse] {
    var found: [(z: Double, o: Int)] = []
    for o in 0..<active.count {
      let z = (Double(active.category[o]) - moments.expected[o]) / moments.variance[o].squareRoot()
      if abs(z) >= threshold { found.append((z, o)) }
    }
    found.sort { (-abs($0.z), $0.o) < (-abs($1.z), $1.o) }
    return found.map { z, o in
      UnexpectedResponse(
        response: Int(active.source[o]), score: model.lowest + Int(active.category[o]),
        expected: Double(model.lowest) + moments.expected[o], standardisedResidual: z)
    }
  }
}
