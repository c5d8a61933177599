internal import Scores
internal import Wording

/// Units, and single criteria of units, that too few raters scored to check any of them.
struct PanelTooSmall: Rule {
  static let card = RuleCard(
    id: "panel-too-small", kind: .fact,
    title: Text("Panel too small", zh: "评分人数过少"),
    question: Text(
      "Was every unit scored by enough raters to check each of them against the others?",
      zh: "每个被考评单位的评分人数是否足以让考评员之间互相核对？"),
    statistic: Text(
      "raters on the unit's most scored criterion, against three; where the campaign lays down a panel size, raters of one kind (who score much the same criteria) on the unit, against that size",
      zh: "单位评分人数最多的指标的考评员人数，与三人比较；考评规则规定人数的，按评分指标基本相同的考评员人数与规定比较"),
    null: Text("no error rate applies, this is a fact about the design", zh: "这是安排方案的事实，不涉及误报率"),
    explanations: [
      Text("A rater was away or stood aside because the unit was the rater's own.", zh: "考评员可能因故缺席，或因涉及本单位而回避。"),
      Text("The criterion is scored by one department from its records, as planned.", zh: "该指标按方案由一个主管部门依据记录评分。"),
    ],
    checks: [
      Text("Check whether sheets were lost, and add a rater where the unit's place is close.", zh: "核查是否漏收评分表；名次接近的单位应增派考评员。")
    ],
    references: [])

  /// With three there is a majority to differ from.
  static let smallest = 3

