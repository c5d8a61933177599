/// How the records of one file are to be read: settled from the header and the options before the first record.
struct RecordPlan: Sendable {
  /// A column across a wide table.
  struct Across: Sendable {
    var column: Int
    var name: [UInt8]
  }

  /// A column that says when, or in which order, scores were given: what its cells are, and whether it was named and not only recognised.
  struct TimeColumn: Sendable {
    var column: Int
    var role: ColumnRole
    var kind: ScoreTimes.Kind
    var isNamed: Bool
  }

  /// A field may have this many bytes; no name or score needs them.
  static let fieldLimit = 64 << 10

  var separator: UInt8
  /// The decimal point: `.` or `,`.
  var point: UInt8 = 0x2E
  /// UTF-8, or GB18030 where the header says so; names are checked in the end.
  var encoding: TextEncoding
  /// Scores are names, of these when there are any.
  var labels = false
  var labelOrder: [String]?
  var headers: [String]
  /// A guess from the first records, on the high side, of how many scores there are to a byte.
  var scoresPerByte = 0.1
  var layout: ScoreLayout = .long
  /// Columns by role from 0; -1 where the file has none.
  var rater = -1
  var unit = -1
  var criterion = -1
  var score = -1
  var team = -1
  var raterGroup = -1
  var unitGroup = -1
  var category = -1
  var round = -1
  /// The best first; another serves where a cell of those before it cannot be read.
  var times: [TimeColumn] = []
  var across: [Across] = []
  /// The name of the only criterion where no column holds it.
  var onlyCriterion: [UInt8] = []

  subscript(role: ColumnRole) -> Int {
    get {
      switch role {
      case .rater: rater
      case .unit: unit
      case .criterion: criterion
      case .score: score
      case .team: team
      case .raterGroup: raterGroup
      case .unitGroup: unitGroup
      case .category: category
      case .round: round
      case .sequence, .time: times.first { $0.role == role }?.column ?? -1
      case .evidence: -1
      }
    }
    set {
      switch role {
      case .rater: rater = newValue
      case .unit: unit = newValue
      case .criterion: criterion = newValue
      case .score: score = newValue
      case .team: team = newValue
      case .raterGroup: raterGroup = newValue
      case .unitGroup: unitGroup = newValue
      case .category: category = newValue
      case .round: round = newValue
      // Set once it is known what the cells are.
      case .sequence, .time, .evidence: break
      }
    }
  }

  func column(_ index: Int) -> ScoreProblem.Column {
    ScoreProblem.Column(number: index + 1, header: index < headers.count ? headers[index] : "")
  }

  /// The text of some bytes of the file, for messages: its first 512 bytes.
  func string(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String {
    var bytes: [UInt8] = []
    for i in start..<min(end, start + 512) { bytes.append(text[i]) }
    return encoding.decode(bytes[...]) ?? TextEncoding.gb18030.decode(bytes[...]) ?? String(decoding: bytes, as: UTF8.self)
  }
}
