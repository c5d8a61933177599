/// The first records of a file, split for one separator: enough to see what the columns are.
struct HeaderReading: Sendable {
  var separator: UInt8
  var headers: [String]
  /// The headers as they are compared.
  var folded: [String]
  /// The records after the header, as far as they were looked at, and their lines.
  var sample: [[String]]
  var sampleLines: [Int]
  /// Where the records begin, and how many line ends come before.
  var start: Int
  var lines: Int
  var encoding: TextEncoding
  /// The first bytes of the header, for messages.
  var text: String

  /// Records to a byte in the sample.
  var recordsPerByte: Double

  /// Records that are looked at to see which columns hold numbers.
  static let sampleSize = 200

  /// The first record that is not blank, as a header; nil when there is none.
  init?(_ bytes: [UInt8], separator: UInt8, encoding: TextEncoding?) {
    var tokens = Tokens(bytes: bytes, separator: separator)
    var header: [ArraySlice<UInt8>] = []
    while header.allSatisfy({ Header.isBlank($0) }) {
      guard let record = tokens.next() else { return nil }
      header = record
    }
    while let last = header.last, Header.isBlank(last) { header.removeLast() }
    let chosen = encoding ?? (header.allSatisfy { TextEncoding.utf8.decode($0) != nil } ? .utf8 : .gb18030)
    self.encoding = chosen
    self.separator = separator
    headers = header.map { Header.trim(chosen.decode($0) ?? String(decoding: $0, as: UTF8.self)) }
    folded = headers.map(Header.fold)
    text = visible(headers.joined(separator: String(Unicode.Scalar(separator))))
    start = tokens.position
    lines = tokens.lines
    sample = []
    sampleLines = []
    while sample.count < HeaderReading.sampleSize {
      let line = tokens.lines + 1
      guard let record = tokens.next() else { break }
      if record.allSatisfy({ Header.isBlank($0) }) { continue }
      sample.append(record.map { Header.trim(chosen.decode($0) ?? "") })
      sampleLines.append(line)
    }
    recordsPerByte = Double(sample.count) / Double(max(1, tokens.position - start))
  }

  /// How many cells of a column in the sample are scores, if only meant as such (`88分`), and how many are something else.
  func scoreCells(_ column: Int, point: UInt8) -> (scores: Int, others: Int) {
    var cells = (scores: 0, others: 0)
    for record in sample where column < record.count {
      switch ScoreText(record[column], point: point) {
      case .missing: break
      case .number, .decimalComma, .decimalPoint, .notFinite: cells.scores += 1
      case .notANumber: if ScoreText.hasUnit(record[column], point: point) { cells.scores += 1 } else { cells.others += 1 }
      }
    }
    return cells
  }

  /// Whether a column holds scores: at least half of what is written there. A slip in some cell must not take a rater away; it is reported.
  func holdsScores(_ column: Int, point: UInt8) -> Bool {
    let cells = scoreCells(column, point: point)
    return cells.scores > 0 && cells.scores >= cells.others
  }

  /// The line of a record among the first ones under which more columns are recognised than under the first; nil when there is none.
  var likelierHeader: Int? {
    func roles(_ folded: [String]) -> Int { Set(folded.flatMap { ColumnRole.byHeader[$0, default: []] }).count }
    let own = roles(self.folded)
    return sample.prefix(10).firstIndex { roles($0.map(Header.fold)) > max(1, own) }.map { sampleLines[$0] }
  }

  /// What the cells of a column of times are: the kind of the first that can be read; nil when the sample has none.
  func timeKind(_ column: Int, point: UInt8) -> ScoreTimes.Kind? {
    for record in sample where column < record.count {
      if let reading = TimeText.parse(record[column], point: point) { return reading.kind }
    }
    return nil
  }

  /// The separator under which most headers are recognised; among equals the one that occurs most often; the comma when there is none.
  static func detect(_ bytes: [UInt8], encoding: TextEncoding?) -> HeaderReading? {
    var best: (reading: HeaderReading, roles: Int)?
    for separator: UInt8 in [0x2C, 0x09, 0x3B, 0x7C] {
      guard let reading = HeaderReading(bytes, separator: separator, encoding: encoding) else { continue }
      let roles = Set(reading.folded.flatMap { ColumnRole.byHeader[$0, default: []] }).count
      if let known = best, (roles, reading.headers.count) <= (known.roles, known.reading.headers.count) { continue }
      best = (reading, roles)
    }
    return best?.reading
  }
}

extension ColumnRole {
  /// The roles that a folded header may stand for.
  static let byHeader: [String: [ColumnRole]] = {
    var roles: [String: [ColumnRole]] = [:]
    for role in allCases {
      for text in Set(role.headers.joined().map(Header.fold)) { roles[text, default: []].append(role) }
    }
    return roles
  }()
}

extension Header {
  static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { $0 <= 0x20 } || trim(String(decoding: bytes, as: UTF8.self)).isEmpty
  }

  static func trim(_ text: String) -> String {
    let blank: (Character) -> Bool = { $0.isWhitespace || $0 == "\u{FEFF}" || $0 == "\0" }
    var rest = text[...].drop(while: blank)
    while let last = rest.last, blank(last) { rest.removeLast() }
    return String(rest)
  }
}

/// A plain splitter for the first records of a file.
private struct Tokens {
  let bytes: [UInt8]
  let separator: UInt8
  private(set) var position = 0
  private(set) var lines = 0

  init(bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  mutating func next() -> [ArraySlice<UInt8>]? {
    guard position < bytes.count else { return nil }
    var record: [ArraySlice<UInt8>] = []
    while true {
      var field: [UInt8] = []
      if position < bytes.count, bytes[position] == 0x22 {
        position += 1
        while position < bytes.count {
          let b = bytes[position]
          position += 1
          if b == 0x22 {
            guard position < bytes.count, bytes[position] == 0x22 else { break }
            position += 1
          } else if b == 0x0A || b == 0x0D && !(position < bytes.count && bytes[position] == 0x0A) {
            lines += 1
          }
          field.append(b)
        }
      }
      while position < bytes.count, bytes[position] != separator, bytes[position] != 0x0A, bytes[position] != 0x0D {
        field.append(bytes[position])
        position += 1
      }
      record.append(field[...])
      guard position < bytes.count else { return record }
      let b = bytes[position]
      position += 1
      if b == separator { continue }
      lines += 1
      if b == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      return record
    }
  }
}
