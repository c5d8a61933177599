import Wording

/// Settles what the texts of each column mean, or lists everything that is wrong.
struct ColumnAssembly {
  private let plan: RecordPlan
  private let parser: ColumnParser
  private let encoding: TextEncoding
  /// The line of the file, from 1, of line 0 of each chunk.
  private var firstLine: [Int] = []
  private var lineOfRow: [UInt32]
  private(set) var problems: [ScoreProblem] = []
  private(set) var problemCount = 0
  private(set) var notes: [Text] = []

  /// `blocks` in the order of the file; `lines` is the number of lines before the first record.
  init(plan: RecordPlan, parser: ColumnParser, blocks: [RecordBlock], lines: Int, forced: TextEncoding?) {
    self.plan = plan
    self.parser = parser
    encoding = forced ?? (plan.encoding == .utf8 ? .seen(in: parser.texts, headers: plan.headers) : plan.encoding)
    lineOfRow = parser.line
    var line = lines + 1
    for block in blocks {
      firstLine.append(line)
      for problem in block.problems {
        var placed = problem
        placed.line = problem.line.map { $0 + line }
        problems.append(placed)
      }
      problemCount += block.problemCount
      for i in block.scores { lineOfRow[i] += UInt32(truncatingIfNeeded: line) }
      line += block.lineCount
    }
  }

  /// The table in the order of the file; nil when there are problems.
  mutating func table(_ choices: [ColumnChoice], _ places: [Int]) -> ColumnTable? {
    var columns: [ColumnTable.Column] = []
    for (k, choice) in choices.enumerated() {
      let (values, missing) = self.values(k, choice.kind, places[k])
      columns.append(ColumnTable.Column(number: places[k] + 1, header: plan.headers[places[k]], values: values, missing: missing))
    }
    guard problemCount == 0 else {
      problems.sort { ($0.line ?? 0, $0.column?.number ?? 0) < ($1.line ?? 0, $1.column?.number ?? 0) }
      if problems.count > ScoreReadingError.storedProblems { problems.removeLast(problems.count - ScoreReadingError.storedProblems) }
      return nil
    }
    return ColumnTable(columns: columns, line: lineOfRow)
  }

  private mutating func values(_ k: Int, _ kind: ColumnChoice.Kind, _ place: Int) -> (ColumnTable.Values, missing: Int) {
    let texts = parser.texts[k]
    var names: [String] = []
    for code in 0..<texts.count {
      let bytes = texts.name(code)
      guard let name = utf16(encoding).decode(bytes) else {
        report(.wrongEncoding(encoding: encoding), texts.firstSeen[code], place, String(decoding: bytes, as: UTF8.self))
        names.append(String(decoding: bytes, as: UTF8.self))
        continue
      }
      names.append(name)
    }
    let meanings = names.map { ScoreText($0, point: plan.point) }
    let odd = meanings.indices.filter { if case .number = meanings[$0] { false } else { meanings[$0] != .missing } }
    let hasNumbers = meanings.contains { if case .number = $0 { true } else { false } }
    if kind == .numbers || (kind == .automatic && odd.isEmpty && hasNumbers) {
      for code in odd { reportNumber(meanings[code], texts.firstSeen[code], place, names[code]) }
      return numbers(k, meanings)
    }
    if kind == .automatic, hasNumbers, let code = odd.min(by: { texts.firstSeen[$0] < texts.firstSeen[$1] }) {
      let (header, text, line) = (visible(plan.headers[place]), visible(names[code]), self.line(texts.firstSeen[code]))
      notes.append(
        Text(
          "column “\(header)” is read as names, because “\(text)” in line \(line) is no number",
          zh: "“\(header)”列按名称读入：第 \(line) 行的“\(text)”不是数字"))
    }
    return factor(k, names, meanings)
  }

  /// Fields in UTF-16 have become UTF-8 by now.
  private func utf16(_ encoding: TextEncoding) -> TextEncoding { encoding == .gb18030 ? .gb18030 : .utf8 }

  private func numbers(_ k: Int, _ meanings: [ScoreText]) -> (ColumnTable.Values, missing: Int) {
    let value = meanings.map { if case .number(let value) = $0 { value } else { Double.nan } }
    var missing = 0
    let numbers = parser.codes[k].map { code in
      let number = value[Int(code)]
      if number.isNaN { missing += 1 }
      return number
    }
    return (.numbers(numbers), missing)
  }

  private func factor(_ k: Int, _ names: [String], _ meanings: [ScoreText]) -> (ColumnTable.Values, missing: Int) {
    let present = names.indices.filter { meanings[$0] != .missing }
    let numbers = present.compactMap { code in if case .number(let value) = meanings[code] { value } else { nil as Double? } }
    let byNumber = numbers.count == present.count
    var value = [Double](repeating: 0, count: names.count)
    if byNumber { for (code, number) in zip(present, numbers) { value[code] = number } }
    let sorted = present.sorted { a, b in
      value[a] != value[b] ? value[a] < value[b] : Array(names[a].utf8).lexicographicallyPrecedes(Array(names[b].utf8))
    }
    var rank = [Int32](repeating: -1, count: names.count)
    for (place, code) in sorted.enumerated() { rank[code] = Int32(place) }
    var missing = 0
    let codes = parser.codes[k].map { code in
      let place = rank[Int(code)]
      if place < 0 { missing += 1 }
      return place
    }
    return (.factor(ColumnTable.Factor(names: sorted.map { names[$0] }, codes: codes)), missing)
  }

  private mutating func reportNumber(_ meaning: ScoreText, _ position: Position, _ place: Int, _ text: String) {
    switch meaning {
    case .notFinite: report(.notFinite, position, place, text)
    case .decimalComma: report(.decimalComma, position, place, text)
    case .decimalPoint: report(.decimalPoint, position, place, text)
    default: report(.notANumber, position, place, text)
    }
  }

  /// Each distinct text is reported where it first stands.
  private mutating func report(_ kind: ScoreProblem.Kind, _ position: Position, _ place: Int, _ text: String) {
    problemCount += 1
    problems.append(ScoreProblem(kind, line: line(position), column: plan.column(place), text: visible(text)))
  }

  private func line(_ position: Position) -> Int { firstLine[position.chunk] + position.line }
}
