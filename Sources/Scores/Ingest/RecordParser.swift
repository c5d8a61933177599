/// Turns chunks of whole records into columns of codes. One for each thread; what they learned of names is merged afterwards.
struct RecordParser: Sendable {
  let plan: RecordPlan
  var columns = ScoreColumns()
  var raters = Interner()
  var units = Interner()
  var criteria = Interner()
  var rounds = Interner()
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
  private let listedMissing: Int

  init(plan: RecordPlan, listedMissing: Int) {
    self.plan = plan
    self.listedMissing = listedMissing
    acrossCodes = Array(repeating: .max, count: plan.across.count)
  }

  /// Appends the chunk's scores to the columns and returns the rest of what it held.
  mutating func parse(_ chunk: Chunk) -> RecordBlock {
    let before = columns.score.count
    var block = scan(chunk)
    block.scores = before..<columns.score.count
    return block
  }

  private mutating func scan(_ chunk: Chunk) -> RecordBlock {
    var block = RecordBlock(index: chunk.index)
    if chunk.isOversized {
      let kind: ScoreProblem.Kind = chunk.endsInQuote ? .unterminatedQuote : .recordTooLong(limit: chunk.limit)
      block.report(kind, line: 0, text: shown(chunk.bytes.span, 0, chunk.bytes.count))
      block.lineCount = chunk.skippedLines
      return block
    }
    let text = chunk.bytes.span
    let width = plan.headers.count
    let separator = plan.separator
    // Everything above is part of a field: one comparison decides for nearly all bytes.
    let top = max(separator, 0x0D)
    var bounds = [Int](repeating: 0, count: 2 * width)
    var escapes: [Int] = []
    var i = chunk.start
    var line = 0
    while i < text.count {
      let record = line
      var field = 0
      var isBlank = true
      var isExtraBlank = true
      var flawed = false
      escapes.removeAll(keepingCapacity: true)
      fields: while true {
        var start = i
        var end = i
        if i < text.count, text[i] == 0x22 {
          let opened = line
          start &+= 1
          i &+= 1
          var closed = false
          while i < text.count {
            let b = text[i]
            if b == 0x22 {
              if i &+ 1 < text.count, text[i &+ 1] == 0x22 {
                if escapes.last != field { escapes.append(field) }
                i &+= 2
                continue
              }
              closed = true
              break
            }
            if b == 0 { return binary(chunk, at: i, line: line, block) }
            if b == 0x0A || b == 0x0D && !(i &+ 1 < text.count && text[i &+ 1] == 0x0A) { line &+= 1 }
            i &+= 1
          }
          end = i
          if closed { i &+= 1 }
          if !closed {
            block.report(.unterminatedQuote, line: opened, column: plan.column(field), text: shown(text, start &- 1, end))
            flawed = true
          } else {
            let rest = i
            while i < text.count, text[i] != separator, text[i] != 0x0A, text[i] != 0x0D { i &+= 1 }
            if !isBlankText(text, rest, i) {
              block.report(.textAfterQuote, line: opened, column: plan.column(field), text: shown(text, start &- 1, i))
              flawed = true
            }
          }
        } else {
          while i < text.count {
            let b = text[i]
            if b <= top {
              if b == separator || b == 0x0A || b == 0x0D { break }
              if b == 0 { return binary(chunk, at: i, line: line, block) }
            }
            i &+= 1
          }
          end = i
        }
        if end &- start > RecordPlan.fieldLimit && !flawed {
          block.report(
            .fieldTooLong(bytes: end - start, limit: RecordPlan.fieldLimit), line: record, column: plan.column(field),
            text: shown(text, start, end))
          flawed = true
        }
        if field < width {
          bounds[2 &* field] = start
          bounds[2 &* field &+ 1] = end
          if isBlank, !isBlankText(text, start, end) { isBlank = false }
        } else if isExtraBlank, !isBlankText(text, start, end) {
          isExtraBlank = false
        }
        field &+= 1
        if i == text.count { break fields }
        let b = text[i]
        i &+= 1
        if b == separator { continue fields }
        line &+= 1
        if b == 0x0D, i < text.count, text[i] == 0x0A { i &+= 1 }
        break fields
      }
      if flawed {
        block.recordCount &+= 1
        continue
      }
      if isBlank && isExtraBlank { continue }
      block.recordCount &+= 1
      if field < width {
        block.report(.tooFewFields(found: field, expected: width), line: record, text: shown(text, bounds[0], bounds[2 * field - 1]))
        continue
      }
      if !isExtraBlank {
        block.report(.tooManyFields(found: field, expected: width), line: record, text: shown(text, bounds[0], i))
        continue
      }
      let position = Position(chunk: chunk.index, line: record)
      if escapes.isEmpty {
        emit(text, bounds.span, position, into: &block)
      } else {
        emitEscaped(text, bounds, escapes, position, into: &block)
      }
    }
    block.lineCount = line
    return block
  }

