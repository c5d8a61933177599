public import Wording

/// Reads some columns of a CSV or TSV table, whatever they are called: one streaming pass on one thread, each distinct text looked at once.
///
/// Encodings, separators, quotation and the words for “no value” are those of `ScoreReader`. Cost: linear in the size of the file but for
/// sorting names, and rows that agree on every factor.
public enum ColumnReader {
  public struct Reading: Sendable {
    public var table: ColumnTable
    /// What a reader should know of how the file was understood.
    public var notes: [Text]
  }

  /// - Parameters:
  ///   - options: separator, encoding, decimal comma, and columns by role for `TableHeader.header(of:)`.
  ///   - choose: told the header, says which columns to read; what it throws is thrown.
  /// - Throws: `ScoreReadingError` with everything that is wrong with the file, or what `choose` throws.
  public static func read(
    _ source: ScoreSource, options: ScoreReadingOptions = .init(), choosing choose: (TableHeader) throws -> [ColumnChoice]
  ) throws -> Reading {
    var (chunks, first, header) = try FileOpening.open(source, options: options)
    let point: UInt8 = (options.decimalComma ?? (header.separator == 0x3B)) ? 0x2C : 0x2E
    let plan = RecordPlan(separator: header.separator, point: point, encoding: header.encoding, headers: header.headers)
    let head = TableHeader(headers: header.headers, named: options.columns)
    let choices = try choose(head)
    var problems: [ScoreProblem] = []
    var places: [Int] = []
    for choice in choices {
      if let place = head.index(of: choice.column) {
        places.append(place)
      } else {
        problems.append(ScoreProblem(.noSuchColumn(headers: header.headers), line: max(header.lines, 1), text: visible(choice.column)))
      }
    }
    guard problems.isEmpty else { throw ScoreReadingError(source: source.name, problems: problems) }
    var parser = ColumnParser(plan: plan, places: places)
    var blocks: [RecordBlock] = []
    do throws(ScoreProblem.Unreadable) {
      var held: Chunk? = first
      while let chunk = held.take() {
        blocks.append(parser.parse(chunk))
        var spent = chunk.bytes
        held = try chunks.next(reusing: &spent)
      }
    } catch {
      throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.unreadable(reason: error.reason))])
    }
    if chunks.invalidUnits > 0 {
      throw ScoreReadingError(
        source: source.name, problems: [ScoreProblem(.wrongEncoding(encoding: chunks.encoding ?? .utf16LittleEndian))])
    }
    var assembly = ColumnAssembly(plan: plan, parser: parser, blocks: blocks, lines: header.lines, forced: chunks.encoding)
    let table = assembly.table(choices, places)
    guard let table else { throw ScoreReadingError(source: source.name, problems: assembly.problems, total: assembly.problemCount) }
    if table.count == 0 { throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.headerOnly)]) }
    return Reading(table: table.inCanonicalOrder(), notes: assembly.notes)
  }
}
