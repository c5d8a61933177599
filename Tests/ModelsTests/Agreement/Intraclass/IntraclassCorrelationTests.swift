import Testing

@testable import Models

@Suite struct IntraclassCorrelationTests {
  func squares() throws -> TwoWayMeanSquares {
    try TwoWaySums(PublishedRatings.table(byUnit: PublishedRatings.shroutFleiss1979)).meanSquares
  }

  /// Shrout and Fleiss (1979), tables 3 and 4, to their two decimals.
  @Test func shroutFleiss1979Table4() throws {
    let s = try squares()
    for (found, printed) in zip([s.betweenUnits, s.withinUnits, s.betweenRaters, s.residual], [11.24, 6.26, 32.49, 1.02]) {
      #expect(isClose(found, printed, 5e-3))
    }
    for (form, printed) in zip(IntraclassForm.allCases, [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]) {
      #expect(isClose(s.value(form), printed, 5e-3))
    }
  }

  /// psych 2.2.9 (aov), irr 0.84.1, pingouin 0.6.1 on the same table; irr's limits of ICC(A,k) are those of `.irr`.
  @Test(arguments: [
    (IntraclassForm.oneWaySingle, 0.165741768405475, -0.132932324874751, 0.722560062328121, 1.79467849223947, 0.16476880834464),
    (.agreementSingle, 0.289763779527559, 0.018786513374712, 0.761084369648953, 11.0272479564033, 0.000134566516484337),
    (.consistencySingle, 0.714840714840715, 0.342464765033925, 0.945858259955359, 11.0272479564033, 0.000134566516484337),
    (.oneWayAverage, 0.442797133679268, -0.884442155238121, 0.912415420340775, 1.79467849223947, 0.16476880834464),
    (.agreementAverage, 0.620050547598989, 0.0711368153025032, 0.927232040167722, 11.0272479564033, 0.000134566516484337),
    (.consistencyAverage, 0.909315542377069, 0.675674713816304, 0.985891678169062, 11.0272479564033, 0.000134566516484337),
  ]) func psychOnShroutFleiss(_ form: IntraclassForm, _ value: Double, _ low: Double, _ high: Double, _ f: Double, _ p: Double) throws {
    let found = try squares().estimate(form)
    #expect(isClose(found.value, value, 1e-13))
    #expect(isClose(found.low, low, 1e-11) && isClose(found.high, high, 1e-11), "\(found)")
    #expect(isClose(found.f, f, 1e-12) && isClose(found.pValue, p, 1e-13))
  }

  @Test func irrLimitsOfTheAverage() throws {
    let found = try squares().estimate(.agreementAverage, limits: .irr)
    #expect(isClose(found.low, 0.0394401799213911, 1e-11) && isClose(found.high, 0.928573183377168, 1e-11))
  }

