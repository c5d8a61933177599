internal import Scores
internal import Wording

/// Teams whose units no other team has seen: a strict team and weak units look the same.
struct DesignConfoundedTeam: Rule {
  static let card = RuleCard(
    id: "design-confounded-team", kind: .fact,
    title: Text("Teams with units of their own", zh: "考评组宽严与单位实绩无法分开"),
    question: Text(
      "Is every unit seen by one team only, so that the team's severity cannot be told from the units' merit?",
      zh: "是否每个被考评单位只由一个考评组评分，以致考评组的宽严与单位的实绩无法分开？"),
    statistic: Text(
      "teams that share no unit with another team, raters who score across teams set aside; and whether such raters link them",
      zh: "不计跨组评分的考评员，与其他考评组没有共同单位的考评组；以及跨组考评员能否把它们联系起来"),
    null: Text(
      "teams share units; no error rate applies, this is a fact about the design", zh: "各组有共同评分的单位；这是安排方案的事实，不涉及误报率"),
    explanations: [
      Text("Each team was given its own units, as campaigns with visits usually do.", zh: "实地考评通常按组分片包干，每组各有自己的单位。")
    ],
    checks: [
      Text("Have a rater of one team score a unit of another, as suggested.", zh: "按建议由一组的考评员加评另一组的单位。"),
      Text("Use departments that score all units on the same criteria as a link.", zh: "请在相同指标上给所有单位评分的主管部门作为联系。"),
    ],
    references: ["Myford and Wolfe 2004, J. Appl. Meas. 5:189, disconnected subsets"])

  func examine(_ study: Study) -> Examination {
    let teams = study.design.teams
    guard teams.teams.count > 1 else {
      return .notEvaluated(
        reason: teams.teams.isEmpty
          ? Text("no rater's team is known", zh: "考评员所属考评组未知") : Text("all raters are of one team", zh: "所有考评员同属一个考评组"))
    }
    let nested = teams.nestedTeams
    guard !nested.isEmpty else { return .facts([], tested: teams.teams.count) }
    let link = Link(study)
    let suggestions = DesignConfoundedTeam.suggestions(study, nested)
    let names = nested.map { teams.teams[$0] }
    let listed = Names.list(names)
    let confounded = teams.confoundedTeams.count
    let crossNames = teams.crossRaters.map { study.table.raters[$0].name }
    let cross = Names.list(crossNames, limit: 3)
    let what: Text
    if link == .none {
      what = Text(
        "a strict team and weak units look the same, so neither the severity of these teams nor ranks across them can be judged",
        zh: "考评组偏严与单位实绩偏弱无从区分，因此这些考评组的宽严以及跨组名次都无法判断")
    } else if link == .otherCriteria {
      what = Text(
        "only raters who score across teams link them (\(cross.en)), and on other criteria, so that team severity and ranks across teams can be judged only as far as units that are good on those criteria are good on the teams' own",
        zh: "仅有跨组考评员（\(cross.zh)）把各组联系起来，且评的是其他指标，因此考评组的宽严和跨组名次只能借助这些指标与本组指标的相关程度来判断")
    } else {
      what = Text(
        "only raters who score across teams (\(cross.en)) link them, and what is known of team severity and of ranks across teams rests on these raters",
        zh: "仅有跨组考评员（\(cross.zh)）把各组联系起来，考评组的宽严和跨组名次全靠他们的评分来判断")
    }
    let advice =
      suggestions.isEmpty
      ? Text("", zh: "")
      : Text(
        "; extra scores would help, such as \(suggestions.map(\.en).joined(separator: ", "))",
        zh: "；补评几张评分表会有帮助，例如\(suggestions.map(\.zh).joined(separator: "、"))")
    let whole = nested.count == 1
    let claim = Claim(
      level: .note,
      subjects: Subjects(raters: Array(crossNames.prefix(Names.subjectLimit)), teams: Array(names.prefix(Names.subjectLimit))),
      effect: Effect(value: Double(nested.count), unit: "teams"),
      evidence: [
        Evidence("teams", .count(teams.teams.count)), Evidence("nestedTeams", .count(nested.count)),
        Evidence("unlinkedTeams", .count(confounded)), Evidence("ratersAcrossTeams", .count(teams.crossRaters.count)),
        Evidence("linkOnSameCriteria", .flag(link == .sameCriteria)),
        Evidence("suggestedCrossScores", .texts(suggestions.map(\.en))),
      ],
      message: Text(
        "\(nested.count) of \(teams.teams.count) teams (\(listed.en)) \(whole ? "scores" : "score") only units that no other team has seen, where teams that share units are expected: \(what.en)\(advice.en).",
        zh: "\(teams.teams.count) 个考评组中有 \(nested.count) 个（\(listed.zh)）所评单位没有其他考评组评过，而可比的安排应有共同单位：\(what.zh)\(advice.zh)。"))
    return .facts([claim], tested: teams.teams.count)
  }

  /// What links the nested teams.
  private enum Link {
    /// Nothing does for at least one of them.
    case none
    /// Raters across teams, none of whose criteria a team scores.
    case otherCriteria
    case sameCriteria

    init(_ study: Study) {
      let teams = study.design.teams
      guard teams.confoundedTeams.isEmpty, !teams.crossRaters.isEmpty else {
        self = .none
        return
      }
      let layout = study.layout
      var isCross = [Bool](repeating: false, count: layout.raterCount)
      for r in teams.crossRaters { isCross[r] = true }
      var across = [Bool](repeating: false, count: layout.criterionCount)
      var within = across
      for s in 0..<layout.sheetCount {
        let crosses = isCross[Int(layout.sheetRater[s])]
        for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
          if crosses { across[Int(layout.criterion[o])] = true } else { within[Int(layout.criterion[o])] = true }
        }
      }
      self = across.indices.contains { across[$0] && within[$0] } ? .sameCriteria : .otherCriteria
    }
  }

  /// A chain through the nested teams: the rater of each with the fewest units for the unit of the next with the largest panel.
  private static func suggestions(_ study: Study, _ nested: [Int]) -> [Text] {
    let design = study.design
    let teams = design.teams
    var rater = [Int](repeating: -1, count: teams.teams.count)
    var unit = rater
    for (r, team) in teams.ofRater.enumerated() where team >= 0 && design.sheetsOfRater[r] > 0 {
      if rater[team] < 0 || design.sheetsOfRater[r] < design.sheetsOfRater[rater[team]] { rater[team] = r }
    }
    func panel(_ u: Int) -> Int { design.unitSheets[u + 1] - design.unitSheets[u] }
    for (u, team) in teams.onlyTeamOfUnit.enumerated() where team >= 0 {
      if unit[team] < 0 || panel(u) > panel(unit[team]) { unit[team] = u }
    }
    // A single nested team is joined to any team that has a unit to itself, or a rater.
    let chain = nested.count > 1 ? nested : nested + teams.teams.indices.filter { $0 != nested[0] && unit[$0] >= 0 }.prefix(1)
    return zip(chain, chain.dropFirst()).prefix(5).compactMap { from, to in
      guard rater[from] >= 0, unit[to] >= 0 else { return nil }
      let name = study.table.raters[rater[from]].name
      let target = Names.unit(study.table.units[unit[to]])
      return Text("\(name) for \(target.en)", zh: "\(name)加评\(target.zh)")
    }
  }
}
