public import Scores

/// A campaign as the rules see it: the scores, its sheets, its design and the fitted honest part. Immutable; made once, handed to every rule.
public struct Study: Sendable {
  public let table: ScoreTable
  public let campaign: Campaign

  public init(table: ScoreTable, campaign: Campaign) {
    self.table = table
    self.campaign = campaign
  }
}
