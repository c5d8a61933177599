internal import Scores
internal import Wording

/// Parts of the campaign that share no rater and no unit, so that nothing compares them.
struct DesignDisconnected: Rule {
  static let card = RuleCard(
    id: "design-disconnected", kind: .fact,
    title: Text("Parts that cannot be compared", zh: "评分数据分为互不关联的几部分"),
    question: Text(
      "Are all raters linked to each other by units they have both scored, directly or through others?",
      zh: "所有考评员是否都能通过共同评过的被考评单位直接或间接地联系起来？"),
    statistic: Text(
      "connected components of the graph of raters and units, an edge for every score sheet",
      zh: "以考评员和被考评单位为顶点、每张评分表为一条边的图的连通分支"),
    null: Text("one component: no error rate applies, this is a fact about the design", zh: "只有一个连通分支；这是安排方案的事实，不涉及误报率"),
    explanations: [
      Text("Raters were divided among the units for good reasons, such as distance.", zh: "可能因路程等合理原因分片考评。"),
      Text("The same rater or unit is written in two ways, which splits it in two.", zh: "同一考评员或单位名称写法不一致，被当作两个。"),
    ],
    checks: [
      Text("Check the spelling of names across the parts.", zh: "核对各部分之间的名称写法。"),
      Text("Have the suggested raters score the suggested units as well.", zh: "请建议的考评员加评建议的单位。"),
    ],
    references: ["Weeks and Williams 1964, Technometrics 6:319, connected designs"])

  func examine(_ study: Study) -> Examination {
    let design = study.design
    let parts = design.components.indices.filter { design.components[$0].sheets > 0 }
    guard parts.count > 1 else { return .facts([], tested: parts.count) }
    let ranked = parts.sorted {
      let (a, b) = (design.components[$0], design.components[$1])
      return (b.raters, b.units, $0) < (a.raters, a.units, $1)
    }
    let hub = ranked[0]
    let sizes = ranked.map { design.components[$0] }
    let suggestions = design.suggestedCrossScores(limit: 5).map { score in
      let unit = Names.unit(study.table.units[score.unit])
      let rater = study.table.raters[score.rater].name
      return Text("\(rater) for \(unit.en)", zh: "\(rater)加评\(unit.zh)")
    }
    let described = sizes.prefix(5).map {
      Text("\(counted($0.raters, "rater")) with \(counted($0.units, "unit"))", zh: "\($0.raters) 名考评员、\($0.units) 个单位")
    }
    let more = sizes.count - described.count
    let listed = Text(
      described.map(\.en).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""),
      zh: described.map(\.zh).joined(separator: "；") + (more > 0 ? "；另有 \(more) 个部分" : ""))
    let needed = parts.count - 1
    let units = study.table.units.indices.lazy.filter { design.componentOfUnit[$0] != hub }.map { study.table.units[$0] }
    let raters = study.table.raters.indices.lazy.filter { design.componentOfRater[$0] != hub && design.sheetsOfRater[$0] > 0 }
    let claim = Claim(
      level: .note,
      subjects: Subjects(
        raters: raters.prefix(Names.subjectLimit).map { study.table.raters[$0].name }, units: Names.subjects(units)),
      effect: Effect(value: Double(parts.count), unit: "parts"),
      evidence: [
        Evidence("parts", .count(parts.count)),
        Evidence("ratersOfPart", .numbers(sizes.prefix(Names.subjectLimit).map { Double($0.raters) })),
        Evidence("unitsOfPart", .numbers(sizes.prefix(Names.subjectLimit).map { Double($0.units) })),
        Evidence("extraScoresNeeded", .count(needed)), Evidence("suggestedCrossScores", .texts(suggestions.map(\.en))),
      ],
      message: Text(
        "The campaign falls into \(parts.count) parts that share no rater and no unit (\(listed.en)), where one linked whole is expected; raters' severity and units' ranks cannot be judged across parts, and \(counted(needed, "extra score sheet")) would join them, such as \(suggestions.map(\.en).joined(separator: ", ")).",
        zh:
          "考评分割成 \(parts.count) 个既无共同考评员、也无共同被考评单位的部分（\(listed.zh)），而正常应连成一个整体；各部分之间无法比较考评员的宽严度和单位的名次，补评 \(needed) 张评分表即可连通，例如\(suggestions.map(\.zh).joined(separator: "、"))。"
      ))
    return .facts([claim], tested: parts.count)
  }
}
