internal import Scores
internal import Wording

/// Criteria whose scores are copies of each other on every sheet: a column pasted twice, never a judgement.
struct DuplicateCriteria: Rule {
  static let card = RuleCard(
    id: "duplicate-criteria", kind: .fact,
    title: Text("Criteria that are copies of each other", zh: "指标数据雷同"),
    question: Text(
      "Do two criteria hold the same scores on every sheet, as if one column had been pasted over another?",
      zh: "是否有两个指标在所有评分表上的得分完全相同，像是一列数据被粘贴到了另一列？"),
    statistic: Text(
      "criteria with equal scores on the same \(DamageReport.minimumSheets) or more sheets, among criteria whose scores are not all one value; no other rule looks across raters for copied columns, and all rules about people wait until these are mended",
      zh: "在相同的 \(DamageReport.minimumSheets) 张以上评分表上得分完全相同的指标（得分全为同一数值的指标除外）；其他规则均不检查整列复制，修复之前不对任何考评员作判断"),
    null: Text("no error rate applies: this many equal scores by chance do not happen", zh: "不涉及误报率：如此多的得分不会偶然全部相同"),
    explanations: [
      Text("A column was pasted twice when the table was put together.", zh: "汇总表格时，一列数据被重复粘贴。"),
      Text("The same criterion is in the table under two names.", zh: "同一指标以两个名称出现在表中。"),
      Text("Every rater gave one mark to both criteria, so that they are one judgement.", zh: "所有考评员对两个指标都只给了一个分数，实为同一项判断。"),
    ],
    checks: [Text("Compare both columns with the paper sheets, and enter the lost one again.", zh: "将两列数据与纸质评分表核对，重新录入被覆盖的一列。")])

  func examine(_ study: Study) -> Examination {
    let layout = study.layout
    var count = [Int](repeating: 0, count: layout.criterionCount)
    for c in layout.criterion { count[Int(c)] += 1 }
    let tested = count.count { $0 >= DamageReport.minimumSheets }
    guard tested > 1 else {
      return .notEvaluated(
        reason: Text(
          "fewer than two criteria are on \(DamageReport.minimumSheets) or more sheets",
          zh: "出现在 \(DamageReport.minimumSheets) 张以上评分表中的指标不足两个"))
    }
    let groups = study.damage?.duplicateCriteria ?? []
    var claims = groups.prefix(Names.findingLimit).map { group in
      let names = group.map { study.table.criteria[$0] }
      let sheets = count[group[0]]
      let list = Names.list(names)
      return Claim(
        level: .error, subjects: Subjects(criteria: Array(names.prefix(Names.subjectLimit))),
        effect: Effect(value: Double(group.count), unit: "criteria"),
        evidence: [Evidence("criteria", .count(group.count)), Evidence("sheets", .count(sheets))],
        message: Text(
          "\(list.en) hold exactly the same score on each of \(sheets) sheets, where separate judgements differ on some; they are copies of one column.",
          zh: "\(list.zh)在全部 \(sheets) 张评分表上的得分完全相同，而分别评判时总会有所不同；应为同一列数据的复制。"))
    }
    if groups.count > claims.count {
      let rest = groups.dropFirst(claims.count)
      claims.append(
        Claim(
          level: .error, subjects: Subjects(criteria: rest.prefix(Names.subjectLimit).map { study.table.criteria[$0[0]] }),
          effect: Effect(value: Double(rest.count), unit: "groups of criteria"), evidence: [Evidence("groups", .count(rest.count))],
          message: Text(
            "\(rest.count) more groups of criteria hold the same scores on every sheet, where none is expected.",
            zh: "另有 \(rest.count) 组指标在所有评分表上的得分完全相同，而正常情况下不应出现。")))
    }
    return .facts(claims, tested: tested)
  }
}
