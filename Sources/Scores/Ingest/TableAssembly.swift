internal import Parallel

/// Joins what the parsers read into one table in canonical order, or lists everything that is wrong.
struct TableAssembly {
  private let plan: RecordPlan
  private var parsers: [RecordParser]
  private var shares: [ScoreColumns]
  private var blocks: [RecordBlock]
  /// The line of the file, from 1, of line 0 of each chunk.
  private var firstLine: [Int] = []
  private(set) var problems: [ScoreProblem] = []
  private(set) var problemCount = 0
  private(set) var missing: [ScoreReading.Missing] = []
  private(set) var missingCount = 0
  /// By the place of the column in the plan.
  private var unreadTimes: [Int: UnreadTimes] = [:]
  private(set) var recordCount = 0
  private(set) var encoding: TextEncoding
  private let threads: Int
  /// Where scores are names: the name of each value. Set by `table()`.
  private(set) var labels: [String]?
  /// The value of each parser's codes of labels.
  private var labelValues: [[Double]] = []

  /// `blocks` in any order; `lines` is the number of lines before the first record.
  init(
    plan: RecordPlan, parsers: [RecordParser], shares: [ScoreColumns], blocks: [RecordBlock], lines: Int, options: ScoreReadingOptions,
    forced: TextEncoding?
  ) {
    self.plan = plan
    threads = max(1, options.threads)
    self.parsers = parsers
    self.shares = shares
    self.blocks = blocks.sorted { $0.index < $1.index }
    encoding = plan.encoding
    var line = lines + 1
    for k in self.blocks.indices {
      firstLine.append(line)
      for problem in self.blocks[k].problems where problems.count < ScoreReadingError.storedProblems {
        var placed = problem
        placed.line = problem.line.map { $0 + line }
        problems.append(placed)
      }
      problemCount += self.blocks[k].problemCount
      for record in self.blocks[k].missing where missing.count < options.listedMissing {
        missing.append(ScoreReading.Missing(line: record.line + line, text: record.text))
      }
      missingCount += self.blocks[k].missingCount
      for (column, unread) in self.blocks[k].unreadTimes {
        var first = unread.first
        first.line = first.line.map { $0 + line }
        unreadTimes[column, default: UnreadTimes(first: first, count: 0)].count += unread.count
      }
      recordCount += self.blocks[k].recordCount
      line += self.blocks[k].lineCount
      self.blocks[k].problems = []
      self.blocks[k].missing = []
    }
    if forced == nil && encoding == .utf8 { encoding = .seen(in: self.parsers.flatMap(\.fileInterners), headers: plan.headers) }
  }

  /// The table; nil when there are problems, which are then in `problems`.
  mutating func table() -> ScoreTable? {
    let headerNames = plan.layout == .wideRaters
    let raters = merge(\.raters, .rater, headerNames ? .utf8 : encoding)
    let units = merge(\.units, .unit, encoding)
    let criteria = merge(\.criteria, .criterion, plan.criterion < 0 ? .utf8 : encoding)
    let rounds = merge(\.rounds, .round, encoding)
    refuseSummaries(units, \.units, .unit)
    if !headerNames { refuseSummaries(raters, \.raters, .rater) }
    if plan.labels { takeLabels() }
    let teams = attribute(\.teams, .team, of: raters, .rater)
    let raterGroups = attribute(\.raterGroups, .raterGroup, of: raters, .rater)
    let unitGroups = attribute(\.unitGroups, .unitGroup, of: units, .unit)
    let categories = attribute(\.categories, .category, of: units, .unit)
    let count = blocks.reduce(0) { $0 + $1.scores.count }
    if count > Int(UInt32.max) { report(ScoreProblem(.tooManyScores)) }
    guard problemCount == 0 else {
      problems.sort { ($0.line ?? 0, $0.column?.number ?? 0) < ($1.line ?? 0, $1.column?.number ?? 0) }
      if problems.count > ScoreReadingError.storedProblems { problems.removeLast(problems.count - ScoreReadingError.storedProblems) }
      return nil
    }
    // Entries are pairs of unit and round plus one, as places in the sorted names: their numeric order is the canonical one.
    var pairs: [[UInt64]] = []
    for (p, parser) in parsers.enumerated() {
      pairs.append(
        parser.entries.map { pair in
          let round = pair & 0xFFFF_FFFF
          return UInt64(units.places[p][Int(pair >> 32)]) << 32 | (round == 0 ? 0 : UInt64(rounds.places[p][Int(round - 1)]) + 1)
        })
    }
    var entries = pairs.flatMap { $0 }
    entries.sort()
    var distinct = 0
    for i in entries.indices where i == 0 || entries[i] != entries[distinct - 1] {
      entries[distinct] = entries[i]
      distinct += 1
    }
    entries.removeLast(entries.count - distinct)
    let entryPlaces = pairs.map { $0.map { UInt32(TableAssembly.index(of: $0, in: entries)) } }
    parsers = []
    let raterList = raters.names.indices.map { Rater(name: raters.names[$0], group: raterGroups[$0], team: teams[$0]) }
    let unitList = entries.map { pair in
      let unit = Int(pair >> 32)
      let round = Int(pair & 0xFFFF_FFFF)
      return Unit(
        name: units.names[unit], round: round == 0 ? nil : rounds.names[round - 1], group: unitGroups[unit], category: categories[unit])
    }
    return columns(count, raterList, unitList, criteria.names, entryPlaces, raters.places, criteria.places)
  }

