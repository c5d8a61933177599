import Models
import Wording

/// All measures on one ruler, as text: units on the left, high at the top; the other facets beside them, the severe and the difficult at the top.
struct WrightMap {
  let analysis: RaschAnalysis
  /// Columns of characters for each facet: 22, or what lets ruler, facets and scores fit 80 columns together.
  private let room: Int
  /// Most lines of the ruler.
  private static let height = 25

  init(_ analysis: RaschAnalysis) {
    self.analysis = analysis
    room = max(10, min(22, 66 / analysis.facets.count - 2))
  }

  var picture: AnalysisPicture {
    let fit = analysis.fit
    let facets = [fit.model.unitFacet] + analysis.facets.indices.filter { $0 != fit.model.unitFacet }
    let all = facets.flatMap { fit.measures(of: $0) }.filter { $0.isFinite }
    let title = Text("Wright map (logits)", zh: "Wright 图（logit）")
    guard let low = all.min(), let high = all.max() else { return AnalysisPicture(id: "map", title: title, lines: []) }
    let step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5].first { (high - low) / $0 < Double(Self.height - 1) } ?? 10
    let top = Int((high / step).rounded())
    let bottom = Int((low / step).rounded())
    let columns = facets.map { column($0, step: step, rows: (bottom...top)) }
    let scale = expectedScores(step: step, rows: bottom...top)
    var lines = [
      Text(
        line("", facets.map { ($0 == fit.model.unitFacet ? "+" : "-") + analysis.facets[$0].label.en }, scale == nil ? nil : "score"),
        zh: line("", facets.map { ($0 == fit.model.unitFacet ? "+" : "-") + analysis.facets[$0].label.zh }, scale == nil ? nil : "得分"))
    ]
    for (i, row) in (bottom...top).reversed().enumerated() {
      let ruler = NumberText.fixed(Double(row) * step, places: step < 0.25 || step == 0.5 ? 1 : step == 0.25 ? 2 : 0) ?? ""
      let text = line(ruler, columns.map { $0.cells[i] }, scale.map { $0[i] })
      lines.append(Text(text, zh: text))
    }
    for (facet, column) in zip(facets, columns) where column.each > 1 {
      let label = analysis.facets[facet].label
      lines.append(Text("* stands for up to \(column.each): \(label.en)", zh: "* 代表至多 \(column.each) 个：\(label.zh)"))
    }
    return AnalysisPicture(id: "map", title: title, lines: lines)
  }

  private func line(_ ruler: String, _ cells: [String], _ score: String?) -> String {
    var text = Self.pad(ruler, 6, left: true) + " |"
    for cell in cells { text += " " + Self.pad(cell, room, left: false) + "|" }
    if let score { text += " " + score }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// From the top: names where they fit on their lines, asterisks otherwise.
  private func column(_ facet: Int, step: Double, rows: ClosedRange<Int>) -> (cells: [String], each: Int) {
    let measures = analysis.fit.measures(of: facet)
    var members = [[Int]](repeating: [], count: rows.count)
    for (level, measure) in measures.enumerated() where measure.isFinite {
      members[rows.upperBound - Int((measure / step).rounded())].append(level)
    }
    let names = members.map { levels in levels.map { analysis.facets[facet].names[$0] }.joined(separator: " ") }
    if names.allSatisfy({ Self.width($0) <= room }) { return (names, 1) }
    let most = members.map(\.count).max() ?? 1
    let each = max(1, (most + room - 1) / room)
    return (members.map { String(repeating: "*", count: ($0.count + each - 1) / each) }, max(each, 1))
  }

  /// The rounded score that an average encounter at this measure leads to, where it changes; nil with several scales.
  private func expectedScores(step: Double, rows: ClosedRange<Int>) -> [String]? {
    guard analysis.fit.model.scales == .shared else { return nil }
    let scores = rows.reversed().map { row in
      analysis.fit.expectedScore(at: Double(row) * step, scale: 0).rounded()
    }
    return scores.indices.map { i in
      i == 0 || scores[i] != scores[i - 1] ? NumberText.shortest(scores[i] * analysis.scores.step) : ""
    }
  }

  /// Columns of a terminal: characters from CJK and full-width blocks take two.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      sum
        + ((0x1100...0x115F).contains(scalar.value) || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
          || (0xF900...0xFAFF).contains(scalar.value) || (0xFE30...0xFE4F).contains(scalar.value)
          || (0xFF00...0xFF60).contains(scalar.value)
          || (0x20000...0x3FFFD).contains(scalar.value) ? 2 : 1)
    }
  }

  private static func pad(_ text: String, _ columns: Int, left: Bool) -> String {
    var kept = text
    while width(kept) > columns { kept.removeLast() }
    let blanks = String(repeating: " ", count: columns - width(kept))
    return left ? blanks + kept : kept + blanks
  }
}
