/// Reads a formula by recursive descent; `:` binds closest, then `*` and `/`, then `+` and `-`.
struct FormulaParser {
  private let text: String
  private let tokens: [FormulaToken]
  private var next = 0
  private var depth = 0

  /// Parentheses within parentheses, and terms of one product: far more than any model holds, and what a machine can still work out.
  private static let deepest = 100
  private static let mostTerms = 500
  /// In which order variables were first read.
  private var order: [FormulaVariable: Int] = [:]

  init(_ text: String) throws(FormulaError) {
    self.text = text
    tokens = try formulaTokens(text)
  }

  /// What a side of `+` can be.
  private struct Sum {
    /// Nil: nothing was said about the intercept.
    var intercept: Bool?
    var terms: [[FormulaVariable]] = []
    var random: [RandomPart] = []

    mutating func add(_ term: [FormulaVariable]) {
      if !terms.contains(where: { Set($0) == Set(term) }) { terms.append(term) }
    }
  }

  mutating func formula() throws(FormulaError) -> ModelFormula {
    guard case .name = peek.kind else { throw error(.noResponse) }
    let response = try variable()
    guard peek.kind == .sign("~") else { throw error(tokens.contains { $0.kind == .sign("~") } ? unexpected : .noResponse) }
    next += 1
    let start = peek.position
    let sum = try self.sum()
    if peek.kind != .end { throw error(unexpected) }
    let inRandom = sum.random.contains { $0.group.contains(response) || $0.part.terms.contains { $0.contains(response) } }
    if inRandom || sum.terms.contains(where: { $0.contains(response) }) {
      throw FormulaError(.responseOnBothSides, position: start, formula: text)
    }
    return ModelFormula(
      response: response, fixed: LinearPart(hasIntercept: sum.intercept ?? true, terms: byDegree(sum.terms)), random: sum.random)
  }

  private mutating func sum() throws(FormulaError) -> Sum {
    var result = Sum()
    var sign: Character = "+"
    if case .sign(let c) = peek.kind, c == "+" || c == "-" {
      sign = c
      next += 1
    }
    while true {
      let place = peek.position
      let item = try product()
      if sign == "+" {
        if let intercept = item.intercept { result.intercept = intercept }
        for term in item.terms { result.add(term) }
        result.random += item.random
      } else {
        if !item.random.isEmpty { throw FormulaError(.subtraction, position: place, formula: text) }
        // "- 1" takes the intercept away, "- 0" puts it back, as in R.
        if let intercept = item.intercept { result.intercept = !intercept }
        for term in item.terms { result.terms.removeAll { Set($0) == Set(term) } }
      }
      guard case .sign(let c) = peek.kind, c == "+" || c == "-" else { return result }
      sign = c
      next += 1
    }
  }

  private mutating func product() throws(FormulaError) -> Sum {
    var left = try interaction()
    while case .sign(let c) = peek.kind, c == "*" || c == "/" {
      let place = peek.position
      next += 1
      let right = try interaction()
      try refuseConstants(left, right, place)
      try refuseSize(left, right, place)
      var result = Sum()
      for term in left.terms { result.add(term) }
      if c == "*" {
        for term in right.terms { result.add(term) }
        for a in left.terms { for b in right.terms { result.add(joined(a, b)) } }
      } else {
        let all = left.terms.reduce([]) { joined($0, $1) }
        for b in right.terms { result.add(joined(all, b)) }
      }
      left = result
    }
    return left
  }

  private mutating func interaction() throws(FormulaError) -> Sum {
    var left = try primary()
    while peek.kind == .sign(":") {
      let place = peek.position
      next += 1
      let right = try primary()
      try refuseConstants(left, right, place)
      try refuseSize(left, right, place)
      var result = Sum()
      for a in left.terms { for b in right.terms { result.add(joined(a, b)) } }
      left = result
    }
    return left
  }

  private mutating func primary() throws(FormulaError) -> Sum {
    switch peek.kind {
    case .name:
      return Sum(terms: [[try variable()]])
    case .number(let digits):
      guard digits == "0" || digits == "1" else { throw error(.number(digits)) }
      next += 1
      return Sum(intercept: digits == "1")
    case .sign("("):
      let open = peek.position
      next += 1
      depth += 1
      defer { depth -= 1 }
      if depth > Self.deepest { throw FormulaError(.tooLarge, position: open, formula: text) }
      let inside = try sum()
      if peek.kind == .sign("|") || peek.kind == .doubleBar { return try randomTerm(inside, open) }
      guard peek.kind == .sign(")") else {
        throw peek.kind == .end ? FormulaError(.notClosed("("), position: open, formula: text) : error(unexpected)
      }
      next += 1
      return inside
    case .end: throw error(.unfinished)
    default: throw error(unexpected)
    }
  }

