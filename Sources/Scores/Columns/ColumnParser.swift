/// Turns chunks of whole records into columns of codes, every column interned; what the texts mean is settled once for each distinct one.
struct ColumnParser: RecordSink {
  let plan: RecordPlan
  /// Places of the columns in the file, from 0.
  private let places: [Int]
  private(set) var texts: [Interner]
  private(set) var codes: [[UInt32]]
  /// From 0 at the beginning of the chunk.
  private(set) var line: [UInt32] = []

  init(plan: RecordPlan, places: [Int]) {
    self.plan = plan
    self.places = places
    texts = places.map { _ in Interner() }
    codes = places.map { _ in [] }
  }

  mutating func parse(_ chunk: Chunk) -> RecordBlock {
    let before = line.count
    let scanner = RecordScanner(plan)
    var block = scanner.scan(chunk, into: &self)
    block.scores = before..<line.count
    return block
  }

  mutating func emit(
    _ text: borrowing Span<UInt8>, _ bounds: borrowing Span<Int>, _ position: Position, into block: inout RecordBlock
  ) {
    for (k, place) in places.enumerated() {
      let field = trimmed(text, bounds[2 * place], bounds[2 * place + 1])
      codes[k].append(texts[k].code(text, field.start, field.end, at: position))
    }
    line.append(UInt32(truncatingIfNeeded: position.line))
  }
}
