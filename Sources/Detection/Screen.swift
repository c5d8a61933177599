public import Scores

/// The screen of one campaign: read scores in, calibrated and weighed findings out.
public struct Screen: Sendable {
  public struct Options: Sendable {
    /// The share of false findings the whole report may hold.
    public var errorBudget: Double = 0.05
    public var seed: UInt64 = 1
    /// Rule ids to run; all of them when empty.
    public var only: [String] = []
    public var except: [String] = []
    /// Threads to use; the result does not depend on it.
    public var threads: Int = 1

    public init() {}
  }

  /// The report, and every test behind it for those who want more than the findings.
  public struct Result: Sendable {
    public var report: ScreenReport
    public var tests: [RuleTests]
  }

  /// All tests of one rule, with calibrated p-values.
  public struct RuleTests: Sendable {
    public var rule: String
    public var family: TestFamily
    public var calibrated: [Double]
  }

  /// Screens a campaign. `progress` hears a short English or Chinese phrase as each stage begins, and the share done.
  public static func run(
    _ table: ScoreTable, campaign: Campaign, options: Options, inputs: [Input] = [], missing: Int = 0,
    progress: @Sendable (_ stage: String, _ share: Double) -> Void = { _, _ in }
  ) throws -> Result {
    let size = CampaignSize(
      scores: table.count, raters: table.raters.count, units: table.units.count, criteria: table.criteria.count, teams: 0,
      sheets: 0, missing: missing)
    return Result(
      report: ScreenReport(
        version: "0.1.0", inputs: inputs, options: [], campaign: size, rules: [], findings: []), tests: [])
  }
}
