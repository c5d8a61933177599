/// What is done with the records of a file. Generic within this module only, where the compiler makes a scanner of its own for each kind.
protocol RecordSink: Sendable {
  /// A record: field `k` is `text[bounds[2k] ..< bounds[2k + 1]]`, quotation marks taken away, blanks not.
  mutating func emit(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position, into block: inout RecordBlock)
}

/// Splits chunks of whole records into fields (RFC 4180, with any line ends).
struct RecordScanner {
  private let plan: RecordPlan

  init(_ plan: RecordPlan) { self.plan = plan }

  /// Gives every whole record of `chunk` to `sink`, reports the flawed ones, and returns what else there was; blank lines are no records.
  func scan<Sink: RecordSink>(_ chunk: Chunk, into sink: inout Sink) -> RecordBlock {
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
          let quoted = quotedField(text, from: i, line: &line)
          if quoted.flaw == .zeroByte { return binary(chunk, at: quoted.next, line: line, block) }
          start &+= 1
          end = quoted.end
          i = quoted.next
          if quoted.isEscaped { escapes.append(field) }
          if quoted.flaw != .none {
            let kind: ScoreProblem.Kind = quoted.flaw == .unterminated ? .unterminatedQuote : .textAfterQuote
            block.report(kind, line: opened, column: plan.column(field), text: shown(text, start &- 1, i))
            flawed = true
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
        sink.emit(text, bounds.span, position, into: &block)
      } else {
        emitEscaped(text, bounds, escapes, position, into: &block, &sink)
      }
    }
    block.lineCount = line
    return block
  }

  private enum QuoteFlaw { case none, unterminated, textAfter, zeroByte }

  /// Passes over the quoted field that opens at `start`, counting the lines in it: where its text ends, whether quotation marks are doubled in it, and
  /// where the scan goes on: at the separator, the line end, the zero byte or the end of the text.
  private func quotedField(
    _ text: borrowing Span<UInt8>, from start: Int, line: inout Int
  ) -> (end: Int, next: Int, isEscaped: Bool, flaw: QuoteFlaw) {
    var isEscaped = false
    var end = start &+ 1
    while end < text.count {
      let b = text[end]
      if b == 0x22 {
        guard end &+ 1 < text.count, text[end &+ 1] == 0x22 else { break }
        isEscaped = true
        end &+= 2
        continue
      }
      if b == 0 { return (end, end, isEscaped, .zeroByte) }
      if b == 0x0A || b == 0x0D && !(end &+ 1 < text.count && text[end &+ 1] == 0x0A) { line &+= 1 }
      end &+= 1
    }
    if end == text.count { return (end, end, isEscaped, .unterminated) }
    var next = end &+ 1
    while next < text.count, text[next] != plan.separator, text[next] != 0x0A, text[next] != 0x0D { next &+= 1 }
    return (end, next, isEscaped, isBlankText(text, end &+ 1, next) ? .none : .textAfter)
  }

  /// Gives up on a chunk that holds zero bytes: no text does.
  private func binary(_ chunk: Chunk, at index: Int, line: Int, _ block: RecordBlock) -> RecordBlock {
    var block = block
    block.report(.binary, line: line)
    block.lineCount = line + ChunkSource.lineEnds(chunk.bytes[index...])
    return block
  }

  /// Copies a record's fields with doubled quotation marks made single.
  private func emitEscaped<Sink: RecordSink>(
    _ text: borrowing Span<UInt8>, _ bounds: [Int], _ escapes: [Int], _ position: Position, into block: inout RecordBlock,
    _ sink: inout Sink
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
    sink.emit(copy.span, copied.span, position, into: &block)
  }

  private func shown(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String { visible(plan.string(text, start, end)) }
}
