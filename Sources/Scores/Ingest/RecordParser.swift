/// Turns chunks of whole records into columns of codes. One for each thread; what they learned of names is merged afterwards.
struct RecordParser: RecordSink {
  let plan: RecordPlan
  var columns = ScoreColumns()
  var raters = Interner()
  var units = Interner()
  var criteria = Interner()
  var rounds = Interner()
  var labels = ScoreLabels()
  var teams = AttributeColumn()
  var raterGroups = AttributeColumn()
  var unitGroups = AttributeColumn()
  var categories = AttributeColumn()
  /// Entries of the table's units: pairs of unit (high half) and round plus one (low half).
  var entries: [UInt64] = []
  private var entryCodes: [UInt64: UInt32] = [:]
  private var lastEntry: UInt64 = .max
  private var lastEntryCode: UInt32 = 0
  private var acrossCodes: [UInt32]
  private var onlyCriterion: UInt32?
  private var oddScores = Interner()
  private var oddMeanings: [ScoreText] = []
  /// Times in other characters than ASCII, and words for none; each distinct text is judged once.
  private var oddTimes = Interner()
  private var oddTimeMeanings: [OddTime] = []
  private let listedMissing: Int

  init(plan: RecordPlan, listedMissing: Int) {
    self.plan = plan
    self.listedMissing = listedMissing
    columns = ScoreColumns(timeColumns: plan.times.count)
    acrossCodes = Array(repeating: .max, count: plan.across.count)
  }

  /// Appends the chunk's scores to the columns and returns the rest of what it held.
  mutating func parse(_ chunk: Chunk) -> RecordBlock {
    let before = columns.score.count
    let scanner = RecordScanner(plan)
    var block = scanner.scan(chunk, into: &self)
    block.scores = before..<columns.score.count
    return block
  }

  @inline(__always)
  mutating func emit(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position, into block: inout RecordBlock
  ) {
    if plan.across.isEmpty {
      guard let score = score(text, bounds, plan.score, position, into: &block) else { return }
      // Both are looked at before either is refused, so that both are reported.
      let namedUnit = name(.unit, plan.unit, text, bounds, position, into: &block)
      let namedRater = name(.rater, plan.rater, text, bounds, position, into: &block)
      guard let unit = namedUnit, let rater = namedRater else { return }
      var criterion = Field(start: 0, end: 0)
      if plan.criterion >= 0 {
        guard let named = name(.criterion, plan.criterion, text, bounds, position, into: &block) else { return }
        criterion = named
      }
      let raterCode = raters.code(text, rater.start, rater.end, at: position)
      noteRater(raterCode, text, bounds, position)
      let entryCode = entry(unit, text, bounds, position)
      let criterionCode =
        plan.criterion >= 0 ? criteria.code(text, criterion.start, criterion.end, at: position) : theOnlyCriterion(position)
      noteTimes(text, bounds, position, into: &block)
      append(entryCode, raterCode, criterionCode, score, position)
    } else {
      emitAcross(text, bounds, position, into: &block)
    }
  }

  @inline(__always)
  private mutating func append(_ entry: UInt32, _ rater: UInt32, _ criterion: UInt32, _ score: Double, _ position: Position) {
    columns.entry.append(entry)
    columns.key.append(UInt64(rater) &<< 32 | UInt64(criterion))
    columns.score.append(score)
    columns.line.append(UInt32(truncatingIfNeeded: position.line))
  }

  @inline(never)
  private mutating func emitAcross(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position, into block: inout RecordBlock
  ) {
    var entryCode: UInt32?
    var raterCode: UInt32 = 0
    var criterionCode: UInt32 = 0
    for (k, across) in plan.across.enumerated() {
      guard let score = score(text, bounds, across.column, position, into: &block) else { continue }
      if entryCode == nil {
        guard let unit = name(.unit, plan.unit, text, bounds, position, into: &block) else { return }
        if plan.layout == .wideCriteria {
          guard let rater = name(.rater, plan.rater, text, bounds, position, into: &block) else { return }
          raterCode = raters.code(text, rater.start, rater.end, at: position)
          noteRater(raterCode, text, bounds, position)
        } else if plan.criterion >= 0 {
          guard let named = name(.criterion, plan.criterion, text, bounds, position, into: &block) else { return }
          criterionCode = criteria.code(text, named.start, named.end, at: position)
        } else {
          criterionCode = theOnlyCriterion(position)
        }
        entryCode = entry(unit, text, bounds, position)
        noteTimes(text, bounds, position, into: &block)
      }
      if acrossCodes[k] == .max {
        acrossCodes[k] =
          plan.layout == .wideCriteria ? criteria.code(across.name, at: position) : raters.code(across.name, at: position)
      }
      if plan.layout == .wideCriteria { criterionCode = acrossCodes[k] } else { raterCode = acrossCodes[k] }
      append(entryCode ?? 0, raterCode, criterionCode, score, position)
    }
  }

