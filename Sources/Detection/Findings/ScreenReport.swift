public import Scores
public import Wording

/// Everything a screen found, tested, and could not judge: what the reporters print.
public struct ScreenReport: Sendable {
  public var version: String
  public var inputs: [Input]
  /// The options that shaped the result, as the user would type them, in a fixed order.
  public var options: [Evidence]
  public var campaign: CampaignSize
  public var rules: [RuleOutcome]
  /// Most urgent first.
  public var findings: [Finding]
  /// What merit, severity, criterion and ordinary noise explain; nil when nothing could be fitted.
  public var honestPart: HonestPartSummary?
  /// How the promise on false alarms was checked on this design.
  public var calibration: CalibrationSummary?
  /// What of the file was not used, where no rule says so.
  public var remarks: [Text]

  public init(
    version: String, inputs: [Input], options: [Evidence], campaign: CampaignSize, rules: [RuleOutcome],
    findings: [Finding], honestPart: HonestPartSummary? = nil, calibration: CalibrationSummary? = nil,
    remarks: [Text] = []
  ) {
    self.version = version
    self.inputs = inputs
    self.options = options
    self.campaign = campaign
    self.rules = rules
    self.findings = findings
    self.honestPart = honestPart
    self.calibration = calibration
    self.remarks = remarks
  }
}

public struct CampaignSize: Sendable, Equatable {
  public var scores: Int
  public var raters: Int
  public var units: Int
  public var criteria: Int
  public var teams: Int
  public var sheets: Int
  /// Records left out because their score is blank or says that none was given.
  public var missing: Int

  public init(scores: Int, raters: Int, units: Int, criteria: Int, teams: Int, sheets: Int, missing: Int = 0) {
    self.scores = scores
    self.raters = raters
    self.units = units
    self.criteria = criteria
    self.teams = teams
    self.sheets = sheets
    self.missing = missing
  }
}

/// What became of one rule. A rule that could not be evaluated says why; it is never silently clean.
public struct RuleOutcome: Sendable {
  public enum Status: Sendable {
    case evaluated
    case notEvaluated(reason: Text)
  }
  public var id: String
  public var status: Status
  public var tested: Int
  public var findings: Int
  public var minimumDetectableEffect: MinimumDetectableEffect?

  public init(
    id: String, status: Status, tested: Int = 0, findings: Int = 0,
    minimumDetectableEffect: MinimumDetectableEffect? = nil
  ) {
    self.id = id
    self.status = status
    self.tested = tested
    self.findings = findings
    self.minimumDetectableEffect = minimumDetectableEffect
  }
}

/// The smallest effect that would have been found with probability `power`, in this campaign and at this error budget.
public struct MinimumDetectableEffect: Sendable, Equatable {
  public var value: Double
  public var unit: String
  public var power: Double
  /// Whether it is wider than the whole range of marks, so that no difference at all would have been found with this power.
  public var exceedsScale: Bool

  public init(value: Double, unit: String, power: Double = 0.8, exceedsScale: Bool = false) {
    self.value = value
    self.unit = unit
    self.power = power
    self.exceedsScale = exceedsScale
  }

  /// The same, marked where no two results can lie so far apart.
  public func within(_ range: Double) -> MinimumDetectableEffect {
    var marked = self
    marked.exceedsScale = unit == "points" && value > range
    return marked
  }

  /// The standard normal quantile of a power of 80 %: an effect this many standard errors beyond the critical value is found that often.
  static let powerQuantile = 0.8416
}

/// Variance components of the honest part as standard deviations in points, with the account of the fit.
public struct HonestPartSummary: Sendable {
  public struct Component: Sendable {
    /// `unit`, `rater`, `team`, `unit:criterion`, `rater:criterion`, `unit:rater`, `residual`.
    public var name: String
    public var standardDeviation: Double

    public init(name: String, standardDeviation: Double) {
      self.name = name
      self.standardDeviation = standardDeviation
    }
  }
  public var components: [Component]
  /// The fit's own account: method, steps, tolerance, largest gradient, whether a component is zero.
  public var account: [Evidence]
  public var severities: [Severity]
  public var fairScores: [FairScore]

  public init(components: [Component], account: [Evidence], severities: [Severity], fairScores: [FairScore]) {
    self.components = components
    self.account = account
    self.severities = severities
    self.fairScores = fairScores
  }
}

/// A rater's stable distance from the others, in points; positive is lenient. `standardError` is nil when it cannot be judged.
public struct Severity: Sendable {
  public var rater: String
  public var value: Double
  public var standardError: Double?

  public init(rater: String, value: Double, standardError: Double?) {
    self.rater = rater
    self.value = value
    self.standardError = standardError
  }
}

/// A unit's score as average raters would have given it.
public struct FairScore: Sendable {
  public var unit: String
  public var round: String?
  public var result: Double
  public var fairScore: Double
  public var standardError: Double?

  public init(unit: String, round: String?, result: Double, fairScore: Double, standardError: Double?) {
    self.unit = unit
    self.round = round
    self.result = result
    self.fairScore = fairScore
    self.standardError = standardError
  }
}

/// The honest campaigns that were simulated on this design, and what the rules said to them.
public struct CalibrationSummary: Sendable {
  public var campaigns: Int
  public var errorBudget: Double
  /// The share of simulated honest campaigns with any finding at `error` or `warning`, after calibration.
  public var falseAlarmShare: Double

  public init(campaigns: Int, errorBudget: Double, falseAlarmShare: Double) {
    self.campaigns = campaigns
    self.errorBudget = errorBudget
    self.falseAlarmShare = falseAlarmShare
  }
}
