/// Whole records of a score file, as bytes of an ASCII-compatible encoding.
struct Chunk: Sendable {
  var index: Int
  var bytes: [UInt8]
  /// Where the first record begins; in the first chunk the header is before it.
  var start = 0
  var isLast = false
  /// The chunk is the beginning of one record that is longer than the limit; the rest was skipped, with this many line ends.
  var isOversized = false
  var skippedLines = 0
  /// It ends with the file, within a quotation.
  var endsInQuote = false
  var limit = 0
}

/// Cuts a byte stream into chunks that end where a record ends.
///
/// A quotation mark opens a quoted field only at the beginning of a field (RFC 4180), so borders can only be found from a known record
/// start. Chunks without any quotation mark, the usual case, are cut at their last line end.
struct ChunkSource: Sendable {
  private enum Place { case fieldStart, plain, quoted, afterQuote }

  private var stream: ByteStream
  private let chunkSize: Int
  private let recordLimit: Int
  private var transcoder: UTF16Transcoder?
  private var carry: [UInt8] = []
  private var isAtEnd = false
  private var nextIndex = 0
  /// The separator, once known; before that every possible one begins a field.
  var separator: UInt8?
  /// The size of the file where it is known beforehand.
  var size: Int? { stream.size }
  var invalidUnits: Int { transcoder?.invalid ?? 0 }
  private(set) var encoding: TextEncoding?
  private var usesCarriageReturns = false
  private var isOpen = false

  init(_ stream: ByteStream, options: ScoreReadingOptions) {
    self.stream = stream
    encoding = options.encoding
    recordLimit = max(options.recordLimit, 1024)
    self.chunkSize = max(options.chunkSize, 16)
  }

  mutating func next() throws(ScoreProblem.Unreadable) -> Chunk? {
    var none: [UInt8] = []
    return try next(reusing: &none)
  }

  /// The next chunk, in the storage of `spent`, which it takes if nobody else holds it: memory that is used again need not be asked for again.
  mutating func next(reusing spent: inout [UInt8]) throws(ScoreProblem.Unreadable) -> Chunk? {
    if isAtEnd && carry.isEmpty { return nil }
    var buffer: [UInt8] = []
    swap(&buffer, &spent)
    buffer.removeAll(keepingCapacity: true)
    buffer.reserveCapacity(chunkSize + ByteStream.pieceSize)
    buffer.append(contentsOf: carry)
    carry.removeAll(keepingCapacity: true)
    var place = Place.fieldStart
    var scanned = 0
    var border = 0
    var oversized: Chunk?
    while true {
      guard try fill(&buffer) else {
        isAtEnd = true
        if var oversized {
          oversized.endsInQuote = place == .quoted
          return finish(oversized)
        }
        if buffer.isEmpty { return nil }
        return finish(Chunk(index: nextIndex, bytes: buffer, isLast: true))
      }
      // No text: whoever asked will see so, and need not wait for the end of a line that may never come.
      if nextIndex == 0, transcoder == nil, ChunkSource.count(0, in: buffer.prefix(1 << 16)) > 0 {
        return finish(Chunk(index: nextIndex, bytes: buffer))
      }
      if nextIndex == 0 && scanned == 0 { usesCarriageReturns = !buffer.contains(0x0A) && buffer.contains(0x0D) }
      if oversized == nil && scanned == 0 && !ChunkSource.holdsQuote(buffer) {
        border = lastLineEnd(buffer)
        if border == 0 && buffer.count <= recordLimit { continue }
      }
      if border == 0 { (place, border) = scan(buffer, from: scanned, place, first: oversized != nil) }
      scanned = buffer.count
      if border > 0 {
        carry.append(contentsOf: buffer[border...])
        if var oversized {
          oversized.skippedLines += ChunkSource.lineEnds(buffer[..<border])
          return finish(oversized)
        }
        buffer.removeLast(buffer.count - border)
        return finish(Chunk(index: nextIndex, bytes: buffer))
      }
      if buffer.count > recordLimit || oversized != nil {
        if oversized == nil { oversized = Chunk(index: nextIndex, bytes: Array(buffer.prefix(256)), isOversized: true, limit: recordLimit) }
        // Without a header nothing behind it can be read; a device of zeros has no end.
        if nextIndex == 0, let oversized { return finish(oversized) }
        oversized?.skippedLines += ChunkSource.lineEnds(buffer[...])
        buffer.removeAll(keepingCapacity: true)
        scanned = 0
      }
    }
  }

