import Foundation

/// Tests that several samples have one variance.
public enum SpreadTest {
  /// The center that deviations are taken from.
  public enum Center: Sendable, Hashable {
    /// Levene (1960).
    case mean
    /// Brown and Forsythe (1974): holds its level for skew and heavy tails.
    case median
  }

  /// One-way analysis of variance of the absolute deviations; F with k − 1 and n − k degrees of freedom.
  public static func levene(_ samples: [[Double]], center: Center = .median) -> TestResult {
    let deviations = samples.filter { !$0.isEmpty }.map { sample in
      let middle = center == .mean ? orderedSum(sample) / Double(sample.count) : median(sample)
      return sample.map { abs($0 - middle) }
    }
    let groups = deviations.enumerated().flatMap { g, sample in sample.map { _ in g } }
    guard let anova = OneWayAnova(deviations.flatMap { $0 }, groups: groups, reading: .binary) else { return .impossible }
    return TestResult(
      anova.f, anova.pValue, .asymptotic, degreesOfFreedom: [Double(anova.betweenDegreesOfFreedom), Double(anova.withinDegreesOfFreedom)])
  }

  /// Bartlett's (1937) test, the most powerful for normal samples and misleading for others; χ² with k − 1 degrees of freedom.
  public static func bartlett(_ samples: [[Double]]) -> TestResult {
    guard samples.count > 1, samples.allSatisfy({ $0.count > 1 }) else { return .impossible }
    var (pooled, logs, total, inverses) = (0.0, 0.0, 0.0, 0.0)
    for sample in samples {
      let squares = meanAndSquares(sample).squares
      let freedom = Double(sample.count - 1)
      guard squares > 0 else { return .impossible }
      pooled += squares
      logs += freedom * log(squares / freedom)
      total += freedom
      inverses += 1 / freedom
    }
    let k = Double(samples.count)
    let statistic = (total * log(pooled / total) - logs) / (1 + (inverses - 1 / total) / (3 * (k - 1)))
    return TestResult(statistic, ChiSquared(degreesOfFreedom: k - 1).upperTail(statistic), .asymptotic, degreesOfFreedom: [k - 1])
  }

  /// Fligner and Killeen's (1976) test on normal scores of the ranks of |x − median|; χ² with k − 1 degrees of freedom. The most robust
  /// of these.
  public static func fligner(_ samples: [[Double]]) -> TestResult {
    let samples = samples.filter { !$0.isEmpty }
    guard samples.count > 1 else { return .impossible }
    let deviations = samples.flatMap { sample in
      let middle = median(sample)
      return sample.map { abs($0 - middle) }
    }
    let n = Double(deviations.count)
    let scores = Ranks.midranks(deviations).map { Normal.quantile(0.5 * (1 + $0 / (n + 1))) }
    let (mean, squares) = meanAndSquares(scores)
    guard squares > 0 else { return .impossible }
    var (sum, begin) = (0.0, 0)
    for sample in samples {
      let part = orderedSum(Array(scores[begin..<(begin + sample.count)])) / Double(sample.count) - mean
      sum += Double(sample.count) * part * part
      begin += sample.count
    }
    let statistic = sum / (squares / (n - 1))
    let freedom = Double(samples.count - 1)
    return TestResult(statistic, ChiSquared(degreesOfFreedom: freedom).upperTail(statistic), .asymptotic, degreesOfFreedom: [freedom])
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half])
  }
}