  private mutating func randomTerm(_ inside: Sum, _ open: Int) throws(FormulaError) -> Sum {
    let uncorrelated = peek.kind == .doubleBar
    if !inside.random.isEmpty { throw error(unexpected) }
    next += 1
    let place = peek.position
    let group = try product()
    if peek.kind == .sign("+") { throw FormulaError(.group, position: place, formula: text) }
    guard peek.kind == .sign(")") else {
      throw peek.kind == .end ? FormulaError(.notClosed("("), position: open, formula: text) : error(unexpected)
    }
    next += 1
    if group.terms.isEmpty || group.intercept != nil || !group.random.isEmpty {
      throw FormulaError(.group, position: place, formula: text)
    }
    let part = LinearPart(hasIntercept: inside.intercept ?? true, terms: byDegree(inside.terms))
    if !part.hasIntercept && part.terms.isEmpty { throw FormulaError(.emptyTerm, position: open, formula: text) }
    var parts = [part]
    if uncorrelated {
      parts = part.terms.map { LinearPart(hasIntercept: false, terms: [$0]) }
      if part.hasIntercept { parts.insert(LinearPart(hasIntercept: true, terms: []), at: 0) }
    }
    return Sum(random: group.terms.flatMap { group in parts.map { RandomPart(part: $0, group: group) } })
  }

  private mutating func variable() throws(FormulaError) -> FormulaVariable {
    let result = try readVariable()
    if order[result] == nil { order[result] = order.count }
    return result
  }

  private mutating func readVariable() throws(FormulaError) -> FormulaVariable {
    guard case .name(let name) = peek.kind else { throw error(peek.kind == .end ? .unfinished : unexpected) }
    let place = peek.position
    next += 1
    guard peek.kind == .sign("(") else { return .column(name) }
    guard ["factor", "same", "log"].contains(name) else {
      throw FormulaError(.unknownFunction(name), position: place, formula: text)
    }
    let open = peek.position
    next += 1
    var columns: [String] = []
    while case .name(let column) = peek.kind {
      columns.append(column)
      next += 1
      if peek.kind == .sign(",") { next += 1 } else { break }
    }
    guard peek.kind == .sign(")") else {
      throw peek.kind == .end ? FormulaError(.notClosed("("), position: open, formula: text) : error(unexpected)
    }
    next += 1
    let expected = name == "same" ? 2 : 1
    if columns.count != expected {
      throw FormulaError(.arguments(function: name, expected: expected), position: place, formula: text)
    }
    return switch name {
    case "factor": .factor(columns[0])
    case "same": .same(columns[0], columns[1])
    default: .log(columns[0])
    }
  }

  private func refuseConstants(_ left: Sum, _ right: Sum, _ place: Int) throws(FormulaError) {
    for side in [left, right] where side.intercept != nil || !side.random.isEmpty || side.terms.isEmpty {
      throw FormulaError(.unexpected(String(Array(text)[place])), position: place, formula: text)
    }
  }

  private func refuseSize(_ left: Sum, _ right: Sum, _ place: Int) throws(FormulaError) {
    if left.terms.count * right.terms.count > Self.mostTerms { throw FormulaError(.tooLarge, position: place, formula: text) }
  }

  private func joined(_ a: [FormulaVariable], _ b: [FormulaVariable]) -> [FormulaVariable] { a + b.filter { !a.contains($0) } }

  /// Terms by how many variables they have, and within a term the variables in the order in which the formula first names them, as in R.
  private func byDegree(_ terms: [[FormulaVariable]]) -> [[FormulaVariable]] {
    let longest = terms.map(\.count).max() ?? 0
    let ordered = terms.map { $0.sorted { order[$0]! < order[$1]! } }
    return (1...max(1, longest)).flatMap { degree in ordered.filter { $0.count == degree } }
  }

  private var peek: FormulaToken { tokens[next] }

  private var unexpected: FormulaError.Reason {
    switch peek.kind {
    case .name(let name): .unexpected(name)
    case .number(let digits): .unexpected(digits)
    case .sign("|"): .barOutside
    case .doubleBar: .barOutside
    case .sign(let sign): .unexpected(String(sign))
    case .end: .unfinished
    }
  }

  private func error(_ reason: FormulaError.Reason) -> FormulaError {
    FormulaError(reason, position: peek.position, formula: text)
  }
}
