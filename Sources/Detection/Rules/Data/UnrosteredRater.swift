internal import Scores
internal import Wording

/// Raters who scored and are not on the campaign's roster.
struct UnrosteredRater: Rule {
  static let card = RuleCard(
    id: "unrostered-rater", kind: .fact,
    title: Text("Rater not on the roster", zh: "考评员不在名册"),
    question: Text("Did somebody score who is not on the campaign's roster?", zh: "是否有不在考评员名册上的人参与评分？"),
    statistic: Text("raters of the score table whose names are not on the roster of the campaign file", zh: "评分数据中有、考评规则文件名册中没有的考评员"),
    null: Text("no error rate applies, this is a fact about the data", zh: "这是数据的事实，不涉及误报率"),
    explanations: [
      Text("The name is written in another way than on the roster.", zh: "姓名写法与名册不一致。"),
      Text("A substitution was approved and the roster not brought up to date.", zh: "经批准替换了考评员，但名册没有更新。"),
    ],
    checks: [
      Text("Compare the name with the roster and with the approvals of substitutions.", zh: "与名册及考评员替换审批单核对。"),
      Text("Leave the scores out of the result unless the substitution is approved.", zh: "未经批准替换的，其评分不得计入结果。"),
    ])

  func examine(_ study: Study) -> Examination {
    let table = study.table
    guard !study.campaign.roster.isEmpty else {
      return .notEvaluated(reason: Text("the campaign file has no roster", zh: "考评规则文件没有考评员名册"))
    }
    let known = Set(study.campaign.roster.map(\.name))
    var alike: [String: String] = [:]
    for rater in study.campaign.roster { alike[Names.folded(rater.name)] = rater.name }
    let strangers = table.raters.indices.filter { !known.contains(table.raters[$0].name) }
    guard !strangers.isEmpty else { return .facts([], tested: table.raters.count) }
    let layout = study.layout
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var claims = strangers.prefix(Names.findingLimit).map { r in
      let name = table.raters[r].name
      let sheets = Array(grouped.members(of: r))
      let similar = alike[Names.folded(name)]
      let hint =
        similar.map { Text("; the roster has \($0), which differs only in its spelling", zh: "；名册中有写法相近的\($0)") } ?? Text("", zh: "")
      return Claim(
        level: .error,
        subjects: Subjects(raters: [name], units: Names.subjects(sheets.lazy.map { study.unit(ofSheet: $0) })),
        effect: Effect(value: Double(sheets.count), unit: "sheets"),
        evidence: [Evidence("sheets", .count(sheets.count))] + (similar.map { [Evidence("similarName", .text($0))] } ?? []),
        message: Text(
          "\(name) scored \(counted(sheets.count, "unit")) and is not among the \(counted(known.count, "rater")) of the roster, who alone may score\(hint.en).",
          zh: "\(name)给 \(sheets.count) 个单位评了分，但不在名册的 \(known.count) 名考评员之列，按规定只有名册内人员可以评分\(hint.zh)。"),
        scores: study.firstRows(ofSheets: sheets))
    }
    if strangers.count > claims.count {
      let rest = strangers.dropFirst(claims.count)
      claims.append(
        Claim(
          level: .error, subjects: Subjects(raters: rest.prefix(Names.subjectLimit).map { table.raters[$0].name }),
          effect: Effect(value: Double(rest.count), unit: "raters"), evidence: [Evidence("raters", .count(rest.count))],
          message: Text(
            "\(counted(rest.count, "more rater is", "more raters are")) not on the roster, who alone may score.",
            zh: "另有 \(rest.count) 名考评员不在名册上，按规定只有名册内人员可以评分。")))
    }
    return .facts(claims, tested: table.raters.count)
  }
}
