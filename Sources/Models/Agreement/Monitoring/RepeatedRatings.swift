internal import Foundation
internal import Statistics

/// The same rater on the same unit a second time: how far does a rater agree with himself?
///
/// With d the difference second − first of a pair: within-rater SD s_w = √(Σ d²/(2 n)); the repeatability coefficient 1.96 √2 s_w, below
/// which 95 % of a rater's own differences lie (Bland and Altman 1986 print 2 × SD of the differences); share of pairs within the
/// tolerance; Lin's concordance over the pairs.
public struct SelfConsistency: Sendable, Equatable {
  public let pairs: Int
  /// Mean of second − first.
  public let shift: Double
  public let withinDeviation: Double
  /// Pairs with |d| ≤ tolerance, and their Wilson interval.
  public let withinTolerance: Int
  public let concordance: Double

  /// - Throws: `tooFewUnits` without a pair.
  public init(first: [Double], second: [Double], tolerance: Double) throws(AgreementError) {
    precondition(first.count == second.count, "pairs of ratings")
    pairs = first.count
    if pairs == 0 { throw .tooFewUnits(0, needed: 1) }
    var (sum, squares, near) = (0.0, 0.0, 0)
    for (a, b) in zip(first, second) {
      sum += b - a
      squares += (b - a) * (b - a)
      // Half a unit in the twelfth place: 0.3 − 0.2 is within a tolerance of 0.1.
      if abs(b - a) <= tolerance + 1e-12 * max(abs(a), abs(b)) { near += 1 }
    }
    shift = sum / Double(pairs)
    withinDeviation = (squares / (2 * Double(pairs))).squareRoot()
    withinTolerance = near
    concordance = (try? LinConcordance(first, second))?.value ?? .nan
  }

  public var repeatability: Double { Normal.quantile(upperTail: 0.025) * 2.0.squareRoot() * withinDeviation }
  /// Pairs within the tolerance, as a share of all.
  public var shareWithin: Double { Double(withinTolerance) / Double(pairs) }
  /// Wilson's interval of `shareWithin`.
  public func interval(level: Double = 0.95) -> (low: Double, high: Double) { wilsonInterval(withinTolerance, of: pairs, level: level) }
}

/// Wilson's (1927) score interval for a share: it neither leaves [0, 1] nor collapses at 0 and 1.
public func wilsonInterval(_ successes: Int, of n: Int, level: Double = 0.95) -> (low: Double, high: Double) {
  if n == 0 { return (.nan, .nan) }
  let (z, trials, p) = (Normal.quantile(upperTail: (1 - level) / 2), Double(n), Double(successes) / Double(n))
  let centre = p + z * z / (2 * trials)
  let half = z * (p * (1 - p) / trials + z * z / (4 * trials * trials)).squareRoot()
  let scale = 1 + z * z / trials
  return (max(0, (centre - half) / scale), min(1, (centre + half) / scale))
}
