/// Scores in columns, with codes that are local to the parser that read them.
///
/// One array a column for the whole of a parser's share: arrays of this size go back to the system when they are let go, many small ones
/// stay with the allocator.
struct ScoreColumns: Sendable {
  var entry: [UInt32] = []
  /// Rater (high half) and criterion (low half).
  var key: [UInt64] = []
  var score: [Double] = []
  /// From 0 at the beginning of the chunk.
  var line: [UInt32] = []
  /// For each of the plan's columns of times.
  var times: [TimeRuns] = []

  init(timeColumns: Int = 0) { times = Array(repeating: TimeRuns(), count: timeColumns) }

  mutating func reserve(_ count: Int) {
    entry.reserveCapacity(count)
    key.reserveCapacity(count)
    score.reserveCapacity(count)
    line.reserveCapacity(count)
  }
}

/// Times of consecutive scores, each held where it changes: the scores of a sheet usually share theirs. Empty where the file has no column
/// of times.
struct TimeRuns: Sendable {
  /// The first score of each run.
  private var start: [UInt32] = []
  private(set) var value: [Double] = []
  /// The last cell that was read: while cells repeat it there is nothing to read.
  private var cell: [UInt8] = []
  private var hasCell = false

  @inline(__always)
  func repeats(_ text: borrowing Span<UInt8>, _ field: Field) -> Bool { hasCell && equal(cell, text, field) }

  mutating func keep(_ text: borrowing Span<UInt8>, _ field: Field) {
    hasCell = true
    cell.removeAll(keepingCapacity: true)
    for i in field.start..<field.end { cell.append(text[i]) }
  }

  /// `time` is that of the score at `place` and of those behind it, until another is noted.
  mutating func note(_ time: Double, from place: Int) {
    hasCell = false
    if let last = value.last, last == time || last.isNaN && time.isNaN { return }
    start.append(UInt32(truncatingIfNeeded: place))
    value.append(time)
  }

  /// Appends the runs, numbered from `first`, in which the scores at `places` are.
  func appendRuns(of places: Range<Int>, numberedFrom first: Int, to column: inout [UInt32]) {
    if places.isEmpty { return }
    // The last run that begins at the first place or before it.
    var (low, high) = (0, start.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(start[middle]) <= places.lowerBound { low = middle } else { high = middle }
    }
    var place = places.lowerBound
    while place < places.upperBound {
      let end = low + 1 < start.count ? min(Int(start[low + 1]), places.upperBound) : places.upperBound
      column.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: first + low), count: end - place))
      place = end
      low += 1
    }
  }
}

/// What one chunk of a file held.
struct RecordBlock: Sendable {
  var index: Int
  var parser = 0
  /// Its scores in the columns of its parser.
  var scores = 0..<0
  /// Line ends in the chunk; lines below count from 0 at its beginning.
  var lineCount = 0
  /// Records, with or without a score, flawed or not; blank lines are none.
  var recordCount = 0
  var missing: [ScoreReading.Missing] = []
  var missingCount = 0
  /// Their lines, too, count from 0 at the beginning of the chunk.
  var problems: [ScoreProblem] = []
  var problemCount = 0
  /// The cells that are no times in columns that nobody named as such, by the place of the column in the plan.
  var unreadTimes: [Int: UnreadTimes] = [:]

  init(index: Int) { self.index = index }

  mutating func report(_ kind: ScoreProblem.Kind, line: Int, column: ScoreProblem.Column? = nil, text: String? = nil) {
    problemCount += 1
    if problems.count < ScoreReadingError.storedProblems {
      problems.append(ScoreProblem(kind, line: line, column: column, text: text))
    }
  }

  mutating func noteUnreadTime(_ column: Int, _ problem: @autoclosure () -> ScoreProblem) {
    unreadTimes[column, default: UnreadTimes(first: problem(), count: 0)].count += 1
  }
}

/// What an owner (a rater or a unit) is said to belong to: one value each, or a conflict to report.
struct AttributeColumn: Sendable {
  struct Claim: Hashable, Sendable {
    var owner: UInt32
    var value: UInt32
  }

  var values = Interner()
  /// The first value of each owner plus one, 0 for none; and where it stands.
  private(set) var value: [UInt32] = []
  private(set) var position: [Position] = []
  /// Other values of an owner that already has one, each with its first position.
  private(set) var others: [Claim: Position] = [:]

  @inline(__always)
  mutating func note(owner: UInt32, value code: UInt32, at position: Position) {
    let owner = Int(owner)
    if owner < value.count, value[owner] == code &+ 1 { return }
    change(owner: owner, value: code, at: position)
  }

  @inline(never)
  private mutating func change(owner: Int, value code: UInt32, at position: Position) {
    while value.count <= owner {
      value.append(0)
      self.position.append(position)
    }
    if value[owner] == 0 {
      value[owner] = code + 1
      self.position[owner] = position
    } else {
      let claim = Claim(owner: UInt32(owner), value: code)
      if others[claim] == nil { others[claim] = position }
    }
  }
}
