import Foundation
import Statistics
import Testing

@testable import Detection

@Suite struct NullTailTests {
  /// p-values from 1e-300 to 1.
  static let grid = (0...3000).map { pow(10, -Double($0) / 10) }

  /// Tails learned from: nothing, uniform p-values, p-values that are too small, p-values that are too large.
  static let tails: [(name: String, tail: NullTail)] = {
    let uniform = (0..<20_000).map { (Double($0) + 0.5) / 20_000 }
    func learned(_ p: [Double]) -> NullTail { NullTail(below: p.filter { $0 < NullTail.threshold }, tests: p.count) }
    return [
      ("nothing", NullTail(below: [], tests: 0)), ("uniform", learned(uniform)), ("small", learned(uniform.map { pow($0, 1.5) })),
      ("many small", learned(uniform.map { $0 / 4 })), ("large", learned(uniform.map { pow($0, 0.5) })),
    ]
  }()

  @Test func `exact p-values stay as they are`() {
    for (name, tail) in Self.tails where name == "nothing" || name == "uniform" || name == "large" {
      for p in Self.grid { #expect(agree(log(tail.calibrated(p)), log(p), name == "uniform" ? 0.01 : 1e-12), "\(name), \(p)") }
    }
  }

  @Test func `a calibrated p-value is never smaller, never above 1, and keeps its order`() {
    for (name, tail) in Self.tails {
      var last = 2.0
      for p in Self.grid {
        let calibrated = tail.calibrated(p)
        #expect(calibrated >= p * (1 - 1e-12) && calibrated <= 1 && calibrated <= last, "\(name), \(p)")
        last = calibrated
      }
    }
  }

  @Test func `raw undoes calibrated below the threshold`() {
    for (name, tail) in Self.tails {
      for p in Self.grid where p < NullTail.threshold {
        #expect(agree(log(tail.raw(tail.calibrated(p))), log(p), 1e-9), "\(name), \(p)")
      }
    }
  }

  /// If p = u^1.5 with u uniform, the mean of −log(p / p₀) below p₀ is 1.5 and P(p < p₀) = p₀^(2/3), so that u itself comes back.
  @Test func `p-values with a known excess are put right`() throws {
    let tail = try #require(Self.tails.first { $0.name == "small" }).tail
    #expect(abs(tail.mean - 1.5) < 0.01)
    for u in [1e-3, 1e-5, 1e-8] { #expect(abs(tail.calibrated(pow(u, 1.5)) / u - 1) < 0.1) }
  }

  @Test func `a handful of simulated p-values hardly moves the tail`() {
    let tail = NullTail(below: [0.001], tests: 100)
    // One p-value of 0.001 with a threshold of 0.01 is an excess of log 10, weighed against 8 pseudo-observations.
    #expect(abs(tail.mean - (log(10) + 8) / 9) < 1e-12)
    #expect(tail.ratio == 1)
  }
}
