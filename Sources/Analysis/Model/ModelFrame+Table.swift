public import Models
public import Scores

extension ModelFrame {
  /// The columns of a table under the names that a formula has for them.
  public init(_ table: ColumnTable, names: [String]) {
    precondition(names.count == table.columns.count, "a name a column")
    self.init()
    for (name, column) in zip(names, table.columns) {
      switch column.values {
      case .numbers(let values): add(name, .numbers(values))
      case .factor(let factor): add(name, .factor(codes: factor.codes, labels: factor.names))
      }
    }
  }
}