  /// Sorts the scores by unit, rater, criterion, score and line. The parsers' columns are let go as soon as they are joined.
  private mutating func columns(
    _ count: Int, _ raters: [Rater], _ units: [Unit], _ criteria: [String], _ entryPlaces: [[UInt32]], _ raterPlaces: [[UInt32]],
    _ criterionPlaces: [[UInt32]]
  ) -> ScoreTable {
    var orders: [[UInt32]]
    let parts: [Range<Int>]
    let unitStart: [Int]
    (orders, parts, unitStart) = orderByUnit(count, units.count, entryPlaces)
    var keys = joinKeys(count, raterPlaces, criterionPlaces)
    let score = join(\.score, count) { [labelValues] column, block in
      if labelValues.isEmpty { return }
      for i in block.scores { column[i] = labelValues[block.parser][Int(column[i])] }
    }
    var sorted = parallelMap(parts, consuming: &orders) { [keys] units, order in
      CanonicalOrder.sorted(order, units: units, unitStart, keys, score)
    }
    keys = []
    let rater = joinParts(&sorted, \.rater)
    let criterion = joinParts(&sorted, \.criterion)
    let order = joinParts(&sorted, \.order)
    // One after the other, so that no two columns are held twice.
    let sortedScore = gather(score, order, parts, unitStart)
    let line = gather(joinLines(count), order, parts, unitStart)
    let readable = plan.times.indices.first { unreadTimes[$0] == nil }
    let times = readable.map { ScoreTimes(kind: plan.times[$0].kind, values: sortedTimes($0, count, order)) }
    var unread = plan.times.indices.prefix(readable ?? plan.times.count).compactMap { unreadTimes[$0] }
    for k in unread.indices { unread[k].instead = readable.map { plan.column(plan.times[$0].column) } }
    return ScoreTable(
      raters: raters, units: units, criteria: criteria, unitStart: unitStart, rater: rater, criterion: criterion, score: sortedScore,
      line: line, times: times, unreadTimes: unread)
  }

  /// A counting sort by unit, for each part of the units; it keeps the order of the file within a unit.
  private mutating func orderByUnit(
    _ count: Int, _ units: Int, _ places: [[UInt32]]
  ) -> (orders: [[UInt32]], parts: [Range<Int>], unitStart: [Int]) {
    let entry = join(\.entry, count) { column, block in
      let map = places[block.parser]
      for i in block.scores { column[i] = map[Int(column[i])] }
    }
    var unitStart = [Int](repeating: 0, count: units + 1)
    for code in entry { unitStart[Int(code) + 1] += 1 }
    for u in 0..<units { unitStart[u + 1] += unitStart[u] }
    let parts = CanonicalOrder.parts(unitStart, count: threads)
    let orders = parallelMap(parts.count) { [unitStart] part in
      let units = parts[part]
      let start = unitStart[units.lowerBound]
      var order = [UInt32](repeating: 0, count: unitStart[units.upperBound] - start)
      var next = units.map { unitStart[$0] - start }
      for i in entry.indices {
        let u = Int(entry[i]) - units.lowerBound
        guard u >= 0, u < next.count else { continue }
        order[next[u]] = UInt32(truncatingIfNeeded: i)
        next[u] &+= 1
      }
      return order
    }
    return (orders, parts, unitStart)
  }