  /// Gives up on a chunk that holds zero bytes: no text does.
  private func binary(_ chunk: Chunk, at index: Int, line: Int, _ block: RecordBlock) -> RecordBlock {
    var block = block
    block.report(.binary, line: line)
    block.lineCount = line + ChunkSource.lineEnds(chunk.bytes[index...])
    return block
  }

  /// Copies a record's fields with doubled quotation marks made single.
  private mutating func emitEscaped(
    _ text: borrowing Span<UInt8>, _ bounds: [Int], _ escapes: [Int], _ position: Position, into block: inout RecordBlock
  ) {
    var copy: [UInt8] = []
    var copied = bounds
    for field in 0..<bounds.count / 2 {
      copied[2 * field] = copy.count
      let doubled = escapes.contains(field)
      var i = bounds[2 * field]
      while i < bounds[2 * field + 1] {
        copy.append(text[i])
        if doubled, text[i] == 0x22 { i += 1 }
        i += 1
      }
      copied[2 * field + 1] = copy.count
    }
    emit(copy.span, copied.span, position, into: &block)
  }

  @inline(__always)
  private mutating func emit(
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
      if code == oddMeanings.count { oddMeanings.append(ScoreText(string(text, field.start, field.end), point: plan.point)) }
      meaning = oddMeanings[code]
    } else {
      meaning = ScoreText(string(text, field.start, field.end), point: plan.point)
    }
    let kind: ScoreProblem.Kind
    switch meaning {
    case .number(let value): return value
    case .missing:
      block.missingCount += 1
      if block.missing.count < listedMissing {
        block.missing.append(ScoreReading.Missing(line: position.line, text: shown(text, field.start, field.end)))
      }
      return nil
    case .notANumber: kind = .notANumber
    case .notFinite: kind = .notFinite
    case .decimalComma: kind = .decimalComma
    case .decimalPoint: kind = .decimalPoint
    }
    block.report(kind, line: position.line, column: plan.column(column), text: shown(text, field.start, field.end))
    return nil
  }

  /// The name in a column, or nil when it is blank (and reported).
  @inline(__always)
  private func name(
    _ role: ColumnRole, _ column: Int, _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position,
    into block: inout RecordBlock
  ) -> Field? {
    let field = trimmed(text, bounds[2 &* column], bounds[2 &* column &+ 1])
    if field.start < field.end { return field }
    block.report(.blankName(role: role), line: position.line, column: plan.column(column))
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

  private func string(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String {
    var bytes: [UInt8] = []
    for i in start..<min(end, start + 512) { bytes.append(text[i]) }
    return plan.encoding.decode(bytes[...]) ?? TextEncoding.gb18030.decode(bytes[...]) ?? String(decoding: bytes, as: UTF8.self)
  }

  private func shown(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String { visible(string(text, start, end)) }
}
