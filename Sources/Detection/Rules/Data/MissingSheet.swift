internal import Scores
internal import Wording

/// Criteria left blank on a sheet that the unit's other sheets have, raters absent from a panel that is short, and raters of the roster without a score.
struct MissingSheet: Rule {
  static let card = RuleCard(
    id: "missing-sheet", kind: .fact,
    title: Text("Missing sheets and scores", zh: "缺评"),
    question: Text(
      "Do sheets lack criteria that raters of the same kind scored on the same unit, or does a panel lack a rater it should have?",
      zh: "是否有评分表漏评了同类考评员在同一单位评过的指标，或者有考评员缺评了应评的单位？"),
    statistic: Text(
      "criteria that most of the unit's other sheets have (any of them, where the campaign asks for complete sheets), among raters who score much the same criteria; and members of a team with units of its own who have no sheet for one of them, where the panel is below the size laid down; and raters of the roster who gave no score at all",
      zh: "在评分指标基本相同的考评员中，该单位其余评分表多数评过（规定评分表须完整的，任一评过）而本表缺评的指标；以及规定了评分人数而人数不足时，该单位所属考评组中未评分的成员；以及名册中没有任何评分的考评员"),
    null: Text("no error rate applies, this is a fact about the data", zh: "这是数据的事实，不涉及误报率"),
    explanations: [
      Text("The rater stood aside or the criterion did not apply to the unit.", zh: "考评员回避，或该指标不适用于该单位。"),
      Text("A page of the sheet was not entered.", zh: "评分表有一页未录入。"),
    ],
    checks: [Text("Look for the paper sheet, and ask the rater for the missing scores before locking.", zh: "查找纸质评分表；封存前请考评员补齐缺评项。")])

  func examine(_ study: Study) -> Examination {
    let complete = study.campaign.completeSheets
    let panel = study.campaign.panelSize
    let silent = MissingSheet.silent(study)
    if complete == false, panel == nil, silent.isEmpty {
      return .notEvaluated(
        reason: Text(
          "the campaign allows incomplete sheets and lays down no size of panel", zh: "考评规则允许评分表不完整，也没有规定评分人数"))
    }
    let kinds = RaterKinds(study.layout)
    var claims: [Claim] = []
    if complete != false { claims += incompleteSheets(study, GapSearch(study, kinds, any: complete == true)) }
    if let panel { claims += absentRaters(study, kinds, panel) }
    if !silent.isEmpty { claims.append(noScores(silent)) }
    return .facts(claims, tested: study.layout.sheetCount)
  }

  /// Raters of the roster without any score; one whose name is only written in another way has scores.
  private static func silent(_ study: Study) -> [String] {
    let present = Set(study.table.raters.map { Names.folded($0.name) })
    return study.campaign.roster.map(\.name).filter { !present.contains(Names.folded($0)) }.sorted()
  }

  /// Perhaps a reserve, perhaps a file that was left out: a note.
  private func noScores(_ names: [String]) -> Claim {
    let list = Names.list(Array(names.prefix(Names.subjectLimit)), total: names.count)
    return Claim(
      level: .note, subjects: Subjects(raters: Array(names.prefix(Names.subjectLimit))),
      effect: Effect(value: Double(names.count), unit: "raters"), evidence: [Evidence("raters", .count(names.count))],
      message: Text(
        "\(counted(names.count, "rater")) of the roster (\(list.en)) gave no score at all.",
        zh: "名册中有 \(names.count) 名考评员（\(list.zh)）没有任何评分。"))
  }

