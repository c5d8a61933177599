import Foundation

/// Tukey's studentized range: the range of k standard normal numbers over an independent √(χ²(ν)/ν).
///
/// Of the range R itself P(R ≤ w) = k ∫ φ(z) [Φ(z) − Φ(z − w)]^(k−1) dz, and its upper tail is the integral of k φ(z) {Φ(z)^(k−1) − [Φ(z)
/// − Φ(z − w)]^(k−1)}, the difference taken without cancellation; both are then averaged over log S. Trapezoidal rules on analytic
/// integrands: relative error about 1e-13 in either tail, where AS 190 (Lund and Lund 1983), used elsewhere, is good to some 1e-10
/// absolute. About 10⁴ normal tails a value.
public struct StudentizedRange: ContinuousDistribution, Hashable {
  public let groups: Int
  /// ∞ gives the range of k normal numbers.
  public let degreesOfFreedom: Double

  /// - Precondition: at least two groups, ν > 0.
  public init(groups: Int, degreesOfFreedom: Double) {
    precondition(groups >= 2, "a range needs at least two groups")
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive")
    self.groups = groups
    self.degreesOfFreedom = degreesOfFreedom
  }

  public func logDensity(_ q: Double) -> Double {
    if q < 0 || q == .infinity { return -.infinity }
    if q == 0 { return groups > 2 ? -.infinity : average(0) { w in NormalRange(groups).logDensity(w) } }
    return average(q) {
      NormalRange(groups).logDensity($0)
    } scaled: {
      $0
    }
  }

  public func lowerTail(_ q: Double) -> Double { exp(logLowerTail(q)) }
  public func upperTail(_ q: Double) -> Double { exp(logUpperTail(q)) }

  public func logLowerTail(_ q: Double) -> Double {
    if q.isNaN { return .nan }
    if q <= 0 { return -.infinity }
    if q == .infinity { return 0 }
    let lower = min(0, average(q) { NormalRange(groups).logLowerTail($0) })
    return lower < -0.7 ? lower : logOneMinusExp(min(0, average(q) { NormalRange(groups).logUpperTail($0) }))
  }

  public func logUpperTail(_ q: Double) -> Double {
    if q.isNaN { return .nan }
    if q <= 0 { return 0 }
    if q == .infinity { return -.infinity }
    let upper = min(0, average(q) { NormalRange(groups).logUpperTail($0) })
    return upper < -0.7 ? upper : logOneMinusExp(min(0, average(q) { NormalRange(groups).logLowerTail($0) }))
  }

  /// log E[e^(g(qS) + scale · log S)].
  private func average(_ q: Double, _ g: (Double) -> Double, scaled scale: (Double) -> Double = { _ in 0 }) -> Double {
    if degreesOfFreedom.isInfinite { return g(q) }
    let a = 0.5 * degreesOfFreedom
    let constant = log(2 * a)
    return logIntegral(start: 0, step: 1 / (1 + 2 * a).squareRoot()) { u in
      let s = exp(u)
      let y = a * s * s
      if y == 0 || y == .infinity { return -.infinity }
      return constant + logGammaPower(a, y) + g(q * s) + scale(u)
    }
  }

  public func quantile(logLowerTail logP: Double) -> Double { solve(logP, lower: true) }
  public func quantile(logUpperTail logP: Double) -> Double { solve(logP, lower: false) }

  private func solve(_ logP: Double, lower: Bool) -> Double {
    positiveQuantile(logP, lower: lower, step: 0.5) { logP, lower in
      // Bonferroni's bound over the pairs; the lower tail starts at a range of 1.
      if lower { return 0 }
      let pairs = Double(groups) * Double(groups - 1)
      let t = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(logUpperTail: min(-0.7, logP - log(pairs)))
      return log(max(0.1, t * 2.0.squareRoot()))
    }
  }
}

/// The range of k independent standard normal numbers.
struct NormalRange {
  let k: Double

  init(_ groups: Int) { k = Double(groups) }

  func logLowerTail(_ w: Double) -> Double {
    if w <= 0 { return -.infinity }
    return min(0, log(k) + integral(w) { z in Normal.logDensity(z) + (k - 1) * log(between(z, w)) })
  }

  func logUpperTail(_ w: Double) -> Double {
    if w <= 0 { return 0 }
    return min(
      0,
      log(k)
        + integral(w) { z in
          let below = Normal.lowerTail(z)
          let missed = Normal.lowerTail(z - w)
          if missed == 0 { return -.infinity }
          let share = missed >= below ? -.infinity : (k - 1) * log1p(-missed / below)
          return Normal.logDensity(z) + (k - 1) * log(below) + log(-expm1(share))
        })
  }

  func logDensity(_ w: Double) -> Double {
    if w < 0 || (w == 0 && k > 2) { return -.infinity }
    return log(k * (k - 1))
      + integral(w) { z in
        let rest = k > 2 ? (k - 2) * log(between(z, w)) : 0
        return Normal.logDensity(z) + Normal.logDensity(z - w) + rest
      }
  }

  private func integral(_ w: Double, _ f: (Double) -> Double) -> Double { logIntegral(start: 0.5 * w, step: 0.5, f) }

  /// Φ(z) − Φ(z − w), without cancellation.
  private func between(_ z: Double, _ w: Double) -> Double {
    if w < 0.5 {
      var sum = 0.0
      for i in NormalRange.rule.nodes.indices { sum += NormalRange.rule.weights[i] * Normal.density(z - w * NormalRange.rule.nodes[i]) }
      return sum * w
    }
    if z <= 0 { return Normal.lowerTail(z) - Normal.lowerTail(z - w) }
    if z >= w { return Normal.upperTail(z - w) - Normal.upperTail(z) }
    return 1 - Normal.upperTail(z) - Normal.lowerTail(z - w)
  }

  private static let rule = GaussLegendre(12)
}
