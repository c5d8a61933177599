import Foundation

/// The number of successes in independent trials with different probabilities.
///
/// Exact by convolution up to 2,000 uncertain trials (n²/2 multiplications); above, the lattice saddlepoint approximation
/// (Daniels 1987). Its relative error, measured at 300 trials, is below 2e-3 down to tails of 1e-20 and 1 % five successes from an end.
public struct PoissonBinomial: Sendable {
  public let mean: Double
  public let variance: Double
  /// Trials with probability 1, and those that are neither 0 nor 1, in increasing order.
  private let certain: Int
  private let probabilities: [Double]
  /// P(successes among the uncertain trials = k), when exact.
  private let mass: [Double]?

  static let exactLimit = 2000

  /// - Precondition: every probability lies in [0, 1].
  public init(_ probabilities: [Double]) { self.init(probabilities, exactLimit: PoissonBinomial.exactLimit) }

  init(_ input: [Double], exactLimit: Int) {
    precondition(input.allSatisfy { $0 >= 0 && $0 <= 1 }, "probabilities lie in [0, 1]")
    certain = input.count { $0 == 1 }
    probabilities = input.filter { $0 > 0 && $0 < 1 }.sorted()
    var (sum, squares) = (Double(certain), 0.0)
    for p in probabilities {
      sum += p
      squares += p * (1 - p)
    }
    (mean, variance) = (sum, squares)
    guard probabilities.count <= exactLimit else {
      mass = nil
      return
    }
    var mass = [Double](repeating: 0, count: probabilities.count + 1)
    mass[0] = 1
    for (seen, p) in probabilities.enumerated() {
      for k in stride(from: seen + 1, through: 1, by: -1) { mass[k] = mass[k] * (1 - p) + mass[k - 1] * p }
      mass[0] *= 1 - p
    }
    self.mass = mass
  }

  /// P(X ≥ k).
  public func upperTail(_ k: Int) -> Double { exp(logUpperTail(k)) }
  /// P(X ≤ k).
  public func lowerTail(_ k: Int) -> Double { exp(logLowerTail(k)) }

  /// log P(X ≥ k).
  public func logUpperTail(_ k: Int) -> Double {
    let j = k - certain
    if j <= 0 { return 0 }
    if j > probabilities.count { return -.infinity }
    if let mass {
      var sum = 0.0
      for i in stride(from: probabilities.count, through: j, by: -1) { sum += mass[i] }
      return min(0, log(sum))
    }
    if j == probabilities.count { return probabilities.reduce(0) { $0 + log($1) } }
    return Normal.logUpperTail(signedRoot(Double(j) - 0.5))
  }

  /// log P(X ≤ k).
  public func logLowerTail(_ k: Int) -> Double {
    let j = k - certain
    if j < 0 { return -.infinity }
    if j >= probabilities.count { return 0 }
    if let mass {
      var sum = 0.0
      for i in 0...j { sum += mass[i] }
      return min(0, log(sum))
    }
    if j == 0 { return probabilities.reduce(0) { $0 + log1p(-$1) } }
    return Normal.logUpperTail(-signedRoot(Double(j) + 0.5))
  }

  /// w + log(u/w)/w at s, with u = 2 sinh(t/2) √K″; the chord across the mean, where u and w vanish together.
  private func signedRoot(_ s: Double) -> Double {
    let deviation = variance.squareRoot()
    let center = mean - Double(certain)
    let z = (s - center) / deviation
    if abs(z) >= 0.05 { return signedRootAway(s) }
    let (left, right) = (signedRootAway(center - 0.05 * deviation), signedRootAway(center + 0.05 * deviation))
    return left + (z + 0.05) / 0.1 * (right - left)
  }

  private func signedRootAway(_ s: Double) -> Double {
    // K(t) = Σ log(1 − p + p e^t); K′ = Σ r, K″ = Σ r(1 − r), r the tilted probability. Monotone, so Newton in a bracket.
    func tilted(_ t: Double) -> (k: Double, mean: Double, variance: Double) {
      var (k, mean, variance) = (0.0, 0.0, 0.0)
      let growth = expm1(t)
      let e = exp(t)
      for p in probabilities {
        let total = 1 + p * growth
        let r = p * e / total
        k += log1p(p * growth)
        mean += r
        variance += r * (1 - p) / total
      }
      return (k, mean, variance)
    }
    var t = Brent.root(in: -60...60, tolerance: 1e-6) { tilted($0).mean - s } ?? (s > mean ? 60 : -60)
    for _ in 0..<3 {
      let c = tilted(t)
      if c.variance > 0 { t -= (c.mean - s) / c.variance }
    }
    let c = tilted(t)
    let w = (t < 0 ? -1.0 : 1.0) * (2 * max(0, t * s - c.k)).squareRoot()
    let u = 2 * sinh(0.5 * abs(t)) * c.variance.squareRoot()
    return w == 0 || u == 0 ? w : w + log(u / abs(w)) / w
  }
}
