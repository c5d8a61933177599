import Testing

@testable import Models

@Suite struct UnexpectedResponsesTests {
  /// Five responses with |z| ≥ 2, all Brahe's (survey of the field, V1).
  @Test func guilford1954() throws {
    let example = try RaschExample(RaschExample.guilford)
    let fit = try example.model.fit()
    let found = fit.unexpectedResponses()
    #expect(found.count == 5)
    for response in found {
      #expect(example.levels[0][Int(example.model.facets[0].codes[response.response])] == "Brahe")
      #expect(Int(example.model.scores[response.response]) == response.score)
    }
    #expect(zip(found, found.dropFirst()).allSatisfy { abs($0.standardisedResidual) >= abs($1.standardisedResidual) })
    #expect(fit.unexpectedResponses(threshold: 0).count == 105)
  }
}
