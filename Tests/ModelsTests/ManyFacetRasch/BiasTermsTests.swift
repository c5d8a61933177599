import Testing

@testable import Models

@Suite struct BiasTermsTests {
  private func guilford() throws -> (RaschExample, ManyFacetRaschFit) {
    let example = try RaschExample(RaschExample.guilford)
    return (example, try example.model.fit(options: RaschOptions(leavesUncentred: 0)))
  }

  /// The largest term: Brahe on Edward −1.30, SE .36, t −3.61, observed 14 against 27.02; chi-square 42.8 on 21 (survey of the field, V1).
  @Test func guilford1954Terms() throws {
    let (example, fit) = try guilford()
    let table = fit.biasTerms(between: 0, and: 1)
    #expect(table.terms.count == 21 && isClose(table.fixed.value, 42.8, 0.05) && table.fixed.degreesOfFreedom == 21)
    let largest = table.terms.max { abs($0.t) < abs($1.t) }!
    #expect(example.levels[0][largest.first] == "Brahe" && example.levels[1][largest.second] == "Edward")
    #expect(isClose(largest.size, -1.30, 0.005) && isClose(largest.standardError, 0.36, 0.005) && isClose(largest.t, -3.61, 0.005))
    #expect(largest.observed == 14 && isClose(largest.expected, 27.02, 0.005))
    // By the Student distribution on four degrees of freedom and 21 tests none is beyond chance.
    #expect(isClose(largest.pValue, 0.0226, 0.0001) && isClose(largest.qValue, 21 * largest.pValue, 1e-12))
  }

  /// Marks 0 and 10 instead of 0 and 1, the correction of extreme totals ten times as many points: all measures are ten times smaller. Expected scores are a
  /// steep stair then, on which Newton's steps alone go to and fro.
  @Test(arguments: [RaschMethod.joint(.none), .marginal]) func scoresFarApart(_ method: RaschMethod) throws {
    func fit(_ gap: Int) throws -> ManyFacetRaschFit {
      var columns: [String: [String]] = ["rater": [], "unit": [], "score": []]
      for (u, digit) in MarginalEvaluationTests.marks[1].enumerated() {
        for r in 0..<4 {
          columns["rater"]!.append("r\(r)")
          columns["unit"]!.append("u\(u)")
          columns["score"]!.append(String((digit.hexDigitValue! >> r & 1) * gap))
        }
      }
      let model = try RaschExample(columns, facets: ["rater", "unit"]).model
      return try model.fit(method, options: RaschOptions(extremeCorrection: 0.3 * Double(gap)))
    }
    let (near, far) = (try fit(1), try fit(10))
    for facet in 0...1 {
      for (a, b) in zip(far.measures(of: facet), near.measures(of: facet)) { #expect(isClose(10 * a, b, 1e-7)) }
    }
    let terms = (near.biasTerms(between: 0, and: 1).terms, far.biasTerms(between: 0, and: 1).terms)
    #expect(terms.0.count == terms.1.count)
    for (a, b) in zip(terms.1, terms.0) { #expect(isClose(10 * a.size, b.size, 1e-7) && isClose(a.t, b.t, 1e-7)) }
  }

  /// Table 14 for David: his measure with Brahe .26 (SE .30, observed less expected 1.56 a response), with Cavendish −1.08 (.35, −1.12). FACETS,
  /// which stops earlier, prints .25 (.29, 1.54) and −1.05 (.35), contrast 1.30, joint SE .45, t 2.86 on 8 degrees of freedom, p .0211.
  @Test func guilford1954Contrasts() throws {
    let (example, fit) = try guilford()
    let table = fit.biasTerms(between: 0, and: 1)
    let contrast = fit.contrasts(of: table).first {
      $0.target == example.level("David", 1) && example.levels[0][$0.first] == "Brahe" && example.levels[0][$0.second] == "Cavendish"
    }!
    #expect(isClose(contrast.firstMeasure, 0.26, 0.005) && isClose(contrast.secondMeasure, -1.08, 0.005))
    func term(_ rater: String) -> BiasTerm {
      table.terms.first { $0.first == example.level(rater, 0) && $0.second == example.level("David", 1) }!
    }
    #expect(isClose(term("Brahe").standardError, 0.30, 0.005) && isClose(term("Brahe").excess, 1.56, 0.005))
    #expect(isClose(term("Cavendish").standardError, 0.35, 0.005) && isClose(term("Cavendish").excess, -1.12, 0.005))
    #expect(isClose(contrast.difference, 1.30, 0.05) && isClose(contrast.standardError, 0.45, 0.015))
    #expect(isClose(contrast.t, 2.86, 0.06) && contrast.degreesOfFreedom == 8 && isClose(contrast.pValue, 0.0211, 0.002))
  }

  /// A term solves its own likelihood equation.
  @Test func totalsWithTheTerm() throws {
    let (example, fit) = try guilford()
    let thresholds = fit.thresholds(of: 0).map { $0! }
    for term in fit.biasTerms(between: 1, and: 0).terms {
      var expected = 0.0
      for criterion in fit.measures(of: 2) {
        let eta = fit.measures(of: 1)[term.first] - fit.measures(of: 0)[term.second] - criterion + term.size
        expected += 1 + NaiveRasch.moments(NaiveRasch.probabilities(eta, thresholds)).mean
      }
      #expect(isClose(expected, term.observed, 1e-8))
    }
    #expect(example.model.steps == 8)
  }
}
