internal import Foundation
internal import Models
internal import Parallel
public import Scores
internal import Wording

/// The screen of one campaign: scores in, calibrated and weighed findings out.
public struct Screen: Sendable {
  public static let version = "0.1.0"

  public struct Options: Sendable {
    /// The share of false findings the whole report may hold.
    public var errorBudget: Double = 0.05
    public var seed: UInt64 = 1
    /// Rule ids to run; all of them when empty.
    public var only: [String] = []
    public var except: [String] = []
    /// Threads to use; the result does not depend on it.
    public var threads: Int = 1
    /// The least and the most honest campaigns that are simulated for calibration.
    var calibrations = Calibration.campaignRange

    public init() {}
  }

  /// The report, and every test behind it for those who want more than the findings.
  public struct Result: Sendable {
    public var report: ScreenReport
    public var tests: [RuleTests]
  }

  /// All tests of one rule, with calibrated p-values and the q-values that decided.
  public struct RuleTests: Sendable {
    public var rule: String
    public var family: TestFamily
    public var calibrated: [Double]
    public var qValues: [Double]
  }

  /// Stages of a screen, for progress.
  public enum Stage: String, Sendable { case fitting, examining, calibrating, weighing }

  /// Screens a campaign. `progress` hears each stage and the share of it that is done.
  /// - Throws: an error of the numerics, when the honest part cannot be fitted at all.
  public static func run(
    _ table: ScoreTable, campaign: Campaign, options: Options, inputs: [Input] = [], missing: Int = 0,
    progress: @escaping @Sendable (_ stage: Stage, _ share: Double) -> Void = { _, _ in }
  ) throws -> Result {
    progress(.fitting, 0)
    let study = try Study(table: table, campaign: campaign)
    progress(.examining, 0)
    let rules = RuleRegistry.all.filter { rule in
      (options.only.isEmpty || options.only.contains(rule.card.id)) && !options.except.contains(rule.card.id)
    }
    let examined = parallelMap(rules.count, threads: options.threads) { i in examine(rules[i], study) }

    // Only claims share the budget, and only those that could be evaluated.
    let claims = rules.indices.filter { i in
      guard rules[i].card.kind == .claim, case .tests(let family) = examined[i] else { return false }
      return family.total > 0
    }
    progress(.calibrating, 0)
    let calibration = Calibration.run(
      study, rules: claims.map { rules[$0] }, errorBudget: options.errorBudget, range: options.calibrations,
      seed: options.seed, threads: options.threads, progress: { progress(.calibrating, $0) })

    progress(.weighing, 0)
    var weighing = Weighing(study, calibration: calibration, errorBudget: options.errorBudget, claims: claims.count)
    for (rule, examination) in zip(rules, examined) { weighing.add(examination, of: rule.card) }
    let report = ScreenReport(
      version: version, inputs: inputs,
      options: [
        Evidence("fdr", .number(options.errorBudget)), Evidence("seed", .count(Int(truncatingIfNeeded: options.seed))),
        Evidence("only", .texts(options.only)), Evidence("except", .texts(options.except)),
        Evidence("result", .text(campaign.result.overCriteria.rawValue)),
      ],
      campaign: CampaignSize(study, missing: missing), rules: weighing.outcomes, findings: weighing.findings.sorted(by: Screen.moreUrgent),
      honestPart: HonestPartSummary(study, weighing.results),
      calibration: claims.isEmpty
        ? nil
        : CalibrationSummary(
          campaigns: calibration.campaigns, errorBudget: options.errorBudget,
          falseAlarmShare: calibration.falseAlarmShare),
      remarks: remarks(on: table, weighing.outcomes))
    return Result(report: report, tests: weighing.tests)
  }

  /// Columns of times that were not used, but for what the reason of a rule says already.
  private static func remarks(on table: ScoreTable, _ outcomes: [RuleOutcome]) -> [Text] {
    table.unreadTimes.map(\.note).filter { note in
      !outcomes.contains { if case .notEvaluated(let reason) = $0.status { reason == note } else { false } }
    }
  }

  /// Statements about people are not made on damaged data, nor where hardly any marks differ.
  private static func examine(_ rule: any Rule.Type, _ study: Study) -> Examination {
    if rule.card.kind != .fact, let reason = study.silence { return .notEvaluated(reason: reason) }
    return rule.init().examine(study)
  }

  /// By level, facts about the data first, then by q-value; a bias that moves nobody goes last within its level. Ties are broken by rule and subjects.
  static func moreUrgent(_ a: Finding, _ b: Finding) -> Bool {
    if a.level != b.level { return a.level > b.level }
    let factA = a.pValue == nil
    let factB = b.pValue == nil
    if factA != factB { return factA }
    if a.impact.changesResults != b.impact.changesResults { return a.impact.changesResults }
    let pA = a.qValue ?? 0
    let pB = b.qValue ?? 0
    if pA != pB { return pA < pB }
    if let rawA = a.pValue, let rawB = b.pValue, rawA != rawB { return rawA < rawB }
    return (a.rule, a.subjects.raters.joined(), a.subjects.units.joined(), a.id) < (
      b.rule, b.subjects.raters.joined(), b.subjects.units.joined(), b.id
    )
  }
}
