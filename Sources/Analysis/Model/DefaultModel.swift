public import Models
public import Scores
public import Wording

/// The model of a table of scores when no formula is typed: criteria are fixed, units and raters random, and so is every interaction of two of them that
/// the design can tell from the others and from the residual.
public struct DefaultModel: Sendable {
  public let frame: ModelFrame
  public let formula: ModelFormula
  /// What was chosen, and why what is not in it is not.
  public let explanation: Text

  /// - Throws: `ModelProblem` when there are fewer than two units or raters.
  public init(_ table: ScoreTable) throws(ModelProblem) {
    if table.units.count < 2 || table.raters.count < 2 {
      throw ModelProblem(
        Text(
          "a model needs at least two units and two raters; there are \(table.units.count) and \(table.raters.count).",
          zh: "模型至少需要两个被考评单位和两名考评员；现有 \(table.units.count) 个单位、\(table.raters.count) 名考评员。"))
    }
    let unitNames = table.units.map { unit in unit.round.map { unit.name + " " + $0 } ?? unit.name }
    var unit = [Int32](repeating: 0, count: table.count)
    for u in table.units.indices { for s in table.unitStart[u]..<table.unitStart[u + 1] { unit[s] = Int32(u) } }
    let columns = [
      (name: "unit", codes: unit, labels: unitNames),
      (name: "rater", codes: table.rater.map { Int32($0) }, labels: table.raters.map(\.name)),
      (name: "criterion", codes: table.criterion.map { Int32($0) }, labels: table.criteria),
    ]
    var frame = ModelFrame()
    frame.add("score", table.score)
    for column in columns { frame.add(column.name, .factor(codes: column.codes, labels: column.labels)) }
    self.frame = frame

    var effects = SeparableEffects(columns.map { GroupingFactor($0.name, codes: $0.codes, levels: $0.labels.count) })
    effects.consider(["unit"])
    effects.consider(["rater"])
    if table.criteria.count > 1 {
      effects.consider(["unit", "criterion"])
      effects.consider(["rater", "criterion"])
    }
    effects.consider(["unit", "rater"])
    let fixed = table.criteria.count > 1 ? [[FormulaVariable.column("criterion")]] : []
    formula = ModelFormula(
      response: .column("score"), fixed: LinearPart(hasIntercept: true, terms: fixed),
      random: effects.taken.map { RandomPart(part: LinearPart(hasIntercept: true, terms: []), group: $0.map { .column($0) }) })
    explanation = Self.explanation(formula, left: effects.left)
  }

  private static func explanation(_ formula: ModelFormula, left: [String]) -> Text {
    let without = left.isEmpty
    return Text(
      "No formula was given; this one was chosen: \(formula.text)."
        + (without
          ? ""
          : " Not in it, since the design cannot tell it, or hardly, from the residual or from another term: \(left.joined(separator: ", "))."),
      zh: "未给出公式，选用：\(formula.text)。" + (without ? "" : "按现有评分安排无法或很难与残差或其他项区分、因而未列入的有：\(left.joined(separator: "、"))。"))
  }
}

/// Random effects that the design can tell from the residual and from those taken before.
private struct SeparableEffects {
  private let factors: [GroupingFactor]
  private(set) var taken: [[String]] = []
  private(set) var left: [String] = []
  private var partitions: [[Int32]] = []

  init(_ factors: [GroupingFactor]) { self.factors = factors }

  /// Takes the interaction of these factors or leaves it.
  mutating func consider(_ names: [String]) {
    let crossed = names.map { name in factors.first { $0.name == name }! }
    let factor = crossed.dropFirst().reduce(crossed[0]) { $0.crossed(with: $1) }
    let n = factor.codes.count
    // As many levels as scores: the residual. The same grouping as another term: the same effect twice. Nearly so (a twentieth of the levels to
    // tell them apart by) is no better, and on large tables takes minutes to find out.
    let isOwn = partitions.allSatisfy { other in
      let levels = Set(other).count
      let both = GroupingFactor("both", codes: other, levels: n).crossed(with: factor).levels
      return 20 * (both - min(levels, factor.levels)) >= both
    }
    if 20 * (n - factor.levels) >= n, factor.levels > 1, isOwn {
      partitions.append(firstPlaces(factor))
      taken.append(names)
    } else {
      left.append(names.joined(separator: ":"))
    }
  }
}

/// A grouping whatever its codes: for each observation the first one of its level.
private func firstPlaces(_ factor: GroupingFactor) -> [Int32] {
  var first = [Int32](repeating: -1, count: factor.levels)
  return factor.codes.enumerated().map { i, code in
    if first[Int(code)] < 0 { first[Int(code)] = Int32(i) }
    return first[Int(code)]
  }
}
