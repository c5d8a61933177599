/// A coefficient of agreement as a function of a table, so that bootstrap and influence need not know which one it is.
public enum AgreementMeasure: Sendable, Equatable {
  case chanceCorrected(ChanceCorrected, AgreementWeights.Kind)
  case weighted(ChanceCorrected, AgreementWeights)
  case krippendorff(KrippendorffMetric)
  case intraclass(IntraclassForm)

  /// - Throws: what the coefficient throws.
  public func value(_ table: RatingsTable) throws(AgreementError) -> Double {
    switch self {
    case .chanceCorrected, .weighted:
      let (agreement, coefficient) = try agreement(table)
      if coefficient == .conger { return try CongerKappa(table, agreement).estimate().value }
      return try agreement.estimate(coefficient).value
    case .krippendorff(let metric): return try KrippendorffAlpha(RatingPatterns(table), metric: metric).value()
    case .intraclass(let form): return try TwoWaySums(table).value(form)
    }
  }

  /// The coefficient without each unit in turn, exact, in linear cost; NaN for a unit without ratings and where nothing is left to compare.
  public func valuesWithoutUnits(_ table: RatingsTable) throws(AgreementError) -> [Double] {
    switch self {
    case .chanceCorrected, .weighted:
      let (agreement, coefficient) = try agreement(table)
      if coefficient == .conger { return try CongerKappa(table, agreement).valuesWithoutUnit() }
      return agreement.patterns.ofUnit.spread(agreement.valuesWithoutPattern(coefficient))
    case .krippendorff(let metric):
      let alpha = try KrippendorffAlpha(RatingPatterns(table), metric: metric)
      return alpha.patterns.ofUnit.spread(alpha.valuesWithoutPattern())
    case .intraclass(let form): return try TwoWaySums(table).valuesWithoutUnit(form)
    }
  }

  /// The coefficient without each rater in turn, exact, in linear cost; NaN for a rater without ratings and where nothing is left to
  /// compare.
  public func valuesWithoutRaters(_ table: RatingsTable) throws(AgreementError) -> [Double] {
    switch self {
    case .chanceCorrected, .weighted:
      let (agreement, coefficient) = try agreement(table)
      if coefficient == .conger { return try CongerKappa(table, agreement).valuesWithoutRater() }
      return agreement.valuesWithoutRater(coefficient, table: table)
    case .krippendorff(let metric): return try KrippendorffAlpha(RatingPatterns(table), metric: metric).valuesWithoutRater(table)
    case .intraclass(let form): return try TwoWaySums(table).valuesWithoutRater(form)
    }
  }

  /// About how many ratings are looked at to leave out each unit in turn.
  func visits(_ table: RatingsTable) -> Int {
    guard case .krippendorff(.ordinal) = self else { return table.count }
    let q = table.categories.count
    return max(table.count, RatingPatterns(table).count * (q <= KrippendorffAlpha.coincidenceLimit ? q * q : table.count))
  }

  private func agreement(_ table: RatingsTable) throws(AgreementError) -> (ChanceCorrectedAgreement, ChanceCorrected) {
    switch self {
    case .chanceCorrected(let coefficient, let kind):
      (try ChanceCorrectedAgreement(RatingPatterns(table), weights: AgreementWeights(kind, categories: table.categories)), coefficient)
    case .weighted(let coefficient, let weights): (try ChanceCorrectedAgreement(RatingPatterns(table), weights: weights), coefficient)
    case .krippendorff, .intraclass: preconditionFailure("not a coefficient of this family")
    }
  }
}

extension [Int32] {
  /// Each unit's value by its pattern; NaN for a unit without one.
  fileprivate func spread(_ values: [Double]) -> [Double] { map { $0 < 0 ? .nan : values[Int($0)] } }
}
