internal import Foundation
internal import Statistics

/// A rater against the expert on the units that both scored (seeded units, standard papers).
///
/// Bias is the mean of rater − expert with its t-interval; exact agreement and agreement within the tolerance are shares; Lin's concordance
/// and quadratic-weighted kappa say how near, the former for points, the latter for grades.
public struct ExpertAgreement: Sendable {
  public let rater: Int
  public let units: Int
  public let bias: Double
  /// NaN limits with one unit.
  public let biasLow: Double
  public let biasHigh: Double
  public let meanAbsoluteDifference: Double
  public let exact: Int
  public let withinTolerance: Int
  /// NaN below three units or without variation.
  public let concordance: Double
  /// Cohen's κ of the units that both scored, without weights and with quadratic ones; NaN without variation.
  public let kappa: Double
  public let quadraticKappa: Double

  /// Every other rater who shares a unit with the expert, in order of number. O(N + R n).
  public static func all(
    _ table: RatingsTable, expert: Int, tolerance: Double, level: Double = 0.95
  ) -> [ExpertAgreement] {
    table.activeRaters.filter { $0 != expert }.compactMap { ExpertAgreement(table, expert: expert, rater: $0, tolerance, level) }
  }

  private init?(_ table: RatingsTable, expert: Int, rater: Int, _ tolerance: Double, _ level: Double) {
    let (own, standard) = table.sharedRatings(rater, expert)
    let n = own.count
    if n == 0 { return nil }
    self.rater = rater
    units = n
    let differences = zip(own, standard).map { $0 - $1 }
    bias = differences.reduce(0, +) / Double(n)
    meanAbsoluteDifference = differences.reduce(0) { $0 + abs($1) } / Double(n)
    exact = differences.count { $0 == 0 }
    withinTolerance = zip(differences, standard).count { abs($0) <= tolerance + 1e-12 * abs($1) }
    if let pair = try? BlandAltman(own, standard) {
      (biasLow, biasHigh) = pair.interval(around: bias, standardError: pair.standardErrorOfBias, level: level)
    } else {
      (biasLow, biasHigh) = (.nan, .nan)
    }
    concordance = (try? LinConcordance(own, standard))?.value ?? .nan
    let pairs = RatingsTable(pairs: own, standard)
    kappa = (try? AgreementMeasure.chanceCorrected(.conger, .identity).value(pairs)) ?? .nan
    quadraticKappa = (try? AgreementMeasure.chanceCorrected(.conger, .quadratic).value(pairs)) ?? .nan
  }
}

extension RatingsTable {
  /// Two raters of the same units. Categories are the values that occur: chance is counted over these.
  init(pairs x: [Double], _ y: [Double]) {
    let values = zip(x, y).flatMap { [$0, $1] }
    let coding = CategoryCoding(values)
    self.init(
      units: x.count, raters: 2, unitStart: (0...x.count).map { 2 * $0 }, rater: values.indices.map { Int32($0 % 2) }, value: values,
      categories: coding.categories, category: coding.codes)
  }
}
