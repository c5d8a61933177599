import Wording

/// The columns that say what a row is about, and what stands in them.
extension [AgreementSubjects] {
  private static let criterion = AnalysisTable.Column("criterion", Text("criterion", zh: "指标"))

  /// Whether subjects are units on several criteria, so that a unit's name alone does not tell which.
  private var nameCriteria: Bool { count == 1 && self[0].hasSeveralCriteria }

  /// Before all others, where each criterion is analysed by itself; goes with `AgreementSubjects.prefix`.
  var prefixColumns: [AnalysisTable.Column] { count > 1 ? [Self.criterion] : [] }

  /// A subject's unit and, where it is needed, criterion.
  var subjectColumns: [AnalysisTable.Column] {
    prefixColumns + [AnalysisTable.Column("unit", Text("unit", zh: "单位"))] + (nameCriteria ? [Self.criterion] : [])
  }

  /// What stands in `subjectColumns`.
  func cells(ofSubject subject: Int, in group: AgreementSubjects) -> [AnalysisValue] {
    group.prefix + [.name(group.units[subject])] + (nameCriteria ? [group.criteria[subject].map { .name($0) } ?? .none] : [])
  }
}

extension AgreementSubjects {
  /// The criterion, where each is analysed by itself.
  var prefix: [AnalysisValue] { criterion.map { [.name($0)] } ?? [] }
}
