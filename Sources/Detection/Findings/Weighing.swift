internal import Digest
internal import Statistics

/// From what the rules return to findings: calibrated p-values, q-values within the error budget, what correcting each finding would change, and its level.
struct Weighing {
  let study: Study
  let results: Results
  private let calibration: Calibration
  private let errorBudget: Double
  /// How many rules share the budget.
  private let claims: Int
  private let range: Double

  private(set) var outcomes: [RuleOutcome] = []
  private(set) var findings: [Finding] = []
  private(set) var tests: [Screen.RuleTests] = []

  init(_ study: Study, calibration: Calibration, errorBudget: Double, claims: Int) {
    self.study = study
    self.calibration = calibration
    self.errorBudget = errorBudget
    self.claims = claims
    results = Results(study)
    range = study.rangeOfPoints
  }

  /// Adds the outcome of one rule.
  mutating func add(_ examination: Examination, of card: RuleCard) {
    switch examination {
    case .notEvaluated(let reason):
      outcomes.append(RuleOutcome(id: card.id, status: .notEvaluated(reason: reason)))
    case .facts(let facts, let tested):
      for fact in facts { add(fact, card, impact: results.impact(of: fact.corrections)) }
      outcomes.append(RuleOutcome(id: card.id, status: .evaluated, tested: tested, findings: facts.count))
    case .tests(let family):
      add(family, card)
    }
  }

  private mutating func add(_ family: TestFamily, _ card: RuleCard) {
    let tail = calibration.tails[card.id]
    let calibrated = family.pValues.map { tail?.calibrated($0) ?? $0 }
    let share = card.kind == .claim ? Double(max(1, claims)) * calibration.inflation : 1
    let q = FalseDiscoveryRate.benjaminiHochberg(calibrated, tests: max(family.total, calibrated.count)).map { min(1, $0 * share) }
    let flagged = q.indices.filter { q[$0] <= errorBudget }
    for i in flagged {
      var claim = family.claim(i)
      let impact = results.impact(of: claim.corrections)
      claim.level = card.kind == .habit ? .note : impact.changesResults ? .error : .warning
      add(claim, card, p: calibrated[i], q: q[i], impact: impact)
    }
    // A single effect is found when its p-value passes the first step of the step-up procedure.
    let first = errorBudget / share / Double(max(1, family.total))
    let notes = family.notes?(first, Set(flagged)) ?? []
    for note in notes {
      add(note.claim, card, p: calibrated[note.test], q: q[note.test], impact: results.impact(of: note.claim.corrections))
    }
    outcomes.append(
      RuleOutcome(
        id: card.id, status: .evaluated, tested: family.total, findings: flagged.count + notes.count,
        minimumDetectableEffect: family.detectable?(tail?.raw(first) ?? first).within(range)))
    tests.append(Screen.RuleTests(rule: card.id, family: family, calibrated: calibrated, qValues: q))
  }

  private mutating func add(_ claim: Claim, _ card: RuleCard, p: Double? = nil, q: Double? = nil, impact: Impact) {
    let subjects = claim.subjects
    let key =
      [card.id]
      + [subjects.raters, subjects.units, subjects.teams, subjects.criteria, subjects.groups].map { $0.joined(separator: "\u{1F}") }
    findings.append(
      Finding(
        id: Fingerprint.of(key), rule: card.id, level: claim.level, subjects: subjects, effect: claim.effect, pValue: p, qValue: q,
        evidence: claim.evidence, impact: impact, message: claim.message, explanations: claim.explanations + card.explanations,
        checks: card.checks,
        rows: Set(claim.scores.map { Int(study.table.line[$0]) }).subtracting([0]).sorted()))
  }
}
