/// Named plans. Sizes and model of `small`, `medium` and `large` are those of the workloads S, M and L that the peers were measured on.
public enum Preset: String, Sendable, CaseIterable {
  /// 60 raters, 120 units, 10 criteria, 5 raters a unit: 6,000 scores.
  case small
  /// 600 raters, 5,000 units, 8 criteria, 5 raters a unit: 200,000 scores.
  case medium
  /// 2,000 raters, 50,000 units, 10 criteria, 4 raters a unit: 2,000,000 scores.
  case large
  /// `small` with marks from 1 to 7.
  case ordinal
  /// `small` with full marks 5, 10, 15 and 100 in one campaign.
  case fullMarks = "full-marks"
  /// `small` with Student-t noise on 4 degrees of freedom and an error that the scores of a sheet share.
  case heavyTails = "heavy-tails"
  /// `small` with noise that depends on the unit's level and on the rater.
  case unequalNoise = "unequal-noise"
  /// `small` with marks that crowd at a ceiling.
  case ceiling
  /// `small` with one sheet in ten missing.
  case missing
  /// Teams with units of their own, departments that score all units on their indicator, and reports.
  case nested
  /// `nested` with marks from 1 to 7.
  case nestedOrdinal = "nested-ordinal"
  /// The case behind the project, the sample campaign: 60 assessors in 12 teams, 72 units in two classes.
  case `case`

  public var plan: CampaignPlan {
    switch self {
    case .small: .workload(raters: 60, units: 120, criteria: 10, panel: 5, teamSize: 6, groups: 6, audit: 0.3)
    case .medium: .workload(raters: 600, units: 5_000, criteria: 8, panel: 5, teamSize: 10, groups: 10, audit: 0.2)
    case .large: .workload(raters: 2_000, units: 50_000, criteria: 10, panel: 4, teamSize: 10, groups: 20, audit: 0.1)
    case .ordinal: .workload(raters: 60, units: 120, criteria: 10, panel: 5, teamSize: 6, groups: 6, audit: 0.3, variant: .ordinal)
    case .fullMarks:
      .workload(raters: 60, units: 120, criteria: 10, panel: 5, teamSize: 6, groups: 6, audit: 0.3, variant: .fullMarks([5, 10, 15, 100]))
    case .heavyTails:
      Preset.small.plan.with {
        $0.noise.tailDegreesOfFreedom = 4
        $0.spread.sheet = 1.5
      }
    case .unequalNoise:
      Preset.small.plan.with {
        $0.noise.levelSlope = 0.3
        $0.noise.raterLogSpread = 0.2
      }
    case .ceiling: Preset.small.plan.with { $0.mean = 88 }
    case .missing: Preset.small.plan.with { $0.noise.missingSheetShare = 0.1 }
    case .nested: .nestedTeams(variant: .continuous)
    case .nestedOrdinal: .nestedTeams(variant: .ordinal)
    case .case: .assessmentCase
    }
  }
}

extension CampaignPlan {
  func with(_ change: (inout CampaignPlan) -> Void) -> CampaignPlan {
    var plan = self
    change(&plan)
    return plan
  }

  /// What the workloads plant: 2 % of the raters of each kind, at least 2; half as many severe and lenient.
  static let workloadAnomalies: [PlantedAnomaly] = [
    .init(.severe, .share(0.01, atLeast: 1)), .init(.lenient, .share(0.01, atLeast: 1)), .init(.random, .share(0.02, atLeast: 2)),
    .init(.straightline, .share(0.02, atLeast: 2)), .init(.owngroup, .share(0.02, atLeast: 2)), .init(.heaped, .share(0.02, atLeast: 2)),
    .init(.inflate, .share(0.02, atLeast: 2)), .init(.drift, .share(0.02, atLeast: 2)), .init(.clique, .share(0.02, atLeast: 1)),
    .init(.copier, .share(0.02, atLeast: 2)), .init(.favourPair, .share(0.005, atLeast: 6)),
  ]

  static func workload(
    raters: Int, units: Int, criteria: Int, panel: Int, teamSize: Int, groups: Int, audit: Double, variant: Variant = .continuous
  ) -> CampaignPlan {
    CampaignPlan(
      raters: raters, units: units, criteria: criteria, teamSize: teamSize, groups: groups, variant: variant,
      design: .crossed(ratersPerUnit: panel), planted: workloadAnomalies
    ).with { $0.auditShare = audit }
  }

  static func nestedTeams(variant: Variant) -> CampaignPlan {
    CampaignPlan(
      raters: 60, units: 120, criteria: 12, teamSize: 5, groups: 12, variant: variant,
      design: .nested(departments: 6, leaderCrossUnits: 2),
      planted: [
        .init(.severe, .number(1)), .init(.lenient, .number(1)), .init(.random, .number(1)), .init(.straightline, .number(1)),
        .init(.owngroup, .number(2)), .init(.copier, .number(1)), .init(.favourPair, .number(3)), .init(.teamSevere, .number(1)),
        .init(.dataEntry, .number(2)), .init(.falseReport, .number(3)),
      ]
    ).with {
      if variant == .ordinal { return }
      $0.spread.team = 0.8
      $0.spread.sheet = 0.8
    }
  }

  /// One of each fear, strong enough to be found, in the shape of a city's yearly target assessment.
  static let assessmentCase = CampaignPlan(
    raters: 60, units: 72, criteria: 15, teamSize: 5, groups: 12, design: .nested(departments: 5, leaderCrossUnits: 2),
    planted: [
      .init(.severe, .number(1)), .init(.owngroup, .number(1)), .init(.copier, .number(1)), .init(.straightline, .number(1)),
      .init(.favourPair, .number(1)), .init(.dataEntry, .number(1)),
    ]
  ).with {
    $0.naming = .assessment
    $0.mean = 72
    $0.spread = ComponentSpread(
      unit: 7, rater: 2, team: 0.8, criterion: 3, raterCriterion: 1.2, unitCriterion: 3, sheet: 0.8, noise: 3.5)
    $0.magnitudes.shift = 12
    $0.magnitudes.ownGroup = 9
    $0.magnitudes.favouredPair = 14
    $0.ownUnitsPerFavourer = 5
  }
}
