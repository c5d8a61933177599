internal import Scores
internal import Wording

/// Scores outside the scale or between its marks.
struct ScoreOffScale: Rule {
  static let card = RuleCard(
    id: "score-off-scale", kind: .fact,
    title: Text("Score off the scale", zh: "分值不合规"),
    question: Text("Is every score one that the scale allows?", zh: "每个得分是否都在规定的分值范围和间隔之内？"),
    statistic: Text(
      "scores outside the declared limits or off the declared step; on a criterion with none declared and \(ScoreScales.enough) or more scores, a handful (one in a thousand, at least one, at most \(ScoreScales.handful)) that alone leave a step all the others keep to, or lie farther from all the others than three times the range of these; the latter cannot be scores and are left out of all comparisons",
      zh:
        "超出规定上下限或不合规定分值间隔的得分；未规定分值、得分在 \(ScoreScales.enough) 个以上的指标，指极少数（千分之一，最少 1 个、最多 \(ScoreScales.handful) 个）独自偏离其余得分共同间隔、或与其余得分的距离超过其余得分全距三倍的得分；后者不可能是有效得分，不参与任何比较"
    ),
    null: Text("no error rate applies, this is a fact about the data", zh: "这是数据的事实，不涉及误报率"),
    explanations: [
      Text("A digit or a decimal point was dropped or doubled at entry.", zh: "录入时漏输、多输数字或小数点。"),
      Text("The score is a mean or a converted mark, not the mark that was given.", zh: "该得分是平均值或换算值，而非原始评分。"),
      Text("The scale in the campaign file is not the one in use.", zh: "考评规则文件中的分值与实际使用的不一致。"),
    ],
    checks: [Text("Compare the entered score with the paper sheet.", zh: "与纸质评分表核对该得分。")])

  func examine(_ study: Study) -> Examination {
    let scales = study.scales
    guard scales.judged > 0 else {
      return .notEvaluated(
        reason: Text("no scale is declared, and the scores themselves show none", zh: "考评规则没有规定分值，得分本身也未显示统一的分值间隔"))
    }
    let table = study.table
    var outside = [Int](repeating: 0, count: table.criteria.count)
    var offStep = outside
    var rows: [Int: [Int]] = [:]
    for i in 0..<table.count {
      let c = Int(table.criterion[i])
      let isOutside = table.score[i] < scales.minimum[c] || table.score[i] > scales.maximum[c]
      let isOff = scales.step[c] > 0 && !ScaleSteps.isMultiple(table.score[i] - scales.origin[c], of: scales.step[c])
      guard isOutside || isOff else { continue }
      // A score that is both is outside.
      if isOutside { outside[c] += 1 } else { offStep[c] += 1 }
      if rows.count <= Names.findingLimit || rows[c] != nil, rows[c, default: []].count < Names.rowLimit { rows[c, default: []].append(i) }
    }
    let affected = outside.indices.filter { outside[$0] + offStep[$0] > 0 }
      .sorted {
        (scales.isDeclared[$0] ? 0 : 1, outside[$1] + offStep[$1], $0) < (scales.isDeclared[$1] ? 0 : 1, outside[$0] + offStep[$0], $1)
      }
    var claims = affected.filter { rows[$0] != nil }.prefix(Names.findingLimit).map {
      claim($0, outside[$0], offStep[$0], rows[$0] ?? [], scales, study)
    }
    if affected.count > claims.count {
      let told = Set(claims.flatMap(\.subjects.criteria))
      let rest = affected.filter { !told.contains(table.criteria[$0]) }
      let total = rest.reduce(0) { $0 + outside[$1] + offStep[$1] }
      claims.append(
        Claim(
          level: rest.contains { scales.isDeclared[$0] } ? .error : .note,
          subjects: Subjects(criteria: rest.prefix(Names.subjectLimit).map { table.criteria[$0] }),
          effect: Effect(value: Double(total), unit: "scores"),
          evidence: [Evidence("scores", .count(total)), Evidence("criteria", .count(rest.count))],
          message: Text(
            "\(counted(total, "more score")) on \(counted(rest.count, "other criterion", "other criteria")) \(total == 1 ? "is" : "are") off the scale, where none is expected.",
            zh: "另有 \(rest.count) 个指标共 \(total) 个得分不合规定分值，而正常情况下不应出现。")))
    }
    return .facts(claims, tested: scales.judged)
  }

  private func claim(_ c: Int, _ outside: Int, _ offStep: Int, _ rows: [Int], _ scales: ScoreScales, _ study: Study) -> Claim {
    let table = study.table
    let first = rows[0]
    let rater = table.raters[Int(table.rater[first])].name
    let unit = Names.unit(table.units[ScoreScales.unit(of: first, in: table)])
    let mark = NumberText.shortest(table.score[first])
    let scale = scales.wording(c)
    let declared = scales.isDeclared[c]
    let count = outside + offStep
    var raters: [String] = []
    for i in rows where raters.count < Names.subjectLimit {
      let name = table.raters[Int(table.rater[i])].name
      if !raters.contains(name) { raters.append(name) }
    }
    let leftOut = scales.impossible.count { Int(table.criterion[$0]) == c }
    let units = Names.subjects(rows.lazy.map { table.units[ScoreScales.unit(of: $0, in: table)] })
    return Claim(
      level: declared || leftOut > 0 ? .error : .note, subjects: Subjects(raters: raters, units: units, criteria: [table.criteria[c]]),
      effect: Effect(value: Double(count), unit: "scores"),
      evidence: [
        Evidence("outside", .count(outside)), Evidence("offStep", .count(offStep)), Evidence("declared", .flag(declared)),
        Evidence("firstScore", .number(table.score[first])), Evidence("leftOut", .count(leftOut)),
      ],
      message: Text(
        "\(counted(count, "score")) on \(table.criteria[c]) \(count == 1 ? "is" : "are") not on the scale \(declared ? "laid down" : "that all its other scores keep to"), \(scale.en): \(count == 1 ? "" : "the first, ")\(rater) gave \(unit.en) \(mark).\(leftOut > 0 ? " What lies beyond any plausible score is left out of all comparisons (\(counted(leftOut, "score")))." : "")",
        zh:
          "指标\(table.criteria[c])有 \(count) 个得分不符合\(declared ? "规定的分值" : "其余得分共同的分值")（\(scale.zh)），\(count == 1 ? "" : "首个为")\(rater)给\(unit.zh)评了 \(mark) 分。\(leftOut > 0 ? "其中 \(leftOut) 个不可能是有效得分，不参与任何比较。" : "")"
      ),
      scores: rows)
  }
}
