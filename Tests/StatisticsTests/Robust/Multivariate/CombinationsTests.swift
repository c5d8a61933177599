import Testing

@testable import Statistics

@Suite struct CombinationsTests {
  @Test func countsByPascal() {
    for n in 0...12 {
      for k in 1..<max(n, 1) {
        #expect(Combinations.number(n, choose: k) == Combinations.number(n - 1, choose: k - 1) + Combinations.number(n - 1, choose: k))
      }
      #expect(Combinations.number(n, choose: 0) == 1 && Combinations.number(n, choose: n) == 1)
    }
    #expect(Combinations.number(52, choose: 5) == 2_598_960)
    #expect(Combinations.number(1000, choose: 50, limit: 1000) == 1000)
    #expect(Combinations.number(4, choose: 5) == 0)
  }

  @Test func everySubsetOnceInOrder() {
    var combination = Combinations.combination(ranked: 0, count: 7, choose: 3)
    var seen = [combination]
    while Combinations.advance(&combination, count: 7) { seen.append(combination) }
    #expect(seen.count == 35 && Set(seen).count == 35)
    for (rank, subset) in seen.enumerated() {
      #expect(Combinations.combination(ranked: rank, count: 7, choose: 3) == subset)
      #expect(subset == subset.sorted() && Set(subset).count == 3)
    }
  }
}
