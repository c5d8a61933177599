internal import Scores
internal import Wording

/// Names in sentences and in subjects: the first few, and how many there are.
enum Names {
  /// Subjects, rows and the like that one finding of facts carries; it says how many more there are.
  static let subjectLimit = 20
  static let rowLimit = 1000
  /// Findings of one rule of facts that are told apart; one more stands for the rest.
  static let findingLimit = 20

  /// `A, B and 3 more` or `A、B等 5 个`; `total` where `names` are only the first of them.
  static func list(_ names: [String], total: Int? = nil, limit: Int = 5) -> Text {
    let total = total ?? names.count
    let shown = names.prefix(limit)
    if total > shown.count {
      return Text("\(shown.joined(separator: ", ")) and \(total - shown.count) more", zh: "\(shown.joined(separator: "、"))等 \(total) 个")
    }
    guard let last = shown.last, shown.count > 1 else { return Text(shown.first ?? "", zh: shown.first ?? "") }
    return Text("\(shown.dropLast().joined(separator: ", ")) and \(last)", zh: shown.joined(separator: "、"))
  }

  /// The unit with its round, where units are scored in several.
  static func unit(_ unit: Unit) -> Text {
    guard let round = unit.round else { return Text(unit.name, zh: unit.name) }
    return Text("\(unit.name) (\(round))", zh: "\(unit.name)（\(round)）")
  }

  static func units(_ units: [Unit], limit: Int = 5) -> Text {
    let labels = units.prefix(limit).map(Names.unit)
    return Text(
      list(labels.map(\.en), total: units.count, limit: limit).en, zh: list(labels.map(\.zh), total: units.count, limit: limit).zh)
  }

  /// Names of units as subjects: each once, the first few.
  static func subjects(_ units: some Sequence<Unit>) -> [String] {
    var seen: Set<String> = []
    var names: [String] = []
    for unit in units where seen.insert(unit.name).inserted {
      names.append(unit.name)
      if names.count == subjectLimit { break }
    }
    return names
  }

  /// A name without spaces, case and differences of width, for finding misspellings.
  static func folded(_ name: String) -> String {
    var folded = ""
    for scalar in name.unicodeScalars where !scalar.properties.isWhitespace {
      let value = scalar.value
      folded.unicodeScalars.append((0xFF01...0xFF5E).contains(value) ? Unicode.Scalar(value - 0xFEE0) ?? scalar : scalar)
    }
    return folded.lowercased()
  }
}

/// `1 unit`, `2 units`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}

extension Study {
  /// Rows of the score table behind sheets, as many as a finding of facts carries.
  func firstRows(ofSheets sheets: some Sequence<Int>) -> [Int] {
    firstRows(ofObservations: sheets.lazy.flatMap { [layout] in layout.sheetStart[$0]..<layout.sheetStart[$0 + 1] })
  }

  /// Rows of the score table behind observations, as many as a finding of facts carries.
  func firstRows(ofObservations observations: some Sequence<Int>) -> [Int] {
    var rows: [Int] = []
    for o in observations {
      for row in layout.rows(of: o, in: table) {
        rows.append(row)
        if rows.count == Names.rowLimit { return rows }
      }
    }
    return rows
  }
}
