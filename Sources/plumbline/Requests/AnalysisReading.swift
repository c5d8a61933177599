import Digest
import Scores
import Wording

/// Reading for an analysis: the table, its digest, and the remarks on standard error.
enum AnalysisReading {
  /// Some columns by header; `choose` is told the header and says which.
  static func columns(
    of path: String, _ request: AnalysisRequest, _ console: Console, choosing choose: (TableHeader) throws -> [ColumnChoice]
  ) throws -> (table: ColumnTable, input: Input) {
    let (reading, input) = try reading(path, request) { try ColumnReader.read($0, options: $1, choosing: choose) }
    if !request.display.quiet { console.complain(reading.notes.map { "\(path): \($0(request.display.language))" }) }
    return (reading.table, input)
  }

  /// A table of scores, long or wide.
  ///
  /// - Parameter hint: one more line below the problems of a file, for what an option might mend.
  static func scores(
    of path: String, _ request: AnalysisRequest, _ console: Console, hint: (ScoreReadingError) -> Text? = { _ in nil }
  ) throws -> (reading: ScoreReading, input: Input) {
    let (reading, input) = try reading(path, request, hint: hint) { try ScoreReader.read($0, options: $1) }
    if !request.display.quiet { console.complain(ReadCampaign.remarks(reading, source: path, request.display.language)) }
    return (reading, input)
  }

  private static func reading<Result>(
    _ path: String, _ request: AnalysisRequest, hint: (ScoreReadingError) -> Text? = { _ in nil },
    _ read: (ScoreSource, ScoreReadingOptions) throws -> Result
  ) throws -> (Result, Input) {
    let digest = SharedDigest()
    var options = request.reading
    options.onChunk = { digest.update($0) }
    do {
      let result = try read(path == "-" ? .standardInput : .file(path), options)
      return (result, Input(name: path, sha256: digest.hexadecimal()))
    } catch let error as ScoreReadingError {
      let language = request.display.language
      let lines = error.description(in: language).split(separator: "\n").map(String.init)
      throw InputError(lines: lines + (hint(error).map { [$0(language)] } ?? []))
    }
  }
}
