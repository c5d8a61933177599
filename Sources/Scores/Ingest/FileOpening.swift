/// The beginning of every reading: the stream, its first chunk and the header in it.
enum FileOpening {
  /// Opens `source` and reads as far as the header; the first chunk begins behind it.
  /// - Throws: what is wrong with a file that has no header or is no text.
  static func open(
    _ source: ScoreSource, options: ScoreReadingOptions
  ) throws(ScoreReadingError) -> (chunks: ChunkSource, first: Chunk, header: HeaderReading) {
    func failure(_ problem: ScoreProblem) -> ScoreReadingError { ScoreReadingError(source: source.name, problems: [problem]) }
    var chunks = ChunkSource(try ByteStream(source, onChunk: options.onChunk), options: options)
    let head: Chunk?
    do { head = try chunks.next() } catch { throw failure(ScoreProblem(.unreadable(reason: error.reason))) }
    guard var first = head, !first.bytes.allSatisfy({ $0 <= 0x20 && $0 != 0 }) else { throw failure(ScoreProblem(.empty)) }
    if let kind = foreign(first.bytes) { throw failure(ScoreProblem(kind)) }
    if first.isOversized {
      throw failure(
        ScoreProblem(.recordTooLong(limit: options.recordLimit), line: 1, text: visible(String(decoding: first.bytes, as: UTF8.self))))
    }
    let separator = options.separator.flatMap(\.asciiValue)
    let known = chunks.encoding == .gb18030 ? TextEncoding.gb18030 : (chunks.encoding == nil ? nil : .utf8)
    guard
      let header = separator.map({ HeaderReading(first.bytes, separator: $0, encoding: known) })
        ?? HeaderReading.detect(first.bytes, encoding: known)
    else { throw failure(ScoreProblem(.empty)) }
    if let long = header.headers.firstIndex(where: { $0.utf8.count > RecordPlan.fieldLimit }) {
      let column = ScoreProblem.Column(number: long + 1, header: visible(header.headers[long], limit: 30))
      let kind = ScoreProblem.Kind.fieldTooLong(bytes: header.headers[long].utf8.count, limit: RecordPlan.fieldLimit)
      throw failure(ScoreProblem(kind, line: 1, column: column, text: visible(header.headers[long])))
    }
    first.start = header.start
    chunks.separator = header.separator
    return (chunks, first, header)
  }

  /// What a file is that is no text at all.
  private static func foreign(_ bytes: [UInt8]) -> ScoreProblem.Kind? {
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return .workbook }
    return ChunkSource.count(0, in: bytes.prefix(1 << 16)) > 0 ? .binary : nil
  }
}
