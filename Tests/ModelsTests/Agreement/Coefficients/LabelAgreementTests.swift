import Models
import Testing

@Suite struct LabelAgreementTests {
  /// Counts of a unit by category, the ratings going to raters in turn.
  static func table(_ counts: [[Int]]) throws -> RatingsTable {
    var (units, raters, values): ([Int32], [Int32], [Double]) = ([], [], [])
    for (u, row) in counts.enumerated() {
      var rater: Int32 = 0
      for (k, times) in row.enumerated() {
        for _ in 0..<times {
          units.append(Int32(u))
          raters.append(rater)
          values.append(Double(k))
          rater += 1
        }
      }
    }
    return try RatingsTable(
      units: GroupingFactor("unit", codes: units, levels: counts.count),
      raters: GroupingFactor("rater", codes: raters, levels: Int(raters.max()!) + 1), values: values)
  }

  /// Fleiss (1971), Psychological Bulletin 76:378–382, table 1: diagnoses of 30 patients by six psychiatrists each, by category (depression,
  /// personality disorder, schizophrenia, neurosis, other).
  static let fleiss1971 = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1],
    [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
    [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
  ]

  /// Printed: shares .144 .144 .167 .306 .239, P̄ = .555 (5/9), P̄e = .220, κ = .430. κ of each category: R 4.2, irr 0.84.1,
  /// `kappam.fleiss(diagnoses, detail = TRUE)`.
  @Test func fleiss1971Table1() throws {
    let table = try Self.table(Self.fleiss1971)
    let overall = try ChanceCorrectedAgreement(RatingPatterns(table), weights: AgreementWeights(.identity, categories: table.categories))
      .estimate(.fleiss)
    #expect(abs(overall.value - 0.430) < 5e-4 && abs(overall.observed - 5.0 / 9) < 1e-14 && abs(overall.expected - 0.220) < 5e-4)
    let labels = LabelAgreement.all(table)
    #expect(labels.map(\.count) == [26, 26, 30, 55, 43])
    for (label, kappa) in zip(labels, [0.245, 0.245, 0.520, 0.471, 0.566]) { #expect(abs(label.kappa - kappa) < 5e-4) }
  }

  /// Fleiss (1971): κ is the mean of κ_j with weights p_j (1 − p_j).
  @Test func fleiss1971OverallIsTheWeightedMean() throws {
    let table = try Self.table([[3, 1, 0], [0, 4, 0], [2, 1, 1], [0, 0, 4], [1, 3, 0], [4, 0, 0]])
    let labels = LabelAgreement.all(table)
    let overall = try ChanceCorrectedAgreement(RatingPatterns(table), weights: AgreementWeights(.identity, categories: table.categories))
      .estimate(.fleiss).value
    var (sum, weights) = (0.0, 0.0)
    for label in labels {
      let p = Double(label.count) / 24
      sum += p * (1 - p) * label.kappa
      weights += p * (1 - p)
    }
    #expect(abs(sum / weights - overall) < 1e-12)
  }

  /// Pairs counted one by one, units of unequal size.
  @Test func pairsOneByOne() throws {
    let counts = [[2, 1], [1, 1], [0, 3], [1, 0], [4, 1]]
    let labels = LabelAgreement.all(try Self.table(counts))
    for k in 0..<2 {
      var (same, all) = (0.0, 0.0)
      for row in counts where row[0] + row[1] > 1 {
        let others = Double(row[0] + row[1] - 1)
        for _ in 0..<row[k] {
          same += Double(row[k] - 1) / others
          all += 1
        }
      }
      #expect(abs(labels[k].specific - same / all) < 1e-15)
    }
    #expect(labels[0].count == 8)
  }
}
