/// Some columns of a table, as an analyst's model needs them: numbers, or codes of names.
///
/// Rows are in one canonical order that depends neither on the order of the file nor on that of its columns: sorted by the factor columns
/// (those whose headers come first in byte order first), then by the numeric ones.
public struct ColumnTable: Sendable {
  /// A column of names.
  public struct Factor: Sendable, Equatable {
    /// Distinct, sorted as numbers where all of them are, else by their UTF-8 bytes.
    public var names: [String]
    /// One a row, a place in `names`; -1 where the field is blank or says that there is none.
    public var codes: [Int32]

    public init(names: [String], codes: [Int32]) {
      self.names = names
      self.codes = codes
    }
  }

  public enum Values: Sendable, Equatable {
    /// NaN where there is none.
    case numbers([Double])
    case factor(Factor)
  }

  public struct Column: Sendable, Equatable {
    /// From 1, in the file.
    public var number: Int
    public var header: String
    public var values: Values
    public var missing: Int

    public init(number: Int, header: String, values: Values, missing: Int) {
      self.number = number
      self.header = header
      self.values = values
      self.missing = missing
    }
  }

  /// In the order in which they were asked for.
  public var columns: [Column]
  /// The line of the file, from 1, where each row's record begins.
  public var line: [UInt32]

  public init(columns: [Column], line: [UInt32]) {
    self.columns = columns
    self.line = line
  }

  public var count: Int { line.count }

  public subscript(header: String) -> Column? { columns.first { $0.header == header } }

  /// The rows in which no column is missing, and how many were left out. Names that no row has any more are kept.
  public func complete() -> (table: ColumnTable, dropped: Int) {
    guard columns.contains(where: { $0.missing > 0 }) else { return (self, 0) }
    let whole = isWhole
    let rows = whole.indices.filter { whole[$0] }
    var table = taking(rows)
    for k in table.columns.indices { table.columns[k].missing = 0 }
    return (table, count - rows.count)
  }

  /// The lines of the rows that `complete` leaves out, in the order of the file.
  public var incompleteLines: [UInt32] {
    let whole = isWhole
    return whole.indices.filter { !whole[$0] }.map { line[$0] }.sorted()
  }

  /// By row: whether no column is missing.
  private var isWhole: [Bool] {
    var whole = [Bool](repeating: true, count: count)
    for column in columns where column.missing > 0 {
      switch column.values {
      case .numbers(let numbers): for i in numbers.indices where numbers[i].isNaN { whole[i] = false }
      case .factor(let factor): for i in factor.codes.indices where factor.codes[i] < 0 { whole[i] = false }
      }
    }
    return whole
  }

  /// The rows of these places, in this order.
  func taking(_ rows: [Int]) -> ColumnTable {
    var result = self
    result.line = rows.map { line[$0] }
    for (k, column) in columns.enumerated() {
      switch column.values {
      case .numbers(let numbers): result.columns[k].values = .numbers(rows.map { numbers[$0] })
      case .factor(let factor):
        result.columns[k].values = .factor(Factor(names: factor.names, codes: rows.map { factor.codes[$0] }))
      }
    }
    return result
  }
}
