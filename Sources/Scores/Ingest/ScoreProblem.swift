public import Wording

/// One thing wrong with a score file: where, what, and what to do about it.
public struct ScoreProblem: Sendable, Equatable {
  /// The column of the table: its number from 1 and its header.
  public struct Column: Sendable, Equatable {
    public var number: Int
    public var header: String

    public init(number: Int, header: String) {
      self.number = number
      self.header = header
    }
  }

  public enum Kind: Sendable, Equatable {
    // The file as a whole.
    case unreadable(reason: Text)
    case isDirectory
    case empty
    case headerOnly
    case binary
    case workbook
    case noScores(missing: Int)
    case tooManyScores
    // The header.
    case missingColumn(role: ColumnRole, headers: [String])
    case ambiguousColumn(role: ColumnRole, headers: [String])
    case duplicateHeader(other: Int)
    /// Many columns of numbers, as in a wide table, and no units.
    case wideWithoutUnit(columns: Int, headers: [String])
    /// The header is another record: a title stands above it.
    case headerBelow(line: Int)
    case unknownColumn(role: ColumnRole, headers: [String])
    /// A column that a model asks for, or that two headers could be.
    case noSuchColumn(headers: [String])
    case columnUsedTwice(role: ColumnRole, other: ColumnRole)
    case ambiguousLayout(headers: [String])
    case notNumericColumn
    /// A column named as time or sequence in which nothing can be read as one.
    case noTimes(role: ColumnRole)
    // A record.
    case tooFewFields(found: Int, expected: Int)
    case tooManyFields(found: Int, expected: Int)
    case unterminatedQuote
    case textAfterQuote
    case fieldTooLong(bytes: Int, limit: Int)
    case recordTooLong(limit: Int)
    case blankName(role: ColumnRole)
    /// A row of totals or means among the raters or units.
    case summary(role: ColumnRole)
    case notANumber
    case notFinite
    /// A name that is none of those that scores may be.
    case unknownLabel(labels: [String])
    /// A cell of the column of times (or sequence) that is neither.
    case notATime(role: ColumnRole)
    /// A cell of the column of times that is of another kind than the first ones.
    case mixedTimes(found: ScoreTimes.Kind, expected: ScoreTimes.Kind)
    case decimalComma
    case decimalPoint
    case wrongEncoding(encoding: TextEncoding)
    /// One owner (rater, unit) with two values of what can only have one.
    case conflict(owner: ColumnRole, name: String, role: ColumnRole, first: String, firstLine: Int)
  }

  public var kind: Kind
  /// The line of the file where the record begins, from 1; nil when the problem has no line.
  public var line: Int?
  public var column: Column?
  /// What is written there, clipped, with control characters made visible.
  public var text: String?

  public init(_ kind: Kind, line: Int? = nil, column: Column? = nil, text: String? = nil) {
    self.kind = kind
    self.line = line
    self.column = column
    self.text = text
  }
}

/// Everything that is wrong with a score file. Nothing was read; no problem stopped the search for the next.
public struct ScoreReadingError: Error, Sendable {
  /// The name of the file as the user typed it.
  public var source: String
  /// In the order of the file; at most `storedProblems` of them.
  public var problems: [ScoreProblem]
  /// How many there are, stored or not.
  public var total: Int

  /// The most problems that are kept; all are counted.
  public static let storedProblems = 10_000

  public init(source: String, problems: [ScoreProblem], total: Int? = nil) {
    self.source = source
    self.problems = problems
    self.total = total ?? problems.count
  }
}

/// Makes foreign text fit to be shown: at most `limit` characters, no control, format or line-breaking characters.
public func visible(_ text: String, limit: Int = 60) -> String {
  var shown = ""
  var length = 0
  for scalar in text.unicodeScalars {
    if length == limit { return shown + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      default: shown += "\\u{\(String(scalar.value, radix: 16))}"
      }
    default: shown.unicodeScalars.append(scalar)
    }
    length += 1
  }
  return shown
}