  private mutating func joinKeys(_ count: Int, _ raters: [[UInt32]], _ criteria: [[UInt32]]) -> [UInt64] {
    join(\.key, count) { column, block in
      let rater = raters[block.parser]
      let criterion = criteria[block.parser]
      for i in block.scores {
        let key = column[i]
        column[i] = UInt64(rater[Int(key &>> 32)]) &<< 32 | UInt64(criterion[Int(key & 0xFFFF_FFFF)])
      }
    }
  }

  private mutating func joinLines(_ count: Int) -> [UInt32] {
    join(\.line, count) { [firstLine] column, block in
      let first = UInt32(truncatingIfNeeded: firstLine[block.index])
      for i in block.scores { column[i] &+= first }
    }
  }

  /// The times in the given order, looked up by run: the numbers of the runs take half the memory of times in the order of the file.
  private mutating func sortedTimes(_ k: Int, _ count: Int, _ order: [UInt32]) -> [Double] {
    var values: [Double] = []
    var first: [Int] = []
    for share in shares {
      first.append(values.count)
      values += share.times[k].value
    }
    var run: [UInt32] = []
    run.reserveCapacity(count)
    for block in blocks { shares[block.parser].times[k].appendRuns(of: block.scores, numberedFrom: first[block.parser], to: &run) }
    for p in shares.indices { shares[p].times = [] }
    return order.map { values[Int(run[Int($0)])] }
  }

  /// One column of all parsers in the order of the file, each block's part changed by `adapt` first. The parsers' columns are let go.
  private mutating func join<Value>(
    _ path: WritableKeyPath<ScoreColumns, [Value]>, _ count: Int, _ adapt: (inout [Value], RecordBlock) -> Void
  ) -> [Value] {
    var columns: [[Value]] = []
    for p in shares.indices {
      columns.append(shares[p][keyPath: path])
      shares[p][keyPath: path] = []
    }
    for block in blocks { adapt(&columns[block.parser], block) }
    // A parser that read all of it has it in order.
    if let whole = columns.first(where: { $0.count == count }) { return whole }
    var joined: [Value] = []
    joined.reserveCapacity(count)
    for block in blocks { joined.append(contentsOf: columns[block.parser][block.scores]) }
    return joined
  }

  private mutating func merge(_ names: KeyPath<RecordParser, Interner>, _ role: ColumnRole, _ encoding: TextEncoding) -> MergedNames {
    let merged = MergedNames(parsers.map { $0[keyPath: names] }, encoding: encoding)
    var seen: Set<[UInt8]> = []
    for (bytes, position) in merged.invalid.sorted(by: { $0.position < $1.position }) where seen.insert(Array(bytes)).inserted {
      report(
        ScoreProblem(
          .wrongEncoding(encoding: encoding), line: line(position), column: plan.column(plan[role]),
          text: visible(String(decoding: bytes, as: UTF8.self))))
    }
    return merged
  }

  /// A row of totals is no unit, and would be ranked as one.
  private mutating func refuseSummaries(_ merged: MergedNames, _ names: KeyPath<RecordParser, Interner>, _ role: ColumnRole) {
    // Words, not numbered names: there may be many of these.
    for (place, name) in merged.names.enumerated() where name.utf8.last.map({ $0 < 0x30 || $0 > 0x39 }) ?? false {
      guard name.utf8.count < 40, Header.summaryRows.contains(Header.fold(name)) else { continue }
      var first: Position?
      for (parser, places) in zip(parsers, merged.places) {
        for (code, own) in places.enumerated() where Int(own) == place {
          let seen = parser[keyPath: names].firstSeen[code]
          first = first.map { min($0, seen) } ?? seen
        }
      }
      report(ScoreProblem(.summary(role: role), line: first.map(line), column: plan.column(plan[role]), text: visible(name)))
    }
  }

