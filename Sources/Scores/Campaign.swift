/// The rules of a campaign: what `campaign.yml` says, or the defaults without it.
public struct Campaign: Sendable, Equatable {
  public var name: String?
  /// Columns of the score file by role (`rater`, `unit_group`…), each by its header or its number from 1.
  public var columns: [String: String] = [:]
  /// The scale of every criterion that has none of its own.
  public var scale: Scale?
  /// What is known of single criteria, by name.
  public var criteria: [String: CriterionSettings] = [:]
  /// How a unit's result is computed from its sheets.
  public var result: ResultRule = .init()
  /// Places or marks that matter: who gets an award, who a deduction.
  public var awards: [AwardLine] = []
  public var roster: [Rater] = []
  /// How many raters every unit should have, when that is laid down.
  public var panelSize: Int?
  /// Whether every sheet must hold every criterion of its unit.
  public var completeSheets: Bool?
  /// The share of false findings the whole report may hold.
  public var errorBudget: Double = 0.05

  public init() {}
}

/// The marks that may be given: `minimum ... maximum` in steps of `step`.
public struct Scale: Sendable, Equatable {
  public var minimum: Double?
  public var maximum: Double?
  public var step: Double?

  public init(minimum: Double? = nil, maximum: Double? = nil, step: Double? = nil) {
    self.minimum = minimum
    self.maximum = maximum
    self.step = step
  }
}

public struct CriterionSettings: Sendable, Equatable {
  public var scale: Scale?
  /// The criterion's full marks where they are not the scale's maximum.
  public var fullMarks: Double?
  /// The weight of the criterion in a sheet's result.
  public var weight: Double = 1

  public init(scale: Scale? = nil, fullMarks: Double? = nil, weight: Double = 1) {
    self.scale = scale
    self.fullMarks = fullMarks
    self.weight = weight
  }
}

/// How scores become a unit's result: criteria into a sheet's result, sheets into the unit's.
public struct ResultRule: Sendable, Equatable {
  public enum OverCriteria: String, Sendable { case mean, sum }
  public enum OverRaters: Sendable, Equatable {
    case mean
    /// The mean after dropping the `low` lowest and the `high` highest sheets.
    case trimmed(low: Int, high: Int)
    case median
  }

  public var overCriteria: OverCriteria = .mean
  public var overRaters: OverRaters = .mean

  public init(overCriteria: OverCriteria = .mean, overRaters: OverRaters = .mean) {
    self.overCriteria = overCriteria
    self.overRaters = overRaters
  }
}

/// A line in the ranking that decides something.
public struct AwardLine: Sendable, Equatable {
  public enum Reach: Sendable, Equatable {
    case top(Int)
    case bottom(Int)
    case atLeast(Double)
    case below(Double)
  }
  public var name: String
  public var reach: Reach
  /// The class of units it is for; all of them when nil.
  public var category: String?

  public init(name: String, reach: Reach, category: String? = nil) {
    self.name = name
    self.reach = reach
    self.category = category
  }
}
