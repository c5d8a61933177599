public import Detection

/// Every test of every rule, not only those that became findings: what an analyst calibrates and plots.
///
/// Columns `rule,raters,units,teams,criteria,groups,statistic,effect,p_value,calibrated_p,q_value`; several names are joined by `|`. Numbers
/// to six significant digits, empty where there is none. Written in pieces of about 256 KiB: memory does not grow with the number of tests.
public enum TestsCSV {
  static let header = [
    "rule", "raters", "units", "teams", "criteria", "groups", "statistic", "effect", "p_value", "calibrated_p", "q_value",
  ]

  /// Writes all tests in the order of the rules and, within a rule, of its tests. Rethrows what `sink` throws.
  public static func write(_ tests: [Screen.RuleTests], to sink: ([UInt8]) throws -> Void) rethrows {
    var csv = CSVWriter()
    for name in header { csv.cell(name) }
    csv.endRecord()
    for rule in tests {
      for i in rule.family.pValues.indices {
        csv.cell(rule.rule)
        csv.subjects(rule.family.subjects(i))
        csv.cell(rule.family.statistics[i])
        csv.cell(rule.family.effects[i])
        csv.cell(rule.family.pValues[i])
        csv.cell(i < rule.calibrated.count ? rule.calibrated[i] : nil)
        csv.cell(i < rule.qValues.count ? rule.qValues[i] : nil)
        csv.endRecord()
        if csv.bytes.count > 1 << 18 { try sink(csv.drain()) }
      }
    }
    try sink(csv.drain())
  }
}