  /// The score of a record, or nil when it is missing (and counted) or wrong (and reported).
  @inline(__always)
  private mutating func score(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ column: Int, _ position: Position, into block: inout RecordBlock
  ) -> Double? {
    let field = trimmed(text, bounds[2 &* column], bounds[2 &* column &+ 1])
    if plan.labels { return label(text, field, column, position, into: &block) }
    if let value = Decimal.parse(text, field.start, field.end, point: plan.point) { return value }
    return oddScore(text, field, column, position, into: &block)
  }

  @inline(never)
  private mutating func oddScore(
    _ text: borrowing Span<UInt8>, _ field: Field, _ column: Int, _ position: Position, into block: inout RecordBlock
  ) -> Double? {
    // Each distinct text is judged once: files repeat "NA" a million times.
    let meaning: ScoreText
    if oddScores.count < 10_000 {
      let code = Int(oddScores.code(text, field.start, field.end, at: position))
      if code == oddMeanings.count { oddMeanings.append(ScoreText(plan.string(text, field.start, field.end), point: plan.point)) }
      meaning = oddMeanings[code]
    } else {
      meaning = ScoreText(plan.string(text, field.start, field.end), point: plan.point)
    }
    let kind: ScoreProblem.Kind
    switch meaning {
    case .number(let value): return value
    case .missing:
      miss(text, field, position, into: &block)
      return nil
    case .notANumber: kind = .notANumber
    case .notFinite: kind = .notFinite
    case .decimalComma: kind = .decimalComma
    case .decimalPoint: kind = .decimalPoint
    }
    block.report(kind, line: position.line, column: plan.column(column), text: shown(text, field.start, field.end))
    return nil
  }

  private func miss(_ text: borrowing Span<UInt8>, _ field: Field, _ position: Position, into block: inout RecordBlock) {
    block.missingCount += 1
    if block.missing.count < listedMissing {
      block.missing.append(ScoreReading.Missing(line: position.line, text: shown(text, field.start, field.end)))
    }
  }

  /// The code of a score that is a name.
  @inline(never)
  private mutating func label(
    _ text: borrowing Span<UInt8>, _ field: Field, _ column: Int, _ position: Position, into block: inout RecordBlock
  ) -> Double? {
    switch labels.meaning(text, field, plan, at: position) {
    case .code(let code): return Double(code)
    case .missing: miss(text, field, position, into: &block)
    case .unknown:
      block.report(
        .unknownLabel(labels: (plan.labelOrder ?? []).map { visible($0, limit: 30) }), line: position.line, column: plan.column(column),
        text: shown(text, field.start, field.end))
    }
    return nil
  }

  /// Notes when the record's scores, which are appended next, were given.
  @inline(__always)
  private mutating func noteTimes(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position, into block: inout RecordBlock
  ) {
    for k in plan.times.indices {
      let column = plan.times[k].column
      let field = trimmed(text, bounds[2 &* column], bounds[2 &* column &+ 1])
      if !columns.times[k].repeats(text, field) { changeTime(k, text, field, position, into: &block) }
    }
  }

  @inline(never)
  private mutating func changeTime(
    _ k: Int, _ text: borrowing Span<UInt8>, _ field: Field, _ position: Position, into block: inout RecordBlock
  ) {
    let time = time(k, text, field, position, into: &block)
    columns.times[k].note(time ?? .nan, from: columns.score.count)
    // A cell that is no time counts each time that it occurs.
    if time != nil { columns.times[k].keep(text, field) }
  }

