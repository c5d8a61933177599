internal import Digest
internal import Foundation
internal import Models
internal import Parallel
public import Scores
internal import Statistics
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
    let results = Results(study)
    let range = study.rangeOfPoints
    var outcomes: [RuleOutcome] = []
    var findings: [Finding] = []
    var tests: [RuleTests] = []
    for (i, rule) in rules.enumerated() {
      let card = rule.card
      switch examined[i] {
      case .notEvaluated(let reason):
        outcomes.append(RuleOutcome(id: card.id, status: .notEvaluated(reason: reason)))
      case .facts(let facts, let tested):
        findings += facts.map { finding($0, card: card, p: nil, q: nil, impact: results.impact(of: $0.corrections), table: table) }
        outcomes.append(RuleOutcome(id: card.id, status: .evaluated, tested: tested, findings: facts.count))
      case .tests(let family):
        let tail = calibration.tails[card.id]
        let calibrated = family.pValues.map { tail?.calibrated($0) ?? $0 }
        let share = card.kind == .claim ? Double(max(1, claims.count)) * calibration.inflation : 1
        let q = FalseDiscoveryRate.benjaminiHochberg(calibrated, tests: max(family.total, calibrated.count)).map { min(1, $0 * share) }
        let flagged = q.indices.filter { q[$0] <= options.errorBudget }
        for j in flagged {
          var claim = family.claim(j)
          let impact = results.impact(of: claim.corrections)
          claim.level = card.kind == .habit ? .note : impact.changesResults ? .error : .warning
          findings.append(finding(claim, card: card, p: calibrated[j], q: q[j], impact: impact, table: table))
        }
        // A single effect is found when its p-value passes the first step of the step-up procedure.
        let first = options.errorBudget / share / Double(max(1, family.total))
        let notes = family.notes?(first, Set(flagged)) ?? []
        for note in notes {
          findings.append(
            finding(
              note.claim, card: card, p: calibrated[note.test], q: q[note.test], impact: results.impact(of: note.claim.corrections),
              table: table))
        }
        outcomes.append(
          RuleOutcome(
            id: card.id, status: .evaluated, tested: family.total, findings: flagged.count + notes.count,
            minimumDetectableEffect: family.detectable?(tail?.raw(first) ?? first).within(range)))
        tests.append(RuleTests(rule: card.id, family: family, calibrated: calibrated, qValues: q))
      }
    }
    findings.sort(by: Screen.moreUrgent)
    let layout = study.layout
    let size = CampaignSize(
      scores: table.count, raters: table.raters.count, units: Set(table.units.map(\.name)).count, criteria: table.criteria.count,
      teams: study.teams.count, sheets: layout.sheetCount, missing: missing)
    let report = ScreenReport(
      version: version, inputs: inputs,
      options: [
        Evidence("fdr", .number(options.errorBudget)), Evidence("seed", .count(Int(truncatingIfNeeded: options.seed))),
        Evidence("only", .texts(options.only)), Evidence("except", .texts(options.except)),
        Evidence("result", .text(campaign.result.overCriteria.rawValue)),
      ],
      campaign: size, rules: outcomes, findings: findings, honestPart: HonestPartSummary(study, results),
      calibration: claims.isEmpty
        ? nil
        : CalibrationSummary(
          campaigns: calibration.campaigns, errorBudget: options.errorBudget,
          falseAlarmShare: calibration.falseAlarmShare),
      remarks: remarks(on: table, outcomes))
    return Result(report: report, tests: tests)
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

  private static func finding(
    _ claim: Claim, card: RuleCard, p: Double?, q: Double?, impact: Impact, table: ScoreTable
  ) -> Finding {
    let subjects = claim.subjects
    let key =
      [card.id]
      + [subjects.raters, subjects.units, subjects.teams, subjects.criteria, subjects.groups].map { $0.joined(separator: "\u{1F}") }
    return Finding(
      id: Fingerprint.of(key), rule: card.id, level: claim.level, subjects: subjects, effect: claim.effect, pValue: p, qValue: q,
      evidence: claim.evidence, impact: impact, message: claim.message, explanations: claim.explanations + card.explanations,
      checks: card.checks,
      rows: Set(claim.scores.map { Int(table.line[$0]) }).subtracting([0]).sorted())
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
