public import Foundation
public import Wording

/// Where scores are read from.
public enum ScoreSource: Sendable {
  case file(String)
  case standardInput
  /// Bytes in memory, under a name for messages.
  case bytes([UInt8], name: String)

  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "-"
    case .bytes(_, let name): name
    }
  }
}

/// How scores lie in a file.
public enum ScoreLayout: String, Sendable, CaseIterable {
  /// One record a score.
  case long
  /// One record a unit (and criterion), one column a rater.
  case wideRaters = "wide-raters"
  /// One record a sheet (rater and unit), one column a criterion.
  case wideCriteria = "wide-criteria"
}

public struct ScoreReadingOptions: Sendable {
  /// Columns by role, each by its header or its number from 1. They beat recognition.
  public var columns: [ColumnRole: String] = [:]
  /// The columns that hold scores in a wide table, by header or number; all numeric columns without a role when nil.
  public var scoreColumns: [String]?
  /// Nil: seen from the header.
  public var layout: ScoreLayout?
  /// Scores are names, such as diagnoses or “pass” and “fail”, and not numbers.
  public var labels = false
  /// The names that scores may be, from the lowest up; with `labels` only. Nil: any name, in no order.
  public var labelOrder: [String]?
  /// Nil: seen from the header. One ASCII character.
  public var separator: Character?
  /// Nil: seen from the file.
  public var encoding: TextEncoding?
  /// Whether numbers have a decimal comma. Nil: where the separator is a semicolon.
  public var decimalComma: Bool?
  /// Threads to parse on; the result does not depend on it.
  public var threads: Int = 2
  /// Bytes parsed at a time.
  public var chunkSize: Int = 1 << 20
  /// A record may have this many bytes: 10⁵ columns fit, and a file without line ends does not fill the memory.
  public var recordLimit: Int = 16 << 20
  /// The most records without a score that are listed; all are counted.
  public var listedMissing: Int = 1000
  /// Hears every piece of the file as it is read, in order, on one thread at a time: for hashing.
  public var onChunk: (@Sendable (Data) -> Void)?

  public init() {}
}

extension ScoreReadingOptions {
  /// Takes the columns that the campaign file names, but for roles that an option names already.
  public mutating func takeColumns(of campaign: Campaign) {
    for (name, header) in campaign.columns {
      if let role = ColumnRole(written: name), columns[role] == nil { columns[role] = header }
    }
  }
}

/// What a file of scores held.
public struct ScoreReading: Sendable {
  /// A record without a score, left out of the table.
  public struct Missing: Sendable, Equatable {
    public var line: Int
    /// What is written in place of the score; empty when it is blank.
    public var text: String

    public init(line: Int, text: String) {
      self.line = line
      self.text = text
    }
  }

  /// A column of the file and what it was used for; nil when it was not used.
  public struct Column: Sendable, Equatable {
    public var number: Int
    public var header: String
    public var role: ColumnRole?
    /// For the columns across a wide table: each is a rater or a criterion of that name.
    public var isAcross: Bool

    public init(number: Int, header: String, role: ColumnRole?, isAcross: Bool = false) {
      self.number = number
      self.header = header
      self.role = role
      self.isAcross = isAcross
    }
  }

  public var table: ScoreTable
  /// The first records without a score; `missingCount` counts all of them.
  public var missing: [Missing]
  public var missingCount: Int
  public var columns: [Column]
  public var layout: ScoreLayout
  public var encoding: TextEncoding
  public var separator: Character
  /// Where scores are names: the name of each value, from 0. As ordered by the options, else in the order of their bytes. Nil: numbers.
  public var labels: [String]?
  /// What a reader should know of how the file was understood.
  public var notes: [Text]

  public init(
    table: ScoreTable, missing: [Missing], missingCount: Int, columns: [Column], layout: ScoreLayout, encoding: TextEncoding,
    separator: Character, labels: [String]? = nil, notes: [Text]
  ) {
    self.table = table
    self.missing = missing
    self.missingCount = missingCount
    self.columns = columns
    self.layout = layout
    self.encoding = encoding
    self.separator = separator
    self.labels = labels
    self.notes = notes
  }
}