  private mutating func finish(_ chunk: Chunk) -> Chunk {
    nextIndex += 1
    return chunk
  }

  private mutating func fill(_ buffer: inout [UInt8]) throws(ScoreProblem.Unreadable) -> Bool {
    if isAtEnd { return false }
    if !isOpen {
      isOpen = true
      // Read straight into the buffer: large temporary arrays would make the allocator keep memory that is given back later.
      _ = try stream.fill(&buffer, to: chunkSize)
      let found = TextEncoding.detect(buffer[...])
      let chosen = encoding ?? found?.encoding
      encoding = chosen
      if let found, found.encoding == chosen { buffer.removeFirst(found.mark) }
      if chosen == .utf16LittleEndian || chosen == .utf16BigEndian {
        transcoder = UTF16Transcoder(bigEndian: chosen == .utf16BigEndian)
        let raw = buffer
        buffer = []
        transcoder?.append(raw[...], to: &buffer)
      }
      return !buffer.isEmpty
    }
    if transcoder == nil { return try stream.fill(&buffer, to: buffer.count < chunkSize ? chunkSize : buffer.count + chunkSize) }
    var raw: [UInt8] = []
    guard try stream.fill(&raw, to: chunkSize) else {
      let before = buffer.count
      transcoder?.finish(to: &buffer)
      if buffer.count > before {
        isAtEnd = true
        return true
      }
      return false
    }
    transcoder?.append(raw[...], to: &buffer)
    return true
  }

  /// The end of the last whole record in `buffer`, by walking from a known place; 0 when there is none. With `first` the end of the first.
  private func scan(_ buffer: [UInt8], from start: Int, _ place: Place, first: Bool) -> (Place, Int) {
    var place = place
    var border = 0
    let text = buffer.span
    for i in start..<text.count {
      let b = text[i]
      switch place {
      case .quoted:
        if b == 0x22 { place = .afterQuote }
      case .afterQuote where b == 0x22: place = .quoted
      case .fieldStart where b == 0x22: place = .quoted
      default:
        if b == 0x0A || usesCarriageReturns && b == 0x0D {
          border = i + 1
          place = .fieldStart
          if first { return (place, border) }
        } else {
          place = isSeparator(b) ? .fieldStart : (place == .afterQuote ? .afterQuote : .plain)
        }
      }
    }
    return (place, border)
  }

  private func isSeparator(_ b: UInt8) -> Bool {
    if let separator { return b == separator }
    return b == 0x2C || b == 0x3B || b == 0x09 || b == 0x7C
  }

  private func lastLineEnd(_ buffer: [UInt8]) -> Int {
    let text = buffer.span
    var i = text.count
    while i > 0 {
      i &-= 1
      if text[i] == 0x0A || usesCarriageReturns && text[i] == 0x0D { return i + 1 }
    }
    return 0
  }

  /// Written without an early exit and with a narrow sum, so that it is a vector loop.
  private static func holdsQuote(_ buffer: [UInt8]) -> Bool {
    var found: UInt8 = 0
    for byte in buffer { found |= byte == 0x22 ? 1 : 0 }
    return found != 0
  }

  static func lineEnds(_ buffer: ArraySlice<UInt8>) -> Int { count(0x0A, in: buffer) }

  static func count(_ byte: UInt8, in buffer: ArraySlice<UInt8>) -> Int {
    let text = buffer.span
    var count = 0
    for i in 0..<text.count { count &+= text[i] == byte ? 1 : 0 }
    return count
  }
}