  /// One finding a rater, those with the most gaps first.
  private func incompleteSheets(_ study: Study, _ gaps: GapSearch) -> [Claim] {
    let layout = study.layout
    let level: Level = study.campaign.completeSheets == true ? .error : .note
    var scores = [Int](repeating: 0, count: layout.raterCount)
    for (i, s) in gaps.sheets.enumerated() { scores[Int(layout.sheetRater[s])] += gaps.missing[i] }
    let raters = scores.indices.filter { scores[$0] > 0 }.sorted { (scores[$1], $0) < (scores[$0], $1) }
    var shown = [Int](repeating: -1, count: layout.raterCount)
    for (k, r) in raters.prefix(Names.findingLimit).enumerated() { shown[r] = k }
    var found = [[Int]](repeating: [], count: min(raters.count, Names.findingLimit))
    for (i, s) in gaps.sheets.enumerated() where shown[Int(layout.sheetRater[s])] >= 0 { found[shown[Int(layout.sheetRater[s])]].append(i) }
    var claims = found.map { entries in
      let rater = study.rater(ofSheet: gaps.sheets[entries[0]]).name
      let units = entries.map { study.unit(ofSheet: gaps.sheets[$0]) }
      let missing = entries.reduce(0) { $0 + gaps.missing[$1] }
      var seen: Set<Int> = []
      var criteria: [String] = []
      for c in entries.lazy.flatMap({ gaps.examples[$0] }) where criteria.count < Names.subjectLimit && seen.insert(c).inserted {
        criteria.append(study.table.criteria[c])
      }
      let list = Names.list(criteria)
      let places = Names.units(units, limit: 3)
      return Claim(
        level: level, subjects: Subjects(raters: [rater], units: Names.subjects(units), criteria: criteria),
        effect: Effect(value: Double(missing), unit: "scores"),
        evidence: [Evidence("missingScores", .count(missing)), Evidence("sheets", .count(entries.count))],
        message: Text(
          "\(counted(entries.count, "sheet")) of \(rater) (\(places.en)) \(entries.count == 1 ? "lacks" : "lack") \(counted(missing, "score")) that \(level == .error ? "the campaign asks for and " : "")raters of the same kind gave the same units (\(list.en)).",
          zh:
            "\(rater)的 \(entries.count) 张评分表（\(places.zh)）缺 \(missing) 项得分，而\(level == .error ? "考评规则要求评分表完整，" : "")同类考评员对同一单位均已评分（\(list.zh)）。"
        ),
        scores: study.firstRows(ofSheets: entries.lazy.map { gaps.sheets[$0] }))
    }
    if raters.count > claims.count {
      let rest = raters.dropFirst(claims.count)
      let missing = rest.reduce(0) { $0 + scores[$1] }
      claims.append(
        Claim(
          level: level, subjects: Subjects(raters: rest.prefix(Names.subjectLimit).map { study.table.raters[$0].name }),
          effect: Effect(value: Double(missing), unit: "scores"),
          evidence: [Evidence("missingScores", .count(missing)), Evidence("raters", .count(rest.count))],
          message: Text(
            "\(counted(rest.count, "more rater has", "more raters have")) sheets that lack \(counted(missing, "score")) in all which raters of the same kind gave the same units.",
            zh: "另有 \(rest.count) 名考评员的评分表共缺 \(missing) 项得分，而同类考评员对同一单位均已评分。")))
    }
    return claims
  }

