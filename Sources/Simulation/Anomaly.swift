/// What can be planted in a campaign. The raw value is the `type` in the truth file.
public enum Anomaly: String, Sendable, Codable, CaseIterable {
  /// A rater who scores everything lower.
  case severe
  /// A rater who scores everything higher.
  case lenient
  /// A rater whose sheets have nothing to do with the units.
  case random
  /// A rater who gives every criterion of a sheet the same share of its full mark.
  case straightline
  /// A rater who adds to units of the rater's own group.
  case owngroup
  /// A rater who uses round marks only.
  case heaped
  /// A rater who reports some sheets above what an audit finds.
  case inflate
  /// A rater whose standard moves in the course of the campaign.
  case drift
  /// One sheet of an otherwise clean rater, raised for that unit.
  case favourPair = "favour_pair"
  /// Raters who move the same units together beyond merit.
  case clique
  /// A rater who copies another's sheets with small changes.
  case copier
  /// A copier who adds the same amount to every mark: four steps of the scale, one of an ordinal scale.
  case shiftedCopier = "shifted_copier"
  /// A rater who hands in the rater's first sheet for every unit.
  case repeatedSheet = "repeated_sheet"
  /// A rater who adds to all units of the one other group that the rater scores most.
  case groupFavour = "group_favour"
  /// Raters of two groups who add to each other's units.
  case exchange
  /// A rater who scores one criterion higher throughout, as with a misread scale.
  case profile
  /// A team whose members all score lower.
  case teamSevere = "team_severe"
  /// One score of a clean sheet, typed wrongly.
  case dataEntry = "data_entry"
  /// A unit whose reports are above what is verified (nested designs, which have reports).
  case falseReport = "false_report"
}

/// How much of one anomaly is planted.
public struct PlantedAnomaly: Sendable, Equatable, Codable {
  public enum Amount: Sendable, Equatable, Codable {
    /// This many raters, sheets, pairs, teams, pairs of groups, scores or units.
    case number(Int)
    /// This share of the raters (clique: of the raters in groups of four; favourPair: of the sheets; teamSevere: of the teams;
    /// exchange: of the pairs of groups; dataEntry: of the scores; falseReport: of the units), rounded, at least `atLeast`.
    case share(Double, atLeast: Int)
  }

  public var anomaly: Anomaly
  public var amount: Amount

  public init(_ anomaly: Anomaly, _ amount: Amount) {
    self.anomaly = anomaly
    self.amount = amount
  }

  /// The number to plant among `total`.
  func count(of total: Int) -> Int {
    switch amount {
    case .number(let n): n
    case .share(let share, let least): max(least, Int((share * Double(total)).rounded()))
    }
  }
}

/// The sizes of planted effects at strength 1: points of a 0–100 scale (of a criterion's full mark, per cent), or logits for ordinal scores.
public struct Magnitudes: Sendable, Equatable, Codable {
  /// severe, lenient, team_severe and profile (on one criterion)
  public var shift: Double
  /// owngroup, group_favour and exchange
  public var ownGroup: Double
  public var favouredPair: Double
  /// Standard deviation of what a clique adds: once a unit and once a unit and criterion.
  public var shared: Double
  public var inflation: Double
  /// From the first sheet of the campaign to the last.
  public var drift: Double

  public init(shift: Double, ownGroup: Double, favouredPair: Double, shared: Double, inflation: Double, drift: Double) {
    self.shift = shift
    self.ownGroup = ownGroup
    self.favouredPair = favouredPair
    self.shared = shared
    self.inflation = inflation
    self.drift = drift
  }

  public static let points = Magnitudes(shift: 10, ownGroup: 6, favouredPair: 8, shared: 6, inflation: 8, drift: 12)
  public static let logits = Magnitudes(shift: 1.6, ownGroup: 1.2, favouredPair: 2.5, shared: 1.5, inflation: 1.5, drift: 2)
}

/// One planted fact, a row of the truth file.
public struct PlantedFact: Sendable, Equatable {
  public var anomaly: Anomaly
  /// Index of the rater; nil for teams and units.
  public var rater: Int?
  /// The copied rater, the number of the clique (K1, K2, …) or the criterion of a wrongly typed score or an odd profile.
  public var partner: String?
  public var unit: Int?
  /// The rater's own group, the other group that is favoured, or the severe team.
  public var group: String?
  /// Planted size in points (logits for ordinal scores; copiers: number of sheets copied; repeated_sheet: number of sheets replaced; 0 where a size has no meaning).
  public var magnitude: Double
}
