internal import Foundation
internal import Statistics

/// What one rater or one unit does to a coefficient.
public struct Influence: Sendable, Equatable {
  /// Its number in the table.
  public let subject: Int
  public let ratings: Int
  /// The coefficient without it; NaN where nothing is then left to compare.
  public let without: Double
  /// Coefficient with everybody less the coefficient without it: negative for one who pulls it down.
  public let difference: Double
  /// Jackknife over units for a rater, over raters for a unit; NaN when it could not be had.
  public let standardError: Double
  /// Limits for `difference` that hold for all subjects of the list at once (Bonferroni, Student's t).
  public let low: Double
  public let high: Double
  /// Two-sided, for this subject alone, and for all of them at once: min(1, m p), which is below 1 − level exactly where `low` and `high` leave 0 out.
  /// (Holm's p-values can be smaller, but limits that go with them say less than these.)
  public let pValue: Double
  public let adjustedPValue: Double
}

/// Who pulls agreement down: a coefficient without each rater and without each unit in turn.
///
/// θ − θ₋ᵣ is exact. Its error is the jackknife's: with d_u = θ₋ᵤ − θ₋ᵤᵣ the same difference without unit u, SE² = (n − 1)/n Σ (d_u − d̄)².
/// Differences are not independent of each other, and somebody is always lowest; so limits are simultaneous, and a subject whose limits
/// include 0 is not told from the others. A low value says that the subject's ratings differ from the others', not that they are wrong.
/// Cost: O(N k) for all θ₋, and once more for each rater for the errors.
public struct InfluenceAnalysis: Sendable {
  public let measure: AgreementMeasure
  public let value: Double
  public let level: Double
  /// In ascending order of `difference`, the one who pulls it down most first; those without a value last.
  public let raters: [Influence]
  public let units: [Influence]
  /// False where raters × ratings exceeded `errorLimit`, and no errors were computed.
  public let hasErrors: Bool

  /// - Parameters:
  ///   - errorLimit: the errors take raters × ratings visits, more for ordinal α, whose ranks all move; with more than these there are none.
  /// - Throws: what the coefficient throws.
  public init(
    _ table: RatingsTable, measure: AgreementMeasure, level: Double = 0.95, errorLimit: Int = 400_000_000
  ) throws(AgreementError) {
    self.measure = measure
    self.level = level
    let value = try measure.value(table)
    self.value = value
    let withoutRaters = try measure.valuesWithoutRaters(table)
    let withoutUnits = try measure.valuesWithoutUnits(table)
    let active = table.activeRaters
    let rated = table.units(withAtLeast: 1)
    hasErrors = active.count <= errorLimit / max(1, measure.visits(table))
    var raterErrors = [JackknifeSum](repeating: JackknifeSum(), count: table.raters)
    var unitErrors = [JackknifeSum](repeating: JackknifeSum(), count: table.units)
    if hasErrors {
      for r in active where !withoutRaters[r].isNaN {
        guard let both = try? measure.valuesWithoutUnits(table.removing(rater: r)) else { continue }
        for u in rated {
          // A unit that only this rater rated is gone already: leaving it out as well changes nothing more.
          let without = both[u].isNaN && table.place(unit: u, rater: r) != nil ? withoutRaters[r] : both[u]
          raterErrors[r].add(withoutUnits[u] - without)
          unitErrors[u].add(withoutRaters[r] - without)
        }
      }
    }
    var raterRatings = [Int](repeating: 0, count: table.raters)
    for r in table.rater { raterRatings[Int(r)] += 1 }
    raters = InfluenceAnalysis.list(active, value, withoutRaters, raterErrors, level) { raterRatings[$0] }
    units = InfluenceAnalysis.list(rated, value, withoutUnits, unitErrors, level) { table.unitStart[$0 + 1] - table.unitStart[$0] }
  }

  private static func list(
    _ subjects: [Int], _ value: Double, _ without: [Double], _ errors: [JackknifeSum], _ level: Double, _ ratings: (Int) -> Int
  ) -> [Influence] {
    let differences = subjects.map { value - without[$0] }
    let pValues = zip(subjects, differences).map { subject, difference in errors[subject].pValue(difference) }
    let known = pValues.indices.filter { !pValues[$0].isNaN }
    var adjusted = pValues
    for (i, p) in zip(known, FamilywiseError.bonferroni(known.map { pValues[$0] })) { adjusted[i] = p }
    let list = subjects.enumerated().map { i, subject in
      let half = errors[subject].halfWidth(tail: (1 - level) / 2 / Double(max(1, known.count)))
      return Influence(
        subject: subject, ratings: ratings(subject), without: without[subject], difference: differences[i],
        standardError: errors[subject].standardError, low: differences[i] - half, high: differences[i] + half, pValue: pValues[i],
        adjustedPValue: adjusted[i])
    }
    return list.sorted { a, b in
      let (x, y) = (a.difference.isNaN ? .infinity : a.difference, b.difference.isNaN ? .infinity : b.difference)
      return (x, a.subject) < (y, b.subject)
    }
  }
}

/// The jackknife values of one difference, by their sums (Welford's update).
private struct JackknifeSum {
  private var count = 0.0
  private var mean = 0.0
  private var squares = 0.0
  private var isKnown = true

  mutating func add(_ value: Double) {
    if value.isNaN { isKnown = false }
    count += 1
    let step = value - mean
    mean += step / count
    squares += step * (value - mean)
  }

  var standardError: Double {
    isKnown && count > 2 ? ((count - 1) / count * squares).squareRoot() : .nan
  }

  func pValue(_ difference: Double) -> Double {
    let error = standardError
    if !(error > 0) { return .nan }
    return StudentT(degreesOfFreedom: count - 1).twoSided(difference / error)
  }

  func halfWidth(tail: Double) -> Double {
    let error = standardError
    return error > 0 ? StudentT(degreesOfFreedom: count - 1).quantile(upperTail: tail) * error : .nan
  }
}
