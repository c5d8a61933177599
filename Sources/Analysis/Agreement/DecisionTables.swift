import Models
import Wording

/// Variance components, and how many raters would be needed.
struct DecisionTables {
  let groups: [AgreementSubjects]
  let setting: AgreementSetting
  private var options: AgreementOptions { setting.options }

  /// With more levels of raters, criteria and their pairs the likelihood takes minutes, and moments are taken instead.
  static let likelihoodLimit = 3000

  func parts() -> [AnalysisReport.Part] {
    if setting.scale == .nominal || setting.scale == .circular || options.labels != nil { return [] }
    var (components, decisions): ([[AnalysisValue]], [[AnalysisValue]]) = ([], [])
    var (facts, remarks): ([AnalysisFacts.Fact], [Text]) = ([], [])
    for group in groups {
      do throws(AgreementError) {
        try add(group, &components, &decisions, &facts, &remarks)
      } catch {
        let reason = AgreementWords.reason(error)
        let place = group.criterion.map { Text("\($0): ", zh: "\($0)：") } ?? Text("", zh: "")
        remarks.append(
          Text("\(place.en)No decision study: \(reason.en).", zh: "\(place.zh)无法推算所需考评员人数：\(reason.zh)。"))
      }
    }
    var parts: [AnalysisReport.Part] = []
    if !decisions.isEmpty {
      parts.append(.facts(AnalysisFacts(id: "needed", title: Text("How many raters would be needed?", zh: "需要多少名考评员"), facts: facts)))
      parts.append(.table(decisionTable(decisions)))
      parts.append(.table(componentTable(components)))
    }
    if !remarks.isEmpty { parts.append(.remarks(remarks)) }
    return parts
  }

  private func add(
    _ group: AgreementSubjects, _ components: inout [[AnalysisValue]], _ decisions: inout [[AnalysisValue]],
    _ facts: inout [AnalysisFacts.Fact], _ remarks: inout [Text]
  ) throws(AgreementError) {
    let study = try study(group, &remarks)
    for (component, share) in zip(study.components, study.shares) {
      components.append(
        group.prefix + [
          .words(AgreementWords.effect(component.effect)), .number(component.variance), .number(component.standardError), .number(share),
        ])
    }
    // Units seen by different raters: severity then disturbs comparisons too.
    let shared = group.unitsShareRaters
    let nested: Set<String> = shared ? [] : ["rater"]
    let fixed: Set<String> = options.randomCriteria || !group.hasSeveralCriteria ? [] : ["criterion"]
    let criteria: [Int?] = group.hasSeveralCriteria ? options.criterionNumbers.map { $0.map { $0 } } ?? [nil] : [nil]
    for criterion in criteria {
      for raters in options.raterNumbers {
        var numbers = ["rater": raters]
        if let criterion { numbers["criterion"] = criterion }
        let decision = try DecisionStudy(study, numbers: numbers, fixed: fixed, nested: nested)
        decisions.append(group.prefix + cells(decision, raters, criterion))
      }
    }
    try needed(group, study, fixed: fixed, nested: nested, &facts, &remarks)
    if !shared {
      remarks.append(
        Text(
          "Units were scored by different raters, so severity counts as error in ranking too.", zh: "各单位的考评员不同，宽严差异也会扰动排名，已计入误差。"))
    }
    if !fixed.isEmpty {
      remarks.append(
        Text(
          "The criteria are taken as the ones that matter, not as a sample (--criteria random).",
          zh: "指标视为既定，不视为抽样（可用 --criteria random 改变）。"))
    }
  }

  /// By restricted maximum likelihood where that can be had, else by moments.
  private func study(_ group: AgreementSubjects, _ remarks: inout [Text]) throws(AgreementError) -> GeneralizabilityStudy {
    let facets = group.hasSeveralCriteria ? [group.raterFactor, group.criterionFactor] : [group.raterFactor]
    let design = try GeneralizabilityDesign(object: group.unitFactor, facets: facets)
    // Where the likelihood cannot part two components, the moments may.
    if design.levelsBesideObject <= Self.likelihoodLimit, let likely = try? GeneralizabilityStudy(group.values, design: design) {
      return likely
    }
    remarks.append(Text("Variance components by analysis of variance; they have no intervals.", zh: "方差分量由方差分析得出，没有区间。"))
    return try GeneralizabilityStudy(group.values, design: design, method: .anova)
  }

