import Dispatch
import Synchronization
import Wording

/// Reads a table of scores.
///
/// The file is streamed: it is cut into chunks of whole records, chunks are parsed on `options.threads` threads into columns of codes with
/// dictionaries of their own, and the dictionaries are merged and the scores sorted in the end. The result depends neither on the
/// number of threads nor on the order of the records (but for `ScoreTable.line`). Cost: linear in the size of the file but for sorting names and
/// the scores within one unit. Memory beyond the result: about 40 bytes a score (8 more with times) and the chunks in hand.
public enum ScoreReader {
  /// Reads all of `source`.
  ///
  /// - Throws: everything that is wrong with it; a table is never returned in part. A record without a score is no error, it is counted and
  ///   listed; nor is a score given twice, which stays in the table for the rules to find.
  public static func read(_ source: ScoreSource, options: ScoreReadingOptions = .init()) throws(ScoreReadingError) -> ScoreReading {
    func failure(_ problems: [ScoreProblem], total: Int? = nil) -> ScoreReadingError {
      ScoreReadingError(source: source.name, problems: problems, total: total)
    }
    let (chunks, first, reading) = try FileOpening.open(source, options: options)
    var matcher = ColumnMatcher(reading, options: options, line: max(reading.lines, 1))
    var plan = matcher.plan()
    guard matcher.problems.isEmpty else { throw failure(matcher.problems) }
    let shared = SharedReading(chunks, plan: plan, options: options)
    do {
      try shared.run(first: first)
    } catch {
      throw failure([ScoreProblem(.unreadable(reason: error.reason))])
    }
    let fileEncoding = shared.encoding
    var (parsers, shares, blocks) = shared.take()
    var assembly = TableAssembly(
      plan: plan, parsers: parsers, shares: shares, blocks: blocks, lines: reading.lines, options: options, forced: fileEncoding)
    parsers = []
    shares = []
    blocks = []
    if shared.invalidUnits > 0 {
      throw failure([ScoreProblem(.wrongEncoding(encoding: fileEncoding ?? .utf16LittleEndian))])
    }
    guard let table = assembly.table() else { throw failure(assembly.problems, total: assembly.problemCount) }
    if assembly.recordCount == 0 { throw failure([ScoreProblem(.headerOnly)]) }
    if table.count == 0 { throw failure([ScoreProblem(.noScores(missing: assembly.missingCount))]) }
    var columns = matcher.columns
    // Of the columns of times the first that could be read is used.
    for (k, times) in plan.times.enumerated() where k != table.unreadTimes.count { columns[times.column].role = nil }
    plan.times = Array(plan.times.prefix(table.unreadTimes.count + 1))
    return ScoreReading(
      table: table, missing: assembly.missing, missingCount: assembly.missingCount, columns: columns, layout: plan.layout,
      encoding: fileEncoding ?? assembly.encoding, separator: Character(Unicode.Scalar(reading.separator)),
      labels: assembly.labels, notes: matcher.notes(on: plan) + table.unreadTimes.map(\.note))
  }
}

/// The work that threads share: a stream that hands out chunks in turn, and a parser for each thread.
private final class SharedReading: Sendable {
  private struct Lane {
    var parser: RecordParser
    var blocks: [RecordBlock] = []
    var failure: ScoreProblem.Unreadable?
  }

  private final class Worker: Sendable {
    let lane: Mutex<Lane>

    init(_ parser: RecordParser) { lane = Mutex(Lane(parser: parser)) }
  }

  private let chunks: Mutex<ChunkSource>
  private let workers: [Worker]

  init(_ chunks: ChunkSource, plan: RecordPlan, options: ScoreReadingOptions) {
    self.chunks = Mutex(chunks)
    // Address space is asked for at once and memory as it is filled; nobody knows beforehand how the chunks will be shared out.
    let expected = Int(Double(chunks.size ?? 0) * plan.scoresPerByte)
    workers = (0..<max(1, options.threads)).map { _ in
      var parser = RecordParser(plan: plan, listedMissing: options.listedMissing)
      parser.columns.reserve(expected)
      return Worker(parser)
    }
  }

  var encoding: TextEncoding? { chunks.withLock { $0.encoding } }
  var invalidUnits: Int { chunks.withLock { $0.invalidUnits } }

  func run(first: Chunk) throws(ScoreProblem.Unreadable) {
    if first.isLast || workers.count == 1 {
      work(0, first)
    } else {
      DispatchQueue.concurrentPerform(iterations: workers.count) { index in work(index, index == 0 ? first : nil) }
    }
    for worker in workers {
      if let failure = worker.lane.withLock({ $0.failure }) { throw failure }
    }
  }

  private func work(_ index: Int, _ first: Chunk?) {
    workers[index].lane.withLock { lane in
      var held = first
      while true {
        if let chunk = held {
          var block = lane.parser.parse(chunk)
          block.parser = index
          lane.blocks.append(block)
        }
        var spent = held?.bytes ?? []
        held = nil
        do throws(ScoreProblem.Unreadable) {
          held = try chunks.withLock { chunks throws(ScoreProblem.Unreadable) in try chunks.next(reusing: &spent) }
        } catch {
          lane.failure = error
        }
        if held == nil { return }
      }
    }
  }

  /// What was read; the workers keep nothing.
  func take() -> ([RecordParser], [ScoreColumns], [RecordBlock]) {
    var parsers: [RecordParser] = []
    var shares: [ScoreColumns] = []
    var blocks: [RecordBlock] = []
    for worker in workers {
      worker.lane.withLock { lane in
        shares.append(lane.parser.columns)
        lane.parser.columns = ScoreColumns()
        parsers.append(lane.parser)
        blocks += lane.blocks
        lane.blocks = []
      }
    }
    return (parsers, shares, blocks)
  }
}
