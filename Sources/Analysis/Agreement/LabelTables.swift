import Models
import Wording

/// Scores that are names: how often each is given, how well raters agree on it, and what most of them say of each subject.
struct LabelTables {
  let groups: [AgreementSubjects]
  let setting: AgreementSetting
  private var labels: [String] { setting.options.labels ?? [] }

  func parts() -> [AnalysisReport.Part] { [.table(labelTable()), .table(consensus())] }

  private func labelTable() -> AnalysisTable {
    var rows: [[AnalysisValue]] = []
    for group in groups {
      for label in LabelAgreement.all(group.ratings) {
        rows.append(
          group.prefix + [
            .name(labels[Int(label.category)]), .count(label.count), .number(Double(label.count) / Double(group.ratings.count)),
            .number(label.specific), .number(label.kappa),
          ])
      }
    }
    return AnalysisTable(
      id: "labels", title: Text("How well do they agree on each label?", zh: "各类别上的一致程度"),
      columns: groups.prefixColumns + [
        AnalysisTable.Column("label", Text("label", zh: "类别")), AnalysisTable.Column("count", Text("given", zh: "次数")),
        AnalysisTable.Column("share", Text("share", zh: "占比"), .percent),
        AnalysisTable.Column("specific", Text("another agrees", zh: "他人同评"), .percent),
        AnalysisTable.Column("kappa", Text("κ", zh: "κ"), .fixed(3)),
      ], rows: rows,
      note: Text(
        "“Another agrees”: where one rater gives this label, the share of the others who give it too. κ is that of this label against all others (Fleiss 1971).",
        zh: "“他人同评”：一名考评员评为该类时，其他考评员也评为该类的比例。κ 为该类与其余各类二分时的一致性（Fleiss 1971）。"))
  }

  /// The most frequent label of each subject with two scores, the least agreed first.
  private func consensus() -> AnalysisTable {
    var rows: [(share: Double, cells: [AnalysisValue])] = []
    for group in groups {
      let ratings = group.ratings
      for subject in ratings.units(withAtLeast: 2) {
        var counts = [Int](repeating: 0, count: ratings.categories.count)
        let range = ratings.unitStart[subject]..<ratings.unitStart[subject + 1]
        for i in range { counts[Int(ratings.category[i])] += 1 }
        let most = counts.max() ?? 0
        let names = counts.indices.filter { counts[$0] == most }.map { labels[Int(ratings.categories[$0])] }
        let share = Double(most) / Double(range.count)
        rows.append(
          (
            share,
            groups.cells(ofSubject: subject, in: group) + [
              .name(names.joined(separator: " / ")), .number(share), .count(range.count),
            ]
          ))
      }
    }
    // Ties stay in the order of the subjects.
    let order = rows.indices.sorted { (rows[$0].share, $0) < (rows[$1].share, $1) }
    return AnalysisTable(
      id: "consensus", title: Text("What most raters say, least agreed first", zh: "多数意见（分歧大的在前）"),
      columns: groups.subjectColumns + [
        AnalysisTable.Column("label", Text("most frequent label", zh: "最多的类别")),
        AnalysisTable.Column("share", Text("share", zh: "占比"), .percent), AnalysisTable.Column("scores", Text("scores", zh: "评分数")),
      ], rows: order.map { rows[$0].cells },
      note: Text(
        "Several labels: they were given equally often. The majority need not be right.", zh: "并列的类别次数相同。多数意见不一定正确。"),
      shownRows: 8)
  }
}