  func examine(_ study: Study) -> Examination {
    let layout = study.layout
    let declared = study.campaign.panelSize
    let size = declared ?? PanelTooSmall.smallest
    let panels = PanelTooSmall.panels(study, declared: declared != nil)
    let small = panels.indices.filter { panels[$0] < size }
    let isSmall = panels.map { $0 < size }
    var claims: [Claim] = []
    if !small.isEmpty {
      let single = small.count { panels[$0] <= 1 }
      let alone =
        single == 0
        ? Text("", zh: "")
        : Text("; \(single) of them by one rater alone, which cannot be checked at all", zh: "，其中 \(single) 个只有一名考评员评分，完全无法核对")
      // The smallest panels first, for they are the least certain.
      let ordered = small.sorted { (panels[$0], $0) < (panels[$1], $1) }
      let units = ordered.prefix(Names.subjectLimit).map { study.table.units[$0] }
      let named = units.prefix(5).map(Names.unit)
      let list = Text(
        Names.list(named.map(\.en), total: small.count).en, zh: Names.list(named.map(\.zh), total: small.count).zh)
      let rows = ordered.lazy.flatMap { study.table.unitStart[$0]..<study.table.unitStart[$0 + 1] }.prefix(Names.rowLimit)
      claims.append(
        Claim(
          level: declared == nil ? .note : .error, subjects: Subjects(units: Names.subjects(units)),
          effect: Effect(value: Double(small.count), unit: "units"),
          evidence: [
            Evidence("units", .count(small.count)), Evidence("unitsWithOneRater", .count(single)), Evidence("expectedRaters", .count(size)),
            Evidence("declared", .flag(declared != nil)), Evidence("smallestPanel", .count(panels[ordered[0]])),
          ],
          message: Text(
            "\(small.count) of \(counted(panels.count, "unit")) (\(list.en)) \(small.count == 1 ? "was" : "were") scored by fewer than \(counted(size, "rater")), \(declared == nil ? "the fewest that can be checked against each other" : "the size of panel that the campaign lays down")\(alone.en).",
            zh:
              "\(panels.count) 个被考评单位中有 \(small.count) 个（\(list.zh)）的评分人数不足 \(size) 人（\(declared == nil ? "能够互相核对的最少人数" : "考评规则规定的人数")）\(alone.zh)。"
          ),
          scores: Array(rows)))
    }
    if let untrimmed = PanelTooSmall.untrimmed(study) { claims.append(untrimmed) }
    var cells = 0
    var singleCells = 0
    var ofCriterion = [Int](repeating: 0, count: layout.criterionCount)
    for u in panels.indices where !isSmall[u] {
      for cell in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] where layout.cellPanel[cell] < PanelTooSmall.smallest {
        cells += 1
        if layout.cellPanel[cell] == 1 { singleCells += 1 }
        ofCriterion[Int(layout.cellCriterion[cell])] += 1
      }
    }
    if cells > 0 {
      let affected = ofCriterion.indices.filter { ofCriterion[$0] > 0 }
        .sorted { (ofCriterion[$1], $0) < (ofCriterion[$0], $1) }
      let names = affected.prefix(Names.subjectLimit).map { study.table.criteria[$0] }
      let list = Names.list(names, total: affected.count)
      let alone =
        singleCells == 0
        ? Text("", zh: "")
        : Text(
          "; \(singleCells == cells ? "all" : "\(singleCells)") of them on one rater alone, with no other score to compare it with",
          zh: "，\(singleCells == cells ? "且均" : "其中 \(singleCells) 项")只有一名考评员评分，没有他人评分可供核对")
      claims.append(
        Claim(
          level: .note, subjects: Subjects(criteria: names), effect: Effect(value: Double(cells), unit: "cells"),
          evidence: [
            Evidence("cells", .count(cells)), Evidence("cellsWithOneRater", .count(singleCells)),
            Evidence("criteria", .count(affected.count)),
            Evidence("expectedRaters", .count(PanelTooSmall.smallest)),
          ],
          message: Text(
            "Among units with enough raters, \(counted(cells, "result")) on single criteria (\(list.en)) \(cells == 1 ? "rests" : "rest") on fewer than \(PanelTooSmall.smallest) raters\(alone.en).",
            zh: "在评分人数足够的单位中，仍有 \(cells) 项单位指标得分（\(list.zh)）的评分人数不足 \(PanelTooSmall.smallest) 人\(alone.zh)。"
          )))
    }
    return .facts(claims, tested: panels.count)
  }

  /// Units of which the campaign's trimmed mean leaves nothing.
  private static func untrimmed(_ study: Study) -> Claim? {
    guard case .trimmed(let low, let high) = study.campaign.result.overRaters else { return nil }
    let layout = study.layout
    let dropped = low + high
    let bare = (0..<layout.unitCount).filter { u in
      let sheets = layout.unitSheetStart[u + 1] - layout.unitSheetStart[u]
      return sheets > 0 && sheets <= dropped
    }
    guard !bare.isEmpty else { return nil }
    let units = bare.prefix(Names.subjectLimit).map { study.table.units[$0] }
    let named = units.prefix(5).map(Names.unit)
    return Claim(
      level: .error, subjects: Subjects(units: Names.subjects(units)), effect: Effect(value: Double(bare.count), unit: "units"),
      evidence: [Evidence("units", .count(bare.count)), Evidence("droppedSheets", .count(dropped))],
      message: Text(
        "\(counted(bare.count, "unit")) (\(Names.list(named.map(\.en), total: bare.count).en)) \(bare.count == 1 ? "has" : "have") no more than \(counted(dropped, "sheet")), and the campaign drops the \(low) lowest and the \(high) highest: nothing is left, and the plain mean of all sheets is taken here.",
        zh:
          "\(bare.count) 个被考评单位（\(Names.list(named.map(\.zh), total: bare.count).zh)）的评分表不超过 \(dropped) 张，而考评规则要求去掉 \(low) 个最低分和 \(high) 个最高分，去掉后已无评分，此处按全部评分表的平均值计算。"
      ))
  }

  /// How many raters each unit has: of one kind where a size is laid down, otherwise on its most scored criterion.
  static func panels(_ study: Study, declared: Bool) -> [Int] {
    let layout = study.layout
    if declared {
      let kinds = RaterKinds(layout)
      return (0..<layout.unitCount).map { u in kinds.groups(ofUnit: u, in: layout).map(\.count).max() ?? 0 }
    }
    return (0..<layout.unitCount).map { u in
      var most: Int32 = 0
      for cell in layout.unitCellStart[u]..<layout.unitCellStart[u + 1] { most = max(most, layout.cellPanel[cell]) }
      return Int(most)
    }
  }
}
