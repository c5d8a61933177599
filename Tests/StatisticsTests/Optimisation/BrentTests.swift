import Foundation
import Statistics
import Testing

@Suite struct BrentTests {
  @Test func findsRootsToTheLastBit() throws {
    let cosine = try #require(Brent.root(in: 0...1) { cos($0) - $0 })
    #expect(abs(cosine - 0.7390851332151607) < 3e-16)
    #expect(try abs(#require(Brent.root(in: -4...3) { $0 * $0 * $0 - 8 }) - 2) < 1e-15)
    // A root of multiplicity nine, and a function steep at one end only: bisection has to step in.
    #expect(try abs(#require(Brent.root(in: -1...4) { pow($0, 9) })) < 1e-2)
    #expect(try abs(#require(Brent.root(in: 0...50) { exp($0) - 2 }) - log(2)) < 1e-14)
    #expect(Brent.root(in: 0...1) { $0 + 1 } == nil)
    #expect(Brent.root(in: 0...1) { $0 } == 0)
  }

  @Test func countsFewEvaluations() {
    var evaluations = 0
    _ = Brent.root(in: 0...100) { x in
      evaluations += 1
      return x * x - 2
    }
    #expect(evaluations < 20)
  }

  @Test func findsMinima() {
    let parabola = Brent.minimum(in: -10...30) { ($0 - 3.25) * ($0 - 3.25) + 1 }
    #expect(abs(parabola.place - 3.25) < 1e-7 && abs(parabola.value - 1) < 1e-12)
    let gammaMinimum = Brent.minimum(in: 0.1...5) { logGamma($0) }
    #expect(abs(gammaMinimum.place - 1.4616321449683623) < 1e-7)
    #expect(abs(Brent.minimum(in: 0...2) { abs($0 - 0.3) }.place - 0.3) < 1e-7)
    #expect(Brent.minimum(in: 1...2) { $0 }.place < 1.0001)
  }
}
