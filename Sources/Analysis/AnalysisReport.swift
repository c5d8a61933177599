public import Scores
public import Wording

/// What a model or a coefficient said about a table of scores: what the reporters of an analysis print.
///
/// Ids (of parts, columns, facts) are what a program reads and never change; titles and headers are for people, in both languages.
public struct AnalysisReport: Sendable {
  /// `plumbline.model/1` and the like.
  public var schema: String
  public var title: Text
  /// Set by the program that prints it.
  public var version = ""
  public var inputs: [Input] = []
  /// What shaped the result, as the user would type it, in a fixed order.
  public var options: [(name: String, value: String)] = []
  public var parts: [Part]

  public init(schema: String, title: Text, parts: [Part]) {
    self.schema = schema
    self.title = title
    self.parts = parts
  }

  public enum Part: Sendable {
    case facts(AnalysisFacts)
    case table(AnalysisTable)
    /// Sentences: what should be known before the numbers are used.
    case remarks([Text])
    case picture(AnalysisPicture)
  }

  public var tables: [AnalysisTable] {
    parts.compactMap { part in if case .table(let table) = part { table } else { nil } }
  }
}

/// Single figures, each with its name.
public struct AnalysisFacts: Sendable {
  public struct Fact: Sendable {
    public var id: String
    public var label: Text
    public var value: AnalysisValue
    public var format: AnalysisFormat

    public init(_ id: String, _ label: Text, _ value: AnalysisValue, _ format: AnalysisFormat = .significant(6)) {
      self.id = id
      self.label = label
      self.value = value
      self.format = format
    }
  }

  public var id: String
  public var title: Text
  public var facts: [Fact]

  public init(id: String, title: Text, facts: [Fact]) {
    self.id = id
    self.title = title
    self.facts = facts
  }
}

public struct AnalysisTable: Sendable {
  public struct Column: Sendable {
    public var id: String
    public var header: Text
    public var format: AnalysisFormat

    public init(_ id: String, _ header: Text, _ format: AnalysisFormat = .significant(4)) {
      self.id = id
      self.header = header
      self.format = format
    }
  }

  public var id: String
  public var title: Text
  public var columns: [Column]
  /// As many values a row as there are columns.
  public var rows: [[AnalysisValue]]
  /// How to read it; nil where it explains itself.
  public var note: Text?
  /// Rows a terminal shows; the rest are counted there, and all are in JSON and CSV.
  public var shownRows: Int

  public init(id: String, title: Text, columns: [Column], rows: [[AnalysisValue]], note: Text? = nil, shownRows: Int = 40) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a value a column")
    self.id = id
    self.title = title
    self.columns = columns
    self.rows = rows
    self.note = note
    self.shownRows = shownRows
  }
}

/// A drawing in characters, such as a Wright map; names from a file may stand in it.
public struct AnalysisPicture: Sendable {
  public var id: String
  public var title: Text
  /// In both languages where words occur in it.
  public var lines: [Text]

  public init(id: String, title: Text, lines: [Text]) {
    self.id = id
    self.title = title
    self.lines = lines
  }
}

public enum AnalysisValue: Sendable, Equatable {
  /// A name that a user typed: data, escaped wherever it is shown.
  case name(String)
  /// Words of ours.
  case words(Text)
  /// NaN and infinities are shown as missing.
  case number(Double)
  case count(Int)
  /// There is no such figure here.
  case none

  public static func optional(_ value: Double?) -> AnalysisValue { value.map(AnalysisValue.number) ?? .none }
}

/// How numbers are shown to people. Programs get twelve significant digits always.
public enum AnalysisFormat: Sendable, Equatable {
  /// At most this many significant digits.
  case significant(Int)
  /// Exactly this many decimals, so that a column lines up.
  case fixed(Int)
  /// A probability to two digits, `< 1e-300` below what a double holds.
  case probability
  /// A share as a percentage with one decimal.
  case percent
}
