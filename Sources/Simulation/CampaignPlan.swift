/// A campaign to be simulated: its size, scale, design, honest variation and what is planted in it.
public struct CampaignPlan: Sendable, Equatable {
  public enum Variant: Sendable, Equatable {
    /// 0 … 100 in steps of one half.
    case continuous
    /// 1 … 7 by the many-facet rating-scale model.
    case ordinal
    /// Criteria with full marks of their own, used in turn; every effect and the noise scale with the full mark.
    case fullMarks([Int])
  }

  public enum Design: Sendable, Equatable {
    /// Every unit is scored by `ratersPerUnit` raters drawn at random with near-equal loads, each on all criteria.
    case crossed(ratersPerUnit: Int)
    /// Every team has units of its own, which all its members score on the field criteria. `departments` further raters score all
    /// units, each on one indicator of its own, from their records. Each team's leader also scores `leaderCrossUnits` units of
    /// the next team, the only link between teams beside the departments (who share no criterion with them).
    case nested(departments: Int, leaderCrossUnits: Int)
  }

  /// Which names the campaign has.
  public enum Naming: Sendable, Equatable {
    /// R07, Unit 012, Criterion 3, T05, Group 02.
    case numbered
    /// The case behind the project: counties, districts and departments, assessors A01 …, bureaus.
    case assessment
  }

  /// Fields assessors, departments not counted.
  public var raters: Int
  public var units: Int
  /// Criteria of the sheets; the departments' indicators of a nested design come on top.
  public var criteria: Int
  public var teamSize: Int
  public var groups: Int
  public var variant: Variant
  public var design: Design
  public var naming: Naming = .numbered
  /// The level of an average score, points of 100.
  public var mean = 60.0
  public var spread: ComponentSpread
  public var noise = NoiseOptions()
  public var planted: [PlantedAnomaly] = []
  public var magnitudes: Magnitudes
  /// Below 1, magnitudes are scaled by it and response-style anomalies (random, straightline, heaped, repeated_sheet, copiers) touch only this
  /// share of the sheets.
  public var strength = 1.0
  /// The share of sheets that are scored again by an audit.
  public var auditShare = 0.0
  /// In nested designs: how many units of the patch of a planted own-group favourer's team are of the favourer's group.
  public var ownUnitsPerFavourer = 3

  public init(
    raters: Int, units: Int, criteria: Int, teamSize: Int, groups: Int, variant: Variant = .continuous, design: Design,
    planted: [PlantedAnomaly] = []
  ) {
    self.raters = raters
    self.units = units
    self.criteria = criteria
    self.teamSize = teamSize
    self.groups = groups
    self.variant = variant
    self.design = design
    self.planted = planted
    spread = variant == .ordinal ? .logits : .points
    magnitudes = variant == .ordinal ? .logits : .points
  }

  /// The same campaign with nothing planted.
  public var honest: CampaignPlan {
    var plan = self
    plan.planted = []
    return plan
  }

  var teams: Int { (raters + teamSize - 1) / teamSize }
  var departments: Int { if case .nested(let departments, _) = design { departments } else { 0 } }
  var isOrdinal: Bool { variant == .ordinal }
}

/// Standard deviations of the honest effects: points of a 0–100 scale, or logits for ordinal scores.
///
///     y = mean + unit − team severity − rater severity + criterion + rater·criterion + unit·criterion + unit·rater + noise
public struct ComponentSpread: Sendable, Equatable {
  public var unit: Double
  public var rater: Double
  public var team: Double
  public var criterion: Double
  public var raterCriterion: Double
  public var unitCriterion: Double
  /// Unit·rater: an error that all scores of one sheet share.
  public var sheet: Double
  /// Of a single score; ordinal scores have the model's own noise and none of this.
  public var noise: Double

  public init(
    unit: Double, rater: Double, team: Double = 0, criterion: Double, raterCriterion: Double = 0, unitCriterion: Double = 0,
    sheet: Double = 0, noise: Double = 0
  ) {
    self.unit = unit
    self.rater = rater
    self.team = team
    self.criterion = criterion
    self.raterCriterion = raterCriterion
    self.unitCriterion = unitCriterion
    self.sheet = sheet
    self.noise = noise
  }

  public static let points = ComponentSpread(unit: 8, rater: 3.5, criterion: 3, raterCriterion: 1.5, unitCriterion: 4, noise: 4)
  public static let logits = ComponentSpread(unit: 1.2, rater: 0.5, criterion: 0.6)
}

/// What real campaigns have and textbook ones have not.
public struct NoiseOptions: Sendable, Equatable {
  /// Degrees of freedom of Student-t noise, scaled to the variance of `ComponentSpread.noise`; nil for normal noise. Above 2.
  public var tailDegreesOfFreedom: Double?
  /// The noise of a unit one standard deviation better is smaller by the factor exp(−this); its mean square stays as it was.
  public var levelSlope = 0.0
  /// Standard deviation of the logarithm of the raters' own noise levels; the mean square stays as it was.
  public var raterLogSpread = 0.0
  /// The share of planned sheets that are not there.
  public var missingSheetShare = 0.0
  /// The highest share of full marks that is ever given; 1 for none but the scale's own limit.
  public var ceiling = 1.0

  public init() {}
}
