internal import Foundation
public import Wording

/// One flagged item: a reason to look, never a verdict on a person.
public struct Finding: Sendable {
  /// A fingerprint of rule and subjects: the same finding has the same id in the next run.
  public var id: String
  public var rule: String
  public var level: Level
  public var subjects: Subjects
  public var effect: Effect?
  /// The probability of evidence as strong as this in an honest campaign of this design; nil for plain facts.
  public var pValue: Double?
  /// The smallest error budget of the whole report at which this finding would still be one.
  public var qValue: Double?
  public var evidence: [Evidence]
  public var impact: Impact
  /// One plain sentence with observed and expected.
  public var message: Text
  /// Innocent explanations, most likely first.
  public var explanations: [Text]
  /// What would settle it.
  public var checks: [Text]
  /// Lines of the score file behind it.
  public var rows: [Int]

  public init(
    id: String, rule: String, level: Level, subjects: Subjects, effect: Effect? = nil, pValue: Double? = nil,
    qValue: Double? = nil, evidence: [Evidence] = [], impact: Impact = Impact(), message: Text,
    explanations: [Text] = [], checks: [Text] = [], rows: [Int] = []
  ) {
    self.id = id
    self.rule = rule
    self.level = level
    self.subjects = subjects
    self.effect = effect
    self.pValue = pValue
    self.qValue = qValue
    self.evidence = evidence
    self.impact = impact
    self.message = message
    self.explanations = explanations
    self.checks = checks
    self.rows = rows
  }
}

/// How much a finding claims. Ordered: `note < warning < error`.
public enum Level: String, Sendable, CaseIterable, Comparable {
  /// Worth knowing; makes no claim, is outside the error budget and closes no gate.
  case note
  /// Within the error budget, and changes no result.
  case warning
  /// Within the error budget and changes a result, or breaks a rule of the campaign.
  case error

  public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
  private var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
}

/// Who and what a finding is about, by name.
public struct Subjects: Sendable, Equatable {
  public var raters: [String]
  public var units: [String]
  public var teams: [String]
  public var criteria: [String]
  public var groups: [String]

  public init(
    raters: [String] = [], units: [String] = [], teams: [String] = [], criteria: [String] = [], groups: [String] = []
  ) {
    self.raters = raters
    self.units = units
    self.teams = teams
    self.criteria = criteria
    self.groups = groups
  }
}

/// The size of what was found, with a 95 % interval where one can be given.
public struct Effect: Sendable, Equatable {
  public var value: Double
  public var low: Double?
  public var high: Double?
  /// `points` of the unit's result, `share`, `ratio`, `scores`…
  public var unit: String

  public init(value: Double, low: Double? = nil, high: Double? = nil, unit: String) {
    self.value = value
    self.low = low
    self.high = high
    self.unit = unit
  }

  /// The ratio of two standard deviations, from the difference of their log variances, with its 95 % interval.
  static func ratio(logVariances difference: Double, standardError: Double) -> Effect {
    let ratio = exp(0.5 * difference)
    let half = 0.98 * standardError
    return Effect(value: ratio, low: ratio * exp(-half), high: ratio * exp(half), unit: "ratio")
  }
}

/// A named figure or text behind a finding; the key is the JSON field's name.
public struct Evidence: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case number(Double)
    case count(Int)
    case text(String)
    case flag(Bool)
    case numbers([Double])
    case texts([String])
  }
  public var key: String
  public var value: Value

  public init(_ key: String, _ value: Value) {
    self.key = key
    self.value = value
  }
}

/// What correcting a finding would do to the results.
public struct Impact: Sendable, Equatable {
  public struct RankChange: Sendable, Equatable {
    public var unit: String
    public var from: Int
    public var to: Int

    public init(unit: String, from: Int, to: Int) {
      self.unit = unit
      self.from = from
      self.to = to
    }
  }
  public var rankChanges: [RankChange]
  /// Units whose award or deduction changes.
  public var awards: [String]

  public init(rankChanges: [RankChange] = [], awards: [String] = []) {
    self.rankChanges = rankChanges
    self.awards = awards
  }

  public var changesResults: Bool { !rankChanges.isEmpty || !awards.isEmpty }
}
