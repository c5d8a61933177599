import Analysis
import Testing
import Wording

@Suite struct WrightMapTests {
  private func lines(_ analysis: RaschAnalysis) throws -> [Text] {
    for case .picture(let picture) in analysis.report().parts where picture.id == "map" { return picture.lines }
    throw CancellationError()
  }

  /// Everybody stands once on the ruler, the best unit on its first line.
  @Test func everyNameOnce() throws {
    let lines = try lines(SmallRasch.analysis())
    let names = SmallRasch.facets.flatMap(\.names)
    let words = lines.dropFirst().flatMap { $0.en.split { $0 == " " || $0 == "|" } }.map(String.init)
    for name in names { #expect(words.filter { $0 == name }.count == 1, "\(name)") }
    #expect(lines[0].en.contains("+unit") && lines[0].zh.contains("-考评员"))
    #expect(lines[1].en.contains("Betty") && lines.count <= 30)
  }

  /// All lines are as wide as the first, so that the columns stand under each other.
  @Test func columnsLineUp() throws {
    let lines = try lines(SmallRasch.analysis(scales: .each(facet: 2)))
    let bars = lines.map { line in line.en.indices.filter { line.en[$0] == "|" }.map { line.en.distance(from: line.en.startIndex, to: $0) }
    }
    #expect(Set(bars).count == 1)
  }
}
