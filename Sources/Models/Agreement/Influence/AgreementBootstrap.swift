internal import Parallel
internal import Statistics

/// Resamples units with replacement: the interval that holds with few units, gaps and skew.
///
/// Resample b draws from the stream (seed, b), so a coefficient sees the same resamples as any other, whatever the number of threads.
/// Coefficients blind to who rated need only how often each pattern of ratings was drawn: n draws and then O(patterns · k) a resample.
/// Conger's kappa and intraclass correlations go through the ratings again.
public struct AgreementBootstrap: Sendable {
  public let table: RatingsTable
  public let replicates: Int
  public let seed: UInt64
  public let threads: Int
  /// Units with ratings, in ascending order.
  private let rated: [Int32]

  public init(_ table: RatingsTable, replicates: Int = 1000, seed: UInt64 = 1, threads: Int = 1) {
    precondition(replicates > 0, "a bootstrap needs resamples")
    (self.table, self.replicates, self.seed, self.threads) = (table, replicates, seed, threads)
    rated = table.units(withAtLeast: 1).map(Int32.init)
  }

  /// The coefficient on each resample; NaN where it is not defined.
  /// - Throws: what the coefficient throws on the table itself.
  public func values(_ measure: AgreementMeasure) throws(AgreementError) -> [Double] {
    switch measure {
    case .krippendorff(let metric):
      let alpha = try KrippendorffAlpha(RatingPatterns(table), metric: metric)
      return perPattern(alpha.patterns) { alpha.value(multiplicity: $0) }
    case .chanceCorrected(let coefficient, let kind):
      return try values(.weighted(coefficient, AgreementWeights(kind, categories: table.categories)))
    case .weighted(let coefficient, let weights):
      let agreement = try ChanceCorrectedAgreement(RatingPatterns(table), weights: weights)
      if coefficient != .conger { return perPattern(agreement.patterns) { agreement.value(coefficient, multiplicity: $0) } }
      let kappa = try CongerKappa(table, agreement)
      let patternOf = agreement.patterns.ofUnit
      return perUnit { weights in
        var multiplicity = [Double](repeating: 0, count: agreement.patterns.count)
        for u in weights.indices where weights[u] != 0 { multiplicity[Int(patternOf[u])] += weights[u] }
        return kappa.value(unitWeights: weights, multiplicity: multiplicity)
      }
    case .intraclass(let form):
      let sums = try TwoWaySums(table)
      return perUnit { sums.value(form, unitWeights: $0) }
    }
  }

  /// Bias-corrected and accelerated limits, the jackknife over units.
  public func interval(_ measure: AgreementMeasure, level: Double = 0.95) throws(AgreementError) -> (low: Double, high: Double) {
    let estimate = try measure.value(table)
    let jackknife = try measure.valuesWithoutUnits(table)
    return try BootstrapInterval.biasCorrected(values(measure), estimate: estimate, jackknife: jackknife, level: level)
  }

  private func perPattern(_ patterns: RatingPatterns, _ value: @Sendable ([Double]) -> Double) -> [Double] {
    let patternOf = rated.map { patterns.ofUnit[Int($0)] }
    return run { stream in
      var counts = [Int32](repeating: 0, count: patterns.count)
      for _ in 0..<patternOf.count { counts[Int(patternOf[stream.below(patternOf.count)])] += 1 }
      return value(counts.map(Double.init))
    }
  }

  private func perUnit(_ value: @Sendable ([Double]) -> Double) -> [Double] {
    run { stream in
      var weights = [Double](repeating: 0, count: table.units)
      for _ in 0..<rated.count { weights[Int(rated[stream.below(rated.count)])] += 1 }
      return value(weights)
    }
  }

  private func run(_ replicate: @Sendable (inout RandomStream) -> Double) -> [Double] {
    parallelMap(replicates, threads: threads) { b in
      var stream = RandomStream(seed: seed, UInt64(b))
      return replicate(&stream)
    }
  }
}