  /// When the record's scores were given: nan when that is blank, nil when it is wrong (and reported, if the column was named as one of times).
  private mutating func time(
    _ k: Int, _ text: borrowing Span<UInt8>, _ field: Field, _ position: Position, into block: inout RecordBlock
  ) -> Double? {
    let times = plan.times[k]
    if field.start == field.end { return .nan }
    let kind: ScoreProblem.Kind
    switch TimeText.parse(text, field.start, field.end, point: plan.point).map(OddTime.time) ?? oddTime(text, field, position) {
    case .time(let reading):
      if reading.kind == times.kind { return reading.value }
      kind = .mixedTimes(found: reading.kind, expected: times.kind)
    case .missing: return .nan
    case .unreadable: kind = .notATime(role: times.role)
    }
    if times.isNamed {
      block.report(kind, line: position.line, column: plan.column(times.column), text: shown(text, field.start, field.end))
    } else {
      block.noteUnreadTime(
        k, ScoreProblem(kind, line: position.line, column: plan.column(times.column), text: shown(text, field.start, field.end)))
    }
    return nil
  }

  private enum OddTime: Sendable {
    case time(TimeText.Reading)
    case missing
    case unreadable
  }

  @inline(never)
  private mutating func oddTime(_ text: borrowing Span<UInt8>, _ field: Field, _ position: Position) -> OddTime {
    func meaning(_ text: String) -> OddTime {
      if let reading = TimeText.parse(text, point: plan.point) { return .time(reading) }
      return ScoreText(text, point: plan.point) == .missing ? .missing : .unreadable
    }
    guard oddTimes.count < 10_000 else { return meaning(plan.string(text, field.start, field.end)) }
    let code = Int(oddTimes.code(text, field.start, field.end, at: position))
    if code == oddTimeMeanings.count { oddTimeMeanings.append(meaning(plan.string(text, field.start, field.end))) }
    return oddTimeMeanings[code]
  }

  /// The name in a column, or nil when it is blank (and reported).
  @inline(__always)
  private func name(
    _ role: ColumnRole, _ column: Int, _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position,
    into block: inout RecordBlock
  ) -> Field? {
    let field = trimmed(text, bounds[2 &* column], bounds[2 &* column &+ 1])
    if field.start < field.end { return field }
    block.report(
      .blankName(role: role), line: position.line, column: plan.column(column), text: shown(text, bounds[0], bounds[bounds.count - 1]))
    return nil
  }

  private mutating func theOnlyCriterion(_ position: Position) -> UInt32 {
    if let onlyCriterion { return onlyCriterion }
    let code = criteria.code(plan.onlyCriterion, at: position)
    onlyCriterion = code
    return code
  }

  @inline(__always)
  private mutating func noteRater(_ rater: UInt32, _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position) {
    if plan.team >= 0 { RecordParser.note(rater, plan.team, &teams, text, bounds, position) }
    if plan.raterGroup >= 0 { RecordParser.note(rater, plan.raterGroup, &raterGroups, text, bounds, position) }
  }

  @inline(__always)
  private static func note(
    _ owner: UInt32, _ column: Int, _ attribute: inout AttributeColumn, _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>,
    _ position: Position
  ) {
    let field = trimmed(text, bounds[2 &* column], bounds[2 &* column &+ 1])
    if field.start == field.end { return }
    attribute.note(owner: owner, value: attribute.values.code(text, field.start, field.end, at: position), at: position)
  }

  /// The code of the table's unit: the name, with its round where there is one.
  @inline(__always)
  private mutating func entry(_ unit: Field, _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position) -> UInt32 {
    let code = units.code(text, unit.start, unit.end, at: position)
    if plan.unitGroup >= 0 { RecordParser.note(code, plan.unitGroup, &unitGroups, text, bounds, position) }
    if plan.category >= 0 { RecordParser.note(code, plan.category, &categories, text, bounds, position) }
    var pair = UInt64(code) << 32
    if plan.round >= 0 {
      let round = trimmed(text, bounds[2 &* plan.round], bounds[2 &* plan.round &+ 1])
      if round.start < round.end { pair |= UInt64(rounds.code(text, round.start, round.end, at: position)) &+ 1 }
    }
    if pair == lastEntry { return lastEntryCode }
    lastEntry = pair
    if plan.round < 0 {
      // Units alone are their own entries.
      if Int(code) == entries.count { entries.append(pair) }
      lastEntryCode = code
    } else if let known = entryCodes[pair] {
      lastEntryCode = known
    } else {
      lastEntryCode = UInt32(entries.count)
      entryCodes[pair] = lastEntryCode
      entries.append(pair)
    }
    return lastEntryCode
  }

  private func shown(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String { visible(plan.string(text, start, end)) }
}
