import Foundation
import Testing

@testable import Models

@Suite struct KrippendorffAlphaTests {
  func alpha(_ rows: [[Double]], _ metric: KrippendorffMetric) throws -> Double {
    try KrippendorffAlpha(RatingPatterns(PublishedRatings.table(byUnit: rows)), metric: metric).value()
  }

  /// By the definition: every ordered pair of ratings of a unit, every ordered pair of pairable values.
  static func naive(_ rows: [[Double]], _ metric: KrippendorffMetric) -> Double {
    let units = rows.map { $0.filter { !$0.isNaN } }.filter { $0.count >= 2 }
    let all = units.flatMap { $0 }
    func difference(_ a: Double, _ b: Double) -> Double {
      switch metric {
      case .nominal: return a == b ? 0 : 1
      case .ordinal:
        let (low, high) = (min(a, b), max(a, b))
        let between = Double(all.count { $0 >= low && $0 <= high })
        let ends = Double(all.count { $0 == low } + all.count { $0 == high }) / 2
        return a == b ? 0 : (between - ends) * (between - ends)
      case .interval: return (a - b) * (a - b)
      case .ratio: return a + b == 0 ? 0 : ((a - b) / (a + b)) * ((a - b) / (a + b))
      case .circular(let period):
        let s = sin(Double.pi * (a - b) / period)
        return s * s
      }
    }
    var observed = 0.0
    for unit in units { for a in unit { for b in unit { observed += difference(a, b) / Double(unit.count - 1) } } }
    var expected = 0.0
    for a in all { for b in all { expected += difference(a, b) } }
    return 1 - Double(all.count - 1) * observed / expected
  }

  static let metrics: [KrippendorffMetric] = [.nominal, .ordinal, .interval, .ratio, .circular(period: 7)]

  /// Krippendorff (2011), section C: .743, .815, .849, .797; in full the Python package krippendorff 0.9.0.
  @Test(arguments: [
    (KrippendorffMetric.nominal, 0.743, 0.743421052631579), (.ordinal, 0.815, 0.8153875037548814), (.interval, 0.849, 0.8491071428571428),
    (.ratio, 0.797, 0.7974027747116121),
  ]) func krippendorff2011(_ metric: KrippendorffMetric, _ printed: Double, _ full: Double) throws {
    let value = try KrippendorffAlpha(RatingPatterns(PublishedRatings.table(byRater: PublishedRatings.krippendorff2011)), metric: metric)
      .value()
    #expect(isClose(value, printed, 5e-4) && isClose(value, full, 1e-14))
  }

  /// Zhang and Petersen (2018), 148 cases and 110 raters; values of krippendorff 0.9.0.
  @Test(
    .enabled(if: SharedData.isPresent, "needs ../shared"),
    arguments: [(KrippendorffMetric.nominal, 0.33426830160707943), (.ordinal, 0.5893204847078044), (.interval, 0.6534827695219874)])
  func mammograms(_ metric: KrippendorffMetric, _ expected: Double) throws {
    let value = try KrippendorffAlpha(RatingPatterns(PublishedRatings.shared("mammograms_110_raters")), metric: metric).value()
    #expect(isClose(value, expected, 1e-13))
  }

  @Test(arguments: metrics) func definition(_ metric: KrippendorffMetric) throws {
    for missing in [0, 2, 5] {
      let rows = scrambledRatings(units: 25, raters: 6, categories: 7, missing: missing, salt: UInt64(missing + 3))
      #expect(isClose(try alpha(rows, metric), KrippendorffAlphaTests.naive(rows, metric), 1e-12))
    }
  }

  @Test(arguments: metrics) func leavingOutIsLeavingOut(_ metric: KrippendorffMetric) throws {
    let rows = scrambledRatings(units: 18, raters: 4, categories: 5, missing: 3, salt: 9)
    let table = try PublishedRatings.table(byUnit: rows)
    let measure = AgreementMeasure.krippendorff(metric)
    let withoutUnits = try measure.valuesWithoutUnits(table)
    for u in rows.indices {
      var rest = rows
      rest.remove(at: u)
      #expect(isClose(withoutUnits[u], KrippendorffAlphaTests.naive(rest, metric), 1e-11))
    }
    let withoutRaters = try measure.valuesWithoutRaters(table)
    for r in 0..<4 {
      let rest = rows.map { row in row.enumerated().map { $0 == r ? .nan : $1 } }
      #expect(isClose(withoutRaters[r], KrippendorffAlphaTests.naive(rest, metric), 1e-11))
    }
  }

  /// Beyond the limit of the table of coincidences the ordinal scale takes another way to the same numbers.
  @Test func manyOrdinalCategories() throws {
    let rows = scrambledRatings(units: 200, raters: 3, categories: 300, missing: 2, salt: 5)
    let table = try PublishedRatings.table(byUnit: rows)
    #expect(table.categories.count > KrippendorffAlpha.coincidenceLimit)
    #expect(isClose(try alpha(rows, .ordinal), KrippendorffAlphaTests.naive(rows, .ordinal), 1e-11))
    let without = try AgreementMeasure.krippendorff(.ordinal).valuesWithoutUnits(table)
    for u in [0, 57, 199] {
      var rest = rows
      rest.remove(at: u)
      #expect(isClose(without[u], KrippendorffAlphaTests.naive(rest, .ordinal), 1e-11))
    }
    let rest = rows.map { [.nan, $0[1], $0[2]] }
    #expect(
      isClose(
        try AgreementMeasure.krippendorff(.ordinal).valuesWithoutRaters(table)[0], KrippendorffAlphaTests.naive(rest, .ordinal), 1e-11))
  }

  /// What the scales promise: interval α survives affine changes, ratio α multiplication, ordinal α any increasing change, nominal α any
  /// renaming.
  @Test func invariance() throws {
    let rows = scrambledRatings(units: 30, raters: 5, categories: 5, missing: 2)
    func changed(_ change: (Double) -> Double) -> [[Double]] { rows.map { $0.map { $0.isNaN ? .nan : change($0) } } }
    #expect(isClose(try alpha(rows, .interval), try alpha(changed { 1e6 - 3 * $0 }, .interval), 1e-10))
    #expect(isClose(try alpha(rows, .ratio), try alpha(changed { 17 * $0 }, .ratio), 1e-13))
    #expect(isClose(try alpha(rows, .ordinal), try alpha(changed { exp($0) }, .ordinal), 1e-13))
    #expect(isClose(try alpha(rows, .nominal), try alpha(changed { ($0 * 3).truncatingRemainder(dividingBy: 7) }, .nominal), 1e-13))
    #expect(isClose(try alpha(rows, .circular(period: 7)), try alpha(changed { $0 + 3.5 }, .circular(period: 7)), 1e-12))
    for metric in KrippendorffAlphaTests.metrics {
      #expect(isClose(try alpha(rows, metric), try alpha(rows.reversed(), metric), 1e-13))
      #expect(isClose(try alpha(rows, metric), try alpha(rows.map { $0.reversed() }, metric), 1e-13))
    }
  }

  @Test func errors() throws {
    #expect(throws: AgreementError.noVariation) { try alpha([[1, 1], [1, 1]], .interval) }
    #expect(throws: AgreementError.nothingToCompare) { try alpha([[1, .nan], [.nan, 2]], .interval) }
    #expect(throws: AgreementError.negativeCategory(-1)) { try alpha([[-1, 1], [2, 2]], .ratio) }
  }
}
