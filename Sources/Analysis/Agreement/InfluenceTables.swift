import Models
import Wording

/// Who pulls agreement down: α without each rater and each subject.
struct InfluenceTables {
  let groups: [AgreementSubjects]
  let setting: AgreementSetting

  func parts() -> [AnalysisReport.Part] {
    var (raters, units): ([[AnalysisValue]], [[AnalysisValue]]) = ([], [])
    var withoutErrors = false
    for group in groups {
      let measure = AgreementMeasure.krippendorff(setting.metric)
      guard let analysis = try? InfluenceAnalysis(group.ratings, measure: measure, level: setting.options.level) else { continue }
      if !analysis.hasErrors { withoutErrors = true }
      for influence in analysis.raters { raters.append(group.prefix + [.name(group.raters[influence.subject])] + cells(influence)) }
      // A subject with one score has nothing to disagree with.
      for influence in analysis.units where influence.ratings > 1 {
        units.append(groups.cells(ofSubject: influence.subject, in: group) + cells(influence))
      }
    }
    if raters.isEmpty { return [] }
    let note = Text(
      withoutErrors
        ? "Negative: agreement would be higher without it. There are too many scores for intervals."
        : "Negative: agreement would be higher without it. The limits hold for all of them at once; where they include 0, the difference may be chance.",
      zh: withoutErrors ? "负值：去掉后一致性更高。评分太多，未计算区间。" : "负值：去掉后一致性更高。区间对全体同时成立；包含 0 的，差别可能出于偶然。")
    return [
      .table(
        AnalysisTable(
          id: "rater-influence", title: Text("Which rater pulls it down?", zh: "哪位考评员拉低了一致性"),
          columns: groups.prefixColumns + [AnalysisTable.Column("rater", Text("rater", zh: "考评员"))] + Self.columns, rows: raters,
          note: note, shownRows: 12)),
      .table(
        AnalysisTable(
          id: "unit-influence", title: Text("Over which units do they disagree most?", zh: "对哪些单位分歧最大"),
          columns: groups.subjectColumns + Self.columns, rows: units, shownRows: 8)),
    ]
  }

  private static let columns = [
    AnalysisTable.Column("scores", Text("scores", zh: "评分数")),
    AnalysisTable.Column("without", Text("α without", zh: "去掉后 α"), .fixed(3)),
    AnalysisTable.Column("difference", Text("effect", zh: "影响"), .fixed(4)),
    AnalysisTable.Column("low", Text("low", zh: "下限"), .fixed(4)),
    AnalysisTable.Column("high", Text("high", zh: "上限"), .fixed(4)),
    AnalysisTable.Column("p", Text("p, all at once", zh: "p（同时检验）"), .probability),
  ]

  private func cells(_ influence: Influence) -> [AnalysisValue] {
    [
      .count(influence.ratings), .number(influence.without), .number(influence.difference), .number(influence.low), .number(influence.high),
      .number(influence.adjustedPValue),
    ]
  }
}
