import Foundation

/// The number of successes in n draws without replacement from N items with K successes.
///
/// `upperTail(k)` is P(X ≥ k), with the point itself, as for the other discrete distributions. Tails sum ratios of masses from k
/// outwards, on the side away from the mode: relative error about 1e-14. O(√n) to O(n) terms.
public struct Hypergeometric: Sendable, Hashable {
  public let population: Int
  public let successes: Int
  public let draws: Int

  /// - Precondition: 0 ≤ successes ≤ population, 0 ≤ draws ≤ population.
  public init(population: Int, successes: Int, draws: Int) {
    precondition(successes >= 0 && successes <= population && draws >= 0 && draws <= population, "hypergeometric parameters out of range")
    self.population = population
    self.successes = successes
    self.draws = draws
  }

  /// The counts of positive probability: max(0, n + K − N) to min(n, K).
  public var support: ClosedRange<Int> { max(0, draws + successes - population)...min(draws, successes) }

  /// log P(X = k): three binomial masses with p = n/N (Loader 2000).
  public func logMass(_ k: Int) -> Double {
    if !support.contains(k) { return -.infinity }
    if draws == 0 || draws == population || successes == 0 || successes == population { return 0 }
    let p = Double(draws) / Double(population)
    func mass(_ k: Int, _ n: Int) -> Double { Binomial(trials: n, probability: p).logMass(k) }
    return min(0, mass(k, successes) + mass(draws - k, population - successes) - mass(draws, population))
  }

  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }

  /// log P(X ≤ k).
  public func logLowerTail(_ k: Int) -> Double {
    if k < support.lowerBound { return -.infinity }
    if k >= support.upperBound { return 0 }
    if Double(k) > mean { return logOneMinusExp(sumUp(k + 1)) }
    var (term, sum) = (1.0, 1.0)
    for j in stride(from: k, to: support.lowerBound, by: -1) {
      term /= ratio(j - 1)
      sum += term
      if term < 1e-18 * sum { break }
    }
    return min(0, logMass(k) + log(sum))
  }

  /// log P(X ≥ k).
  public func logUpperTail(_ k: Int) -> Double {
    if k <= support.lowerBound { return 0 }
    if k > support.upperBound { return -.infinity }
    return Double(k) > mean ? sumUp(k) : logOneMinusExp(logLowerTail(k - 1))
  }

  /// n K / N; NaN for an empty population.
  public var mean: Double { Double(draws) * Double(successes) / Double(population) }

  private func sumUp(_ k: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for j in k..<support.upperBound {
      term *= ratio(j)
      sum += term
      if term < 1e-18 * sum { break }
    }
    return min(0, logMass(k) + log(sum))
  }

  /// P(X = j + 1) / P(X = j).
  private func ratio(_ j: Int) -> Double {
    Double(successes - j) * Double(draws - j) / (Double(j + 1) * Double(population - successes - draws + j + 1))
  }
}

/// The number of failures before the r-th success; r need not be whole. Mean r(1 − p)/p.
public struct NegativeBinomial: Sendable, Hashable {
  public let size: Double
  public let probability: Double

  /// - Precondition: r > 0 and finite, 0 < p ≤ 1.
  public init(size: Double, probability: Double) {
    precondition(size > 0 && size.isFinite && probability > 0 && probability <= 1, "negative binomial parameters out of range")
    self.size = size
    self.probability = probability
  }

  /// log P(X = k) = log [x^r y^k / B(r, k)] − log k for k ≥ 1, p = x = 1 − y.
  public func logMass(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    if probability == 1 { return k == 0 ? 0 : -.infinity }
    if k == 0 { return size * log(probability) }
    return logBetaPower(size, Double(k), probability, 1 - probability) - log(Double(k))
  }

  /// P(X ≤ k) = I_p(r, k + 1).
  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }
  /// P(X ≥ k).
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }

  public func logLowerTail(_ k: Int) -> Double {
    k < 0 ? -.infinity : logIncompleteBeta(size, Double(k + 1), x: probability, y: 1 - probability).lower
  }

  public func logUpperTail(_ k: Int) -> Double {
    k <= 0 ? 0 : logIncompleteBeta(size, Double(k), x: probability, y: 1 - probability).upper
  }
}

/// Successes in n trials whose probability is drawn from beta(a, b): counts that scatter more than a binomial's.
public struct BetaBinomial: Sendable, Hashable {
  public let trials: Int
  public let a: Double
  public let b: Double

  /// - Precondition: n ≥ 0; a, b positive and finite.
  public init(trials: Int, a: Double, b: Double) {
    precondition(trials >= 0 && a > 0 && b > 0 && a.isFinite && b.isFinite, "beta-binomial parameters out of range")
    self.trials = trials
    self.a = a
    self.b = b
  }

  /// log P(X = k) = log [C(n, k) B(a + k, b + n − k)/B(a, b)].
  ///
  /// Through beta powers at the mean x = a/(a + b), where the large terms of the log gammas have cancelled already.
  public func logMass(_ k: Int) -> Double {
    if k < 0 || k > trials { return -.infinity }
    let n = Double(trials)
    let (x, y) = (a / (a + b), b / (a + b))
    let j = Double(k)
    let prior = logBetaPower(a, b, x, y)
    return Binomial(trials: trials, probability: x).logMass(k) + prior - logBetaPower(a + j, b + n - j, x, y)
  }

  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }

  /// log P(X ≤ k): the sum of the masses, O(n).
  public func logLowerTail(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    if k >= trials { return 0 }
    let sum = logSum(0...k)
    // Near 1 the other side has the digits.
    return sum > -0.7 ? logOneMinusExp(logSum(k + 1...trials)) : sum
  }

  /// log P(X ≥ k).
  public func logUpperTail(_ k: Int) -> Double {
    if k <= 0 { return 0 }
    if k > trials { return -.infinity }
    let sum = logSum(k...trials)
    return sum > -0.7 ? logOneMinusExp(logSum(0...k - 1)) : sum
  }

  private func logSum(_ range: ClosedRange<Int>) -> Double {
    let logs = range.map { logMass($0) }
    let largest = logs.max() ?? -.infinity
    return largest == -.infinity ? largest : min(0, largest + log(orderedSum(logs.map { exp($0 - largest) })))
  }
}
