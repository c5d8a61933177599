import Foundation

/// How many items to examine, and what the errors found say about the whole (AICPA Audit Guide: Audit Sampling).
public enum AuditSampling {
  /// How errors are distributed over the sample.
  public enum Model: Sendable, Hashable {
    /// Items drawn from a large population.
    case binomial
    /// Monetary units; expected errors may be fractions, P(X ≤ k) is then the gamma tail with shape k + 1.
    case poisson
    /// Items drawn without replacement from `population` of them.
    case hypergeometric(population: Int)
  }

  /// A plan: examine `size` items and accept with up to `allowedErrors` of them in error.
  public struct Plan: Sendable, Hashable {
    public let size: Int
    public let allowedErrors: Double
  }

  /// The smallest n such that the errors expected in n items, n times `expected` (rounded up where only whole errors exist), would be
  /// found with probability at most `risk` if the error rate were the tolerable one: P(X ≤ k | n, tolerable) ≤ risk.
  ///
  /// - Parameters:
  ///   - tolerable: the error rate that must be excluded, in (0, 1).
  ///   - expected: the error rate expected, below the tolerable one.
  ///   - risk: 1 less the confidence.
  ///   - largest: where the search ends. The search tries each n.
  /// - Returns: nil when no sample up to `largest` (or the population) is enough.
  public static func plan(
    tolerable: Double, expected: Double = 0, risk: Double = 0.05, model: Model = .binomial, largest: Int = 100_000
  ) -> Plan? {
    precondition(tolerable > 0 && tolerable < 1 && expected >= 0 && risk > 0 && risk < 1, "rates and risk lie in (0, 1)")
    guard expected < tolerable else { return nil }
    var last = largest
    if case .hypergeometric(let population) = model { last = min(last, population) }
    guard last > 0 else { return nil }
    for n in 1...last {
      // 1e-9 of an error less, so that 0.02 · 50 is one error.
      let errors = model == .poisson ? Double(n) * expected : (Double(n) * expected - 1e-9).rounded(.up)
      if chance(upTo: errors, size: n, rate: tolerable, model) <= risk { return Plan(size: n, allowedErrors: max(0, errors)) }
    }
    return nil
  }

  private static func chance(upTo k: Double, size n: Int, rate: Double, _ model: Model) -> Double {
    switch model {
    case .binomial: return Binomial(trials: n, probability: rate).lowerTail(Int(k))
    case .poisson: return Gamma(shape: k + 1).upperTail(Double(n) * rate)
    case .hypergeometric(let population):
      let wrong = min(population, Int((rate * Double(population) - 1e-9).rounded(.up)))
      return Hypergeometric(population: population, successes: wrong, draws: n).lowerTail(Int(k))
    }
  }

  /// The upper bound of the error rate after k errors in n items: rates above it would have shown no more errors with probability at most
  /// `risk`.
  ///
  /// For the hypergeometric model the largest number of errors in the population that is not excluded, over the population.
  public static func upperBound(errors k: Int, size n: Int, risk: Double = 0.05, model: Model = .binomial) -> Double {
    precondition(k >= 0 && k <= n && n > 0 && risk > 0 && risk < 1, "errors must lie in 0...size")
    switch model {
    case .binomial: return k == n ? 1 : Beta(Double(k + 1), Double(n - k)).quantile(upperTail: risk)
    case .poisson: return min(1, Gamma(shape: Double(k + 1)).quantile(upperTail: risk) / Double(n))
    case .hypergeometric(let population):
      precondition(n <= population, "a sample without replacement is not larger than the population")
      var (low, high) = (k, population - (n - k))
      while low < high {
        let middle = (low + high + 1) / 2
        if Hypergeometric(population: population, successes: middle, draws: n).lowerTail(k) > risk {
          low = middle
        } else {
          high = middle - 1
        }
      }
      return Double(low) / Double(population)
    }
  }

  /// Stringer's (1963) bound of the misstatement rate from taints (the share of each erroneous item that is wrong, in (0, 1]) among n
  /// items: p(0) + Σ [p(j) − p(j − 1)] t₍ⱼ₎, largest taint first, p(j) the upper bound after j errors.
  public static func stringerBound(taints: [Double], size n: Int, risk: Double = 0.05, model: Model = .binomial) -> Double {
    precondition(taints.count <= n && taints.allSatisfy { $0 > 0 && $0 <= 1 }, "taints lie in (0, 1], at most one for each item")
    var last = upperBound(errors: 0, size: n, risk: risk, model: model)
    var bound = last
    for (j, taint) in taints.sorted(by: >).enumerated() {
      let next = upperBound(errors: j + 1, size: n, risk: risk, model: model)
      bound += (next - last) * taint
      last = next
    }
    return bound
  }
}
