import Foundation
import Statistics
import Testing

@Suite struct MultiplicityTests {
  /// The 15 p-values of Benjamini and Hochberg (1995), section 4.1.
  let published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000,
  ]

  /// The paper: at .05 the FDR procedure rejects four hypotheses, Bonferroni three.
  @Test func benjaminiHochberg1995() {
    #expect(FalseDiscoveryRate.benjaminiHochberg(published).count { $0 <= 0.05 } == 4)
    #expect(FamilywiseError.bonferroni(published).count { $0 <= 0.05 } == 3)
  }

  @Test(.enabled(if: Oracle.isPresent, Oracle.absence)) func agreesWithPAdjust() throws {
    let r = try Oracle.read("R", "p_adjust_BH1995", as: [String: [Double]].self)
    let input = try #require(r["input"])
    for (name, ours, theirs) in [
      ("BH", FalseDiscoveryRate.benjaminiHochberg(input), r["BH"]), ("BY", FalseDiscoveryRate.benjaminiYekutieli(input), r["BY"]),
      ("holm", FamilywiseError.holm(input), r["holm"]), ("hochberg", FamilywiseError.hochberg(input), r["hochberg"]),
      ("bonferroni", FamilywiseError.bonferroni(input), r["bonferroni"]),
    ] {
      let expected = try #require(theirs)
      for (a, b) in zip(ours, expected) { #expect(relativeError(a, b) < 1e-13, "\(name)") }
    }
  }

  /// Straight from the definitions, in quadratic time.
  private func naiveBH(_ p: [Double]) -> [Double] {
    p.map { own in
      p.filter { $0 >= own }.map { larger in Double(p.count) * larger / Double(p.count { $0 <= larger }) }.min().map { min(1, $0) } ?? 1
    }
  }

  @Test func agreesWithDefinitionAndIgnoresOrder() {
    var stream = RandomStream(seed: 21)
    for round in 0..<40 {
      // Coarse values, so that there are many ties.
      var p = (0..<(round + 1)).map { _ in Double(stream.below(20)) / 19 * (stream.bernoulli(0.5) ? 0.05 : 1) }
      let q = FalseDiscoveryRate.benjaminiHochberg(p)
      for (a, b) in zip(q, naiveBH(p)) { #expect(abs(a - b) < 1e-15) }
      let by = Dictionary(zip(p, q), uniquingKeysWith: { a, b in a == b ? a : .nan })
      let holm = Dictionary(zip(p, FamilywiseError.holm(p)), uniquingKeysWith: { max($0, $1) })
      let cauchy = CombinedPValue.cauchy(p)
      let fisher = CombinedPValue.fisher(p)
      stream.shuffle(&p)
      #expect(FalseDiscoveryRate.benjaminiHochberg(p) == p.map { by[$0]! })
      #expect(Dictionary(zip(p, FamilywiseError.holm(p)), uniquingKeysWith: { max($0, $1) }) == holm)
      #expect(CombinedPValue.cauchy(p) == cauchy && CombinedPValue.fisher(p) == fisher)
      let logs = FalseDiscoveryRate.benjaminiHochberg(logPValues: p.map { log($0) })
      for (a, b) in zip(logs, FalseDiscoveryRate.benjaminiHochberg(p)) { #expect(relativeError(exp(a), b) < 1e-13) }
      let even = FalseDiscoveryRate.weightedBenjaminiHochberg(p, weights: p.map { _ in 3 })
      for (a, b) in zip(even, FalseDiscoveryRate.benjaminiHochberg(p)) { #expect(abs(a - b) < 1e-14) }
    }
  }

  @Test func untestedHypothesesDoNotCount() {
    let q = FalseDiscoveryRate.benjaminiHochberg([0.01, .nan, 0.03])
    #expect(q[0] == 0.02 && q[1].isNaN && q[2] == 0.03)
    #expect(FalseDiscoveryRate.benjaminiHochberg([0.01, 0.03], tests: 10)[0] == 0.1)
    #expect(FamilywiseError.holm([0.01, .nan])[0] == 0.01 && FamilywiseError.bonferroni([.nan])[0].isNaN)
    #expect(FalseDiscoveryRate.benjaminiHochberg([]).isEmpty && CombinedPValue.cauchy([]).isNaN)
    #expect(FalseDiscoveryRate.weightedBenjaminiHochberg([0.001, 0.2], weights: [0, 2]) == [1, 0.2])
    #expect(FalseDiscoveryRate.benjaminiHochberg(logPValues: [-2000, -1])[0] == -2000 + log(2))
  }

  /// False discovery proportion of BH on independent tests is π₀ α in the mean; weighted BH and e-BH stay at or below α.
  @Test func controlsTheFalseDiscoveryRate() {
    var proportions = (bh: 0.0, weighted: 0.0, e: 0.0)
    let rounds = 2000
    for round in 0..<rounds {
      var stream = RandomStream(seed: 22, UInt64(round))
      let z = (0..<100).map { stream.normal() + ($0 < 20 ? 3 : 0) }
      let p = z.map { Normal.upperTail($0) }
      func proportion(_ q: [Double]) -> Double {
        let rejected = q.indices.filter { q[$0] <= 0.2 }
        return rejected.isEmpty ? 0 : Double(rejected.count { $0 >= 20 }) / Double(rejected.count)
      }
      proportions.bh += proportion(FalseDiscoveryRate.benjaminiHochberg(p)) / Double(rounds)
      let weights = (0..<100).map { $0 < 40 ? 2.0 : 1.0 / 3 }
      proportions.weighted += proportion(FalseDiscoveryRate.weightedBenjaminiHochberg(p, weights: weights)) / Double(rounds)
      // A likelihood ratio is an e-value.
      proportions.e += proportion(FalseDiscoveryRate.eBenjaminiHochberg(z.map { exp(3 * $0 - 4.5) })) / Double(rounds)
    }
    #expect(abs(proportions.bh - 0.16) < 0.01)
    #expect(proportions.weighted < 0.21 && proportions.weighted > 0.08)
    #expect(proportions.e < 0.2 && proportions.e > 0.001)
  }

  @Test func combinationsOfPValues() {
    // One value combines to itself; equal values under Cauchy too.
    for p in [1e-300, 1e-12, 0.003, 0.4, 0.7] {
      if p < 0.5 { #expect(relativeError(CombinedPValue.cauchy([p]), p) < 1e-12) }
      #expect(relativeError(CombinedPValue.cauchy([p, p, p]), p) < 1e-12)
      #expect(relativeError(CombinedPValue.fisher([p]), p) < 1e-12)
    }
    // scipy 1.17.1: combine_pvalues([.01, .2, .3], 'fisher').pvalue and 'stouffer' on the same values.
    #expect(relativeError(CombinedPValue.fisher([0.01, 0.2, 0.3]), 0.021561751324834632) < 1e-13)
    #expect(
      relativeError(CombinedPValue.stouffer([0.01, 0.2, 0.3].map { Normal.quantile(upperTail: $0) }).pValue, 0.016512032608962935) < 1e-13)
    // A small p dominates at 1/m of its size, whatever the others say, 1 included.
    #expect(relativeError(CombinedPValue.cauchy([1e-20, 0.5, 1, 0.9]), 4e-20) < 1e-9)
    #expect(CombinedPValue.cauchy([0, 0.5]) == 0)
  }
}
