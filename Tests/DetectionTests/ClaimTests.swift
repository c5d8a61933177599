import Scores
import Testing

@testable import Detection

/// The tests of one rule of claims on one study.
struct ClaimTests {
  static let rules = RuleRegistry.all.filter { $0.card.kind == .claim }

  var family: TestFamily

  init?(_ rule: any Rule.Type, _ study: Study) {
    guard case .tests(let family) = rule.init().examine(study) else { return nil }
    self.family = family
  }

  /// The p-value that one test of `total` must reach alone, with an error budget of 5 % shared by all rules of claims.
  var bar: Double { 0.05 / Double(ClaimTests.rules.count) / Double(max(1, family.total)) }

  /// The test of the smallest p-value; of equal ones that of the largest statistic.
  var first: Int? {
    family.pValues.indices.min {
      (family.pValues[$0], -abs(family.statistics[$0])) < (family.pValues[$1], -abs(family.statistics[$1]))
    }
  }

  /// Statistic, p-value and effect by subject; `rename` undoes a renaming.
  func bySubject(_ rename: (String) -> String = { $0 }) -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for i in family.pValues.indices {
      let s = family.subjects(i)
      let key = [s.raters, s.units, s.teams, s.criteria, s.groups].map { $0.map(rename).sorted().joined(separator: "+") }
        .joined(separator: "|")
      result[key] = [family.statistics[i], family.pValues[i], family.effects[i]]
    }
    return result
  }
}

/// Whether `a` and `b` agree to within `tolerance`, relative where they are larger than 1.
func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  a == b || abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
