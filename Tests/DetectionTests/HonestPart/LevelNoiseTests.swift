import Foundation
import Statistics
import Testing

@testable import Detection

@Suite struct LevelNoiseTests {
  static let units = 400
  static let levels = (0..<units).map { Double($0) / Double(units) }

  /// 5 raters on 400 units, one criterion.
  static let layout: Layout = {
    var records = Records()
    for u in 0..<units { for r in 0..<5 { records.add("R\(r)", "County \(1000 + u)", "A", Double(r + u)) } }
    return Layout.make(of: records.table).layout
  }()

  /// Factors when a sheet's noise is `scale` of its unit's level.
  static func factors(seed: UInt64, layout: Layout = layout, _ scale: (Double) -> Double) -> [Double] {
    var random = RandomStream(seed: seed)
    let z = (0..<layout.sheetCount).map { scale(levels[Int(layout.sheetUnit[$0])]) * random.normal() }
    return LevelNoise.factors(levels: Array(levels.prefix(layout.unitCount)), layout: layout) { z[$0] }
  }

  @Test func `equal noise is left alone`() {
    // The adjustment starts at about the 1 % point of chance.
    let adjusted = (1...30).count { seed in Self.factors(seed: UInt64(seed)) { _ in 1 }.contains { $0 != 1 } }
    #expect(adjusted <= 3, "\(adjusted)")
  }

  @Test func `noise that falls with the level is followed`() {
    let factors = Self.factors(seed: 3) { exp(-$0) }
    #expect(abs(factors[10] / factors[390] / exp(0.95) - 1) < 0.35, "\(factors[10] / factors[390])")
    for u in stride(from: 0, to: 350, by: 50) { #expect(factors[u] >= factors[u + 50] * 0.85) }
    let mean = factors.reduce(0) { $0 + log($1) } / Double(factors.count)
    #expect(abs(mean) < 0.1)
  }

  @Test func `few sheets say nothing of levels`() {
    var records = Records()
    for u in 0..<80 { for r in 0..<5 { records.add("R\(r)", "County \(1000 + u)", "A", Double(r + u)) } }
    let small = Layout.make(of: records.table).layout
    #expect(Self.factors(seed: 1, layout: small) { $0 < 0.1 ? 9 : 1 }.allSatisfy { $0 == 1 })
  }
}
