internal import Foundation

/// A variable of a formula with its values in the rows that are kept.
enum VariableValues: Sendable {
  case numbers([Double])
  /// Levels in use only, in canonical order of their labels.
  case factor(codes: [Int32], labels: [String])
}

/// The variables of a formula taken from a frame, without the rows in which one of them is missing, in an order that does not depend on the
/// order of the rows: by the grouping factors, then the other factors, the numbers and the response.
struct FrameVariables: Sendable {
  let values: [FormulaVariable: VariableValues]
  /// The frame's rows in the order that is worked with.
  let rows: [Int]
  /// How many rows miss something.
  let dropped: Int

  init(_ formula: ModelFormula, _ frame: ModelFrame, weights: [Double]?) throws(ModelFrameError) {
    let inner = formula.fixed.terms.flatMap { $0 } + formula.random.flatMap { $0.part.terms.flatMap { $0 } }
    let groups = formula.random.flatMap(\.group)
    var all: [FormulaVariable] = []
    for variable in groups + inner + [formula.response] where !all.contains(variable) { all.append(variable) }
    var raw: [(variable: FormulaVariable, values: VariableValues)] = []
    for variable in all {
      let isGroup = groups.contains(variable)
      var values = try FrameVariables.values(of: variable, frame)
      if isGroup, case .numbers(let numbers) = values { values = FrameVariables.factor(numbers) }
      raw.append((variable, values))
    }
    if case .factor = raw.last!.values { throw .notNumbers(formula.response.name) }

    var present = [Bool](repeating: true, count: frame.count)
    for (_, values) in raw {
      switch values {
      case .numbers(let numbers): for i in numbers.indices where !numbers[i].isFinite { present[i] = false }
      case .factor(let codes, _): for i in codes.indices where codes[i] < 0 { present[i] = false }
      }
    }
    if let weights { for i in weights.indices where !(weights[i] > 0) { present[i] = false } }
    var rows = present.indices.filter { present[$0] }
    if rows.isEmpty { throw .noRows(missingIn: formula.columns) }
    dropped = frame.count - rows.count

    // Levels are renumbered by label first, so that the order of rows follows from names alone.
    for i in raw.indices {
      if case .factor(let codes, let labels) = raw[i].values { raw[i].values = FrameVariables.canonical(codes, labels, rows) }
    }
    let keys = raw.map(\.values)
    func precedes(_ a: Int, _ b: Int) -> Bool? {
      for key in keys {
        switch key {
        case .factor(let codes, _): if codes[a] != codes[b] { return codes[a] < codes[b] }
        case .numbers(let numbers): if numbers[a] != numbers[b] { return numbers[a] < numbers[b] }
        }
      }
      if let weights, weights[a] != weights[b] { return weights[a] < weights[b] }
      return nil
    }
    let sorted = rows.indices.dropFirst().allSatisfy { precedes(rows[$0], rows[$0 - 1]) != true }
    if !sorted { rows.sort { precedes($0, $1) ?? ($0 < $1) } }
    var result: [FormulaVariable: VariableValues] = [:]
    for (variable, values) in raw {
      switch values {
      case .numbers(let numbers): result[variable] = .numbers(rows.map { numbers[$0] })
      case .factor(let codes, let labels): result[variable] = .factor(codes: rows.map { codes[$0] }, labels: labels)
      }
    }
    self.rows = rows
    values = result
  }

  private static func values(of variable: FormulaVariable, _ frame: ModelFrame) throws(ModelFrameError) -> VariableValues {
    func column(_ name: String) throws(ModelFrameError) -> ModelFrame.Column {
      guard let column = frame.columns[name] else { throw .unknownColumn(name, known: frame.names) }
      return column
    }
    switch variable {
    case .column(let name):
      switch try column(name) {
      case .numbers(let values): return .numbers(values)
      case .factor(let codes, let labels): return .factor(codes: codes, labels: labels)
      }
    case .factor(let name):
      switch try column(name) {
      case .numbers(let values): return factor(values)
      case .factor(let codes, let labels): return .factor(codes: codes, labels: labels)
      }
    case .log(let name):
      guard case .numbers(let values) = try column(name) else { throw .notNumbers(name) }
      if let row = values.firstIndex(where: { $0 <= 0 }) { throw .logarithm(column: name, row: row) }
      return .numbers(values.map { Foundation.log($0) })
    case .same(let a, let b):
      guard case .factor(let first, let firstLabels) = try column(a) else { throw .notFactor(a) }
      guard case .factor(let second, let secondLabels) = try column(b) else { throw .notFactor(b) }
      return .numbers(
        zip(first, second).map { i, j in
          i < 0 || j < 0 ? .nan : firstLabels[Int(i)] == secondLabels[Int(j)] ? 1 : 0
        })
    }
  }

  private static func factor(_ numbers: [Double]) -> VariableValues {
    let distinct = sortedDistinct(numbers.filter(\.isFinite))
    var place: [Double: Int32] = [:]
    for (i, value) in distinct.enumerated() { place[value] = Int32(i) }
    let labels = distinct.map { $0 == $0.rounded() && abs($0) < 1e15 ? String(Int64($0)) : String($0) }
    return .factor(codes: numbers.map { $0.isFinite ? place[$0]! : -1 }, labels: labels)
  }

  /// Only the levels that occur, by number where all labels are numbers, otherwise by label.
  private static func canonical(_ codes: [Int32], _ labels: [String], _ rows: [Int]) -> VariableValues {
    var used = [Bool](repeating: false, count: labels.count)
    for row in rows { used[Int(codes[row])] = true }
    let levels = labels.indices.filter { used[$0] }
    let numbers = levels.map { Double(labels[$0]) }
    let order: [Int]
    if numbers.allSatisfy({ $0 != nil }) {
      order = levels.indices.sorted { (numbers[$0]!, labels[levels[$0]]) < (numbers[$1]!, labels[levels[$1]]) }.map { levels[$0] }
    } else {
      order = levels.sorted { labels[$0] < labels[$1] }
    }
    var renumbered = [Int32](repeating: -1, count: labels.count)
    for (i, level) in order.enumerated() { renumbered[level] = Int32(i) }
    return .factor(codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] }, labels: order.map { labels[$0] })
  }
}
