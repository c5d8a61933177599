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
    let n = table.count
    var unit = [Int32](repeating: 0, count: n)
    for u in table.units.indices { for s in table.unitStart[u]..<table.unitStart[u + 1] { unit[s] = Int32(u) } }
    let rater = table.rater.map { Int32($0) }
    let criterion = table.criterion.map { Int32($0) }
    var frame = ModelFrame()
    frame.add("score", table.score)
    let unitNames = table.units.map { unit in unit.round.map { unit.name + " " + $0 } ?? unit.name }
    frame.add("unit", .factor(codes: unit, labels: unitNames))
    frame.add("rater", .factor(codes: rater, labels: table.raters.map(\.name)))
    frame.add("criterion", .factor(codes: criterion, labels: table.criteria))
    self.frame = frame

    let factors = [
      "unit": GroupingFactor("unit", codes: unit, levels: table.units.count),
      "rater": GroupingFactor("rater", codes: rater, levels: table.raters.count),
      "criterion": GroupingFactor("criterion", codes: criterion, levels: table.criteria.count),
    ]
    if table.units.count < 2 || table.raters.count < 2 {
      throw ModelProblem(
        Text(
          "a model needs at least two units and two raters; there are \(table.units.count) and \(table.raters.count).",
          zh: "模型至少需要两个被考评单位和两名考评员；现有 \(table.units.count) 个单位、\(table.raters.count) 名考评员。"))
    }
    var random: [[String]] = []
    var left: [String] = []
    var partitions: [[Int32]] = []
    func consider(_ names: [String]) {
      var factor = factors[names[0]]!
      for name in names.dropFirst() { factor = factor.crossed(with: factors[name]!) }
      // As many levels as scores: the residual. The same grouping as another term: the same effect twice. Nearly so (a twentieth of the levels to
      // tell them apart by) is no better, and on large tables takes minutes to find out.
      let grouping = firstPlaces(factor)
      let isOwn = partitions.allSatisfy { other in
        let levels = Set(other).count
        let both = GroupingFactor("both", codes: other, levels: n).crossed(with: factor).levels
        return 20 * (both - min(levels, factor.levels)) >= both
      }
      if 20 * (n - factor.levels) >= n, factor.levels > 1, isOwn {
        partitions.append(grouping)
        random.append(names)
      } else {
        left.append(names.joined(separator: ":"))
      }
    }
    consider(["unit"])
    consider(["rater"])
    if table.criteria.count > 1 {
      consider(["unit", "criterion"])
      consider(["rater", "criterion"])
    }
    consider(["unit", "rater"])
    let fixed = table.criteria.count > 1 ? [[FormulaVariable.column("criterion")]] : []
    let formula = ModelFormula(
      response: .column("score"), fixed: LinearPart(hasIntercept: true, terms: fixed),
      random: random.map { RandomPart(part: LinearPart(hasIntercept: true, terms: []), group: $0.map { .column($0) }) })
    self.formula = formula
    let without = left.isEmpty
    explanation = Text(
      "No formula was given; this one was chosen: \(formula.text)."
        + (without
          ? ""
          : " Not in it, since the design cannot tell it, or hardly, from the residual or from another term: \(left.joined(separator: ", "))."),
      zh: "未给出公式，选用：\(formula.text)。" + (without ? "" : "按现有评分安排无法或很难与残差或其他项区分、因而未列入的有：\(left.joined(separator: "、"))。"))
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
