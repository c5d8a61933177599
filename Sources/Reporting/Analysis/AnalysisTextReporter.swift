public import Analysis
public import Wording

/// An analysis for a person at a terminal: facts in two columns, tables lined up, wide characters counted as two columns.
public struct AnalysisTextReporter: Sendable {
  public var language: Language
  public var width: Int
  public var colour: Bool

  public init(language: Language = .en, width: Int = 80, colour: Bool = false) {
    self.language = language
    self.width = max(width, 40)
    self.colour = colour
  }

  public func text(of report: AnalysisReport) -> String {
    let style = Style(colour: colour)
    var text = style.bold(report.title(language)) + "\n"
    for part in report.parts {
      text += "\n"
      switch part {
      case .facts(let facts): text += self.facts(facts, style)
      case .table(let table): text += self.table(table, style)
      case .remarks(let remarks):
        for remark in remarks { text += paragraph(remark(language)) }
      case .picture(let picture):
        text += style.bold(picture.title(language)) + "\n"
        for line in picture.lines { text += VisibleText.of(line(language)) + "\n" }
      }
    }
    return text
  }

  private func paragraph(_ words: String) -> String {
    Wrapping.lines(VisibleText.of(words), width: min(width, 100)).map { $0 + "\n" }.joined()
  }

  private func facts(_ facts: AnalysisFacts, _ style: Style) -> String {
    var text = style.bold(facts.title(language)) + "\n"
    let labels = facts.facts.map { $0.label(language) }
    let column = (labels.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    for (label, fact) in zip(labels, facts.facts) {
      let value = AnalysisFigures.text(fact.value, fact.format, language)
      let lines = Wrapping.lines(value, width: max(20, min(width, 100) - column - 2))
      for (i, line) in lines.enumerated() {
        text += "  " + (i == 0 ? label + blanks(column - DisplayWidth.of(label)) : blanks(column)) + line + "\n"
      }
    }
    return text
  }

  private func table(_ table: AnalysisTable, _ style: Style) -> String {
    let shown = table.rows.prefix(table.shownRows)
    var cells: [[String]] = [table.columns.map { $0.header(language) }]
    for row in shown { cells.append(zip(row, table.columns).map { AnalysisFigures.text($0, $1.format, language) }) }
    let numeric = table.columns.indices.map { AnalysisFigures.isNumeric(table, column: $0) }
    let (widths, gap) = fit(cells, numeric)
    var text = style.bold(table.title(language)) + "\n"
    for (i, row) in cells.enumerated() {
      for line in lines(of: row, widths, numeric, gap) { text += (i == 0 ? style.dim(line) : line) + "\n" }
    }
    if table.rows.count > shown.count {
      let hidden = Figures.count(table.rows.count - shown.count)
      text += "  " + Text("… and \(hidden) more", zh: "……另有 \(hidden) 行")(language) + "\n"
    }
    if let note = table.note { text += paragraph(note(language)) }
    return text
  }

  /// Widths of the columns, and the blanks before each. What does not fit is taken first from the widest column of words, down to what still tells
  /// names apart; then from headers of numbers, which go on below; then from the gaps; at last from names again.
  private func fit(_ cells: [[String]], _ numeric: [Bool]) -> (widths: [Int], gap: Int) {
    var widths = numeric.indices.map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    let numbers = numeric.indices.map { column in
      max(cells.dropFirst().map { DisplayWidth.of($0[column]) }.max() ?? 0, Wrapping.widestPiece(of: cells[0][column]), Wrapping.narrowest)
    }
    func excess(_ gap: Int) -> Int { widths.reduce(0) { $0 + $1 + gap } - width }
    func shrink(_ gap: Int, to least: [Int]) {
      while excess(gap) > 0, let widest = widths.indices.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] }) {
        widths[widest] -= 1
      }
    }
    shrink(2, to: numeric.map { $0 ? .max : 16 })
    shrink(2, to: numeric.indices.map { numeric[$0] ? numbers[$0] : .max })
    if excess(2) <= 0 { return (widths, 2) }
    shrink(1, to: numeric.map { $0 ? .max : 8 })
    return (widths, 1)
  }

  /// A row as lines: words that are wider than their column go on below.
  private func lines(of row: [String], _ widths: [Int], _ numeric: [Bool], _ gap: Int) -> [String] {
    let cells = row.enumerated().map { column, cell in
      DisplayWidth.of(cell) > widths[column] ? Wrapping.lines(cell, width: widths[column]) : [cell]
    }
    return (0..<(cells.map(\.count).max() ?? 0)).map { i in
      var line = ""
      for (column, wrapped) in cells.enumerated() {
        let cell = i < wrapped.count ? wrapped[i] : ""
        let padding = blanks(widths[column] - DisplayWidth.of(cell))
        line += blanks(gap) + (numeric[column] ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func blanks(_ n: Int) -> String { String(repeating: " ", count: max(0, n)) }
}
