/// The columns that a linear part makes of its variables, as R's `model.matrix` does.
///
/// A factor in a term is coded by treatment contrasts (its first level is the reference) where the term without the factor is in the part too, and
/// by an indicator for every level otherwise (Chambers and Hastie 1992, Statistical Models in S, section 2.4.1). Without an intercept the first factor
/// that stands alone takes the place of the intercept.
struct DesignColumns: Sendable {
  var names: [String] = []
  var columns: [[Double]] = []
  /// The term of each column; 0 is the intercept.
  var terms: [Int] = []
  /// Names of the terms by number, "(Intercept)" first.
  var termNames: [String] = ["(Intercept)"]

  /// One column of one variable.
  private struct Piece {
    let name: String
    /// The level that it indicates; for numbers it means nothing.
    let level: Int32
    /// The level that counts as −1.
    let against: Int32?
    let variable: FormulaVariable
  }

  /// - Parameters:
  ///   - limit: with more columns than this none is made.
  ///   - sumToZero: contrasts sum to zero over the levels (the last level is minus the others) instead of comparing with the first.
  init(
    _ part: LinearPart, _ variables: [FormulaVariable: VariableValues], count: Int, limit: Int = .max, sumToZero: Bool = false
  ) throws(ModelFrameError) {
    if part.hasIntercept {
      names.append("(Intercept)")
      columns.append([Double](repeating: 1, count: count))
      terms.append(0)
    }
    var constantIsThere = part.hasIntercept
    let present = part.terms.map { Set($0) }
    for (number, term) in part.terms.enumerated() {
      termNames.append(term.map(\.name).joined(separator: ":"))
      // Each variable's own columns; their products with the first one running fastest.
      var pieces: [[Piece]] = []
      var size = 1
      for variable in term {
        switch variables[variable]! {
        case .numbers: pieces.append([Piece(name: variable.name, level: 0, against: nil, variable: variable)])
        case .factor(_, let labels):
          let rest = Set(term.filter { $0 != variable })
          let contrasts = rest.isEmpty ? constantIsThere : present.contains(rest)
          if rest.isEmpty { constantIsThere = true }
          let sum = contrasts && sumToZero
          let levels = sum ? Array(labels.indices.dropLast()) : Array(labels.indices.dropFirst(contrasts ? 1 : 0))
          pieces.append(
            levels.map {
              Piece(name: variable.name + labels[$0], level: Int32($0), against: sum ? Int32(labels.count - 1) : nil, variable: variable)
            })
          size *= levels.count
        }
      }
      if names.count + size > limit { throw .tooManyFixedColumns(count: names.count + size, limit: limit) }
      for index in 0..<size {
        var rest = index
        var name: [String] = []
        var values = [Double](repeating: 1, count: count)
        for piece in pieces {
          let choice = piece[rest % piece.count]
          rest /= piece.count
          name.append(choice.name)
          switch variables[choice.variable]! {
          case .numbers(let numbers): for i in values.indices { values[i] *= numbers[i] }
          case .factor(let codes, _):
            for i in values.indices where codes[i] != choice.level { values[i] = codes[i] == choice.against ? -values[i] : 0 }
          }
        }
        names.append(name.joined(separator: ":"))
        columns.append(values)
        terms.append(number + 1)
      }
    }
  }
}
