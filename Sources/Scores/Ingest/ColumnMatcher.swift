import Wording

/// Decides which column holds what: options first, then recognised headers, then the shape of the table.
struct ColumnMatcher {
  private let reading: HeaderReading
  private let options: ScoreReadingOptions
  private let line: Int
  private let point: UInt8
  private(set) var problems: [ScoreProblem] = []
  private var roles: [ColumnRole?]
  private var across: [Int] = []
  private var weakScore: Int?
  /// Roles whose column is in dispute, which has been reported.
  private var disputed: Set<ColumnRole> = []

  init(_ reading: HeaderReading, options: ScoreReadingOptions, line: Int) {
    self.reading = reading
    self.options = options
    self.line = line
    point = (options.decimalComma ?? (reading.separator == 0x3B)) ? 0x2C : 0x2E
    roles = Array(repeating: nil, count: reading.headers.count)
  }

  var columns: [ScoreReading.Column] {
    let across = Set(across)
    return reading.headers.enumerated().map {
      ScoreReading.Column(number: $0 + 1, header: $1, role: roles[$0], isAcross: across.contains($0))
    }
  }

  mutating func plan() -> RecordPlan {
    var plan = RecordPlan(separator: reading.separator, point: point, encoding: reading.encoding, headers: reading.headers)
    plan.labels = options.labels
    plan.labelOrder = options.labelOrder
    assignNamed()
    for role in ColumnRole.allCases where options.columns[role] == nil { recognise(role) }
    plan.layout = layout()
    var needed: [ColumnRole] = [.unit]
    if plan.layout != .wideRaters { needed.insert(.rater, at: 0) }
    if plan.layout == .long { needed.append(.score) }
    needed.removeAll { roles.contains($0) || disputed.contains($0) }
    let isOpen = plan.layout == .long && options.layout == nil && options.scoreColumns == nil && !options.labels
    let numeric = isOpen && !roles.contains(.score) ? scoreColumns().count : 0
    if !needed.isEmpty, let below = reading.likelierHeader {
      problems.append(ScoreProblem(.headerBelow(line: below), line: line))
    } else if needed.contains(.unit), numeric >= 2 {
      problems.append(ScoreProblem(.wideWithoutUnit(columns: numeric, headers: reading.headers), line: line))
    } else {
      problems += needed.map { ScoreProblem(.missingColumn(role: $0, headers: reading.headers), line: line) }
    }
    for (column, role) in roles.enumerated() {
      if let role { plan[role] = column }
    }
    takeTimes(&plan)
    if plan.layout != .long {
      plan.score = -1
      if plan.layout == .wideRaters { plan.rater = -1 } else { plan.criterion = -1 }
      reportDuplicates(across)
      // Names go through the same code as those in the records, in the bytes of the file.
      plan.across = across.map { RecordPlan.Across(column: $0, name: Array(reading.headers[$0].utf8)) }
    }
    if plan.criterion < 0 {
      let isChinese = reading.headers.contains { $0.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
      plan.onlyCriterion = Array((isChinese ? "总分" : "score").utf8)
    }
    plan.scoresPerByte = 1.2 * reading.recordsPerByte * Double(max(1, across.count))
    return plan
  }

  private mutating func assignNamed() {
    for role in ColumnRole.allCases {
      guard let wanted = options.columns[role], !wanted.isEmpty, let column = find(wanted, for: role) else { continue }
      if let other = roles[column] {
        problems.append(ScoreProblem(.columnUsedTwice(role: role, other: other), line: line, column: self.column(column)))
      }
      roles[column] = role
    }
  }

  /// The column of a header or number as the user wrote it.
  private mutating func find(_ wanted: String, for role: ColumnRole) -> Int? {
    let headers = reading.headers
    var matches = headers.indices.filter { headers[$0] == wanted }
    if matches.isEmpty {
      let folded = Header.fold(wanted)
      matches = folded.isEmpty ? [] : headers.indices.filter { reading.folded[$0] == folded }
    }
    if matches.isEmpty, let number = Int(wanted), headers.indices.contains(number - 1) { return number - 1 }
    if matches.count > 1 { reportDuplicates(matches) }
    if matches.isEmpty {
      disputed.insert(role)
      problems.append(ScoreProblem(.unknownColumn(role: role, headers: headers), line: line, text: visible(wanted)))
    }
    return matches.first
  }

  private mutating func recognise(_ role: ColumnRole) {
    if role == .time || role == .sequence, let column = timeColumn(role) {
      roles[column] = role
      return
    }
    for (rank, texts) in role.headers.enumerated() {
      let folded = Set(texts.map(Header.fold))
      let matches = reading.headers.indices.filter { roles[$0] == nil && folded.contains(reading.folded[$0]) }
      guard let first = matches.first else { continue }
      if role == .score && rank == 2 {
        weakScore = matches.count == 1 ? first : nil
        return
      }
      if matches.count > 1 && role.isUnique {
        disputed.insert(role)
        if !reportDuplicates(matches) {
          problems.append(ScoreProblem(.ambiguousColumn(role: role, headers: matches.map { reading.headers[$0] }), line: line))
        }
        return
      }
      roles[first] = role
      return
    }
  }

  /// A header such as “date” or “order” may stand above anything: the best of those under which times can be read.
  private func timeColumn(_ role: ColumnRole) -> Int? {
    for texts in role.headers {
      let folded = Set(texts.map(Header.fold))
      let match = reading.headers.indices.first {
        roles[$0] == nil && folded.contains(reading.folded[$0]) && reading.timeKind($0, point: point) != nil
      }
      if let match { return match }
    }
    return nil
  }

  /// The column named as one of times or, if none is, of sequence; else those recognised, where what is written there can be read.
  private mutating func takeTimes(_ plan: inout RecordPlan) {
    for role in [ColumnRole.time, .sequence] {
      guard let column = roles.firstIndex(of: role) else { continue }
      let isNamed = options.columns[role] != nil
      if let kind = reading.timeKind(column, point: point) {
        plan.times.append(RecordPlan.TimeColumn(column: column, role: role, kind: kind, isNamed: isNamed))
      } else if isNamed {
        problems.append(ScoreProblem(.noTimes(role: role), line: line, column: self.column(column)))
      }
    }
    if let named = plan.times.first(where: \.isNamed) { plan.times = [named] }
  }

  /// Whether any of the columns have the same header.
  @discardableResult
  private mutating func reportDuplicates(_ columns: [Int]) -> Bool {
    var first: [String: Int] = [:]
    var found = false
    for index in columns {
      let folded = reading.folded[index]
      if let other = first[folded] {
        found = true
        let problem = ScoreProblem(
          .duplicateHeader(other: other + 1), line: line, column: column(index), text: visible(reading.headers[index]))
        if !problems.contains(problem) { problems.append(problem) }
      } else {
        first[folded] = index
      }
    }
    return found
  }

  private mutating func layout() -> ScoreLayout {
    if let layout = options.layout {
      if layout != .long {
        if let score = roles.firstIndex(of: .score), options.columns[.score] == nil { roles[score] = nil }
        across = scoreColumns()
        if across.isEmpty { problems.append(ScoreProblem(.ambiguousLayout(headers: reading.headers), line: line)) }
      } else {
        takeWeakScore()
      }
      return layout
    }
    if roles.contains(.score) && options.scoreColumns == nil { return .long }
    let candidates = scoreColumns()
    // Any column might hold names: where rater and unit have theirs, the one that is left over is the score.
    if options.labels, options.scoreColumns == nil, roles.contains(.rater), roles.contains(.unit), weakScore != nil || candidates.count == 1
    {
      if weakScore == nil, let only = candidates.first { roles[only] = .score }
      takeWeakScore()
      return .long
    }
    let isWide = options.scoreColumns != nil || candidates.count >= 2
    if isWide && roles.contains(.unit) {
      across = candidates
      return roles.contains(.rater) ? .wideCriteria : .wideRaters
    }
    takeWeakScore()
    return .long
  }

  private mutating func takeWeakScore() {
    if let weakScore, !roles.contains(.score), roles[weakScore] == nil { roles[weakScore] = .score }
  }

  /// The columns across: those named, or all numeric ones that have no role and do not sum up others.
  private mutating func scoreColumns() -> [Int] {
    if let named = options.scoreColumns {
      var found: [Int] = []
      var seen: Set<Int> = []
      for wanted in named {
        guard let index = find(wanted, for: .score) else { continue }
        if !options.labels && !reading.sample.isEmpty && reading.scoreCells(index, point: point).scores == 0 {
          problems.append(ScoreProblem(.notNumericColumn, line: line, column: column(index)))
        }
        if seen.insert(index).inserted { found.append(index) }
      }
      return found
    }
    return reading.headers.indices.filter {
      roles[$0] == nil && !reading.headers[$0].isEmpty && !Header.summaries.contains(reading.folded[$0])
        && (options.labels || reading.holdsScores($0, point: point))
    }
  }

  /// What a reader should know of how the columns were understood.
  func notes(on plan: RecordPlan) -> [Text] {
    var notes: [Text] = []
    if plan.layout == .wideRaters {
      notes.append(Text("wide table: \(across.count) columns are raters", zh: "宽表：\(across.count) 列为考评员"))
    } else if plan.layout == .wideCriteria {
      notes.append(Text("wide table: \(across.count) columns are criteria", zh: "宽表：\(across.count) 列为指标"))
    }
    let placed = Set(across)
    let unused = reading.headers.indices.filter { index in
      !placed.contains(index) && roles[index].map { plan[$0] != index } ?? true && !reading.headers[index].isEmpty
    }
    if !unused.isEmpty {
      let shown = unused.prefix(20).map { visible(reading.headers[$0], limit: 30) } + (unused.count > 20 ? ["…"] : [])
      notes.append(Text("columns not used: \(shown.joined(separator: ", "))", zh: "未使用的列：\(shown.joined(separator: "、"))"))
    }
    return notes
  }

  private func column(_ index: Int) -> ScoreProblem.Column {
    ScoreProblem.Column(number: index + 1, header: reading.headers[index])
  }
}
