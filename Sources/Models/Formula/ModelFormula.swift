/// A variable of a formula: a column of the data, or something simple made of columns.
public enum FormulaVariable: Sendable, Hashable {
  /// A column as it is: numbers stay numbers, names are a factor.
  case column(String)
  /// `factor(x)`: each distinct value is a level, also where the values are numbers.
  case factor(String)
  /// `same(a, b)`: 1 where two factors have the same label, otherwise 0. With a rater's and a unit's group it is "own group".
  case same(String, String)
  /// `log(x)`, the natural logarithm.
  case log(String)

  /// As R would print it.
  public var name: String {
    switch self {
    case .column(let name): name
    case .factor(let name): "factor(\(name))"
    case .same(let a, let b): "same(\(a), \(b))"
    case .log(let name): "log(\(name))"
    }
  }

  /// The columns it is made of.
  public var columns: [String] {
    switch self {
    case .column(let name), .factor(let name), .log(let name): [name]
    case .same(let a, let b): [a, b]
    }
  }
}

/// An intercept and products of variables: the fixed part of a formula, or what varies by group in a random term.
public struct LinearPart: Sendable, Equatable {
  public var hasIntercept: Bool
  /// Each term is a product of its variables; main effects first, then products of two, and so on.
  public var terms: [[FormulaVariable]]

  public init(hasIntercept: Bool, terms: [[FormulaVariable]]) {
    self.hasIntercept = hasIntercept
    self.terms = terms
  }

  var text: String {
    let names = terms.map { $0.map(\.name).joined(separator: ":") }
    if names.isEmpty { return hasIntercept ? "1" : "0" }
    return (hasIntercept ? "" : "0 + ") + names.joined(separator: " + ")
  }
}

/// `(part | group)`: the coefficients of `part` vary with the levels of `group`, with a covariance matrix of their own.
public struct RandomPart: Sendable, Equatable {
  public var part: LinearPart
  /// The level is the combination of these: one for `g`, two for `g:h`.
  public var group: [FormulaVariable]

  public init(part: LinearPart, group: [FormulaVariable]) {
    self.part = part
    self.group = group
  }

  /// The grouping factor's name, such as "unit:criterion".
  public var groupName: String { group.map(\.name).joined(separator: ":") }

  var text: String { "(\(part.text) | \(groupName))" }
}

/// A linear mixed model written as a formula in lme4's notation (Bates, Mächler, Bolker and Walker 2015, J. Stat. Softw. 67(1), section 2.1):
/// `score ~ service * dept + (1 | student) + (own | rater)`.
///
/// `+` adds, `-` takes away, `a:b` is a product, `a*b` is `a + b + a:b`, `a/b` is `a + a:b`, `0` or `-1` leaves out the intercept; `(x | g)` is an
/// intercept and a slope of x by g, correlated; `(x || g)` the same uncorrelated; `(1 | g/h)` is `(1 | g) + (1 | g:h)`. Names that are not
/// plain words go between backquotes.
public struct ModelFormula: Sendable, Equatable {
  public var response: FormulaVariable
  public var fixed: LinearPart
  public var random: [RandomPart]

  public init(response: FormulaVariable, fixed: LinearPart, random: [RandomPart]) {
    self.response = response
    self.fixed = fixed
    self.random = random
  }

  /// - Throws: `FormulaError` with the place and what to do.
  public init(_ text: String) throws(FormulaError) {
    var parser = try FormulaParser(text)
    self = try parser.formula()
  }

  /// The formula with every abbreviation written out.
  public var text: String {
    let parts = [fixed.text] + random.map(\.text)
    return "\(response.name) ~ " + parts.joined(separator: " + ")
  }

  /// Every column it needs, each once, in order of appearance.
  public var columns: [String] {
    var seen: Set<String> = []
    let variables = [response] + fixed.terms.flatMap { $0 } + random.flatMap { $0.part.terms.flatMap { $0 } + $0.group }
    return variables.flatMap(\.columns).filter { seen.insert($0).inserted }
  }
}
