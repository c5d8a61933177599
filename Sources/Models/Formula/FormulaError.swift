/// Why a text is no formula, with its place.
public struct FormulaError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// There is no `~`, or nothing in front of it.
    case noResponse
    /// A character that means nothing here.
    case unexpected(String)
    /// The text ends where something should follow.
    case unfinished
    /// A parenthesis or backquote that is not closed.
    case notClosed(String)
    /// A number other than 0 and 1.
    case number(String)
    /// A function other than `factor`, `same` and `log`.
    case unknownFunction(String)
    /// A function with the wrong number of columns.
    case arguments(function: String, expected: Int)
    /// A bar outside parentheses: random terms are written `(1 | g)`.
    case barOutside
    /// What is behind a bar is no factor, product of factors or `g/h`.
    case group
    /// Something was taken away that cannot be.
    case subtraction
    /// A random term without anything that varies, such as `(0 | g)`.
    case emptyTerm
    /// More terms, or parentheses within parentheses, than any model has.
    case tooLarge
    /// The response appears on the right-hand side as well.
    case responseOnBothSides
  }

  public let reason: Reason
  /// How many characters precede the place.
  public let position: Int
  public let formula: String

  public init(_ reason: Reason, position: Int, formula: String) {
    self.reason = reason
    self.position = position
    self.formula = formula
  }
}

extension FormulaError: CustomStringConvertible {
  public var description: String { "character \(position + 1) of the formula “\(formula)”: \(reason)" }
}
