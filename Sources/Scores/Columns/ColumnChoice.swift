/// A column to read, and as what.
public struct ColumnChoice: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Every field must be a number or say that there is none.
    case numbers
    /// Names, even where they look like numbers.
    case factor
    /// Numbers where all fields are, else names; a note tells when both occur.
    case automatic
  }

  /// A header, or the column's number from 1.
  public var column: String
  public var kind: Kind

  public init(_ column: String, _ kind: Kind = .automatic) {
    self.column = column
    self.kind = kind
  }
}

/// The header of a table, from which the columns to read are chosen.
public struct TableHeader: Sendable {
  public let headers: [String]
  private let named: [ColumnRole: String]

  init(headers: [String], named: [ColumnRole: String]) {
    self.headers = headers
    self.named = named
  }

  /// The header of the column that was named for a role, or else of the only one that is recognised as such.
  public func header(of role: ColumnRole) -> String? {
    if let wanted = named[role] { return index(of: wanted).map { headers[$0] } }
    for texts in role.headers {
      let folded = Set(texts.map(Header.fold))
      let matches = headers.filter { folded.contains(Header.fold($0)) }
      if matches.count == 1 { return matches[0] }
      if matches.count > 1 { return nil }
    }
    return nil
  }

  /// The place from 0 of a column by its exact header, by a header that differs in case, blanks or signs only, or by its number from 1; nil
  /// when there is none or more than one.
  public func index(of column: String) -> Int? {
    let exact = headers.indices.filter { headers[$0] == column }
    if !exact.isEmpty { return exact.count == 1 ? exact[0] : nil }
    let folded = Header.fold(column)
    let alike = headers.indices.filter { !headers[$0].isEmpty && Header.fold(headers[$0]) == folded }
    if !alike.isEmpty { return alike.count == 1 ? alike[0] : nil }
    if let number = Int(column), headers.indices.contains(number - 1) { return number - 1 }
    return nil
  }
}
