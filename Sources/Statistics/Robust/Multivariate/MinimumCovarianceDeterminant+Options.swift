extension MinimumCovarianceDeterminant {
  /// Where the search begins.
  public enum Search: Sendable, Hashable {
    /// All elemental subsets when there are up to 20 000 of them; for up to 600 observations the deterministic starts and 500 elemental subsets; beyond that
    /// the deterministic starts.
    case automatic
    /// The six starts of Hubert, Rousseeuw and Verdonck (2012). Fast; no random numbers on the first stage.
    case deterministic
    /// As many subsets of p + 1 observations, drawn at random (Rousseeuw and Van Driessen 1999).
    case random(subsets: Int)
    /// All subsets of p + 1 observations.
    case exhaustive
  }

  public struct Options: Sendable {
    /// From ½ (greatest resistance) to 1 (the classical estimate).
    public var share = 0.5
    public var search = Search.automatic
    /// Names the random subsets and the samples of the stages.
    public var seed: UInt64 = 1
    /// The share of χ² beyond which an observation has no weight.
    public var level = 0.975
    /// Whether to correct for small samples (Pison, Van Aelst and Willems 2002).
    public var smallSampleCorrection = true

    public init() {}
  }

  /// More than half of the observations on a hyperplane `normal · x = offset`.
  public struct Hyperplane: Sendable, Equatable {
    /// Of length 1.
    public let normal: [Double]
    public let offset: Double
    /// The observations on it, ascending.
    public let rows: [Int]
  }
}

extension MinimumCovarianceDeterminant.Search {
  /// The most elemental subsets that are searched one by one.
  static let exhaustiveLimit = 20_000_000

  var isDeterministic: Bool {
    switch self {
    case .automatic, .deterministic: true
    case .random, .exhaustive: false
    }
  }

  /// How many elemental subsets are tried, and whether these are all.
  func subsets(count n: Int, dimension p: Int) -> (number: Int, exhaustive: Bool) {
    let all = Combinations.number(n, choose: p + 1)
    switch self {
    case .deterministic: return (0, false)
    case .exhaustive: return (all, true)
    case .random(let subsets): return all <= subsets ? (all, true) : (subsets, false)
    case .automatic:
      if all <= 20_000 { return (all, true) }
      return (n <= 600 ? 500 : 0, false)
    }
  }
}
