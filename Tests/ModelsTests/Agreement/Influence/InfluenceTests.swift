import Foundation
import Statistics
import Testing

@testable import Models

@Suite struct InfluenceTests {
  static let measures: [AgreementMeasure] =
    ChanceCorrected.allCases.map { .chanceCorrected($0, .linear) } + [.krippendorff(.interval), .krippendorff(.ordinal)]

  /// Leaving out by formula is leaving out.
  @Test(arguments: measures) func leavingOut(_ measure: AgreementMeasure) throws {
    let table = try PublishedRatings.table(byUnit: scrambledRatings(units: 20, raters: 5, categories: 4, missing: 3, salt: 7))
    let (withoutUnits, withoutRaters) = (try measure.valuesWithoutUnits(table), try measure.valuesWithoutRaters(table))
    for u in 0..<20 {
      if table.unitStart[u] == table.unitStart[u + 1] { continue }
      #expect(isClose(withoutUnits[u], try measure.value(table.removing(unit: u)), 1e-12), "\(measure) \(u)")
    }
    for r in 0..<5 { #expect(isClose(withoutRaters[r], try measure.value(table.removing(rater: r)), 1e-12), "\(measure) \(r)") }
  }

  /// A rater who answers at random pulls agreement down, clearly; the others do not.
  @Test(arguments: measures + [.intraclass(.agreementSingle)]) func theOneWhoScoresAtWill(_ measure: AgreementMeasure) throws {
    var rows = scrambledRatings(units: 80, raters: 6, categories: 5, missing: 0, salt: 3)
    let noise = scrambledRatings(units: 80, raters: 1, categories: 5, missing: 0, salt: 99)
    for u in rows.indices { rows[u][2] = noise[u][0] }
    let found = try InfluenceAnalysis(PublishedRatings.table(byUnit: rows), measure: measure)
    #expect(found.raters[0].subject == 2 && found.raters[0].high < 0 && found.raters[0].adjustedPValue < 0.01)
    #expect(found.raters.dropFirst().allSatisfy { $0.high > 0 })
    #expect(isClose(found.raters[0].difference, found.value - found.raters[0].without, 1e-15))
    #expect(found.units.count == 80 && found.units.allSatisfy { $0.low <= $0.difference && $0.difference <= $0.high })
  }

  /// Limits leave 0 out exactly where p falls below 1 − level, for units as for raters.
  @Test(arguments: [0.5, 0.8, 0.95]) func limitsAndProbabilitiesAgree(_ level: Double) throws {
    var contradictions = 0
    for salt in 0..<20 {
      var rows = scrambledRatings(units: 30, raters: 5, categories: 5, missing: 0, salt: 40 + UInt64(salt))
      let noise = scrambledRatings(units: 30, raters: 2, categories: 5, missing: 0, salt: 900 + UInt64(salt))
      for u in rows.indices where u % 4 < salt % 4 { rows[u].replaceSubrange(0..<2, with: noise[u]) }
      let found = try InfluenceAnalysis(PublishedRatings.table(byUnit: rows), measure: .krippendorff(.interval), level: level)
      for influence in found.raters + found.units where !influence.low.isNaN {
        let isOut = influence.low > 0 || influence.high < 0
        if isOut != (influence.adjustedPValue < 1 - level) { contradictions += 1 }
      }
    }
    #expect(contradictions == 0)
  }

  /// The jackknife error of a difference, by doing all the leaving out.
  @Test func jackknifeErrors() throws {
    let table = try PublishedRatings.table(byUnit: scrambledRatings(units: 15, raters: 4, categories: 4, missing: 2, salt: 11))
    let measure = AgreementMeasure.krippendorff(.nominal)
    let found = try InfluenceAnalysis(table, measure: measure)
    let rated = table.units(withAtLeast: 1)
    let n = Double(rated.count)
    for influence in found.raters {
      let differences = try rated.map { u in
        let rest = table.removing(unit: u)
        return try measure.value(rest) - measure.value(rest.removing(rater: influence.subject))
      }
      let mean = differences.reduce(0, +) / n
      let error = ((n - 1) / n * differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
      #expect(isClose(influence.standardError, error, 1e-12))
    }
    let none = try InfluenceAnalysis(table, measure: measure, errorLimit: 10)
    #expect(
      !none.hasErrors && none.raters.allSatisfy(\.standardError.isNaN) && none.raters.map(\.difference) == found.raters.map(\.difference))
  }

  @Test(arguments: measures + [.intraclass(.consistencyAverage)]) func bootstrapIsTheSameOnAnyNumberOfThreads(_ measure: AgreementMeasure)
    throws
  {
    let rows = scrambledRatings(units: 30, raters: 4, categories: 4, missing: measure == .intraclass(.consistencyAverage) ? 0 : 2)
    let table = try PublishedRatings.table(byUnit: rows)
    let one = try AgreementBootstrap(table, replicates: 60, seed: 5).values(measure)
    let three = try AgreementBootstrap(table, replicates: 60, seed: 5, threads: 3).values(measure)
    #expect(one == three)
    let interval = try AgreementBootstrap(table, replicates: 400, seed: 5).interval(measure)
    let value = try measure.value(table)
    #expect(interval.low < value && value < interval.high)
  }

  /// A resample by weights is the table with its units written out so often.
  @Test(arguments: measures) func resamplesAreTables(_ measure: AgreementMeasure) throws {
    let rows = scrambledRatings(units: 12, raters: 4, categories: 4, missing: 2, salt: 21)
    let table = try PublishedRatings.table(byUnit: rows)
    let values = try AgreementBootstrap(table, replicates: 5, seed: 8).values(measure)
    let rated = table.units(withAtLeast: 1)
    for b in 0..<5 {
      var stream = RandomStream(seed: 8, UInt64(b))
      let drawn = rated.map { _ in rows[rated[stream.below(rated.count)]] }
      // Categories are those of the whole table, drawn or not.
      let resample = try PublishedRatings.table(byUnit: drawn, categories: table.categories)
      #expect(isClose(values[b], try measure.value(resample), 1e-12))
    }
  }
}
