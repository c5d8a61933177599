/// Named columns of equal length, from which a formula takes what it needs.
public struct ModelFrame: Sendable, Equatable {
  public enum Column: Sendable, Equatable {
    /// Numbers; a missing one is not a number.
    case numbers([Double])
    /// Levels by code; a missing one has code −1.
    case factor(codes: [Int32], labels: [String])

    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .factor(let codes, _): codes.count
      }
    }
  }

  public private(set) var names: [String] = []
  public private(set) var columns: [String: Column] = [:]
  public private(set) var count = 0

  public init() {}

  /// Adds a column, or replaces the one of that name. All columns must have the same length.
  public mutating func add(_ name: String, _ column: Column) {
    precondition(names.isEmpty || column.count == count, "column \(name) has \(column.count) values instead of \(count)")
    if columns[name] == nil { names.append(name) }
    columns[name] = column
    count = column.count
  }

  public mutating func add(_ name: String, _ values: [Double]) { add(name, .numbers(values)) }

  /// A factor from one label an observation; an empty label is missing.
  public mutating func add(_ name: String, labels: [String]) {
    let distinct = sortedDistinct(labels.filter { !$0.isEmpty })
    let codes = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    add(name, .factor(codes: labels.map { codes[$0] ?? -1 }, labels: distinct))
  }
}

/// Why a formula does not fit the data.
public enum ModelFrameError: Error, Equatable, Sendable {
  /// No column of that name; the others are listed.
  case unknownColumn(String, known: [String])
  /// The response, or the column of `log`, holds names instead of numbers.
  case notNumbers(String)
  /// `same(a, b)` of a column of numbers.
  case notFactor(String)
  /// The logarithm of a value that is not positive, in this row (counted from 0).
  case logarithm(column: String, row: Int)
  /// After leaving out rows with missing values none is left.
  case noRows(missingIn: [String])
  /// A random term has at least as many effects as there are observations, so it cannot be told from the residual.
  case asManyEffectsAsObservations(term: String, effects: Int, observations: Int)
  /// A grouping factor with one level has no variance.
  /// A column of a random term that the columns before it determine.
  case dependentColumn(term: String, column: String)
  case oneLevel(String)
  /// A column of a random term that is zero everywhere.
  case zeroColumn(term: String, column: String)
  /// The fixed part has more columns than are worked with.
  case tooManyFixedColumns(count: Int, limit: Int)
}
