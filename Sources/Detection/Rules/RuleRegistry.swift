/// Every rule, in the order in which they are listed. A test compares this list with the folder.
public enum RuleRegistry {
  public static let all: [any Rule.Type] = [
    RaterSeverity.self,
    RaterInconsistency.self,
    RaterStraightLining.self,
    TeamSeverity.self,
    OwnGroupFavouritism.self,
    FieldOwnGroupBias.self,
    RaterUnitFavouritism.self,
    CopiedSheets.self,
    ScoreOutlier.self,
  ]

  public static func rule(_ id: String) -> (any Rule.Type)? { all.first { $0.card.id == id } }
}