  /// How many raters reach the goal, for ranking and for an award line.
  private func needed(
    _ group: AgreementSubjects, _ study: GeneralizabilityStudy, fixed: Set<String>, nested: Set<String>,
    _ facts: inout [AnalysisFacts.Fact], _ remarks: inout [Text]
  ) throws(AgreementError) {
    var warned = false
    for (id, goal, label) in [
      ("generalizability", DecisionStudy.Goal.generalizability(options.goal), Text("to rank units", zh: "用于排名")),
      ("dependability", .dependability(options.goal), Text("for an award line", zh: "用于按分数线评定")),
    ] {
      let count = try DecisionStudy.smallest("rater", reaching: goal, study, fixed: fixed, nested: nested)
      if let count, count < 3, !warned {
        warned = true
        remarks.append(
          Text(
            "With fewer than 3 raters a unit nobody can be compared with the others: favouritism and errors then go unseen.",
            zh: "每个单位不足 3 名考评员时无法互相核对，偏袒和差错将难以发现。"))
      }
      let place = group.criterion.map { "\($0), " } ?? ""
      facts.append(
        AnalysisFacts.Fact(
          group.criterion.map { "\(id):\($0)" } ?? id,
          Text("\(place)\(label.en), \(options.goal) reached with", zh: "\(place)\(label.zh)，达到 \(options.goal) 需"),
          count.map { .words(Text($0 == 1 ? "1 rater" : "\($0) raters", zh: "\($0) 人")) }
            ?? .words(Text("no number of raters", zh: "增加人数也达不到"))))
    }
  }

  private func cells(_ decision: DecisionStudy, _ raters: Int, _ criteria: Int?) -> [AnalysisValue] {
    let (low, high) = decision.generalizabilityInterval(level: options.level)
    let (phiLow, phiHigh) = decision.dependabilityInterval(level: options.level)
    return (hasCriterionNumbers ? [criteria.map { .count($0) } ?? .none] : []) + [
      .count(raters), .number(decision.generalizability), .number(low), .number(high), .number(decision.dependability), .number(phiLow),
      .number(phiHigh), .number(decision.relativeStandardError), .number(decision.absoluteStandardError),
    ]
  }

  private var hasCriterionNumbers: Bool { options.criterionNumbers != nil && groups.contains { $0.hasSeveralCriteria } }

  private func decisionTable(_ rows: [[AnalysisValue]]) -> AnalysisTable {
    AnalysisTable(
      id: "decision", title: Text("Dependability of the mean over so many raters", zh: "若干名考评员平均分的可靠性"),
      columns: groups.prefixColumns + (hasCriterionNumbers ? [AnalysisTable.Column("criteria", Text("criteria", zh: "指标数"))] : []) + [
        AnalysisTable.Column("raters", Text("raters", zh: "人数")),
        AnalysisTable.Column("g", Text("ranking Eρ²", zh: "排名 Eρ²"), .fixed(3)),
        AnalysisTable.Column("gLow", Text("low", zh: "下限"), .fixed(3)),
        AnalysisTable.Column("gHigh", Text("high", zh: "上限"), .fixed(3)),
        AnalysisTable.Column("phi", Text("level Φ", zh: "水平 Φ"), .fixed(3)),
        AnalysisTable.Column("phiLow", Text("low", zh: "下限"), .fixed(3)),
        AnalysisTable.Column("phiHigh", Text("high", zh: "上限"), .fixed(3)),
        AnalysisTable.Column("relativeError", Text("±ranking", zh: "±排名"), .significant(3)),
        AnalysisTable.Column("absoluteError", Text("±level", zh: "±水平"), .significant(3)),
      ], rows: rows,
      note: Text(
        "± is the standard error of a unit's mean in points: for comparing units, and for its level.",
        zh: "± 为单位平均分的标准误（分）：前者用于单位之间比较，后者用于评定水平。"))
  }

  private func componentTable(_ rows: [[AnalysisValue]]) -> AnalysisTable {
    AnalysisTable(
      id: "components", title: Text("Where the differences between scores come from", zh: "评分差异的来源"),
      columns: groups.prefixColumns + [
        AnalysisTable.Column("effect", Text("effect", zh: "来源")),
        AnalysisTable.Column("variance", Text("variance", zh: "方差"), .significant(4)),
        AnalysisTable.Column("standardError", Text("SE", zh: "标准误"), .significant(3)),
        AnalysisTable.Column("share", Text("share", zh: "占比"), .percent),
      ], rows: rows)
  }
}
