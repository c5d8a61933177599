internal import Scores
internal import Wording

/// Several scores of one rater for one unit on one criterion: which of them counts is not known.
struct DuplicateScore: Rule {
  static let card = RuleCard(
    id: "duplicate-score", kind: .fact,
    title: Text("Scores given twice", zh: "重复评分"),
    question: Text(
      "Is there more than one score of the same rater for the same unit and criterion?", zh: "同一考评员对同一单位、同一指标是否有多个得分？"),
    statistic: Text(
      "records that agree in rater, unit, round and criterion; different scores are an error, since results rest on their mean, equal ones are not",
      zh: "考评员、单位、轮次、指标均相同的记录；得分不同的为差错（结果只能取其平均），得分相同的不影响结果"),
    null: Text("no error rate applies, this is a fact about the data", zh: "这是数据的事实，不涉及误报率"),
    explanations: [
      Text("A sheet was entered twice, or corrected without removing the old record.", zh: "评分表重复录入，或更正后未删除原记录。"),
      Text("A column that tells the records apart (criterion, round) was not recognised.", zh: "区分记录的列（指标、轮次）没有被识别。"),
      Text("Two raters have the same name.", zh: "两名考评员同名。"),
    ],
    checks: [
      Text("Compare the records with the paper sheet and keep the one that is right.", zh: "与纸质评分表核对，保留正确的一条。"),
      Text("Name the columns for criterion and round in the campaign file.", zh: "在考评规则文件中指明指标列和轮次列。"),
    ])

  func examine(_ study: Study) -> Examination {
    let layout = study.layout
    let table = study.table
    guard !layout.row.isEmpty else { return .facts([], tested: layout.observationCount) }
    var sheets: [Int] = []
    var different: [Int] = []
    var differentCount = 0
    var equal: [Int] = []
    var equalCount = 0
    var repeated = 0
    for s in 0..<layout.sheetCount {
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let rows = layout.rows(of: o, in: table)
        guard rows.count > 1 else { continue }
        repeated += 1
        // Within an observation scores ascend.
        if table.score[rows.lowerBound] == table.score[rows.upperBound - 1] {
          equalCount += 1
          if equal.count < Names.rowLimit { equal.append(o) }
        } else {
          differentCount += 1
          if sheets.last != s { sheets.append(s) }
          if different.count < Names.rowLimit { different.append(o) }
        }
      }
    }
    var claims: [Claim] = []
    // Where most are repeated no person did it: a column is missing.
    if 2 * differentCount > layout.observationCount, layout.observationCount > 1 {
      claims.append(
        Claim(
          level: .error, subjects: Subjects(), effect: Effect(value: Double(differentCount), unit: "scores"),
          evidence: [Evidence("differing", .count(differentCount)), Evidence("observations", .count(layout.observationCount))],
          message: Text(
            "\(differentCount) of \(layout.observationCount) combinations of rater, unit and criterion have several different scores, where one each is expected; most likely a column that tells them apart, such as criterion or round, was not recognised.",
            zh: "\(layout.observationCount) 个“考评员—单位—指标”组合中有 \(differentCount) 个存在多个不同得分，而每个组合应只有一个；很可能是指标、轮次等用于区分的列没有被识别。"),
          scores: study.firstRows(ofObservations: different)))
    } else {
      claims += sheets.prefix(Names.findingLimit).map { differing($0, study) }
      if sheets.count > Names.findingLimit {
        let rest = sheets.dropFirst(Names.findingLimit)
        claims.append(
          Claim(
            level: .error, subjects: Subjects(units: Names.subjects(rest.lazy.map { study.unit(ofSheet: $0) })),
            effect: Effect(value: Double(rest.count), unit: "sheets"), evidence: [Evidence("sheets", .count(rest.count))],
            message: Text(
              "\(counted(rest.count, "more sheet has", "more sheets have")) different scores for the same criterion, where one each is expected.",
              zh: "另有 \(rest.count) 张评分表在同一指标上有多个不同得分，而每项应只有一个。"),
            scores: study.firstRows(ofObservations: different)))
      }
    }
    if equalCount > 0 {
      let first = layout.rows(of: equal[0], in: table).lowerBound
      let rater = table.raters[Int(table.rater[first])].name
      claims.append(
        Claim(
          level: .warning, subjects: Subjects(), effect: Effect(value: Double(equalCount), unit: "scores"),
          evidence: [Evidence("repeated", .count(equalCount)), Evidence("firstRater", .text(rater))],
          message: Text(
            "\(counted(equalCount, "score")) \(equalCount == 1 ? "is" : "are") there more than once with the same value, where one record each is expected (the first by \(rater)); results do not change, since each counts once.",
            zh: "有 \(equalCount) 个得分以相同数值重复出现，而每个应只有一条记录（首个为\(rater)所评）；每个只计一次，不影响结果。"),
          scores: study.firstRows(ofObservations: equal)))
    }
    return .facts(claims, tested: layout.observationCount)
  }

  private func differing(_ s: Int, _ study: Study) -> Claim {
    let layout = study.layout
    let table = study.table
    var criteria: [String] = []
    var total = 0
    var rows: [Int] = []
    var example: [String] = []
    for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
      let range = layout.rows(of: o, in: table)
      guard range.count > 1, table.score[range.lowerBound] != table.score[range.upperBound - 1] else { continue }
      total += 1
      if example.isEmpty { example = range.prefix(4).map { NumberText.shortest(table.score[$0]) } }
      if criteria.count < Names.subjectLimit { criteria.append(table.criteria[Int(layout.criterion[o])]) }
      if rows.count < Names.rowLimit { rows += range }
    }
    let rater = study.rater(ofSheet: s).name
    let unit = study.unit(ofSheet: s)
    let label = Names.unit(unit)
    // Where the table has one criterion only, it goes without saying.
    let list = Names.list(criteria, total: total)
    let on = table.criteria.count == 1 ? Text("", zh: "") : Text(" on \(list.en)", zh: "的指标\(list.zh)")
    let marks = Text(example.joined(separator: ", "), zh: example.joined(separator: "、"))
    return Claim(
      level: .error, subjects: Subjects(raters: [rater], units: [unit.name], criteria: criteria),
      effect: Effect(value: Double(total), unit: "scores"),
      evidence: [Evidence("criteria", .count(total)), Evidence("scores", .text(marks.en))],
      message: Text(
        "\(rater) has several different scores for \(label.en)\(on.en) (first: \(marks.en)), where one is expected; the mean is used until one of them is removed.",
        zh: "\(rater)对\(label.zh)\(on.zh)给出了多个不同得分（首项：\(marks.zh)），而每项应只有一个；在删除错误记录之前按平均值计算。"),
      scores: Array(rows.prefix(Names.rowLimit)))
  }
}