  /// One finding a unit whose panel is short and whose team has members without a sheet.
  private func absentRaters(_ study: Study, _ kinds: RaterKinds, _ size: Int) -> [Claim] {
    let layout = study.layout
    let teams = study.design.teams
    guard !teams.teams.isEmpty else { return [] }
    let members = GroupedIndices(teams.ofRater.map { Int32($0 + 1) }, groups: teams.teams.count + 1)
    var claims: [Claim] = []
    var rest: [Int] = []
    // Only a team with units of its own owes them its members' sheets.
    let nested = Set(teams.nestedTeams)
    for u in 0..<layout.unitCount where nested.contains(teams.onlyTeamOfUnit[u]) {
      let team = teams.onlyTeamOfUnit[u]
      let present = kinds.groups(ofUnit: u, in: layout).map(\.count).max() ?? 0
      guard present < size else { continue }
      let here = Set(layout.sheetRater[layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]])
      let absent = members.members(of: team + 1).filter { !here.contains(Int32($0)) }.map { study.table.raters[$0].name }
      guard !absent.isEmpty else { continue }
      if claims.count == Names.findingLimit {
        rest.append(u)
        continue
      }
      let unit = study.table.units[u]
      let label = Names.unit(unit)
      let list = Names.list(absent)
      let teamName = teams.teams[team]
      claims.append(
        Claim(
          level: .error,
          subjects: Subjects(raters: Array(absent.prefix(Names.subjectLimit)), units: [unit.name], teams: [teamName]),
          effect: Effect(value: Double(size - present), unit: "sheets"),
          evidence: [
            Evidence("panel", .count(present)), Evidence("expectedRaters", .count(size)), Evidence("absentRaters", .count(absent.count)),
          ],
          message: Text(
            "\(label.en) was scored by \(counted(present, "rater")) where the campaign asks for \(size); of its team \(teamName), \(list.en) gave no score.",
            zh: "\(label.zh)只有 \(present) 名考评员评分，而规定为 \(size) 名；所属考评组\(teamName)中，\(list.zh)没有评分。"),
          scores: Array((study.table.unitStart[u]..<study.table.unitStart[u + 1]).prefix(Names.rowLimit))))
    }
    if !rest.isEmpty {
      claims.append(
        Claim(
          level: .error, subjects: Subjects(units: Names.subjects(rest.lazy.map { study.table.units[$0] })),
          effect: Effect(value: Double(rest.count), unit: "units"), evidence: [Evidence("units", .count(rest.count))],
          message: Text(
            "\(counted(rest.count, "more unit lacks", "more units lack")) raters of the team, where the campaign asks for \(size).",
            zh: "另有 \(rest.count) 个单位缺少本考评组成员的评分，而规定为 \(size) 名。")))
    }
    return claims
  }
}

/// Sheets with gaps. Cost: linear in the number of scores.
private struct GapSearch {
  var sheets: [Int] = []
  /// How many criteria each lacks, and the first few of them.
  var missing: [Int] = []
  var examples: [[Int]] = []

  /// `any`: one other sheet of the unit is enough to expect a criterion; otherwise it takes most of the others.
  init(_ study: Study, _ kinds: RaterKinds, any: Bool) {
    let layout = study.layout
    let leftOut = study.sheetsOfImpossible()
    var count = [Int](repeating: 0, count: layout.criterionCount)
    var onSheet = [Int](repeating: -1, count: layout.criterionCount)
    var seen: [Int] = []
    for u in 0..<layout.unitCount {
      for group in kinds.groups(ofUnit: u, in: layout) where group.count > 1 {
        seen.removeAll(keepingCapacity: true)
        for s in group {
          for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
            let c = Int(layout.criterion[o])
            if count[c] == 0 { seen.append(c) }
            count[c] += 1
          }
        }
        let expected = seen.filter { any || 2 * count[$0] > group.count - 1 }.sorted()
        for s in group {
          let length = layout.sheetStart[s + 1] - layout.sheetStart[s]
          if length >= expected.count, expected.count == seen.count { continue }
          var present = 0
          for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
            let c = Int(layout.criterion[o])
            onSheet[c] = s
            if any || 2 * count[c] > group.count - 1 { present += 1 }
          }
          // What was entered but cannot be a score is another rule's business.
          for c in leftOut[s] ?? [] where expected.contains(c) && onSheet[c] != s {
            onSheet[c] = s
            present += 1
          }
          guard present < expected.count else { continue }
          sheets.append(s)
          missing.append(expected.count - present)
          // Stops after a few, so that the walk is no longer than the sheet.
          examples.append(Array(expected.lazy.filter { onSheet[$0] != s }.prefix(5)))
        }
        for c in seen { count[c] = 0 }
      }
    }
  }
}
