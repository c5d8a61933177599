import Scores

extension ScoreReadingOptions {
  /// The columns that were named, each once.
  mutating func name(_ columns: [(ColumnRole, String?)], _ problems: inout Problems) {
    for case (let role, let column?) in columns {
      if column.isEmpty {
        problems.add("the \(role.rawValue) column has an empty name.", zh: "\(role.rawValue) 列名为空。")
      } else if let other = self.columns[role], other != column {
        problems.add(
          "the \(role.rawValue) column is named twice: “\(other)” and “\(column)”.", zh: "\(role.rawValue) 列指定了两次：“\(other)”和“\(column)”。")
      } else {
        self.columns[role] = column
      }
    }
  }

  /// How scores lie in the table.
  mutating func lay(_ typed: LayoutArguments, _ problems: inout Problems) {
    layout = problems.choice(
      typed.layout, option: "--layout", default: nil, ["long": .long, "wide-raters": .wideRaters, "wide-criteria": .wideCriteria])
    let across = typed.scoreColumns.flatMap { $0.split(separator: ",").map(String.init) }
    if !across.isEmpty { scoreColumns = across }
  }
}