  /// Numbers the labels by the order that was given, else by the bytes of their names.
  private mutating func takeLabels() {
    let merged = merge(\.labels.names, .score, encoding)
    var used = [Bool](repeating: false, count: merged.names.count)
    for (p, parser) in parsers.enumerated() {
      for code in parser.labels.codes { used[Int(merged.places[p][Int(code)])] = true }
    }
    let names = plan.labelOrder ?? merged.names.indices.filter { used[$0] }.map { merged.names[$0] }
    var value: [String: Double] = [:]
    for (i, name) in names.enumerated() { value[name] = Double(i) }
    labels = names
    // Codes of what is no label stand for no score.
    labelValues = merged.places.map { $0.map { value[merged.names[Int($0)]] ?? .nan } }
  }

  /// The attribute of every owner by its place; owners with several are reported, each other value once.
  private mutating func attribute(
    _ column: KeyPath<RecordParser, AttributeColumn>, _ role: ColumnRole, of owners: MergedNames, _ owner: ColumnRole
  ) -> [String?] {
    let columns = parsers.map { $0[keyPath: column] }
    let values = MergedNames(columns.map(\.values), encoding: encoding)
    for (bytes, position) in values.invalid {
      report(
        ScoreProblem(
          .wrongEncoding(encoding: encoding), line: line(position), column: plan.column(plan[role]),
          text: visible(String(decoding: bytes, as: UTF8.self))))
    }
    var first = [(value: Int, position: Position)?](repeating: nil, count: owners.names.count)
    var others: [AttributeColumn.Claim: Position] = [:]
    func note(_ owner: UInt32, _ value: UInt32, _ position: Position) {
      let claim = AttributeColumn.Claim(owner: owner, value: value)
      if let known = others[claim], known < position { return }
      others[claim] = position
    }
    for (p, column) in columns.enumerated() {
      for code in column.value.indices where column.value[code] != 0 {
        let place = owners.places[p][code]
        let value = Int(values.places[p][Int(column.value[code] - 1)])
        let position = column.position[code]
        guard let known = first[Int(place)] else {
          first[Int(place)] = (value, position)
          continue
        }
        if known.value == value {
          first[Int(place)] = (value, min(known.position, position))
        } else if position < known.position {
          note(place, UInt32(known.value), known.position)
          first[Int(place)] = (value, position)
        } else {
          note(place, UInt32(value), position)
        }
      }
      for (claim, position) in column.others {
        note(owners.places[p][Int(claim.owner)], values.places[p][Int(claim.value)], position)
      }
    }
    for (claim, position) in others.sorted(by: { $0.value < $1.value }) {
      guard let known = first[Int(claim.owner)], known.value != Int(claim.value) else { continue }
      report(
        ScoreProblem(
          .conflict(
            owner: owner, name: visible(owners.names[Int(claim.owner)]), role: role, first: visible(values.names[known.value]),
            firstLine: line(known.position)),
          line: line(position), column: plan.column(plan[role]), text: visible(values.names[Int(claim.value)])))
    }
    return first.map { $0.map { values.names[$0.value] } }
  }

  private mutating func report(_ problem: ScoreProblem) {
    problemCount += 1
    problems.append(problem)
  }

  private func line(_ position: Position) -> Int {
    // Chunks are numbered as the blocks are.
    firstLine[position.chunk] + position.line
  }

  private static func index(of value: UInt64, in sorted: [UInt64]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension RecordParser {
  /// The names that come from records, not from the header.
  var fileInterners: [Interner] {
    var interners = [units, rounds, teams.values, raterGroups.values, unitGroups.values, categories.values]
    if plan.layout != .wideRaters { interners.append(raters) }
    if plan.criterion >= 0 { interners.append(criteria) }
    if plan.labels { interners.append(labels.names) }
    return interners
  }
}
