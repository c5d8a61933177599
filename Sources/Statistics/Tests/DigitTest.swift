import Foundation

/// Do digits occur as often as they should?
///
/// Benford's law holds for numbers that spread over several orders of magnitude. Scores and rates do not; test their last digits, against
/// equal shares.
public struct DigitTest: Sendable, Hashable {
  /// Which digits are counted.
  public enum Position: Sendable, Hashable {
    /// The first significant digit, 1 … 9.
    case first
    /// The first two significant digits, 10 … 99.
    case firstTwo
    /// The last digit when written with this many decimals, 0 … 9.
    case last(decimals: Int)
    /// The last two digits when written with this many decimals, 0 … 99.
    case lastTwo(decimals: Int)

    /// The digits there can be.
    public var outcomes: ClosedRange<Int> {
      switch self {
      case .first: 1...9
      case .firstTwo: 10...99
      case .last: 0...9
      case .lastTwo: 0...99
      }
    }

    /// The digits of a value; nil for 0 where there is no first digit, for values that are not finite, and for last digits beyond 10¹⁵.
    public func digits(of value: Double) -> Int? {
      guard value.isFinite else { return nil }
      switch self {
      case .first: return leading(value, 1)
      case .firstTwo: return leading(value, 2)
      case .last(let decimals): return trailing(value, decimals, 10)
      case .lastTwo(let decimals): return trailing(value, decimals, 100)
      }
    }

    private func leading(_ value: Double, _ count: Int) -> Int? {
      // The shortest decimal that reads as the value, so that 0.3 begins with 3 and not with 29.
      var number = 0
      var taken = 0
      for character in value.magnitude.description {
        if character == "e" { break }
        guard let digit = character.wholeNumberValue, digit > 0 || taken > 0 else { continue }
        number = 10 * number + digit
        taken += 1
        if taken == count { return number }
      }
      if taken == 0 { return nil }
      for _ in taken..<count { number *= 10 }
      return number
    }

    private func trailing(_ value: Double, _ decimals: Int, _ modulus: Int) -> Int? {
      let scaled = (value.magnitude * pow(10, Double(decimals))).rounded()
      return scaled < 1e15 ? Int(scaled) % modulus : nil
    }
  }

  /// What shares the digits should have.
  public enum Law: Sendable, Hashable {
    /// log₁₀(1 + 1/d).
    case benford
    case uniform
    /// One for each outcome, in order; scaled to sum 1.
    case shares([Double])
  }

  public let position: Position
  /// One for each of `position.outcomes`.
  public let counts: [Int]
  /// Shares under the law.
  public let expected: [Double]
  /// Pearson's χ².
  public let fit: TestResult
  /// Mean absolute deviation of the shares (Nigrini 2012).
  public let meanAbsoluteDeviation: Double
  /// Log of the Bayes factor for the law against shares of any kind, uniform on the simplex:
  /// Σ n_i log p_i − log [Γ(k) Π Γ(1 + n_i)/Γ(k + n)].
  public let logBayesFactor: Double
  /// exp(logBayesFactor); infinite where that overflows.
  public var bayesFactor: Double { exp(logBayesFactor) }

  /// - Parameters:
  ///   - draws: with draws > 0 the p-value is Monte Carlo, right also for small counts.
  /// - Precondition: Benford's law is asked for first digits only, and a list of shares has one for each outcome.
  public init(_ values: [Double], position: Position, law: Law = .uniform, draws: Int = 0, seed: UInt64 = 1) {
    let outcomes = position.outcomes
    var counts = [Int](repeating: 0, count: outcomes.count)
    for value in values { if let digits = position.digits(of: value) { counts[digits - outcomes.lowerBound] += 1 } }
    let shares: [Double]
    switch law {
    case .benford:
      precondition(outcomes.lowerBound > 0, "Benford's law is about first digits")
      shares = outcomes.map { log1p(1 / Double($0)) / log(10) }
    case .uniform: shares = [Double](repeating: 1 / Double(outcomes.count), count: outcomes.count)
    case .shares(let given):
      precondition(given.count == outcomes.count, "one share for each outcome")
      let total = given.reduce(0, +)
      shares = given.map { $0 / total }
    }
    self.position = position
    self.counts = counts
    expected = shares
    fit = CountTest.fit(counts, probabilities: shares, draws: draws, seed: seed)
    let n = Double(counts.reduce(0, +))
    var (deviation, factor) = (0.0, -logGamma(Double(counts.count)) + logGamma(Double(counts.count) + n))
    for (count, share) in zip(counts, shares) {
      deviation += abs(Double(count) / n - share)
      if count > 0 { factor += Double(count) * log(share) - logGamma(1 + Double(count)) }
    }
    meanAbsoluteDeviation = deviation / Double(counts.count)
    logBayesFactor = factor
  }
}

/// Do values repeat more often than they should? Numbers that were made up or copied bunch (Simonsohn 2019).
public struct RepeatedValues: Sendable, Hashable {
  public let count: Int
  public let distinct: Int
  /// Σ f²/Σ f, the mean over the values of how often each occurs; 1 when none repeats.
  public let averageFrequency: Double
  /// −Σ (f/n) log (f/n), in nats.
  public let entropy: Double

  public init(_ values: [Double]) {
    let sorted = values.sorted()
    var (squares, sum, distinct, begin) = (0.0, 0.0, 0, 0)
    let n = Double(values.count)
    var parts: [Double] = []
    for i in 0...sorted.count where i > 0 && (i == sorted.count || sorted[i] != sorted[begin]) {
      let f = Double(i - begin)
      squares += f * f
      sum += f
      parts.append(-f / n * log(f / n))
      distinct += 1
      begin = i
    }
    count = values.count
    self.distinct = distinct
    averageFrequency = values.isEmpty ? .nan : squares / sum
    entropy = orderedSum(parts)
  }

  /// Simonsohn's number-bunching test: the last digits are dealt out anew among the values' leading parts; P(average frequency at least
  /// as large).
  ///
  /// - Parameters:
  ///   - decimals: with how many decimals the values are written.
  ///   - digits: how many of the last digits are shuffled.
  ///   - draws: random orders.
  public static func bunchingTest(_ values: [Double], decimals: Int, digits: Int = 1, draws: Int = 10_000, seed: UInt64 = 1) -> TestResult {
    precondition(decimals >= 0 && digits >= 1 && digits <= 9 && draws > 0, "at least one digit is shuffled, at least once")
    let scale = pow(10, Double(decimals))
    let modulus = pow(10, Double(digits))
    let whole = values.filter(\.isFinite).map { ($0.magnitude * scale).rounded() }
    guard whole.count > 1 else { return .impossible }
    let heads = whole.map { ($0 / modulus).rounded(.down) * modulus }
    var tails = zip(whole, heads).map { $0 - $1 }.sorted()
    let observed = RepeatedValues(whole).averageFrequency
    let order = heads.sorted()
    var stream = RandomStream(seed: seed)
    var hits = 0
    for _ in 0..<draws {
      stream.shuffle(&tails)
      if RepeatedValues(zip(order, tails).map { $0 + $1 }).averageFrequency >= observed - 1e-12 { hits += 1 }
    }
    return TestResult(observed, Double(1 + hits) / Double(1 + draws), .monteCarlo(draws: draws))
  }
}
