public import Wording

/// A rule: what it looks for, on the evidence of one study. Rules report; they never print, sort, weigh or decide.
///
/// A rule is one file under `Rules/<family>/`, named after its id, and one line in `RuleRegistry`. Its card is its page in the
/// manual.
public protocol Rule: Sendable {
  static var card: RuleCard { get }
  init()
  func examine(_ study: Study) -> Examination
}

/// What a rule says of itself.
public struct RuleCard: Sendable {
  public enum Kind: Sendable {
    /// A fact about the data or the design: no error rate applies.
    case fact
    /// A claim under the error budget.
    case claim
    /// Tested as a claim is, within a budget of its own, and never more than a note: a habit that moves nobody must not crowd out what does.
    case habit
  }
  public var id: String
  public var kind: Kind
  /// A heading of a few words.
  public var title: Text
  /// The question the rule answers, for a supervisor.
  public var question: Text
  /// What is computed, for an analyst.
  public var statistic: Text
  /// What an honest campaign looks like to this statistic.
  public var null: Text
  public var explanations: [Text]
  public var checks: [Text]
  public var references: [String]

  public init(
    id: String, kind: Kind, title: Text, question: Text, statistic: Text, null: Text, explanations: [Text],
    checks: [Text], references: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.question = question
    self.statistic = statistic
    self.null = null
    self.explanations = explanations
    self.checks = checks
    self.references = references
  }
}

/// What a rule has to say of a study.
public enum Examination: Sendable {
  case notEvaluated(reason: Text)
  /// Facts, each already a finding but for id, impact and rank.
  case facts([Claim], tested: Int)
  /// A family of tests with a p-value each; which of them become findings is decided once, for all rules together.
  case tests(TestFamily)
}

/// What is said of one subject once it has been singled out.
public struct Claim: Sendable {
  public var level: Level
  public var subjects: Subjects
  public var effect: Effect?
  public var evidence: [Evidence]
  public var message: Text
  /// Innocent explanations that this one finding suggests, before those of its rule.
  public var explanations: [Text]
  /// Indices into the score table of the scores behind the claim; the report turns them into lines of the file.
  public var scores: [Int]
  /// The points to take off each unit's sheets to undo the effect, for the computation of what it changes.
  public var corrections: [Correction]

  public init(
    level: Level, subjects: Subjects, effect: Effect? = nil, evidence: [Evidence] = [], message: Text, explanations: [Text] = [],
    scores: [Int] = [], corrections: [Correction] = []
  ) {
    self.level = level
    self.subjects = subjects
    self.effect = effect
    self.evidence = evidence
    self.message = message
    self.explanations = explanations
    self.scores = scores
    self.corrections = corrections
  }
}

/// Points to take off one sheet's result to undo an effect.
public struct Correction: Sendable {
  public var sheet: Int
  public var points: Double

  public init(sheet: Int, points: Double) {
    self.sheet = sheet
    self.points = points
  }
}

/// The tests of one rule in columns: a subject costs three numbers until it is singled out.
public struct TestFamily: Sendable {
  /// Signed and comparable within the rule: the larger, the more the subject does what the rule looks for.
  public var statistics: [Double]
  public var pValues: [Double]
  /// The effect on the unit's result, in points (or the unit the rule names).
  public var effects: [Double]
  /// How many subjects were tested. More than there are columns where only the remarkable ones are kept: the others have p-values above every one kept.
  public var total: Int
  /// The smallest effect found with 80 % power when a test counts from p-value `p` on.
  public var detectable: (@Sendable (_ p: Double) -> MinimumDetectableEffect)?
  /// Who test `i` is about.
  public var subjects: @Sendable (Int) -> Subjects
  /// The claim for test `i`; its level is settled later from the budget and the impact.
  public var claim: @Sendable (Int) -> Claim
  /// What is worth knowing beside the claims, given the p-value from which a test counts and the tests that are claims already; outside the budget.
  public var notes: (@Sendable (_ p: Double, _ claimed: Set<Int>) -> [Note])?

  public struct Note: Sendable {
    public var claim: Claim
    /// The test that the note is about.
    public var test: Int

    public init(claim: Claim, test: Int) {
      self.claim = claim
      self.test = test
    }
  }

  public init(
    statistics: [Double], pValues: [Double], effects: [Double], total: Int? = nil,
    detectable: (@Sendable (_ p: Double) -> MinimumDetectableEffect)? = nil, subjects: @escaping @Sendable (Int) -> Subjects,
    claim: @escaping @Sendable (Int) -> Claim, notes: (@Sendable (_ p: Double, _ claimed: Set<Int>) -> [Note])? = nil
  ) {
    precondition(statistics.count == pValues.count && effects.count == pValues.count)
    self.statistics = statistics
    self.pValues = pValues
    self.effects = effects
    self.total = total ?? pValues.count
    self.detectable = detectable
    self.subjects = subjects
    self.claim = claim
    self.notes = notes
  }
}
