/// Every rule, in the order in which they are listed. A test compares this list with the folder.
public enum RuleRegistry {
  public static let all: [any Rule.Type] = [
    DesignDisconnected.self,
    DesignConfoundedTeam.self,
    PanelTooSmall.self,
    DuplicateScore.self,
    DuplicateCriteria.self,
    ScoreOffScale.self,
    MissingSheet.self,
    UnrosteredRater.self,
    SimilarNames.self,
    RaterSeverity.self,
    RaterInconsistency.self,
    RaterStraightLining.self,
    RaterRepeatedSheets.self,
    RaterDrift.self,
    RaterDigitPreference.self,
    TeamSeverity.self,
    TeamUnitFavouritism.self,
    OwnGroupFavouritism.self,
    OwnGroupCriterion.self,
    FieldOwnGroupBias.self,
    RaterUnitFavouritism.self,
    RaterGroupFavouritism.self,
    Reciprocity.self,
    CollusionRing.self,
    CopiedSheets.self,
    ScoreOutlier.self,
    RaterProfileOutlier.self,
  ]

  public static func rule(_ id: String) -> (any Rule.Type)? { all.first { $0.card.id == id } }
}