  @Test(arguments: IntraclassForm.allCases) func leavingOutIsLeavingOut(_ form: IntraclassForm) throws {
    let rows = scrambledRatings(units: 12, raters: 5, categories: 9, missing: 0)
    let table = try PublishedRatings.table(byUnit: rows)
    let measure = AgreementMeasure.intraclass(form)
    let (withoutUnits, withoutRaters) = (try measure.valuesWithoutUnits(table), try measure.valuesWithoutRaters(table))
    for u in rows.indices { #expect(isClose(withoutUnits[u], try measure.value(table.removing(unit: u)), 1e-12)) }
    for r in 0..<5 { #expect(isClose(withoutRaters[r], try measure.value(table.removing(rater: r)), 1e-12)) }
  }

  /// Order, names and affine changes of scale do not matter; a rater's own severity matters to agreement only.
  @Test func invariance() throws {
    let rows = scrambledRatings(units: 12, raters: 5, categories: 9, missing: 0, salt: 4)
    func values(_ rows: [[Double]]) throws -> [Double] {
      let squares = try TwoWaySums(PublishedRatings.table(byUnit: rows)).meanSquares
      return IntraclassForm.allCases.map { squares.value($0) }
    }
    let plain = try values(rows)
    for changed in [rows.reversed(), rows.map { $0.reversed() }, rows.map { $0.map { 1e6 - 7 * $0 } }] {
      for (a, b) in zip(plain, try values(changed)) { #expect(isClose(a, b, 1e-9)) }
    }
    let severe = try values(rows.map { row in row.enumerated().map { $1 - ($0 == 0 ? 5 : 0) } })
    #expect(isClose(severe[2], plain[2], 1e-12) && isClose(severe[5], plain[5], 1e-12))
    #expect(severe[1] < plain[1] && severe[4] < plain[4])
  }

  /// Raters who contradict each other: MSR + (MSC − MSE)/n = 0.125 + (0.125 − 6.125)/4 < 0, and the quotient would be 4.36.
  @Test func noShareOfANegativeVariance() throws {
    let squares = try TwoWaySums(PublishedRatings.table(byUnit: [[1, 5], [5, 1], [2, 4], [4, 3]])).meanSquares
    #expect(squares.value(.agreementAverage).isNaN)
    for limits in [AverageAgreementLimits.steppedUp, .irr] {
      #expect(throws: AgreementError.meanVarianceNotPositive) { try squares.estimate(.agreementAverage, limits: limits) }
    }
    // Every unit has the same mean.
    let equal = try TwoWaySums(PublishedRatings.table(byUnit: [[1, 5], [5, 1], [2, 4], [4, 2]])).meanSquares
    for form in [IntraclassForm.oneWayAverage, .consistencyAverage] {
      #expect(throws: AgreementError.meanVarianceNotPositive) { try equal.estimate(form) }
    }
  }

  /// Small tables of every kind: no estimate above 1 or outside its limits, and limits in order.
  @Test(arguments: IntraclassForm.allCases) func withinLimits(_ form: IntraclassForm) throws {
    for salt in 0..<700 {
      let (units, raters, categories) = (2 + salt % 7, 2 + salt / 7 % 4, 2 + salt / 28 % 5)
      let rows = scrambledRatings(units: units, raters: raters, categories: categories, missing: 0, salt: UInt64(salt))
      // A rater on one end turned round makes many of them contradict each other.
      let turned = rows.map { row in [salt % 2 == 0 ? row[0] : 10 - row[1]] + row.dropFirst() }
      let squares = try TwoWaySums(PublishedRatings.table(byUnit: turned)).meanSquares
      for limits in [AverageAgreementLimits.steppedUp, .irr] {
        guard let found = try? squares.estimate(form, limits: limits) else { continue }
        #expect(found.value <= 1, "\(found)")
        if found.low.isNaN || found.high.isNaN { continue }
        #expect(found.low <= found.value + 1e-12 && found.value <= found.high + 1e-12, "\(limits) \(found)")
      }
    }
  }

  @Test func errors() throws {
    #expect(throws: AgreementError.incomplete(missing: 1)) {
      try TwoWaySums(PublishedRatings.table(byUnit: [[1, 2], [2, .nan], [3, 3]]))
    }
    #expect(throws: AgreementError.tooFewUnits(1, needed: 2)) { try TwoWaySums(PublishedRatings.table(byUnit: [[1, 2]])) }
    #expect(throws: AgreementError.noVariation) {
      try TwoWaySums(PublishedRatings.table(byUnit: [[1, 1], [1, 1]])).meanSquares.estimate(.oneWaySingle)
    }
    let perfect = try TwoWaySums(PublishedRatings.table(byUnit: [[1, 1], [2, 2], [3, 3]])).meanSquares.estimate(.agreementSingle)
    #expect(perfect.value == 1 && perfect.low == 1 && perfect.high == 1)
  }
}

@Suite struct IntraclassComponentsTests {
  /// On a complete table the components are those of the analysis of variance.
  @Test(arguments: IntraclassForm.allCases) func completeTableIsTheAnalysisOfVariance(_ form: IntraclassForm) throws {
    let table = try PublishedRatings.table(byUnit: PublishedRatings.shroutFleiss1979)
    let found = try IntraclassComponents(table).value(form)
    #expect(isClose(found, try TwoWaySums(table).value(form), 1e-7))
  }

  /// lme4 1.1-31 `score ~ (1|unit) + (1|rater)` on Shrout and Fleiss' table without three of its ratings.
  @Test func lme4WithHoles() throws {
    var rows = PublishedRatings.shroutFleiss1979
    rows[0][1] = .nan
    rows[3][0] = .nan
    rows[5][3] = .nan
    let found = try IntraclassComponents(PublishedRatings.table(byUnit: rows))
    #expect(relativeError(found.unitVariance, LME4.unit) < 2e-6, "\(found.unitVariance)")
    #expect(relativeError(found.raterVariance, LME4.rater) < 2e-6, "\(found.raterVariance)")
    #expect(relativeError(found.residualVariance, LME4.residual) < 2e-6, "\(found.residualVariance)")
    #expect(isClose(found.ratingsPerUnit, 6 / (3.0 / 4 + 3.0 / 3), 1e-14))
    for form in IntraclassForm.allCases {
      let (low, high) = found.interval(form)
      #expect(low < found.value(form) && found.value(form) < high && high < 1)
    }
  }

  enum LME4 {
    static let unit = 3.079609804793
    static let rater = 4.231294145266
    static let residual = 0.894826004755
  }
}
