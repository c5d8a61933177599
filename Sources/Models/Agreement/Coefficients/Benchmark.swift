internal import Statistics

/// Words for the size of a coefficient, and how sure one may be of them.
///
/// A label is not read off the estimate: with few units the next sample might earn another. The probability of a band (low, high] is that
/// of a normal deviate around the estimate with its standard error, cut to [−1, 1]; bands are added from the top down, and the label is the
/// highest at which the sum reaches 0.95 (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 6).
public struct BenchmarkScale: Sendable, Equatable {
  /// From the best down.
  public enum Label: String, Sendable {
    case almostPerfect = "almost perfect"
    case veryGood = "very good"
    case excellent
    case substantial
    case good
    case intermediateToGood = "intermediate to good"
    case moderate
    case fair
    case slight
    case poor
  }

  /// Values in (low, high] and the word for them.
  public struct Band: Sendable, Equatable {
    public let label: Label
    public let low: Double
    public let high: Double
  }

  public let name: String
  /// From the best down, without gaps from 1 to −1.
  public let bands: [Band]

  private init(_ name: String, _ parts: [(Label, Double)]) {
    self.name = name
    var high = 1.0
    bands = parts.map { label, low in
      defer { high = low }
      return Band(label: label, low: low, high: high)
    }
  }

  /// Landis and Koch (1977).
  public static let landisKoch = BenchmarkScale(
    "Landis–Koch", [(.almostPerfect, 0.8), (.substantial, 0.6), (.moderate, 0.4), (.fair, 0.2), (.slight, 0), (.poor, -1)])
  /// Altman (1991).
  public static let altman = BenchmarkScale("Altman", [(.veryGood, 0.8), (.good, 0.6), (.moderate, 0.4), (.fair, 0.2), (.poor, -1)])
  /// Fleiss (1981).
  public static let fleiss = BenchmarkScale("Fleiss", [(.excellent, 0.75), (.intermediateToGood, 0.4), (.poor, -1)])

  /// Koo and Li (2016), for intraclass correlations.
  public static let kooLi = BenchmarkScale("Koo–Li", [(.excellent, 0.9), (.good, 0.75), (.moderate, 0.5), (.poor, -1)])

  /// A label with the probability that the coefficient deserves it or a better one.
  public struct Membership: Sendable, Equatable {
    public let label: Label
    public let cumulativeProbability: Double
  }

  /// The cumulative probability of each band, the best first. With a standard error of 0, certainty; with NaN, NaN.
  public func memberships(_ value: Double, standardError: Double) -> [Membership] {
    bands.map { Membership(label: $0.label, cumulativeProbability: BenchmarkScale.probability(above: $0.low, value, standardError)) }
  }

  /// The best label whose cumulative probability reaches `needed`.
  public func label(_ value: Double, standardError: Double, needed: Double = 0.95) -> Membership? {
    memberships(value, standardError: standardError).first { $0.cumulativeProbability >= needed }
  }

  /// P(low < X ≤ 1) for X normal around `value`, given −1 ≤ X ≤ 1.
  private static func probability(above low: Double, _ value: Double, _ error: Double) -> Double {
    if error == 0 { return value > low || low <= -1 ? 1 : 0 }
    let beyond = Normal.upperTail((1 - value) / error)
    let all = Normal.upperTail((-1 - value) / error) - beyond
    return (Normal.upperTail((low - value) / error) - beyond) / all
  }
}
